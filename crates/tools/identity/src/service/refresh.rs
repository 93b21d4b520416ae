//! A refresh token becomes new tokens (RFC 6749 §6): one row's update, and none when the answer is
//! the one given already.
//!
//! Invariants
//! - A refresh token gives nothing once its session has ended, its agent may no longer sign in,
//!   their provider is out of service, or its application has ended or has a new secret.
//! - Of a line, two tokens at most are honoured: the newest, and for ten seconds the one it
//!   replaced. One that turns up later than that kills what its grant gave, unless nobody ever used
//!   what replaced it.

use std::sync::Arc;

use kernel::{Act, JournalEntry, Outcome, Timestamp};
use kernel_db::Tx;
use serde_json::json;

use super::token::{Given, TokenAnswer, TokenError};
use super::{Identity, access};
use crate::domain::claims::Subject;
use crate::domain::client::{Client, ClientAudience};
use crate::domain::refresh::{Line, Refresh, Use, expiry};
use crate::domain::scope::ScopeSet;
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::store;
use crate::store::grant::GrantRow;

const PURPOSE: &str = "identity/refresh-token/1";
/// The longest token looked at, in bytes.
const LONGEST: usize = 4 * 1024;

/// A refresh token to use. It holds a secret: no `Debug`.
#[derive(Clone)]
pub(crate) struct RefreshRequest {
    /// The token.
    pub(crate) token: String,
    /// Fewer scopes than were granted; none: the same.
    pub(crate) scope: Option<String>,
}

/// What the use of a token came to.
enum Used {
    /// Tokens of this line's newest generation.
    Given(Session, Line),
    /// Its grant, its session or its agent is gone.
    Gone,
    /// Two hold the line: the grant has been taken back.
    Stolen,
}

impl Identity {
    /// Gives new tokens for a refresh token.
    pub(super) async fn refresh(
        &self,
        client: &Client,
        request: &RefreshRequest,
    ) -> Result<TokenAnswer, TokenError> {
        let now = self.house.clock.now();
        let token = self.open_refresh(&request.token).ok_or(TokenError::Grant)?;
        let honoured = token.client == client.id && client.refresh_tokens && now < token.expires_at;
        if !honoured || !self.is_in_service(&token.provider).await? {
            return Err(TokenError::Grant);
        }
        let scopes = request
            .scope
            .as_deref()
            .map(|scope| ScopeSet::narrowed(scope, &token.scopes))
            .transpose()
            .map_err(|_| TokenError::Scope)?;
        match self.use_refresh(client, &token, now).await? {
            Used::Given(session, line) => {
                let provider = &session.provider;
                if !self.may_have_guest(provider, session.agent, client).await? {
                    return Err(TokenError::Grant);
                }
                let given = Given {
                    grant: token.grant,
                    generation: line.generation,
                    issued_at: line.rotated_at.unwrap_or(now),
                    session: &session,
                    scopes: &token.scopes,
                    narrowed: scopes.as_ref(),
                    acr: token.acr.clone(),
                    wants_amr: token.wants_amr,
                    // OIDC Core §12.2: the nonce was for the first.
                    nonce: None,
                };
                Ok(self.tokens(client, &given, now).await?)
            }
            Used::Gone => Err(TokenError::Grant),
            Used::Stolen => {
                tracing::warn!(client = %client.id, "a refresh token was used by two; its grant is revoked");
                Err(TokenError::Grant)
            }
        }
    }

    async fn use_refresh(
        &self,
        client: &Client,
        token: &Refresh,
        now: Timestamp,
    ) -> Result<Used, IdentityError> {
        let (client, token) = (Arc::new(client.clone()), Arc::new(token.clone()));
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let (client, token) = (Arc::clone(&client), Arc::clone(&token));
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let Some((grant, session)) = standing(tx, &client, &token, now).await? else {
                        return Ok(Used::Gone);
                    };
                    let line = match grant.line.used(token.generation, now) {
                        Use::Again => return Ok(Used::Given(session, grant.line)),
                        Use::Rotated(line) | Use::Lost(line) => line,
                        Use::Stolen => {
                            store::grant::revoke(tx, grant.id, now).await?;
                            tx.journal(reuse(&token, &session, now), rng.as_ref())
                                .await?;
                            return Ok(Used::Stolen);
                        }
                    };
                    let until = now
                        .plus(access::LIFETIME)
                        .max(expiry(session.expires_at, now));
                    let moved =
                        store::grant::advance(tx, grant.id, (&grant.line, &line), until).await?;
                    Ok::<_, IdentityError>(if moved {
                        Used::Given(session, line)
                    } else {
                        Used::Gone
                    })
                })
            })
            .await
    }

    /// The text of a refresh token.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn seal_refresh(&self, token: &Refresh) -> Result<String, IdentityError> {
        let bytes = serde_json::to_vec(token)?;
        let rng = self.house.rng.as_ref();
        Ok(self.sealer.seal(PURPOSE, &bytes, rng))
    }

    /// The token behind a text; none when it is not one of ours. It may be over.
    pub(super) fn open_refresh(&self, text: &str) -> Option<Refresh> {
        if text.len() > LONGEST {
            return None;
        }
        serde_json::from_slice(&self.sealer.open(PURPOSE, text)?).ok()
    }
}

/// The grant and the session behind a token, when its application may still use it.
async fn standing(
    tx: &mut Tx,
    client: &Client,
    token: &Refresh,
    now: Timestamp,
) -> Result<Option<(GrantRow, Session)>, IdentityError> {
    let Some((grant, agent, organisation)) = store::grant::live(tx, token.grant, now).await? else {
        return Ok(None);
    };
    let Some(session) = store::session::by_id(tx, token.session, now).await? else {
        return Ok(None);
    };
    let subject = Subject {
        agent,
        organisation,
        provider: session.provider.clone(),
        acr: session.acr,
    };
    let admitted = client.audience == ClientAudience::Everyone || subject.is_public_agent();
    let stands = admitted && client.honours(grant.created_at);
    Ok(stands.then_some((grant, session)))
}

/// A refresh token used by two: one of them stole it.
fn reuse(token: &Refresh, session: &Session, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: None,
        actor: Some(session.agent),
        act: Act("identity.refresh.reuse"),
        subject: format!("client:{}", token.client),
        outcome: Outcome::Refused,
        data: json!({
            "grant": token.grant,
            "session": session.id,
            "generation": token.generation,
        }),
        personal: None,
    }
}
