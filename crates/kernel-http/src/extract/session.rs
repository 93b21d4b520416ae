//! The proof that somebody is signed in, or speaks by a token of theirs that the operation is open
//! to ([`tokens`](crate::tokens)).

use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::{Caller, Problem, Secret};

use super::cookies::cookie_of;
use crate::problem::ApiError;
use crate::tokens::{self, Presented};
use crate::{House, RequestContext};

/// An agent, by a session or a token; 401 otherwise.
#[derive(Debug, Clone)]
pub struct Signed(pub Caller);

/// An agent, by a session or a token, or nobody. A token that opens nothing is refused.
#[derive(Debug, Clone)]
pub struct MaybeSigned(pub Option<Caller>);

/// Looks the caller up, once a request.
pub(crate) async fn resolve(parts: &mut Parts) -> Result<Option<Caller>, ApiError> {
    let Some(house) = parts.extensions.get::<House>().cloned() else {
        return Err(ApiError(Problem::internal()));
    };
    let Some(context) = parts.extensions.get::<RequestContext>().cloned() else {
        return Err(ApiError(Problem::internal()));
    };
    let presented = Presented::in_headers(&parts.headers);
    if presented.is_something() {
        return tokens::resolve(parts, (&house, &context), presented).await;
    }
    let Some(sessions) = house.sessions.clone() else {
        return Ok(None);
    };
    let Some(cookie) = cookie_of(&parts.headers, &house.cookies().session()) else {
        return Ok(None);
    };
    let cookie = Secret::new(cookie);
    context
        .caller
        .get_or_try_init(|| async { sessions.caller(&cookie).await })
        .await
        .cloned()
        .map_err(|cause| {
            tracing::error!(%cause, "the sessions cannot be read");
            ApiError(Problem::unavailable(5))
        })
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeSigned {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        resolve(parts).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        resolve(parts)
            .await?
            .map(Self)
            .ok_or(ApiError(Problem::sign_in_required()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{GOOD_COOKIE, SESSION, TestHouse, caller};

    #[tokio::test]
    async fn a_live_session_enters_and_a_stranger_does_not() {
        let test = TestHouse::new().await.with_caller(caller());
        let signed = test
            .get("/api/v1/test/me", &[("cookie", &test.session(GOOD_COOKIE))])
            .await;
        assert_eq!(signed.status, 200);
        assert_eq!(signed.text(), caller().agent.to_string());
        let stranger = test
            .get("/api/v1/test/me", &[("cookie", &test.session("other"))])
            .await;
        assert_eq!(stranger.status, 401);
        assert_eq!(stranger.json()["type"], "/problems/sign-in-required");
        assert_eq!(test.get("/api/v1/test/me", &[]).await.status, 401);
    }

    #[tokio::test]
    async fn a_write_needs_the_session_s_token_and_our_origin() {
        let test = TestHouse::new().await.with_caller(caller());
        let cookie = test.session(GOOD_COOKIE);
        let token = test.house.csrf_token(SESSION);
        let ok = [
            ("cookie", cookie.as_str()),
            ("x-besace-csrf", token.as_str()),
        ];
        let write = async |headers: &[(&str, &str)]| {
            test.send("POST", "/api/v1/test/echo", headers, "")
                .await
                .status
        };
        assert_eq!(write(&ok).await, 200);
        assert_eq!(write(&ok[..1]).await, 403);
        assert_eq!(write(&[ok[0], ("x-besace-csrf", "wrong")]).await, 403);
        let origin = test.house.site.origin();
        assert_eq!(write(&[ok[0], ok[1], ("origin", &origin)]).await, 200);
        assert_eq!(
            write(&[ok[0], ok[1], ("origin", "https://evil.example")]).await,
            403
        );
        assert_eq!(write(&[ok[0], ok[1], ("origin", "null")]).await, 403);
        assert_eq!(
            write(&[ok[0], ok[1], ("sec-fetch-site", "same-origin")]).await,
            200
        );
        assert_eq!(
            write(&[ok[0], ok[1], ("sec-fetch-site", "cross-site")]).await,
            403
        );
        // Without the cookie nothing is done in anybody's name.
        assert_eq!(write(&[]).await, 200);
        // The sign-in protocol proves itself otherwise.
        let exempt = test.send("POST", "/api/v2/test", &ok[..1], "").await;
        assert_eq!(exempt.status, 200);
    }
}
