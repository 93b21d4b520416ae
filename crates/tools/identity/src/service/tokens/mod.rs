//! Tokens that agents make for their programs: made, shown without their secret, revoked; and whose
//! a token is, for every tool.
//!
//! Nothing of a token is kept in memory but when it was used: it is read anew at each call, with its
//! agent's state and roles, so that on every node it opens nothing more from the commit on that ends
//! it.

mod end;
mod make;
mod warn;

use kernel::{AgentId, Caller, Means, Secret};
use kernel_http::{BoxFuture, SessionsError, TokenHolder, Tokens};

pub(crate) use warn::Warn;

use super::Identity;
use super::sessions::usable;
use crate::domain::agent::Agent;
use crate::domain::credential::{Token, secret_hash};
use crate::domain::organisation::Organisation;
use crate::error::IdentityError;
use crate::store;

impl Identity {
    /// The caller's tokens, the last made first.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn own_tokens(&self, caller: &Caller) -> Result<Vec<Token>, IdentityError> {
        self.tokens_of(caller.agent).await
    }

    /// The token by which the caller speaks, and whose it is; none: a session speaks.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn current_token(
        &self,
        caller: &Caller,
    ) -> Result<Option<(Token, Agent, Organisation)>, IdentityError> {
        let Some(id) = caller.token() else {
            return Ok(None);
        };
        let (agent, now) = (caller.agent, self.house.clock.now());
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let live = store::credential::live(tx, agent, now).await?;
                    let token = live.into_iter().find(|token| token.id == id);
                    let whose = store::agent::with_organisation(tx, agent).await?;
                    let found = token.zip(whose);
                    Ok(found.map(|(token, (agent, of))| (token, agent, of)))
                })
            })
            .await
    }

    async fn tokens_of(&self, agent: AgentId) -> Result<Vec<Token>, IdentityError> {
        let now = self.house.clock.now();
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(store::credential::live(tx, agent, now).await?) })
            })
            .await
    }
}

impl Tokens for Identity {
    fn holder<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<TokenHolder>, SessionsError>> {
        Box::pin(async move {
            // What is no token costs no look into the database.
            let Some(hash) = secret_hash(token.expose()) else {
                return Ok(None);
            };
            let now = self.house.clock.now();
            let demanded = self.administration_level;
            let found = self.house.db.read(move |tx| {
                Box::pin(async move {
                    let Some(held) = store::credential::by_secret(tx, hash, now).await? else {
                        return Ok(None);
                    };
                    let by = Means::Token(held.id);
                    let known = usable(held.known, held.acr, demanded);
                    let caller = super::sessions::caller(tx, by, known).await?;
                    Ok::<_, SessionsError>(Some((held.id, held.scopes, held.provider, caller)))
                })
            });
            let Some((id, scopes, provider, caller)) = found.await? else {
                return Ok(None);
            };
            if !self.is_in_service(&provider).await? {
                return Ok(None);
            }
            self.used.note(id, now);
            Ok(Some(TokenHolder { caller, scopes }))
        })
    }
}
