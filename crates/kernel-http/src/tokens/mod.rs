//! Tokens that agents make for their programs: sent as `Authorization: Bearer …` (RFC 6750 §2.1)
//! where a browser sends its session's cookie.
//!
//! Invariants
//! - A token opens the operations whose description names one of its scopes, and nothing else:
//!   the description is what is enforced, so that the two cannot differ ([`Operations`]).
//! - Where a token is sent no cookie is looked at: a wrong one is refused, it never falls back.
//! - No write needs our pages' proof of origin: no other site's page can send the header.

mod operations;
mod refusal;

use axum::extract::MatchedPath;
use http::request::Parts;
use http::{HeaderMap, header};
use kernel::{Caller, Problem, Secret, TokenScope};

pub(crate) use operations::Operations;
pub use refusal::closed;
pub(crate) use refusal::unusable;

use crate::extract::client_ip;
use crate::house::{BoxFuture, SessionsError};
use crate::problem::ApiError;
use crate::rate::{Class, too_many};
use crate::{House, RequestContext};

/// The name of the scheme in the description.
pub const SCHEME: &str = "token";
/// The longest token looked at, in bytes.
const LONGEST: usize = 4_096;

/// Who speaks by a token.
#[derive(Debug, Clone)]
pub struct TokenHolder {
    /// The agent, with the roles that they hold now.
    pub caller: Caller,
    /// What the token was made for.
    pub scopes: Vec<TokenScope>,
}

/// Whose a token is. The sign-in tool implements it.
pub trait Tokens: Send + Sync {
    /// The agent behind a live token; none: it opens nothing (any more).
    fn holder<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<TokenHolder>, SessionsError>>;
}

/// What a request sends in `Authorization`.
pub(crate) enum Presented {
    /// No token: whoever asks is known by a cookie, or by nothing.
    Nothing,
    /// Something that calls itself a token and cannot be one.
    Unusable,
    /// A token.
    Token(Secret),
}

impl Presented {
    /// What these headers send.
    pub(crate) fn in_headers(headers: &HeaderMap) -> Self {
        let mut bearers = headers
            .get_all(header::AUTHORIZATION)
            .iter()
            .filter_map(|value| after_scheme(value.as_bytes()));
        match (bearers.next(), bearers.next()) {
            (None, _) => Self::Nothing,
            (Some(token), None) if (1..=LONGEST).contains(&token.len()) => {
                std::str::from_utf8(token)
                    .map_or(Self::Unusable, |token| Self::Token(Secret::new(token)))
            }
            // Of two tokens none is believed.
            (Some(_), _) => Self::Unusable,
        }
    }

