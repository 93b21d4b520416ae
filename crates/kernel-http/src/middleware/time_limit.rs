//! No request holds its place for ever.

use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use kernel::Problem;

use crate::problem::ApiError;

/// Until the answer begins; a stream may then last.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// The middleware.
pub(crate) async fn limit<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    within(LIMIT, next(request)).await
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answer).await {
        Ok(response) => response,
        Err(_) => ApiError(Problem::unavailable(30)).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_in_time_passes_and_one_that_never_comes_is_given_up() {
        let quick = async { "in".into_response() };
        assert_eq!(within(LIMIT, quick).await.status(), 200);
        let never = within(Duration::ZERO, std::future::pending()).await;
        assert_eq!(never.status(), 503);
    }
}
