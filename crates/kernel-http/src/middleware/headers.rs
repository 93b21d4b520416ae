//! Security headers. What a response has set itself stays.

use axum::extract::Request;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::House;
use crate::csp::Policy;

/// The same for every response.
///
/// `Referrer-Policy` is `same-origin` everywhere, sign-in pages too: other sites never learn an
/// address of ours (they hold `state` and `nonce`), whereas `no-referrer` would make browsers
/// send `Origin: null` with our own forms and take away the check of their origin.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    ),
];

/// Two years, as browsers' preload lists ask.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// The middleware.
pub(crate) async fn secure<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let https = request
        .extensions()
        .get::<House>()
        .is_some_and(|house| house.site.is_https());
    let mut response = next(request).await;
    let policy = response.extensions_mut().remove::<Policy>();
    let is_html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HSTS),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    let policy = policy.unwrap_or(if is_html {
        Policy::page()
    } else {
        Policy::data()
    });
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| policy.header());
    response
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn every_answer_is_guarded_and_data_loads_nothing() {
        let test = TestHouse::new().await;
        for path in ["/healthz", "/nowhere", "/api/v1/site", "/api/v1/test/long"] {
            let answer = test.get(path, &[]).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            // No cache gives it to somebody else without asking.
            let kept = answer.header("cache-control");
            assert!(
                ["private, no-cache", "no-cache", "no-store"].contains(&kept.as_str()),
                "{path}: {kept}"
            );
            assert!(
                answer
                    .header("content-security-policy")
                    .contains("default-src 'none'")
            );
            assert_eq!(answer.header("strict-transport-security"), "", "plain http");
        }
    }

    #[tokio::test]
    async fn a_site_on_tls_says_so_for_two_years() {
        let test = TestHouse::at("https://besace.test/").await;
        let answer = test.get("/healthz", &[]).await;
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age=63072000")
        );
    }
}
