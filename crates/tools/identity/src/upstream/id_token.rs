//! The id token (OpenID Connect Core 1.0 §3.1.3.7).

use jose::{Claims, Expected, Expiry, Leeway, TypeRule, half_hash};
use kernel::{Secret, Timestamp};
use serde_json::{Map, Value};

use super::config::Preset;
use super::error::UpstreamError;
use super::link::Link;
use super::metadata::Metadata;
use super::pending::Pending;
use crate::domain::acr::Acr;

/// The most means taken from `amr`, and the longest of them.
const MOST_MEANS: usize = 10;
const LONGEST_MEANS: usize = 32;

/// What an accepted id token says.
#[derive(Debug, Clone)]
pub(super) struct IdToken {
    pub(super) subject: String,
    pub(super) acr: Acr,
    pub(super) amr: Vec<String>,
    pub(super) auth_time: Timestamp,
    /// Whether the provider said so; else it is the token's own time.
    pub(super) auth_time_stated: bool,
    /// All of it.
    pub(super) claims: Map<String, Value>,
}

/// Verifies an id token and holds it against the request it answers.
pub(super) async fn verify(
    link: &Link,
    metadata: &Metadata,
    pending: &Pending,
    token: &str,
    access_token: &Secret,
) -> Result<IdToken, UpstreamError> {
    let now = link.now();
    let expected = Expected {
        issuer: &metadata.issuer,
        audience: &link.config.client_id,
        kind: TypeRule::PlainJwt,
        expiry: Expiry::Required,
        now: now.seconds(),
        leeway: Leeway::MINUTE,
    };
    let algorithm = link.config.id_token_alg;
    let claims = link
        .verify(metadata, |keys| {
            jose::verify::<Map<String, Value>>(token, algorithm, keys, &expected)
        })
        .await?;
    judge(claims, link.config.preset, pending, access_token, now)
}

fn judge(
    claims: Claims<Map<String, Value>>,
    preset: Preset,
    pending: &Pending,
    access_token: &Secret,
    now: Timestamp,
) -> Result<IdToken, UpstreamError> {
    let body = claims.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if !text("nonce").is_some_and(|nonce| pending.sent_nonce(nonce)) {
        return Err(UpstreamError::TokenInvalid("the nonce is not the one sent"));
    }
    let hash = half_hash(access_token.expose());
    if body.contains_key("at_hash") && text("at_hash") != Some(hash.as_str()) {
        return Err(UpstreamError::TokenInvalid(
            "the access token is not the one of the id token",
        ));
    }
    let Some(issued_at) = claims.issued_at else {
        return Err(UpstreamError::TokenInvalid("the time of issue is missing"));
    };
    let subject = claims
        .subject
        .filter(|sub| (1..=255).contains(&sub.len()) && sub.is_ascii())
        .ok_or(UpstreamError::InvalidIdentity { what: "sub" })?;
    let stated = body.get("auth_time").and_then(Value::as_i64);
    Ok(IdToken {
        subject,
        acr: level(&body, preset),
        amr: means(body.get("amr")),
        auth_time: Timestamp::from_seconds(stated.unwrap_or(issued_at)).min(now),
        auth_time_stated: stated.is_some(),
        claims: body,
    })
}

/// The level given: `eidas1` when it is missing or not one of the norm. Entra names it by
/// authentication contexts of its own.
fn level(claims: &Map<String, Value>, preset: Preset) -> Acr {
    if preset == Preset::Entra {
        let held = |name: &str| {
            texts(claims.get("acrs")).any(|context| context.eq_ignore_ascii_case(name))
        };
        for (context, level) in [
            ("c3", Acr::Eidas3),
            ("c2", Acr::Eidas2),
            ("c1", Acr::Eidas1),
        ] {
            if held(context) {
                return level;
            }
        }
    }
    claims
        .get("acr")
        .and_then(Value::as_str)
        .and_then(Acr::parse)
        .unwrap_or(Acr::Eidas1)
}

fn means(claim: Option<&Value>) -> Vec<String> {
    texts(claim)
        .filter(|means| {
            (1..=LONGEST_MEANS).contains(&means.len())
                && means.bytes().all(|b| b.is_ascii_graphic())
        })
        .take(MOST_MEANS)
        .map(str::to_owned)
        .collect()
}

/// A text, or the texts of a list.
fn texts(claim: Option<&Value>) -> impl Iterator<Item = &str> {
    let one = claim.and_then(Value::as_str);
    let several = claim
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    one.into_iter().chain(several)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else {
            panic!("no object")
        };
        map
    }

    #[test]
    fn a_level_missing_or_unknown_is_eidas1() {
        for (given, level_given) in [
            (json!({ "acr": "eidas2" }), Acr::Eidas2),
            (
                json!({ "acr": "https://proconnect.gouv.fr/assurance/self-asserted" }),
                Acr::Eidas0,
            ),
            (json!({ "acr": "urn:x" }), Acr::Eidas1),
            (json!({ "acr": 1 }), Acr::Eidas1),
            (json!({}), Acr::Eidas1),
            (json!({ "acrs": ["c3"] }), Acr::Eidas1),
        ] {
            assert_eq!(
                level(&claims(given.clone()), Preset::Standard),
                level_given,
                "{given}"
            );
        }
    }

    #[test]
    fn entra_s_contexts_are_levels_the_highest_first() {
        for (given, level_given) in [
            (json!({ "acrs": ["c1", "c3"] }), Acr::Eidas3),
            (json!({ "acrs": "c2" }), Acr::Eidas2),
            (json!({ "acrs": ["c9"] }), Acr::Eidas1),
            (json!({ "acr": "1" }), Acr::Eidas1),
        ] {
            assert_eq!(
                level(&claims(given.clone()), Preset::Entra),
                level_given,
                "{given}"
            );
        }
    }

    #[test]
    fn means_are_few_short_words() {
        assert_eq!(
            means(Some(&json!(["pwd", 3, "", "a b", "otp"]))),
            ["pwd", "otp"]
        );
        assert_eq!(means(Some(&json!("pin"))), ["pin"]);
        assert_eq!(means(Some(&json!(vec!["x"; 50]))).len(), MOST_MEANS);
        assert!(means(Some(&json!(["x".repeat(33)]))).is_empty());
        assert!(means(None).is_empty());
    }
}
