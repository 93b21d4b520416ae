//! A code becomes a grant, an id token and an access token (OIDC Core §3.1.3).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Act, AgentId, JournalEntry, Outcome, Timestamp};
use serde::Serialize;

use super::Identity;
use super::clients::{ClientAuthError, Credentials};
use crate::domain::client::Client;
use crate::domain::code::{Code, GrantId};
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::store;
use crate::store::grant::GrantRow;

/// How long an access token lives, as ProConnect's.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_hours(1);
const ACCESS: &str = "identity/access-token/1";

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
    /// An application's own token comes without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<String>,
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
    /// Not a scope of the API that this application may have.
    #[error("requested scope is not allowed")]
    Scope,
    #[error(transparent)]
    Inner(#[from] IdentityError),
}

/// An access token's content.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct Access {
    #[serde(rename = "g")]
    pub(crate) grant: GrantId,
    #[serde(rename = "e")]
    pub(crate) expires_at: Timestamp,
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

#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    sub: AgentId,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    acr: String,
    sid: kernel::SessionId,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<&'a [String]>,
}

impl Identity {
    /// Answers a request at `/token`.
    pub(crate) async fn token(&self, request: &TokenRequest) -> Result<TokenAnswer, TokenError> {
        let client = self.clients.authenticate(&request.credentials).await?;
        match &request.grant {
            GrantRequest::Code(code) => self.redeem(&client, code).await,
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
        match self.spend(&code, now).await? {
            Redeemed::Now(session) => Ok(self.tokens(client, &code, &session, now)?),
            Redeemed::Again => {
                tracing::warn!(client = %client.id, "a code was used twice; its grant is revoked");
                Err(TokenError::Grant)
            }
            Redeemed::Gone => Err(TokenError::Grant),
        }
    }

    /// Inserts the grant that the code names; a conflict means reuse: what it gave is taken back,
    /// and the journal says so.
    async fn spend(&self, code: &Code, now: Timestamp) -> Result<Redeemed, IdentityError> {
        let code = Arc::new(code.clone());
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
                    if store::grant::insert(tx, &grant(&code, &session, now)).await? {
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

    fn tokens(
        &self,
        client: &Client,
        code: &Code,
        session: &Session,
        now: Timestamp,
    ) -> Result<TokenAnswer, IdentityError> {
        let access = Access {
            grant: code.grant,
            expires_at: now.plus(ACCESS_LIFETIME),
        };
        let access_token = self.sealer.seal(
            ACCESS,
            &serde_json::to_vec(&access)?,
            self.house.rng.as_ref(),
        );
        let claims = IdToken {
            iss: &self.issuer,
            sub: session.agent,
            aud: client.id.as_str(),
            exp: now.plus(ACCESS_LIFETIME).seconds(),
            iat: now.seconds(),
            auth_time: session.auth_time.seconds(),
            acr: code.acr.spelling(session.acr),
            sid: session.id,
            at_hash: at_hash(&access_token),
            nonce: code.nonce.as_deref(),
            amr: code.wants_amr.then_some(session.amr.as_slice()),
        };
        let id_token = self.keys.sign(client, client.id_token_alg, None, &claims)?;
        Ok(TokenAnswer {
            access_token,
            token_type: "Bearer",
            expires_in: ACCESS_LIFETIME.as_secs(),
            id_token: Some(id_token),
            scope: code.scopes.to_text(),
        })
    }

    /// The grant an access token stands for; none when it is not ours or dead.
    pub(crate) fn open_access(&self, token: &str) -> Option<GrantId> {
        const LONGEST: usize = 1024;
        if token.len() > LONGEST {
            return None;
        }
        let access: Access = serde_json::from_slice(&self.sealer.open(ACCESS, token)?).ok()?;
        (self.house.clock.now() < access.expires_at).then_some(access.grant)
    }
}

/// The grant that a code becomes.
fn grant(code: &Code, session: &Session, now: Timestamp) -> GrantRow {
    GrantRow {
        id: code.grant,
        session: session.id,
        agent: session.agent,
        client: code.client.clone(),
        scopes: code.scopes.clone(),
        provider: session.provider.clone(),
        acr: session.acr,
        created_at: now,
        expires_at: now.plus(ACCESS_LIFETIME),
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
