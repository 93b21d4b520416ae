//! Applications that call our API: the tokens they get for themselves (RFC 6749 §4.4), and what
//! any access token of ours opens.
//!
//! Invariant: a token opens nothing once its application has ended or has a new secret, its agent
//! may no longer sign in, their session has ended, or its time is over.

use std::time::Duration;

use kernel::{Secret, Timestamp};
use kernel_http::{Bearer, Bearers, BoxFuture, SessionsError};

use super::Identity;
use super::access::Access;
use super::token::{TokenAnswer, TokenError};
use crate::domain::client::{Client, ClientId};
use crate::domain::scope::ScopeSet;
use crate::error::IdentityError;

/// How long an application's own token lives.
const OWN_LIFETIME: Duration = Duration::from_mins(30);
const OWN: &str = "identity/application-token/1";
/// The longest token looked at, in bytes.
const LONGEST: usize = 1024;

/// What an application's own token carries.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct OwnAccess {
    #[serde(rename = "c")]
    pub(super) client: ClientId,
    #[serde(rename = "o")]
    pub(super) scopes: ScopeSet,
    #[serde(rename = "i")]
    pub(super) issued_at: Timestamp,
    #[serde(rename = "e")]
    pub(super) expires_at: Timestamp,
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
        let bytes = serde_json::to_vec(&access).map_err(IdentityError::from)?;
        Ok(TokenAnswer {
            access_token: self.sealer.seal(OWN, &bytes, self.house.rng.as_ref()),
            token_type: "Bearer",
            expires_in: OWN_LIFETIME.as_secs(),
            id_token: None,
            refresh_token: None,
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

    async fn agent_s_application(&self, access: &Access) -> Result<Option<Bearer>, SessionsError> {
        let opened = self.opened_by(access).await.map_err(unknown)?;
        let Some(opened) = opened else {
            return Ok(None);
        };
        if !self.is_in_service(&opened.grant.provider).await? {
            return Ok(None);
        }
        let client = opened.client;
        Ok(Some(Bearer {
            client_id: client.id.as_str().to_owned(),
            agent: Some(opened.agent.id),
            organisation: client.organisation,
            scopes: opened.grant.scopes.within(&client.scopes).values(),
        }))
    }

    /// An application's own token behind a text; none when it is none of ours. It may be over.
    pub(super) fn open_own(&self, text: &str) -> Option<OwnAccess> {
        if text.len() > LONGEST {
            return None;
        }
        serde_json::from_slice(&self.sealer.open(OWN, text)?).ok()
    }
}

/// Why a token cannot be looked up now.
fn unknown(cause: IdentityError) -> SessionsError {
    match cause {
        IdentityError::Database(cause) => cause.into(),
        other => SessionsError::Tool(other.to_string()),
    }
}

impl Bearers for Identity {
    fn bearer<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Bearer>, SessionsError>> {
        Box::pin(async move {
            let token = token.expose();
            if let Some(own) = self.open_own(token) {
                return self.application_of(own).await;
            }
            match self.open_access(token) {
                Some(access) => self.agent_s_application(&access).await,
                None => Ok(None),
            }
        })
    }
}
