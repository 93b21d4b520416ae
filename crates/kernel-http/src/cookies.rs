//! Names and making of the instance's cookies.
//!
//! Browsers share cookies between the ports of a host: each name ends with six hexadecimal digits
//! of the instance's base URL, so that two instances on one host never read each other's.

use std::time::Duration;

use cookie::{Cookie, SameSite};
use http::HeaderValue;
use kernel::Secret;

use crate::site::Site;

/// Language chosen by the reader: `fr` or `en`. Readable by scripts.
pub const LANGUAGE: &str = "besace-lang";
/// Theme chosen by the reader: `light`, `dark` or `system`. Readable by scripts.
pub const THEME: &str = "besace-theme";

/// How this instance names and protects its cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieNames {
    suffix: String,
    secure: bool,
}

impl CookieNames {
    /// For this site: `__Host-` and `Secure` on https and on `localhost` (which browsers trust
    /// without TLS), plain otherwise.
    pub fn of(site: &Site) -> Self {
        Self {
            suffix: site.cookie_suffix(),
            secure: site.is_secure_context(),
        }
    }

    /// Whether cookies are `Secure`.
    pub const fn secure(&self) -> bool {
        self.secure
    }

    /// `__Host-{stem}-{suffix}`, for example `__Host-s-3fa91c`.
    pub fn name(&self, stem: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{stem}-{}", self.suffix)
    }

    /// The session's cookie.
    pub fn session(&self) -> String {
        self.name("s")
    }

    /// The cookie of one sign-in under way, named by the first characters of its id.
    pub fn interaction(&self, short: &str) -> String {
        self.name(&format!("i-{short}"))
    }

    /// A `Set-Cookie` that scripts cannot read; without `lifetime` it ends with the browser.
    pub fn set(&self, name: String, value: &Secret, lifetime: Option<Duration>) -> HeaderValue {
        let cookie = self.built(name, value.expose().to_owned(), lifetime, true);
        header(&cookie)
    }

    /// A `Set-Cookie` of a preference, which our scripts read.
    pub fn preference(&self, name: &'static str, value: &'static str) -> HeaderValue {
        const YEAR: Duration = Duration::from_hours(365 * 24);
        let cookie = self.built(name.to_owned(), value.to_owned(), Some(YEAR), false);
        header(&cookie)
    }

    /// A `Set-Cookie` that removes a cookie of [`CookieNames::set`].
    pub fn clear(&self, name: String) -> HeaderValue {
        let cookie = self.built(name, String::new(), Some(Duration::ZERO), true);
        header(&cookie)
    }

    fn built(
        &self,
        name: String,
        value: String,
        lifetime: Option<Duration>,
        http_only: bool,
    ) -> Cookie<'static> {
        let mut cookie = Cookie::build((name, value))
            .path("/")
            .secure(self.secure)
            .http_only(http_only)
            .same_site(SameSite::Lax)
            .build();
        if let Some(lifetime) = lifetime {
            let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
            cookie.set_max_age(cookie::time::Duration::seconds(seconds));
        }
        cookie
    }
}

/// Values that cannot be a header are dropped: an empty `Set-Cookie` sets nothing.
fn header(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.encoded().to_string())
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn names(base: &str) -> CookieNames {
        CookieNames::of(&Site::new(Url::parse(base).expect("url")))
    }

    #[test]
    fn https_and_localhost_have_host_cookies_and_plain_http_has_not() {
        for (base, secure) in [
            ("https://besace.gouv.fr/", true),
            ("http://localhost:8080/", true),
            ("http://10.0.0.1:8080/", false),
        ] {
            let names = names(base);
            assert_eq!(names.session().starts_with("__Host-s-"), secure, "{base}");
            let set = names.set(names.session(), &Secret::new("v"), None);
            let set = set.to_str().expect("text");
            assert_eq!(set.contains("; Secure"), secure, "{set}");
            assert!(
                set.contains("HttpOnly") && set.contains("SameSite=Lax"),
                "{set}"
            );
            assert!(set.contains("Path=/") && !set.contains("Domain"), "{set}");
        }
    }

    #[test]
    fn two_ports_of_a_host_do_not_share_names() {
        assert_ne!(
            names("http://localhost:8080/").session(),
            names("http://localhost:8081/").session()
        );
    }

    #[test]
    fn a_cleared_cookie_ends_at_once() {
        let names = names("https://besace.gouv.fr/");
        let clear = names.clear(names.session());
        assert!(clear.to_str().expect("text").contains("Max-Age=0"));
    }
}
