//! Where the hub of hints stood when an answer began to be made.
//!
//! A page that opens its stream after its first answers names the earliest of these places
//! (`/api/v1/live?after=`), so that what was said in between reaches it too.

use axum::extract::Request;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, StatusCode};

use crate::House;

/// The place, in the form of a hint's id.
pub(crate) const PLACE: HeaderName = HeaderName::from_static("besace-live");

/// The middleware.
pub(crate) async fn mark<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let place = place(&request);
    let mut response = next(request).await;
    let is_answer = matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED);
    if let Some(place) = place.filter(|_| is_answer) {
        response.headers_mut().insert(PLACE, place);
    }
    response
}

/// Taken before anything is read: what is said meanwhile may not be in the answer.
fn place(request: &Request) -> Option<HeaderValue> {
    if request.method() != Method::GET || !request.uri().path().starts_with("/api/v1/") {
        return None;
    }
    let house = request.extensions().get::<House>()?;
    HeaderValue::from_str(&house.live.place()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Reached;
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn an_answer_of_the_api_says_where_the_hints_stood_and_a_refusal_does_not() {
        let test = TestHouse::new().await;
        let before = test.get("/api/v1/site", &[]).await;
        assert!(before.header(PLACE.as_str()).ends_with("-0"));
        test.house.live.say("home", 1, Reached::Everyone);
        let after = test.get("/api/v1/site", &[]).await;
        assert!(after.header(PLACE.as_str()).ends_with("-1"));
        for path in ["/api/v1/nowhere", "/healthz"] {
            let answer = test.get(path, &[]).await;
            assert!(!answer.headers.contains_key(PLACE), "{path}");
        }
    }
}
