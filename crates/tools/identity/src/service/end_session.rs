//! Sign-out: here, then at the ministry's provider (OIDC RP-Initiated Logout 1.0).

use std::sync::Arc;

use jose::{Algorithm, JwkSet, Keys};
use kernel::{Act, JournalEntry, Outcome};
use serde_json::json;
use url::Url;

use super::{Identity, Method};
use crate::domain::agent::Agent;
use crate::domain::client::{Client, ClientId};
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::store;

const AFTER: &str = "identity/after-logout/1";
pub(crate) const UPSTREAM_TOKEN: &str = "identity/upstream-id-token/1";

/// A request at `/session/end`, as it came.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub(crate) struct EndRequest {
    /// An id token of ours, expired or not.
    pub(crate) id_token_hint: Option<String>,
    /// Where to come back to.
    pub(crate) post_logout_redirect_uri: Option<String>,
    /// Returned as it came.
    pub(crate) state: Option<String>,
    /// Who asks.
    pub(crate) client_id: Option<String>,
}

/// A request, judged.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    /// Where to go afterwards: an address registered by the client, or our own page.
    pub(crate) after: After,
    /// Whom the hint names, when it is ours.
    pub(crate) hinted: Option<String>,
}

/// Where a sign-out ends.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum After {
    /// Our page "you are signed out".
    Page,
    /// Our sign-in page, for somebody else.
    SignIn,
    /// The application's registered address, with its state.
    Application(Url),
}

impl Identity {
    /// Judges a request: the hint must be one of our id tokens, the address one of the client's.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn judge_end(&self, request: &EndRequest) -> Result<Ending, IdentityError> {
        let hint = match &request.id_token_hint {
            Some(token) => self.read_hint(token).await?,
            None => None,
        };
        let client = match (&hint, &request.client_id) {
            (Some((client, _)), asked)
                if asked.as_deref().is_none_or(|a| a == client.id.as_str()) =>
            {
                Some(Arc::clone(client))
            }
            (None, Some(asked)) => self.client_named(asked).await?,
            _ => None,
        };
        let after = client
            .zip(request.post_logout_redirect_uri.as_deref())
            .and_then(|(client, asked)| client.post_logout_redirect_uri(asked).cloned())
            .map_or(After::Page, |mut uri| {
                if let Some(state) = &request.state {
                    uri.query_pairs_mut().append_pair("state", state);
                }
                After::Application(uri)
            });
        Ok(Ending {
            after,
            hinted: hint.map(|(_, subject)| subject),
        })
    }

    async fn client_named(&self, id: &str) -> Result<Option<Arc<Client>>, IdentityError> {
        match ClientId::parse(id) {
            Ok(id) => Ok(self.clients.get(&id).await?),
            Err(_) => Ok(None),
        }
    }

    /// The client and the subject of an id token of ours, however old.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn read_hint(
        &self,
        token: &str,
    ) -> Result<Option<(Arc<Client>, String)>, IdentityError> {
        let Ok(peeked) = jose::peek(token) else {
            return Ok(None);
        };
        let [audience] = peeked.audience.as_slice() else {
            return Ok(None);
        };
        let client = self.client_named(audience).await?;
        let Some(client) = client else {
            return Ok(None);
        };
        let set = self.keys.current().await?.public();
        Ok(self.read_hint_of(token, client, &set))
    }

    fn read_hint_of(
        &self,
        token: &str,
        client: Arc<Client>,
        set: &JwkSet,
    ) -> Option<(Arc<Client>, String)> {
        let keys = match client.id_token_alg {
            Algorithm::Hs256 => Keys::Secret(client.secret.key()?),
            Algorithm::Es256 | Algorithm::Rs256 => Keys::Set(set),
        };
        let claims =
            jose::verify_signature_only::<serde_json::Value>(token, client.id_token_alg, keys)
                .ok()?;
        // A signed userinfo has the same issuer and audience, but no session.
        let is_id_token = claims.body.get("sid").is_some();
        let ours = claims.issuer.as_deref() == Some(self.issuer.as_str()) && is_id_token;
        ours.then_some(client).zip(claims.subject)
    }

    /// Ends a session and says where to go: to the provider's own sign-out first, when there is
    /// one, and from there to where the sign-out ends.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn end_session(
        &self,
        session: Session,
        agent: Agent,
        after: &After,
    ) -> Result<Option<Url>, IdentityError> {
        self.close(&session, &agent, "sign-out").await?;
        self.upstream_end(&session, after).await
    }

    /// Ends a session that a newer one replaces, here only.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn replace_session(
        &self,
        session: &Session,
        agent: &Agent,
    ) -> Result<(), IdentityError> {
        self.close(session, agent, "replaced").await
    }

    async fn close(
        &self,
        session: &Session,
        agent: &Agent,
        reason: &'static str,
    ) -> Result<(), IdentityError> {
        let now = self.house.clock.now();
        let entry = JournalEntry {
            at: now,
            organisation: Some(agent.organisation),
            actor: Some(agent.id),
            act: Act("identity.session.end"),
            subject: format!("session:{}", session.id),
            outcome: Outcome::Done,
            data: json!({ "provider": session.provider, "reason": reason }),
            personal: None,
        };
        let id = session.id;
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let entry = entry.clone();
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    if store::session::end(tx, id, now).await? {
                        tx.journal(entry, rng.as_ref()).await?;
                    }
                    Ok::<(), IdentityError>(())
                })
            })
            .await?;
        self.house.live.end_session(id);
        Ok(())
    }

    /// The provider's sign-out address, when it has one and answers.
    async fn upstream_end(
        &self,
        session: &Session,
        after: &After,
    ) -> Result<Option<Url>, IdentityError> {
        let Method::Upstream(providers) = &self.method else {
            return Ok(None);
        };
        let upstreams = providers.last();
        let Some(sealed) = &session.upstream_id_token else {
            return Ok(None);
        };
        let Some(id_token) = self.sealer.open(UPSTREAM_TOKEN, sealed) else {
            return Ok(None);
        };
        let Ok(id_token) = String::from_utf8(id_token) else {
            return Ok(None);
        };
        let state = self.seal_after(after);
        // A provider that does not answer must not keep anybody signed in here.
        Ok(upstreams
            .logout_url(&session.provider, &id_token, &state)
            .await
            .unwrap_or_default())
    }

    /// Seals a provider's id token for [`Session::upstream_id_token`].
    pub(crate) fn seal_upstream_token(&self, id_token: &str) -> String {
        self.sealer
            .seal(UPSTREAM_TOKEN, id_token.as_bytes(), self.house.rng.as_ref())
    }

    /// Seals where a sign-out ends, to be handed over and back.
    pub(crate) fn seal_after(&self, after: &After) -> String {
        let bytes = serde_json::to_vec(after).unwrap_or_default();
        self.sealer.seal(AFTER, &bytes, self.house.rng.as_ref())
    }

    /// The title of the provider behind a session; the site's name for a local one.
    pub(crate) fn provider_title(&self, provider: &str) -> String {
        let Method::Upstream(providers) = &self.method else {
            return self.house.site.name.clone();
        };
        let upstreams = providers.last();
        upstreams
            .provider_named(provider)
            .and_then(|id| upstreams.config(&id).map(|config| config.title.clone()))
            .unwrap_or_else(|| self.house.site.name.clone())
    }

    /// Where the sign-out that comes back with this state ends.
    pub(crate) fn open_after(&self, state: Option<&str>) -> After {
        state
            .and_then(|state| self.sealer.open(AFTER, state))
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or(After::Page)
    }
}
