//! A code becomes a grant, an id token, an access token and a refresh token (OIDC Core §3.1.3).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Act, AgentId, JournalEntry, Outcome, Timestamp};
use kernel_db::DbError;
use serde::Serialize;

use super::access::Access;
use super::clients::{ClientAuthError, Credentials};
use super::guests::GUESTS;
use super::refresh::RefreshRequest;
use super::{Identity, access};
use crate::domain::client::Client;
use crate::domain::code::{Code, GrantId};
use crate::domain::refresh::{self, Line, Refresh};
use crate::domain::scope::{Scope, ScopeSet};
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::store;
use crate::store::grant::GrantRow;

/// A request at `/token`. It holds secrets: no `Debug`.
#[derive(Clone)]
pub(crate) struct TokenRequest {
    /// The client's proof.
    pub(crate) credentials: Credentials,
    /// What it brings, and for what.
    pub(crate) grant: GrantRequest,
}

/// What is asked at `/token`.
#[derive(Clone)]
pub(crate) enum GrantRequest {
    /// An agent's tokens for a code (RFC 6749 §4.1.3).
    Code(CodeRequest),
    /// New ones for a refresh token (§6).
    Refresh(RefreshRequest),
    /// A token of the application's own (§4.4.2).
    Application {
        /// Its scopes; none: all it may have.
        scope: Option<String>,
    },
}

/// A code to redeem. It holds secrets: no `Debug`.
#[derive(Clone)]
pub(crate) struct CodeRequest {
    /// The code.
    pub(crate) code: String,
    /// The address, repeated.
    pub(crate) redirect_uri: String,
    /// PKCE.
    pub(crate) verifier: Option<String>,
}

/// The answer (RFC 6749 §5.1). It holds secrets: no `Debug`.
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) token_type: &'static str,
    pub(crate) expires_in: u64,
    /// An application's own token comes without, and one without `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<String>,
    /// For applications that get them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    pub(crate) scope: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    #[error(transparent)]
    Client(#[from] ClientAuthError),
    /// One text for every cause: no oracle.
    #[error("grant request is invalid")]
    Grant,
    /// An application that cannot prove itself has no token of its own.
    #[error("client_credentials is for confidential clients only")]
    PublicClient,
    /// Not a scope that this application may have, or that was granted.
    #[error("requested scope is not allowed")]
    Scope,
    /// An application's own token, which has no row.
    #[error("a token of client_credentials is not revoked: it ends by itself")]
    NotRevocable,
    #[error(transparent)]
    Inner(#[from] IdentityError),
}

impl From<DbError> for TokenError {
    fn from(cause: DbError) -> Self {
        Self::Inner(cause.into())
    }
}

/// What redeeming a code came to.
enum Redeemed {
    /// Spent now.
    Now(Session),
    /// Spent before: what it gave has been taken back.
    Again,
    /// The session, or the agent, is gone.
    Gone,
}

/// What tokens are given for.
pub(super) struct Given<'a> {
    pub(super) grant: GrantId,
    /// Of the refresh token given with them.
    pub(super) generation: u32,
    /// When that was first given.
    pub(super) issued_at: Timestamp,
    pub(super) session: &'a Session,
    /// What was granted.
    pub(super) scopes: &'a ScopeSet,
    /// Fewer scopes, asked for this time.
    pub(super) narrowed: Option<&'a ScopeSet>,
    /// As it is spelled to the application.
    pub(super) acr: String,
    pub(super) wants_amr: bool,
    pub(super) nonce: Option<&'a str>,
}

#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    sub: AgentId,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    acr: &'a str,
    sid: kernel::SessionId,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<&'a [String]>,
    /// Somebody's guest, and no agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_external: Option<bool>,
}

impl Identity {
    /// Answers a request at `/token`.
    pub(crate) async fn token(&self, request: &TokenRequest) -> Result<TokenAnswer, TokenError> {
        let client = self.clients.authenticate(&request.credentials).await?;
        match &request.grant {
            GrantRequest::Code(code) => self.redeem(&client, code).await,
            GrantRequest::Refresh(refresh) => self.refresh(&client, refresh).await,
            GrantRequest::Application { scope } => self.own_token(&client, scope.as_deref()),
        }
    }

    /// Redeems a code.
    async fn redeem(
        &self,
        client: &Client,
        request: &CodeRequest,
    ) -> Result<TokenAnswer, TokenError> {
        let now = self.house.clock.now();
        let code = self.open_code(&request.code).ok_or(TokenError::Grant)?;
        code.check(
            client,
            &request.redirect_uri,
            request.verifier.as_deref(),
            now,
        )
        .map_err(|cause| {
            tracing::debug!(client = %client.id, %cause, "code refused");
            TokenError::Grant
        })?;
        match self.spend(client, &code, now).await? {
            Redeemed::Now(session) => {
                let provider = &session.provider;
                if !self.may_have_guest(provider, session.agent, client).await? {
                    return Err(TokenError::Grant);
                }
                let given = Given::by(&code, &session, now);
                Ok(self.tokens(client, &given, now).await?)
            }
            Redeemed::Again => {
                tracing::warn!(client = %client.id, "a code was used twice; its grant is revoked");
                Err(TokenError::Grant)
            }
            Redeemed::Gone => Err(TokenError::Grant),
        }
    }

