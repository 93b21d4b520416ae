//! The proof that an application calls, with its own token (RFC 6750 §2.1).
//!
//! A token comes in the `Authorization` header only: never in a form, an address or a cookie.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, header};
use kernel::{Problem, Secret, Text};

use crate::House;
use crate::house::Bearer;
use crate::problem::ApiError;
use crate::tokens::{Presented, unusable};

/// The longest token looked at, in bytes.
const MAX_TOKEN: usize = 4_096;

/// An application that calls for itself or for an agent; 401 otherwise.
#[derive(Debug, Clone)]
pub struct Application(pub Bearer);

impl Application {
    /// Passes when the token was given `scope`.
    ///
    /// # Errors
    /// 403 `insufficient-scope`, naming the scope.
    pub fn require(&self, scope: &str) -> Result<(), ApiError> {
        if self.0.scopes.iter().any(|given| given == scope) {
            return Ok(());
        }
        let problem = Problem::new(
            403,
            "insufficient-scope",
            Text::fixed(
                "Ce jeton ne donne pas ce droit.",
                "This token does not give this right.",
            ),
        );
        Err(ApiError(problem.with_detail(Text::made(
            format!("Demandez un jeton avec la portée «\u{a0}{scope}\u{a0}»."),
            format!("Ask for a token with the scope “{scope}”."),
        ))))
    }
}

/// The token of an `Authorization` header, when it is a bearer token.
pub fn bearer_of(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let usable = scheme.eq_ignore_ascii_case("bearer") && (1..=MAX_TOKEN).contains(&token.len());
    usable.then(|| Secret::new(token))
}

/// 401: unknown, over or taken back.
fn invalid_token() -> ApiError {
    ApiError(
        Problem::new(
            401,
            "invalid-token",
            Text::fixed(
                "Ce jeton n’ouvre rien\u{a0}: il est inconnu, expiré ou révoqué.",
                "This token opens nothing: it is unknown, expired or revoked.",
            ),
        )
        .with_detail(Text::fixed(
            "Rien n’a été fait. Demandez-en un autre à /api/v2/token.",
            "Nothing was done. Ask for another one at /api/v2/token.",
        )),
    )
}

fn token_required() -> ApiError {
    ApiError(
        Problem::new(
            401,
            "token-required",
            Text::fixed(
                "Un jeton d’accès valable est nécessaire.",
                "A valid access token is required.",
            ),
        )
        .with_detail(Text::fixed(
            "Demandez-en un à /api/v2/token et envoyez-le dans l’en-tête Authorization.",
            "Ask for one at /api/v2/token and send it in the Authorization header.",
        )),
    )
}

impl<S: Send + Sync> FromRequestParts<S> for Application {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(house) = parts.extensions.get::<House>().cloned() else {
            return Err(ApiError(Problem::internal()));
        };
        let token = match Presented::in_headers(&parts.headers) {
            Presented::Nothing => return Err(token_required()),
            Presented::Unusable => return Err(ApiError(unusable())),
            Presented::Token(token) => token,
        };
        let Some(bearers) = house.bearers.clone() else {
            return Err(invalid_token());
        };
        match bearers.bearer(&token).await {
            Ok(Some(bearer)) => Ok(Self(bearer)),
            Ok(None) => Err(invalid_token()),
            Err(cause) => {
                tracing::error!(%cause, "a token cannot be looked up");
                Err(ApiError(Problem::unavailable(5)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{GOOD_COOKIE, TestHouse, caller};

    #[tokio::test]
    async fn an_application_enters_by_its_token_and_by_nothing_else() {
        let test = TestHouse::new().await.with_caller(caller()).with_bearer();
        let path = "/api/v1/test/application";
        let ask = async |value: &str| test.get(path, &[("authorization", value)]).await;
        assert_eq!(ask("Bearer good").await.text(), "mission");
        assert_eq!(ask("bearer good").await.status, 200);
        let long = format!("Bearer {}", "a".repeat(MAX_TOKEN + 1));
        for (sent, status, challenge) in [
            ("Bearer bad", 401, "Bearer error=\"invalid_token\""),
            ("Bearer ", 400, "Bearer error=\"invalid_request\""),
            (&long, 400, "Bearer error=\"invalid_request\""),
            ("Basic good", 401, "Bearer realm=\"besace\""),
            ("good", 401, "Bearer realm=\"besace\""),
        ] {
            let answer = ask(sent).await;
            assert_eq!(answer.status, status, "{sent}");
            assert_eq!(answer.header("www-authenticate"), challenge, "{sent}");
        }
        let twice = [
            ("authorization", "Bearer good"),
            ("authorization", "Bearer good"),
        ];
        assert_eq!(test.get(path, &twice).await.status, 400);
        let cookie = [("cookie", &*test.session(GOOD_COOKIE))];
        assert_eq!(test.get(path, &cookie).await.status, 401);
    }

    #[test]
    fn a_scope_that_was_not_given_is_refused_by_name() {
        let application = Application(Bearer {
            client_id: "mission".into(),
            agent: None,
            organisation: None,
            scopes: vec!["inbox".into()],
        });
        assert!(application.require("inbox").is_ok());
        let refused = application.require("badge").expect_err("not given");
        let detail = refused.0.detail.expect("a detail");
        assert!(detail.en.contains("badge"));
    }
}
