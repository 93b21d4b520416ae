//! What an access token lets its application read (OIDC Core §5.3).

use serde_json::{Map, Value, json};

use super::Identity;
use crate::domain::claims::Subject;
use crate::error::IdentityError;
use crate::store;

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
        let Some(grant) = self.open_access(token) else {
            return Ok(None);
        };
        let now = self.house.clock.now();
        let found = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    Ok::<_, IdentityError>(store::grant::live(tx, grant, now).await?)
                })
            })
            .await?;
        let Some((grant, agent, organisation)) = found else {
            return Ok(None);
        };
        let client = self.clients.get(&grant.client).await?;
        let Some(client) = client.filter(|client| client.honours(grant.created_at)) else {
            return Ok(None);
        };
        let subject = Subject {
            agent,
            organisation,
            provider: grant.provider.clone(),
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
        Ok(Some(UserInfo::Signed(
            self.keys.sign(&client, algorithm, None, &claims)?,
        )))
    }
}
