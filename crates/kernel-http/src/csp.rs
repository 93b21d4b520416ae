//! Content-Security-Policy: strict for everybody, loosened by name.

use http::HeaderValue;
use url::Url;

/// The web app: its own files and nothing else, no inline style or script, no string that becomes
/// markup. The one policy of Trusted Types names the service worker's script.
const WEB_APP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
trusted-types besace-worker";

/// The service worker: it asks ourselves and nobody else, and runs its own file only.
const WORKER: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Server-rendered pages: our style sheet, our images, no script at all.
const PAGE: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What is no document loads nothing.
const DATA: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A response's policy. Put it in the response's extensions to replace the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    base: &'static str,
    form_action: Option<Vec<String>>,
    extra: Vec<String>,
}

impl Policy {
    /// The web app's.
    pub const fn web_app() -> Self {
        Self {
            base: WEB_APP,
            form_action: Some(Vec::new()),
            extra: Vec::new(),
        }
    }

    /// The service worker's own script.
    pub const fn worker() -> Self {
        Self {
            base: WORKER,
            form_action: None,
            extra: Vec::new(),
        }
    }

    /// A server-rendered page's: forms go to ourselves only.
    pub const fn page() -> Self {
        Self {
            base: PAGE,
            form_action: Some(Vec::new()),
            extra: Vec::new(),
        }
    }

    /// What is neither.
    pub const fn data() -> Self {
        Self {
            base: DATA,
            form_action: None,
            extra: Vec::new(),
        }
    }

    /// Lets forms (and, in Chromium, the redirects that answer them) go to this origin too.
    pub fn with_form_action(mut self, target: &Url) -> Self {
        let origin = target.origin();
        if origin.is_tuple() {
            self.form_action
                .get_or_insert_default()
                .push(origin.ascii_serialization());
        }
        self
    }

    /// Adds a whole directive, for a route prefix that needs it (`worker-src 'self' blob:`).
    pub fn with_directive(mut self, directive: &'static str) -> Self {
        self.extra.push(directive.to_owned());
        self
    }

    /// The header.
    pub fn header(&self) -> HeaderValue {
        let mut text = self.base.to_owned();
        match &self.form_action {
            None => text.push_str("; form-action 'none'"),
            Some(origins) => {
                text.push_str("; form-action 'self'");
                for origin in origins {
                    text.push(' ');
                    text.push_str(origin);
                }
            }
        }
        for directive in &self.extra {
            text.push_str("; ");
            text.push_str(directive);
        }
        // An origin is ASCII without spaces; should one ever not be, the strictest policy holds.
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(DATA))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_policy_lets_an_inline_script_run() {
        for policy in [
            Policy::web_app(),
            Policy::worker(),
            Policy::page(),
            Policy::data(),
        ] {
            let header = policy.header();
            let text = header.to_str().expect("text");
            assert!(text.starts_with("default-src 'none'"), "{text}");
            assert!(text.contains("frame-ancestors 'none'"), "{text}");
            let script = text
                .split("; ")
                .find(|directive| directive.starts_with("script-src"))
                .unwrap_or_default();
            assert!(!script.contains("unsafe"), "{text}");
        }
    }

    #[test]
    fn a_form_s_target_is_an_origin_and_a_page_without_one_stays_home() {
        let target =
            Url::parse("https://fia.interieur.gouv.fr/authorize?state=secret").expect("url");
        let header = Policy::page().with_form_action(&target).header();
        let text = header.to_str().expect("text").to_owned();
        assert!(
            text.ends_with("form-action 'self' https://fia.interieur.gouv.fr"),
            "{text}"
        );
        let opaque = Url::parse("data:text/html,x").expect("url");
        let header = Policy::page().with_form_action(&opaque).header();
        assert!(
            header
                .to_str()
                .expect("text")
                .ends_with("form-action 'self'")
        );
    }
}
