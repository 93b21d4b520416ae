//! What an application is told of a token (RFC 7662), signed when it registered an algorithm
//! (RFC 9701).
//!
//! Invariant: of a token that is dead, foreign or another application's, it is told that it is not
//! active, and nothing else.

use serde_json::{Map, Value, json};

use super::Identity;
use super::access::{self, Access};
use super::bearers::OwnAccess;
use super::clients::{ClientAuthError, Credentials};
use super::token::TokenError;
use crate::domain::client::Client;
use crate::domain::refresh::Refresh;
use crate::error::IdentityError;
use crate::store;

/// The `typ` of a signed answer, and its media type without `application/`.
pub(crate) const TYPE: &str = "token-introspection+jwt";

/// The answer in the form the client registered.
#[derive(Debug)]
pub(crate) enum Introspection {
    /// Plain members.
    Json(Map<String, Value>),
    /// A signed JWT.
    Signed(String),
}

impl Identity {
    /// Says what a token is worth to the application that asks, which must prove itself.
    pub(crate) async fn introspect(
        &self,
        credentials: &Credentials,
        token: &str,
    ) -> Result<Introspection, TokenError> {
        let client = self.clients.authenticate(credentials).await?;
        if !client.is_confidential() {
            return Err(ClientAuthError::Refused.into());
        }
        let members = self.described(&client, token).await?;
        let members = members.unwrap_or_else(|| Map::from_iter([("active".into(), json!(false))]));
        let Some(algorithm) = client.introspection_alg else {
            return Ok(Introspection::Json(members));
        };
        // RFC 9701 §5: what is said of the token lies in one claim, apart from those of the answer.
        let claims = json!({
            "iss": self.issuer,
            "aud": client.id.as_str(),
            "iat": self.house.clock.now().seconds(),
            "token_introspection": members,
        });
        let signers = self.keys.current().await?;
        let signed = signers.sign(&client, algorithm, Some(TYPE), &claims)?;
        Ok(Introspection::Signed(signed))
    }

    async fn described(
        &self,
        client: &Client,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, IdentityError> {
        if let Some(access) = self.open_access(token) {
            return self.access_described(client, &access).await;
        }
        if let Some(refresh) = self.open_refresh(token) {
            return self.refresh_described(client, &refresh).await;
        }
        let own = self.open_own(token);
        Ok(own.and_then(|own| self.own_described(client, &own)))
    }

    async fn access_described(
        &self,
        client: &Client,
        access: &Access,
    ) -> Result<Option<Map<String, Value>>, IdentityError> {
        let opened = self.opened_by(access).await?;
        let Some(opened) = opened.filter(|opened| opened.client.id == client.id) else {
            return Ok(None);
        };
        if !self.is_in_service(&opened.grant.provider).await? {
            return Ok(None);
        }
        let mut members = self.active(client, access.expires_at.seconds());
        members.insert("token_type".into(), json!("Bearer"));
        members.insert("scope".into(), json!(opened.grant.scopes.to_text()));
        members.insert("sub".into(), json!(opened.agent.id));
        members.insert("acr".into(), json!(opened.grant.acr.value()));
        let issued_at = access.expires_at.minus(access::LIFETIME);
        members.insert("iat".into(), json!(issued_at.seconds()));
        Ok(Some(members))
    }

    /// A refresh token is described while it is the newest of its line; looking does not use it.
    async fn refresh_described(
        &self,
        client: &Client,
        token: &Refresh,
    ) -> Result<Option<Map<String, Value>>, IdentityError> {
        let now = self.house.clock.now();
        let honoured = token.client == client.id && client.refresh_tokens && now < token.expires_at;
        if !honoured || !self.is_in_service(&token.provider).await? {
            return Ok(None);
        }
        let (id, session) = (token.grant, token.session);
        let found = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let grant = store::grant::live(tx, id, now).await?;
                    let session = store::session::by_id(tx, session, now).await?;
                    Ok::<_, IdentityError>(grant.zip(session))
                })
            })
            .await?;
        let standing = found.filter(|((grant, _, _), _)| {
            grant.line.generation == token.generation && client.honours(grant.created_at)
        });
        Ok(standing.map(|((grant, agent, _), _)| {
            let mut members = self.active(client, token.expires_at.seconds());
            members.insert("scope".into(), json!(grant.scopes.to_text()));
            members.insert("sub".into(), json!(agent.id));
            members.insert("acr".into(), json!(grant.acr.value()));
            members.insert("iat".into(), json!(token.issued_at.seconds()));
            members
        }))
    }

    fn own_described(&self, client: &Client, own: &OwnAccess) -> Option<Map<String, Value>> {
        let alive = self.house.clock.now() < own.expires_at;
        if own.client != client.id || !alive || !client.honours(own.issued_at) {
            return None;
        }
        let mut members = self.active(client, own.expires_at.seconds());
        members.insert("token_type".into(), json!("Bearer"));
        let scopes = own.scopes.within(&client.scopes);
        members.insert("scope".into(), json!(scopes.to_text()));
        members.insert("iat".into(), json!(own.issued_at.seconds()));
        Some(members)
    }

    /// What every active token has.
    fn active(&self, client: &Client, expires: i64) -> Map<String, Value> {
        Map::from_iter([
            ("active".into(), json!(true)),
            ("iss".into(), json!(self.issuer)),
            ("client_id".into(), json!(client.id.as_str())),
            ("exp".into(), json!(expires)),
        ])
    }
}
