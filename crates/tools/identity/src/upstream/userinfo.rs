//! The claims of the person (OpenID Connect Core 1.0 §5.3), as JSON or as a signed token.

use jose::Claims;
use kernel::Secret;
use kernel_http::outgoing::{Answer, Options};
use serde_json::{Map, Value};

use super::error::{CallFault, Step, UpstreamError};
use super::link::{Link, success};
use super::metadata::Metadata;

/// The longest answer read, in bytes.
const LONGEST: usize = 64 * 1024;
/// How far the provider's clock may be from ours, in seconds.
const LEEWAY: i64 = 60;

/// Fetches the claims of `subject`, whom the id token names.
pub(super) async fn fetch(
    link: &Link,
    metadata: &Metadata,
    access_token: &Secret,
    subject: &str,
) -> Result<Map<String, Value>, UpstreamError> {
    let broken = |fault| UpstreamError::of(Step::Userinfo, fault);
    let options = Options {
        accept: Some("application/jwt, application/json"),
        bearer: Some(access_token),
        ..Options::default()
    };
    let answer = link
        .get(&metadata.userinfo_endpoint, options)
        .await
        .and_then(success)
        .and_then(within_limit)
        .map_err(broken)?;
    let claims = match answer.mime.as_str() {
        "application/json" => serde_json::from_slice(&answer.body)
            .map_err(|_| broken(CallFault::Document("the claims are no JSON object")))?,
        "application/jwt" => signed(link, metadata, &answer).await?,
        _ => {
            return Err(broken(CallFault::Document(
                "the claims are neither JSON nor a token",
            )));
        }
    };
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(UpstreamError::TokenInvalid(
            "userinfo is of another subject",
        ));
    }
    Ok(claims)
}

fn within_limit(answer: Answer) -> Result<Answer, CallFault> {
    if answer.body.len() > LONGEST {
        return Err(CallFault::Document("the claims are too long"));
    }
    Ok(answer)
}

async fn signed(
    link: &Link,
    metadata: &Metadata,
    answer: &Answer,
) -> Result<Map<String, Value>, UpstreamError> {
    let token = std::str::from_utf8(&answer.body)
        .map_err(|_| UpstreamError::TokenInvalid("userinfo is no text"))?
        .trim();
    let algorithm = link.config.id_token_alg;
    let claims = link
        .verify(metadata, |keys| {
            jose::verify_signature_only::<Map<String, Value>>(token, algorithm, keys)
        })
        .await?;
    judge(
        &claims,
        &metadata.issuer,
        &link.config.client_id,
        link.now().seconds(),
    )?;
    Ok(claims.body)
}

/// Issuer and audience should be there (§5.3.2) and often are not; what is there must be right.
fn judge<T>(
    claims: &Claims<T>,
    issuer: &str,
    client_id: &str,
    now: i64,
) -> Result<(), UpstreamError> {
    let refused = |cause: jose::Error| Err(UpstreamError::TokenRefused(cause));
    if claims
        .issuer
        .as_deref()
        .is_some_and(|named| named != issuer)
    {
        return refused(jose::Error::WrongIssuer);
    }
    if !claims.audience.is_empty() && !claims.audience.iter().any(|one| one == client_id) {
        return refused(jose::Error::WrongAudience);
    }
    if claims
        .expires_at
        .is_some_and(|end| end.saturating_add(LEEWAY) <= now)
    {
        return refused(jose::Error::Expired);
    }
    let latest = now.saturating_add(LEEWAY);
    if claims.issued_at.is_some_and(|at| at > latest) {
        return refused(jose::Error::IssuedInFuture);
    }
    if claims.not_before.is_some_and(|at| at > latest) {
        return refused(jose::Error::NotYetValid);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims<()> {
        Claims {
            issuer: None,
            subject: None,
            audience: Vec::new(),
            authorized_party: None,
            expires_at: None,
            issued_at: None,
            not_before: None,
            id: None,
            body: (),
        }
    }

    fn judged(claims: &Claims<()>) -> bool {
        judge(claims, "https://idp.test", "besace", 1_000).is_ok()
    }

    #[test]
    fn what_a_signed_userinfo_says_of_itself_must_be_right() {
        assert!(judged(&claims()));
        let full = Claims {
            issuer: Some("https://idp.test".into()),
            audience: vec!["other".into(), "besace".into()],
            expires_at: Some(941),
            issued_at: Some(1_060),
            not_before: Some(1_060),
            ..claims()
        };
        assert!(judged(&full));
        for wrong in [
            Claims {
                issuer: Some("https://evil.test".into()),
                ..full.clone()
            },
            Claims {
                audience: vec!["other".into()],
                ..full.clone()
            },
            Claims {
                expires_at: Some(940),
                ..full.clone()
            },
            Claims {
                issued_at: Some(1_061),
                ..full.clone()
            },
            Claims {
                not_before: Some(1_061),
                ..full.clone()
            },
        ] {
            assert!(!judged(&wrong), "{wrong:?}");
        }
    }
}
