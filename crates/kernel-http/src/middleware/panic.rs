//! A panic in a handler is a bug of ours: the reader gets a problem, the others are untouched.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use kernel::Problem;

use crate::RequestContext;
use crate::problem::ApiError;

/// The middleware.
pub(crate) async fn catch<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let id = request
        .extensions()
        .get::<RequestContext>()
        .map(|context| context.id.to_string());
    match AssertUnwindSafe(next(request)).catch_unwind().await {
        Ok(response) => response,
        Err(payload) => {
            let cause = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("unknown");
            tracing::error!(id, cause, "a handler panicked");
            ApiError(Problem::internal()).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_says_nothing_of_its_cause() {
        let test = TestHouse::new().await;
        let answer = test.get("/api/v1/test/panic", &[]).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.json()["type"], "/problems/internal");
        assert!(!answer.text().contains("sesame"));
        assert_eq!(test.get("/healthz", &[]).await.status, 200);
    }
}
