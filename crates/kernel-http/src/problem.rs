//! Refusals on the wire: `application/problem+json` (RFC 9457), or a page for people.
//!
//! A handler answers [`ApiError`]; the response only carries the [`Problem`] in its extensions.
//! The rendering middleware gives it a language, a form and the request's id.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Locale, Problem, RequestId, Text};
use serde::Serialize;

use crate::pages::{self, PageContext};

/// A refusal as a handler's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError(pub Problem);

impl ApiError {
    /// With a further member of the wire's object (RFC 9457 §3.2).
    pub fn with_extension(self, name: &'static str, value: serde_json::Value) -> Self {
        Self(self.0.with_extension(name, value))
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// The wire's problem.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemBody<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(flatten)]
    extensions: BTreeMap<&'static str, &'a serde_json::Value>,
}

/// The members that the standard and the house name themselves.
const OWN_MEMBERS: [&str; 5] = ["type", "title", "status", "detail", "requestId"];

/// The problem as JSON.
pub(crate) fn json(problem: &Problem, locale: Locale, id: Option<RequestId>) -> Response {
    let body = ProblemBody {
        kind: format!("/problems/{}", problem.kind),
        title: problem.title.get(locale),
        status: problem.status,
        detail: problem.detail.as_ref().map(|detail| detail.get(locale)),
        request_id: id.map(|id| id.to_string()),
        extensions: problem
            .extensions
            .iter()
            .filter(|(name, _)| !OWN_MEMBERS.contains(name))
            .map(|(name, value)| (*name, value))
            .collect(),
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, serde_json::to_string(&body).unwrap_or_default()).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

/// What a program is told to prove (RFC 6750 §3): a challenge has one member at least, and no error
/// where nothing was sent.
fn challenge(problem: &Problem, path: &str) -> Option<HeaderValue> {
    let bare = HeaderValue::from_static("Bearer realm=\"besace\"");
    match problem.kind {
        "token-required" => Some(bare),
        "sign-in-required" if path.starts_with("/api/") => Some(bare),
        "invalid-request" => Some(HeaderValue::from_static("Bearer error=\"invalid_request\"")),
        "invalid-token" => Some(HeaderValue::from_static("Bearer error=\"invalid_token\"")),
        "insufficient-scope" => {
            let scope = problem.extensions.iter().find(|(name, _)| *name == "scope");
            let scope = scope
                .and_then(|(_, scope)| scope.as_str())
                .map(|scope| format!(", scope=\"{scope}\""))
                .unwrap_or_default();
            HeaderValue::try_from(format!("Bearer error=\"insufficient_scope\"{scope}")).ok()
        }
        _ => None,
    }
}

/// Whether the reader is a person with a browser, who gets a page.
pub(crate) fn wants_page(headers: &HeaderMap, path: &str) -> bool {
    let accepts_html = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    accepts_html && path != "/api/v1" && !path.starts_with("/api/v1/")
}

/// A refusal that a library answered with a bare status gets our words.
fn known(status: StatusCode) -> Option<Problem> {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(
            405,
            "method-not-allowed",
            Text::fixed(
                "Cette adresse n’accepte pas cette méthode.",
                "This address does not accept this method.",
            ),
        )),
        StatusCode::PAYLOAD_TOO_LARGE => Some(too_large()),
        _ => None,
    }
}

/// 413, naming the limit.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        413,
        "body-too-large",
        Text::fixed(
            "Le contenu envoyé est trop lourd.",
            "What was sent is too large.",
        ),
    )
    .with_detail(Text::fixed(
        "La limite est de 1\u{a0}Mo.",
        "The limit is 1\u{a0}MB.",
    ))
}

/// The middleware that renders.
pub(crate) async fn render<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let context = PageContext::of(&request);
    let for_people = wants_page(request.headers(), request.uri().path());
    let path = request.uri().path().to_owned();
    let mut response = next(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None => match known(response.status()) {
            Some(problem) if !is_answered(&response) => problem,
            _ => return response,
        },
    };
    let mut rendered = if for_people {
        pages::error::page(&context, &problem)
    } else {
        json(&problem, context.locale, context.request_id)
    };
    if !for_people && let Some(challenge) = challenge(&problem, &path) {
        let headers = rendered.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    // What the refusal set beside its body (cookies, Allow, WWW-Authenticate) stays.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    if let Some(seconds) = problem.retry_after {
        rendered
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    rendered
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    rendered
}

/// Whether an endpoint has answered in a form of its own (a protocol's error body).
fn is_answered(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

#[cfg(test)]
mod tests {
    use kernel::{Locale, Problem, Text};

    use crate::testing::TestHouse;

    #[tokio::test]
    async fn programs_get_json_and_people_get_a_page() {
        let test = TestHouse::new().await;
        let json = test.get("/nowhere", &[]).await;
        assert_eq!(json.status, 404);
        assert_eq!(json.header("content-type"), "application/problem+json");
        assert_eq!(json.json()["type"], "/problems/not-found");
        assert_eq!(json.json()["requestId"], json.header("x-request-id"));
        let page = test.get("/nowhere", &[("accept", "text/html")]).await;
        assert_eq!(page.status, 404);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.text().contains(&page.header("x-request-id")));
    }

    #[tokio::test]
    async fn further_members_stand_beside_the_standard_ones_and_replace_none() {
        let problem = Problem::new(412, "precondition-failed", Text::fixed("Non", "No"))
            .with_extension("current", serde_json::json!({"a": 1}))
            .with_extension("status", serde_json::json!(200));
        let response = super::json(&problem, Locale::En, None);
        let body = axum::body::to_bytes(response.into_body(), 1_000)
            .await
            .expect("a body");
        let body: serde_json::Value = serde_json::from_slice(&body).expect("json");
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/problems/precondition-failed",
                "title": "No",
                "status": 412,
                "current": {"a": 1},
            })
        );
    }

    #[tokio::test]
    async fn the_api_answers_json_even_to_a_browser() {
        let test = TestHouse::new().await;
        let answer = test
            .get(
                "/api/v1/nowhere",
                &[("accept", "text/html"), ("accept-language", "en")],
            )
            .await;
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["title"], "This page does not exist.");
    }

    #[tokio::test]
    async fn a_method_that_is_not_there_is_a_problem_with_what_is() {
        let test = TestHouse::new().await;
        let answer = test.send("DELETE", "/api/v1/site", &[], "").await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.json()["type"], "/problems/method-not-allowed");
        assert!(answer.header("allow").contains("GET"));
    }
}
