//! One description of the whole API, merged from the tools'.

use std::sync::Arc;

use axum::extract::Extension;
use axum::response::{IntoResponse, Response};
use http::header;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use crate::Tool;

/// What the house itself answers.
#[derive(utoipa::OpenApi)]
#[openapi(paths(crate::site::get, crate::live::get, crate::client_errors::post))]
struct HouseApi;

/// The description's text, made once.
#[derive(Clone)]
pub(crate) struct Document(Arc<str>);

impl Document {
    pub(crate) fn of(version: &str, tools: &[Tool]) -> Self {
        let merged = merged(version, tools.iter().map(|tool| tool.openapi.clone()));
        Self(Arc::from(merged.to_json().unwrap_or_default()))
    }
}

/// The descriptions as one, titled Besace.
pub fn merged(version: &str, parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let mut whole = HouseApi::openapi();
    for part in parts {
        whole.merge(part);
    }
    "Besace".clone_into(&mut whole.info.title);
    version.clone_into(&mut whole.info.version);
    whole.info.description = None;
    whole.info.license = None;
    whole.info.contact = None;
    whole
}

/// `GET /api/v1/openapi.json`.
pub(crate) async fn get(Extension(document): Extension<Document>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        document.0.to_string(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn the_document_has_the_house_s_paths_and_its_title() {
        let test = TestHouse::new().await;
        let answer = test.get("/api/v1/openapi.json", &[]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["info"]["title"], "Besace");
        assert!(answer.json()["paths"]["/api/v1/site"]["get"].is_object());
    }
}