    /// Whether a token is sent, a usable one or not.
    pub(crate) const fn is_something(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// What follows the scheme of bearer tokens; none: another scheme.
fn after_scheme(value: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"bearer";
    let (scheme, rest) = value.split_at_checked(NAME.len())?;
    let ends = rest.first().is_none_or(u8::is_ascii_whitespace);
    (ends && scheme.eq_ignore_ascii_case(NAME)).then(|| rest.trim_ascii())
}

/// Who speaks by this token, when the operation under way is open to it.
///
/// # Errors
/// 400 for what cannot be a token, 401 for a token that opens nothing, 429 when its address has sent many such, 403 when the
/// operation is closed to tokens or the token lacks its scope, 503 when the database does not
/// answer.
pub(crate) async fn resolve(
    parts: &Parts,
    (house, context): (&House, &RequestContext),
    presented: Presented,
) -> Result<Option<Caller>, ApiError> {
    let caller = context
        .caller
        .get_or_try_init(|| async {
            let holder = match presented {
                Presented::Token(token) => holder(house, &token).await?,
                Presented::Unusable => return Err(ApiError(unusable())),
                Presented::Nothing => None,
            };
            let holder = holder.ok_or_else(|| unknown(parts, house))?;
            context.note(holder.caller.actor());
            let scope = needed(parts).ok_or_else(|| ApiError(refusal::closed()))?;
            if !holder.scopes.contains(&scope) {
                return Err(ApiError(refusal::lacks(scope)));
            }
            Ok(Some(holder.caller))
        })
        .await?;
    Ok(caller.clone())
}

async fn holder(house: &House, token: &Secret) -> Result<Option<TokenHolder>, ApiError> {
    let Some(tokens) = &house.tokens else {
        return Ok(None);
    };
    tokens.holder(token).await.map_err(|cause| {
        tracing::error!(%cause, "the tokens cannot be read");
        ApiError(Problem::unavailable(5))
    })
}

/// The scope of the operation under way; none: it is closed to tokens.
fn needed(parts: &Parts) -> Option<TokenScope> {
    let path = parts.extensions.get::<MatchedPath>()?;
    let operations = parts.extensions.get::<Operations>()?;
    operations.scope_of(&parts.method, path.as_str())
}

/// A token that opens nothing, counted for its address.
fn unknown(parts: &Parts, house: &House) -> ApiError {
    let address = client_ip::of(&parts.headers, &parts.extensions, &house.trusted_proxies);
    match house.rate.check(Class::WrongToken, address) {
        Ok(()) => ApiError(refusal::unknown()),
        Err(seconds) => ApiError(too_many(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rate::{Limit, RateLimits};
    use crate::testing::{GOOD_COOKIE, GOOD_TOKEN, TestClock, TestHouse, caller, token_caller};

    const ME: &str = "/api/v1/test/me";

    async fn test() -> TestHouse {
        TestHouse::new().await.with_caller(caller()).with_token()
    }

    #[tokio::test]
    async fn a_token_opens_the_operation_that_names_its_scope_and_no_other() {
        let test = test().await;
        let good = format!("Bearer {GOOD_TOKEN}");
        let headers = [("authorization", good.as_str())];
        let opened = test.get(ME, &headers).await;
        assert_eq!(opened.text(), token_caller().agent.to_string());
        let other = test.get("/api/v1/test/other", &headers).await;
        assert_eq!(other.status, 403);
        assert_eq!(other.json()["type"], "/problems/insufficient-scope");
        assert_eq!(other.json()["scope"], "inbox:read");
        assert_eq!(
            other.header("www-authenticate"),
            "Bearer error=\"insufficient_scope\", scope=\"inbox:read\""
        );
        let closed = test.get("/api/v1/test/closed", &headers).await;
        assert_eq!(closed.status, 403);
        assert_eq!(closed.json()["type"], "/problems/closed-to-tokens");
    }

    #[tokio::test]
    async fn a_wrong_token_is_refused_whatever_cookie_comes_with_it() {
        let test = test().await;
        let cookie = test.session(GOOD_COOKIE);
        assert_eq!(test.get(ME, &[("cookie", &cookie)]).await.status, 200);
        let long = format!("Bearer {}", "a".repeat(LONGEST + 1));
        for (wrong, status, kind, error) in [
            ("Bearer wrong", 401, "invalid-token", "invalid_token"),
            ("bearer  wrong ", 401, "invalid-token", "invalid_token"),
            ("Bearer é", 401, "invalid-token", "invalid_token"),
            ("Bearer", 400, "invalid-request", "invalid_request"),
            (&long, 400, "invalid-request", "invalid_request"),
        ] {
            for path in [ME, "/api/v1/test/closed"] {
                let headers = [("authorization", wrong), ("cookie", &cookie)];
                let refused = test.get(path, &headers).await;
                assert_eq!(refused.status, status, "{wrong}");
                assert_eq!(refused.json()["type"], format!("/problems/{kind}"));
                assert_eq!(
                    refused.header("www-authenticate"),
                    format!("Bearer error=\"{error}\"")
                );
            }
        }
        // Another scheme is another proxy's affair.
        let basic = [("authorization", "Basic abc"), ("cookie", cookie.as_str())];
        assert_eq!(test.get(ME, &basic).await.status, 200);
        let good = format!("Bearer {GOOD_TOKEN}");
        let twice = [("authorization", good.as_str()), ("authorization", &good)];
        assert_eq!(test.get(ME, &twice).await.status, 400);
        // Who sends nothing is told what could be sent.
        let bare = test.get(ME, &[]).await;
        assert_eq!(bare.status, 401);
        assert_eq!(bare.header("www-authenticate"), "Bearer realm=\"besace\"");
    }

    #[tokio::test]
    async fn a_token_is_who_speaks_even_beside_a_session_and_needs_no_proof_of_origin() {
        let test = test().await;
        let (cookie, good) = (test.session(GOOD_COOKIE), format!("Bearer {GOOD_TOKEN}"));
        let both = [("authorization", good.as_str()), ("cookie", &cookie)];
        let who = test.send("POST", ME, &both, "").await;
        assert_eq!(who.text(), token_caller().agent.to_string());
        let by_cookie = [("cookie", cookie.as_str())];
        let forged = test.send("POST", ME, &by_cookie, "").await;
        assert_eq!(forged.json()["type"], "/problems/csrf");
        let wrong = [("authorization", "Bearer wrong"), ("cookie", &cookie)];
        assert_eq!(test.send("POST", ME, &wrong, "").await.status, 401);
    }

    #[tokio::test]
    async fn wrong_tokens_of_an_address_are_slowed_down_and_right_ones_are_not() {
        const TIGHT: [Limit; 1] = [Limit {
            class: Class::WrongToken,
            name: "wrong-token",
            per_second: 1,
            burst: 2,
        }];
        let mut test = test().await;
        let clock = TestClock::new(1_000_000);
        test.house.rate = Arc::new(RateLimits::with_limits(clock, Vec::new(), &TIGHT));
        let wrong = [("authorization", "Bearer wrong")];
        for _ in 0..2 {
            assert_eq!(test.get(ME, &wrong).await.status, 401);
        }
        let slowed = test.get(ME, &wrong).await;
        assert_eq!(
            (slowed.status, slowed.header("retry-after").as_str()),
            (429, "1")
        );
        let good = format!("Bearer {GOOD_TOKEN}");
        let right = test.get(ME, &[("authorization", &good)]).await;
        assert_eq!(right.status, 200);
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_read_or_left(value: Vec<u8>) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = http::HeaderValue::from_bytes(&value) {
                headers.insert(header::AUTHORIZATION, value);
            }
            let is_bearer = value.len() >= 6 && value[..6].eq_ignore_ascii_case(b"bearer");
            proptest::prop_assert!(is_bearer || !Presented::in_headers(&headers).is_something());
        }
    }
}
