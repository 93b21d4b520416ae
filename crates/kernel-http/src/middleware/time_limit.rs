//! No request holds its place for ever.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use kernel::Problem;

use crate::problem::ApiError;

/// Until the answer begins; a stream may then last.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// The middleware.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError(Problem::unavailable(30)).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn a_handler_that_never_answers_is_given_up_after_the_limit() {
        let test = TestHouse::new().await;
        // From here on the runtime's time jumps to the next timer when nothing else can run.
        tokio::time::pause();
        let answer = test.get("/api/v1/test/never", &[]).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), "30");
    }
}
