//! Addresses and headers of sane size.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use kernel::{Problem, Text};

use crate::problem::ApiError;

/// Bytes of an address. The longest legitimate one carries a signed request of the sign-in
/// protocol.
pub(crate) const LONGEST_URL: usize = 8 * 1_024;
/// Bytes of all headers together.
pub(crate) const HEADERS: usize = 16 * 1_024;

/// The middleware.
pub(crate) async fn guard<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let url = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if url > LONGEST_URL {
        return ApiError(Problem::new(
            414,
            "address-too-long",
            Text::fixed(
                "Cette adresse est trop longue\u{a0}: la limite est de 8\u{a0}Ko.",
                "This address is too long: the limit is 8\u{a0}KB.",
            ),
        ))
        .into_response();
    }
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if headers > HEADERS {
        return ApiError(Problem::new(
            431,
            "headers-too-large",
            Text::fixed(
                "Les en-têtes de la demande sont trop lourds\u{a0}: la limite est de 16\u{a0}Ko.",
                "The request’s headers are too large: the limit is 16\u{a0}KB.",
            ),
        ))
        .into_response();
    }
    next(request).await
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn what_is_too_long_is_refused_by_its_name_and_the_rest_passes() {
        let test = TestHouse::new().await;
        let path = |length: usize| format!("/api/v1/site?a={}", "a".repeat(length));
        assert_eq!(test.get(&path(8_000), &[]).await.status, 200);
        assert_eq!(test.get(&path(9_000), &[]).await.status, 414);
        let (short, long) = ("a".repeat(15_000), "a".repeat(17_000));
        assert_eq!(
            test.get("/api/v1/site", &[("x-long", &short)]).await.status,
            200
        );
        assert_eq!(
            test.get("/api/v1/site", &[("x-long", &long)]).await.status,
            431
        );
    }
}
