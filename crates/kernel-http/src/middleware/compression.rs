//! What is compressed: texts that hold no secret.
//!
//! A secret beside words that a stranger chooses can be guessed from the compressed length
//! (BREACH). Whatever may not be stored (`no-store`: pages with a form's token, the session, the
//! refusals) and whatever the sign-in protocol answers is therefore sent as it is.

use axum::extract::Request;
use axum::response::Response;
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate as _, SizeAbove};

/// Marks a response as sent as it is.
#[derive(Clone, Copy)]
struct AsItIs;

type Rule = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Smaller answers fit one packet anyway.
const SMALLEST: u64 = 1_024;

/// The layer.
pub(crate) fn layer() -> CompressionLayer<And<SizeAbove, Rule>> {
    CompressionLayer::new().compress_when(SizeAbove::new(SMALLEST).and(may_compress as Rule))
}

fn may_compress(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    if extensions.get::<AsItIs>().is_some() {
        return false;
    }
    let said = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    if said(header::CACHE_CONTROL).contains("no-store") {
        return false;
    }
    let kind = said(header::CONTENT_TYPE);
    let kind = kind.split(';').next().unwrap_or_default().trim();
    !matches!(kind, "text/event-stream" | "application/x-ndjson")
        && (kind.starts_with("text/")
            || kind.ends_with("json")
            || kind.ends_with("javascript")
            || kind == "image/svg+xml")
}

/// Marks what the sign-in protocol answers.
pub(crate) async fn mark<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let protocol = request.uri().path().starts_with("/api/v2/");
    let mut response = next(request).await;
    if protocol {
        response.extensions_mut().insert(AsItIs);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn a_long_text_is_compressed_and_a_secret_is_not() {
        let test = TestHouse::new().await;
        let accept = [("accept-encoding", "br, gzip")];
        let long = test.get("/api/v1/test/long", &accept).await;
        assert_eq!(long.header("content-encoding"), "br");
        let plain = test.get("/api/v1/test/long", &[]).await;
        assert_eq!(plain.header("content-encoding"), "");
        let secret = test.get("/api/v1/test/secret", &accept).await;
        assert_eq!(secret.header("content-encoding"), "");
        let token = test.get("/api/v2/test/long", &accept).await;
        assert_eq!(token.header("content-encoding"), "");
    }

    #[test]
    fn a_stream_of_lines_or_events_is_never_gathered() {
        let compresses = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().expect("a kind"));
            may_compress(
                StatusCode::OK,
                Version::HTTP_11,
                &headers,
                &Extensions::new(),
            )
        };
        assert!(compresses("application/json") && compresses("text/html; charset=utf-8"));
        assert!(!compresses("application/x-ndjson") && !compresses("text/event-stream"));
    }
}
