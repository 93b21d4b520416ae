//! How browsers reach the instance.

use kernel::Timestamp;

use super::{Fact, span};
use crate::config::Config;

/// Days before its end from which a certificate is a warning, and from which it is urgent.
const SOON: i64 = 21;
const URGENT: i64 = 3;

/// The address that browsers use.
pub(super) fn address(config: &Config) -> Fact {
    let https = config
        .http
        .base_url
        .as_ref()
        .is_some_and(|url| url.scheme() == "https");
    let loopback = config.http.listen.ip().is_loopback();
    let about = "http.base_url";
    if config.http.tls.is_some() && !https {
        return Fact::error(
            about,
            "plain http, and the program speaks TLS",
            "give an https address: cookies and links are made from it",
        );
    }
    if https || (loopback && config.http.base_url.is_none()) {
        Fact::good(about, "https, or this machine only")
    } else {
        Fact::error(
            about,
            "plain http",
            "give an https address: passwords and sessions travel over it",
        )
    }
}

/// The certificate of `[http.tls]`: that it goes with its key is among the values.
pub(super) fn certificate(config: &Config, now: Timestamp) -> Option<Fact> {
    let section = config.http.tls.as_ref()?;
    let about = "certificate";
    let mend = "put the renewed certificate in its file: it is taken within a minute, or at once on \
                SIGHUP";
    let read = std::fs::read(&section.certificate)
        .map_err(|cause| cause.to_string())
        .and_then(|pem| kernel_http::serve::expiry(&pem).map_err(|cause| cause.to_string()));
    Some(match read {
        Ok(expires) => judged(expires, now),
        Err(cause) => Fact::error(
            about,
            format!("{}: {cause}", section.certificate.display()),
            mend,
        ),
    })
}

fn judged(expires: Timestamp, now: Timestamp) -> Fact {
    let left = expires.seconds().saturating_sub(now.seconds());
    let about = "certificate";
    let mend = "renew it, and put it in the file of http.tls.certificate: it is taken within a \
                minute, or at once on SIGHUP";
    if left <= 0 {
        return Fact::error(about, format!("expired {} ago", span(left)), mend);
    }
    let found = format!("valid for {}", span(left));
    match left / 86_400 {
        0..URGENT => Fact::error(about, found, mend),
        URGENT..SOON => Fact::warning(about, found, mend),
        _ => Fact::good(about, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::check::Level;

    #[test]
    fn a_certificate_is_a_warning_before_it_is_an_error() {
        let now = Timestamp::from_seconds(1_795_600_000);
        for (days, level) in [
            (90, Level::Ok),
            (21, Level::Ok),
            (20, Level::Warning),
            (3, Level::Warning),
            (2, Level::Error),
            (0, Level::Error),
            (-5, Level::Error),
        ] {
            let expires = Timestamp::from_seconds(now.seconds() + days * 86_400);
            let fact = judged(expires, now);
            assert_eq!(fact.level, level, "{days}: {fact:?}");
        }
    }

    #[test]
    fn tls_under_a_plain_address_is_an_error() {
        let text = "[http]\nbase_url = \"http://besace.example/\"\n[http.tls]\ncertificate = \"c\"\nkey = \"k\"";
        let config: Config = toml::from_str(text).expect("a configuration");
        assert_eq!(address(&config).level, Level::Error);
        let missing = certificate(&config, Timestamp::from_seconds(0)).expect("a fact");
        assert_eq!(missing.level, Level::Error);
    }
}
