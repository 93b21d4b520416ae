//! One description of the whole API, merged from the tools'.

use std::sync::Arc;

use axum::extract::Extension;
use axum::response::{IntoResponse, Response};
use http::header;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::tokens;

/// What the house itself answers.
#[derive(utoipa::OpenApi)]
#[openapi(paths(crate::site::get, crate::live::get, crate::client_errors::post))]
struct HouseApi;

/// The description's text, made once.
#[derive(Clone)]
pub(crate) struct Document(Arc<str>);

impl Document {
    pub(crate) fn of(description: &OpenApi) -> Self {
        Self(Arc::from(description.to_json().unwrap_or_default()))
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
    let components = whole.components.get_or_insert_default();
    let cookie = ApiKeyValue::with_description(
        "__Host-s-XXXXXX",
        "the session of a browser, opened by signing in; writes send its token in x-besace-csrf",
    );
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
    components.add_security_scheme("session", session);
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "a token that an agent made on “My account” (besace_…); the scope it needs is named by \
         each operation that is open to tokens, the others are closed to them",
        ));
    components.add_security_scheme(tokens::SCHEME, SecurityScheme::Http(token.build()));
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
