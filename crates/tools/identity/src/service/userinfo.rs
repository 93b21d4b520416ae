//! What an access token lets its application read (OIDC Core §5.3).

use serde_json::{Map, Value, json};

use super::Identity;
use super::access::Opened;
use crate::domain::claims::Subject;
use crate::error::IdentityError;

/// The answer in the form the client registered.
#[derive(Debug)]
pub(crate) enum UserInfo {
    /// Plain claims.
    Json(Map<String, Value>),
    /// A signed JWT.
    Signed(String),
}

impl Identity {
    /// The claims behind an access token; none when it opens nothing (any more).
    pub(crate) async fn userinfo(&self, token: &str) -> Result<Option<UserInfo>, IdentityError> {
        let Some(access) = self.open_access(token) else {
            return Ok(None);
        };
        let Some(opened) = self.opened_by(&access).await? else {
            return Ok(None);
        };
        let Opened {
            grant,
            agent,
            organisation,
            client,
        } = opened;
        let now = self.house.clock.now();
        let subject = Subject {
            agent,
            organisation,
            provider: grant.provider,
            acr: grant.acr,
        };
        let mut claims = subject.userinfo(&grant.scopes);
        let Some(algorithm) = client.userinfo_alg else {
            return Ok(Some(UserInfo::Json(claims)));
        };
        claims.insert("iss".into(), json!(self.issuer));
        claims.insert("aud".into(), json!(client.id.as_str()));
        claims.insert("iat".into(), json!(now.seconds()));
        claims.insert("exp".into(), json!(now.seconds() + 60));
        let signers = self.keys.current().await?;
        let signed = signers.sign(&client, algorithm, None, &claims)?;
        Ok(Some(UserInfo::Signed(signed)))
    }
}
