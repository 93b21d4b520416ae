//! `POST /api/v1/client-errors`: what failed in a reader's browser, counted and never kept.
//!
//! A report is a kind and the template of a page's address: both from short lists of safe
//! characters, so that no name, id or text of a person can come in with them.

use axum::Extension;
use http::StatusCode;
use kernel::{Problem, Text};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApiError, ApiJson, SignedOrGuest};

/// Page templates counted apart; those beyond are counted together, so that metrics stay small.
const MAX_ROUTES: usize = 100;

/// What kind of thing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// An exception that nothing caught.
    Error,
    /// A promise's rejection that nothing caught.
    Rejection,
    /// A part of the web app that did not load.
    Chunk,
    /// A component that failed while it was drawn.
    Render,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Rejection => "rejection",
            Self::Chunk => "chunk",
            Self::Render => "render",
        }
    }
}

/// A report of a browser.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientError {
    /// What failed.
    kind: Kind,
    /// The page's template, for example `/annuaire/:id`.
    #[schema(example = "/annuaire/:id", max_length = 80)]
    route: String,
}

/// The templates seen so far in this process.
#[derive(Default)]
pub(crate) struct Routes(std::sync::Mutex<std::collections::HashSet<String>>);

impl Routes {
    /// The label to count a template under.
    fn label(&self, route: &str) -> String {
        let mut seen = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.contains(route) || seen.len() < MAX_ROUTES {
            seen.insert(route.to_owned());
            return route.to_owned();
        }
        "other".to_owned()
    }
}

/// A template holds no digits and no address signs: an id or a name typed by a person does not
/// look like one.
fn is_template(route: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || matches!(c, '/' | ':' | '-' | '*');
    route.len() <= 80 && route.starts_with('/') && route.chars().all(allowed)
}

/// Counts a failure in a reader's browser.
#[utoipa::path(
    post,
    path = "/api/v1/client-errors",
    tag = "house",
    operation_id = "reportClientError",
    request_body = ClientError,
    responses(
        (status = 204, description = "Counted"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 422, description = "Not a template of a page (problem `not-a-template`)"),
    )
)]
pub(crate) async fn post(
    Extension(routes): Extension<std::sync::Arc<Routes>>,
    _: SignedOrGuest,
    ApiJson(report): ApiJson<ClientError>,
) -> Result<StatusCode, ApiError> {
    if !is_template(&report.route) {
        return Err(ApiError(Problem::new(
            422,
            "not-a-template",
            Text::fixed(
                "Ceci n’est pas le modèle d’une adresse de page.",
                "This is not the template of a page’s address.",
            ),
        )));
    }
    let labels = [
        ("kind", report.kind.word().to_owned()),
        ("route", routes.label(&report.route)),
    ];
    metrics::counter!("besace_client_errors_total", &labels).increment(1);
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{GOOD_COOKIE, SESSION, TestHouse, caller};

    async fn report(test: &TestHouse, body: &str, csrf: bool) -> u16 {
        let cookie = test.session(GOOD_COOKIE);
        let token = test.house.csrf_token(SESSION);
        let mut headers = vec![("cookie", &*cookie), ("content-type", "application/json")];
        if csrf {
            headers.push(("x-besace-csrf", &token));
        }
        test.send("POST", "/api/v1/client-errors", &headers, body)
            .await
            .status
    }

    #[tokio::test]
    async fn a_report_is_counted_and_one_that_could_name_a_person_is_refused() {
        let test = TestHouse::new().await.with_caller(caller());
        let good = r#"{"kind":"error","route":"/annuaire/:id"}"#;
        assert_eq!(report(&test, good, true).await, 204);
        assert_eq!(report(&test, good, false).await, 403);
        for bad in [
            r#"{"kind":"error","route":"/annuaire/42"}"#,
            r#"{"kind":"error","route":"/annuaire/claire@interieur"}"#,
            r#"{"kind":"error","route":"annuaire"}"#,
        ] {
            assert_eq!(report(&test, bad, true).await, 422, "{bad}");
        }
        let more = r#"{"kind":"error","route":"/","message":"Claire"}"#;
        assert_eq!(report(&test, more, true).await, 422);
    }

    #[tokio::test]
    async fn a_stranger_reports_nothing() {
        let test = TestHouse::new().await.with_caller(caller());
        let json = [("content-type", "application/json")];
        let body = r#"{"kind":"error","route":"/"}"#;
        let answer = test
            .send("POST", "/api/v1/client-errors", &json, body)
            .await;
        assert_eq!(answer.status, 401);
    }

    #[test]
    fn templates_beyond_the_hundredth_are_counted_together() {
        let routes = Routes::default();
        for n in 0..MAX_ROUTES {
            let name = format!("/{}", "a".repeat(n + 1));
            assert_eq!(routes.label(&name), name);
        }
        assert_eq!(routes.label("/one-more"), "other");
        assert_eq!(routes.label("/a"), "/a");
    }
}
