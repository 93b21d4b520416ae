//! A JSON body, refused with a problem.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use kernel::{Problem, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::{ApiError, too_large};

/// A JSON body; as an answer, JSON.
#[derive(Debug, Clone)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(ApiError(refusal(&rejection))),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> Problem {
    let title = Text::fixed(
        "Le contenu envoyé n’est pas celui attendu.",
        "What was sent is not what was expected.",
    );
    match rejection {
        JsonRejection::MissingJsonContentType(_) => Problem::new(
            415,
            "unsupported-media-type",
            Text::fixed(
                "Seul le JSON est accepté ici.",
                "Only JSON is accepted here.",
            ),
        ),
        JsonRejection::JsonDataError(cause) => {
            // The body's own words about a field, useful to a developer, never ours.
            let said = cause.body_text();
            Problem::new(422, "invalid-body", title).with_detail(Text::made(said.clone(), said))
        }
        JsonRejection::BytesRejection(cause) if cause.status().as_u16() == 413 => too_large(),
        _ => Problem::new(400, "invalid-json", title),
    }
}

impl<T: Serialize> IntoResponse for ApiJson<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    const JSON: (&str, &str) = ("content-type", "application/json");

    #[tokio::test]
    async fn good_json_enters_and_each_bad_one_has_its_problem() {
        let test = TestHouse::new().await;
        let send = async |headers: &[(&str, &str)], body: &str| {
            test.send("POST", "/api/v1/test/json", headers, body).await
        };
        assert_eq!(send(&[JSON], r#"{"name":"a"}"#).await.text(), "a");
        for (headers, body, status, kind) in [
            (&[][..], r#"{"name":"a"}"#, 415, "unsupported-media-type"),
            (&[JSON][..], "{", 400, "invalid-json"),
            (&[JSON][..], r#"{"name":1}"#, 422, "invalid-body"),
        ] {
            let answer = send(headers, body).await;
            assert_eq!(answer.status, status, "{body}");
            assert_eq!(answer.json()["type"], format!("/problems/{kind}"));
        }
        let heavy = format!(r#"{{"name":"{}"}}"#, "a".repeat(1_100_000));
        let answer = send(&[JSON], &heavy).await;
        assert_eq!(answer.status, 413);
        assert!(
            answer.json()["detail"]
                .as_str()
                .expect("detail")
                .contains("1\u{a0}Mo")
        );
    }
}
