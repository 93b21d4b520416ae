//! Applications that call our API: the tokens they get for themselves (RFC 6749 §4.4), and what
//! any access token of ours opens.
//!
//! Invariant: a token opens nothing once its application has ended or has a new secret, its agent
//! may no longer sign in, their session has ended, or its time is over.

use std::time::Duration;

use kernel::{Secret, Timestamp};
use kernel_http::{Bearer, Bearers, BoxFuture, SessionsError};

use super::Identity;
use super::token::{TokenAnswer, TokenError};
use crate::domain::client::{Client, ClientId};
use crate::domain::code::GrantId;
use crate::domain::scope::ScopeSet;
use crate::store;

/// How long an application's own token lives.
const OWN_LIFETIME: Duration = Duration::from_mins(30);
const OWN: &str = "identity/application-token/1";
/// The longest token looked at, in bytes.
const LONGEST: usize = 1024;

/// What an application's own token carries.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct OwnAccess {
    #[serde(rename = "c")]
    client: ClientId,
    #[serde(rename = "o")]
    scopes: ScopeSet,
    #[serde(rename = "i")]
    issued_at: Timestamp,
    #[serde(rename = "e")]
    expires_at: Timestamp,
}

impl Identity {
    /// A token of an application's own. Nothing is written: what ends the application ends it.
    pub(super) fn own_token(
        &self,
        client: &Client,
        scope: Option<&str>,
    ) -> Result<TokenAnswer, TokenError> {
        if !client.is_confidential() {
            return Err(TokenError::PublicClient);
        }
        let scopes =
            ScopeSet::of_application(scope, &client.scopes).map_err(|_| TokenError::Scope)?;
        let now = self.house.clock.now();
        let access = OwnAccess {
            client: client.id.clone(),
            scopes,
            issued_at: now,
            expires_at: now.plus(OWN_LIFETIME),
        };
        let bytes = serde_json::to_vec(&access).map_err(crate::IdentityError::from)?;
        Ok(TokenAnswer {
            access_token: self.sealer.seal(OWN, &bytes, self.house.rng.as_ref()),
            token_type: "Bearer",
            expires_in: OWN_LIFETIME.as_secs(),
            id_token: None,
            scope: access.scopes.to_text(),
        })
    }

    async fn application_of(&self, access: OwnAccess) -> Result<Option<Bearer>, SessionsError> {
        if self.house.clock.now() >= access.expires_at {
            return Ok(None);
        }
        let client = self.clients.get(&access.client).await?;
        Ok(client
            .filter(|client| client.is_confidential() && client.honours(access.issued_at))
            .map(|client| Bearer {
                client_id: client.id.as_str().to_owned(),
                agent: None,
                organisation: client.organisation,
                scopes: access.scopes.within(&client.scopes).values(),
            }))
    }

    async fn agent_s_application(&self, grant: GrantId) -> Result<Option<Bearer>, SessionsError> {
        let now = self.house.clock.now();
        let found = self
            .house
            .db
            .read(move |tx| Box::pin(async move { store::grant::live(tx, grant, now).await }))
            .await?;
        let Some((grant, agent, _)) = found else {
            return Ok(None);
        };
        if !self.is_in_service(&grant.provider).await? {
            return Ok(None);
        }
        let client = self.clients.get(&grant.client).await?;
        Ok(client
            .filter(|client| client.honours(grant.created_at))
            .map(|client| Bearer {
                client_id: client.id.as_str().to_owned(),
                agent: Some(agent.id),
                organisation: client.organisation,
                scopes: grant.scopes.within(&client.scopes).values(),
            }))
    }
}

impl Bearers for Identity {
    fn bearer<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Bearer>, SessionsError>> {
        Box::pin(async move {
            let token = token.expose();
            if token.len() > LONGEST {
                return Ok(None);
            }
            let own = self.sealer.open(OWN, token);
            if let Some(access) = own.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
                return self.application_of(access).await;
            }
            match self.open_access(token) {
                Some(grant) => self.agent_s_application(grant).await,
                None => Ok(None),
            }
        })
    }
}