    /// Inserts the grant that the code names; a conflict means reuse: what it gave is taken back,
    /// and the journal says so.
    async fn spend(
        &self,
        client: &Client,
        code: &Code,
        now: Timestamp,
    ) -> Result<Redeemed, IdentityError> {
        let code = Arc::new(code.clone());
        let refreshed = client.refresh_tokens;
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let (code, rng) = (Arc::clone(&code), Arc::clone(&rng));
                Box::pin(async move {
                    let session = store::session::by_id(tx, code.session, now).await?;
                    let Some(session) = session else {
                        store::grant::revoke(tx, code.grant, now).await?;
                        return Ok(Redeemed::Gone);
                    };
                    let row = grant(&code, &session, refreshed, now);
                    if store::grant::insert(tx, &row).await? {
                        let (agent, client) = (session.agent, &code.client);
                        store::account::note_received(tx, agent, client, &code.scopes, now).await?;
                        return Ok(Redeemed::Now(session));
                    }
                    store::grant::revoke(tx, code.grant, now).await?;
                    tx.journal(reuse(&code, &session, now), rng.as_ref())
                        .await?;
                    Ok::<_, IdentityError>(Redeemed::Again)
                })
            })
            .await
    }

    /// Access token, id token and refresh token of a grant.
    pub(super) async fn tokens(
        &self,
        client: &Client,
        given: &Given<'_>,
        now: Timestamp,
    ) -> Result<TokenAnswer, IdentityError> {
        let signers = self.keys.current().await?;
        let session = given.session;
        let ends = now.plus(access::LIFETIME);
        let access_token = self.seal_access(&Access {
            grant: given.grant,
            expires_at: ends,
            generation: given.generation,
            scopes: given.narrowed.cloned(),
        })?;
        let scopes = given.narrowed.unwrap_or(given.scopes);
        let claims = IdToken {
            iss: &self.issuer,
            sub: session.agent,
            aud: client.id.as_str(),
            exp: ends.seconds(),
            iat: now.seconds(),
            auth_time: session.auth_time.seconds(),
            acr: &given.acr,
            sid: session.id,
            at_hash: at_hash(&access_token),
            nonce: given.nonce,
            amr: given.wants_amr.then_some(session.amr.as_slice()),
            is_external: (session.provider == GUESTS).then_some(true),
        };
        let id_token = if scopes.contains(Scope::Openid) {
            Some(signers.sign(client, client.id_token_alg, None, &claims)?)
        } else {
            None
        };
        let refresh_token = if client.refresh_tokens {
            Some(self.seal_refresh(&given.refresh(client))?)
        } else {
            None
        };
        Ok(TokenAnswer {
            access_token,
            token_type: "Bearer",
            expires_in: access::LIFETIME.as_secs(),
            id_token,
            refresh_token,
            scope: scopes.to_text(),
        })
    }
}

impl<'a> Given<'a> {
    /// The first tokens of a grant.
    fn by(code: &'a Code, session: &'a Session, now: Timestamp) -> Self {
        Self {
            grant: code.grant,
            generation: 0,
            issued_at: now,
            session,
            scopes: &code.scopes,
            narrowed: None,
            acr: code.acr.spelling(session.acr),
            wants_amr: code.wants_amr,
            nonce: code.nonce.as_deref(),
        }
    }

    fn refresh(&self, client: &Client) -> Refresh {
        Refresh {
            grant: self.grant,
            generation: self.generation,
            client: client.id.clone(),
            session: self.session.id,
            provider: self.session.provider.clone(),
            scopes: self.scopes.clone(),
            acr: self.acr.clone(),
            wants_amr: self.wants_amr,
            issued_at: self.issued_at,
            expires_at: refresh::expiry(self.session.expires_at, self.issued_at),
        }
    }
}

/// The grant that a code becomes.
fn grant(code: &Code, session: &Session, refreshed: bool, now: Timestamp) -> GrantRow {
    let ends = now.plus(access::LIFETIME);
    GrantRow {
        id: code.grant,
        session: session.id,
        agent: session.agent,
        client: code.client.clone(),
        scopes: code.scopes.clone(),
        provider: session.provider.clone(),
        acr: session.acr,
        created_at: now,
        expires_at: if refreshed {
            ends.max(refresh::expiry(session.expires_at, now))
        } else {
            ends
        },
        line: Line::default(),
    }
}

/// A code used twice: it was seen by somebody it was not meant for.
fn reuse(code: &Code, session: &Session, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: None,
        actor: Some(session.agent),
        act: Act("identity.code.reuse"),
        subject: format!("client:{}", code.client),
        outcome: Outcome::Refused,
        data: serde_json::json!({ "grant": code.grant, "session": session.id }),
        personal: None,
    }
}

/// OIDC Core §3.1.3.6: the left half of the SHA-256 (every algorithm here has 256 bits).
fn at_hash(access_token: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access_token.as_bytes());
    let (left, _) = digest.as_ref().split_at(16);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_is_that_of_the_specification() {
        // OIDC Core, appendix A.3: the access token and its at_hash.
        assert_eq!(
            at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
    }
}
