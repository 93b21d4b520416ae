//! The request's context, made before anything else looks at it.

use axum::extract::Request;
use axum::response::Response;
use http::HeaderValue;
use kernel::RequestId;

use crate::extract::locale_of;
use crate::{House, RequestContext};

/// Gives the request its id (an id from outside is ignored: it could forge a log), its language
/// and the house.
pub(crate) async fn begin<F>(
    house: House,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let id = RequestId::new(house.clock.now(), house.rng.as_ref());
    let context = RequestContext::new(id, locale_of(request.headers()));
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(house);
    let mut response = next(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn each_request_has_an_id_of_ours() {
        let test = TestHouse::new().await;
        let one = test.get("/healthz", &[("x-request-id", "forged")]).await;
        let other = test.get("/healthz", &[]).await;
        assert_eq!(one.header("x-request-id").len(), 36);
        assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    }
}
