//! The proof that somebody is signed in, or speaks by a token of theirs that the operation is open
//! to ([`tokens`](crate::tokens)).
//!
//! Invariant: an endpoint that takes [`Signed`] refuses guests without having thought of them; what
//! they may reach takes [`SignedOrGuest`], and says so.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::{Caller, Problem, Secret, Text};

use super::cookies::cookie_of;
use crate::problem::ApiError;
use crate::tokens::{self, Presented};
use crate::{House, RequestContext};

/// An agent, by a session or a token; 401 otherwise, and 403 for a guest.
#[derive(Debug, Clone)]
pub struct Signed(pub Caller);

/// An agent, by a session or a token, or a guest; 401 otherwise. What is answered holds nothing
/// that was not shared with the guest, or is their own.
#[derive(Debug, Clone)]
pub struct SignedOrGuest(pub Caller);

/// An agent, by a session or a token, or nobody; a guest counts as nobody. A token that opens
/// nothing is refused.
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
        let caller = resolve(parts).await?;
        Ok(Self(caller.filter(|caller| !caller.is_guest())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let SignedOrGuest(caller) = SignedOrGuest::from_request_parts(parts, state).await?;
        if caller.is_guest() {
            return Err(ApiError(guest_refused()));
        }
        Ok(Self(caller))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedOrGuest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        resolve(parts)
            .await?
            .map(Self)
            .ok_or(ApiError(Problem::sign_in_required()))
    }
}

fn guest_refused() -> Problem {
    Problem::new(
        403,
        "guest-refused",
        Text::fixed(
            "Cette page est réservée aux agents.",
            "This page is for agents only.",
        ),
    )
    .with_detail(Text::fixed(
        "Vous êtes là sur invitation\u{a0}: la page d’accueil montre ce qui est partagé avec vous. \
         Pour davantage, demandez à qui vous invite.",
        "You are a guest: the home page has what is shared with you. For more, ask whoever \
         invites you.",
    ))
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
    async fn a_guest_enters_only_where_guests_are_let_in() {
        let mut guest = caller();
        guest.guest = Some(Vec::new());
        let test = TestHouse::new().await.with_caller(guest);
        let cookie = [("cookie", &*test.session(GOOD_COOKIE))];
        let refused = test.get("/api/v1/test/me", &cookie).await;
        assert_eq!(refused.status, 403);
        assert_eq!(refused.json()["type"], "/problems/guest-refused");
        let open = test.get("/api/v1/test/anybody-signed", &cookie).await;
        assert_eq!(open.status, 200);
        let stranger = test.get("/api/v1/test/anybody-signed", &[]).await;
        assert_eq!(stranger.status, 401);
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
