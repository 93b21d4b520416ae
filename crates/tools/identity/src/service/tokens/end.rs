//! Tokens are revoked: by their agent, one or all; by an administrator of the agent, one by one.
//!
//! Invariant: nobody revokes another's token but who could suspend that account.

use std::sync::Arc;

use kernel::{
    Act, AgentId, Caller, CredentialId, JournalEntry, OrganisationId, Outcome, Rng, Timestamp,
};
use kernel_db::Tx;
use serde_json::json;

use crate::domain::credential::Token;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::life::authorise;
use crate::store;

impl Identity {
    /// Revokes one of the caller's tokens, or all when none is named; answers how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn revoke_own_tokens(
        &self,
        caller: Caller,
        only: Option<CredentialId>,
    ) -> Result<usize, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let whose = (caller.agent, caller.organisation);
                    let mut ended = 0;
                    for token in store::credential::live(tx, caller.agent, now).await? {
                        let meant = only.is_none_or(|only| only == token.id);
                        if meant && revoke(tx, &caller, whose, token.id, now, rng.as_ref()).await? {
                            ended += 1;
                        }
                    }
                    Ok(ended)
                })
            })
            .await
    }

    /// An agent's tokens, for an administrator; none: no such agent.
    ///
    /// # Errors
    /// When the caller does not administer the agent, or the database refuses.
    pub(crate) async fn administered_tokens(
        &self,
        caller: Caller,
        agent: AgentId,
    ) -> Result<Option<Vec<Token>>, IdentityError> {
        // Who may see the account may see what it opens.
        if self.account(caller, agent).await?.is_none() {
            return Ok(None);
        }
        self.tokens_of(agent).await.map(Some)
    }

    /// Revokes a token of an agent, for an administrator. Answers whether there was one.
    ///
    /// # Errors
    /// When the caller may not act on the account, or the database refuses.
    pub(crate) async fn revoke_token_of(
        &self,
        caller: Caller,
        agent: AgentId,
        id: CredentialId,
    ) -> Result<bool, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let Some(known) = store::agent::by_id(tx, agent).await? else {
                        super::super::roles::caller_administers_something(&caller, now)?;
                        return Ok(false);
                    };
                    authorise(tx, &caller, &known, now).await?;
                    let whose = (agent, known.organisation);
                    revoke(tx, &caller, whose, id, now, rng.as_ref()).await
                })
            })
            .await
    }
}

async fn revoke(
    tx: &mut Tx,
    caller: &Caller,
    (agent, organisation): (AgentId, OrganisationId),
    token: CredentialId,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<bool, IdentityError> {
    if !store::credential::revoke(tx, agent, token, now).await? {
        return Ok(false);
    }
    let entry = JournalEntry {
        at: now,
        organisation: Some(organisation),
        actor: Some(caller.agent),
        act: Act("identity.token.revoke"),
        subject: format!("agent:{agent}"),
        outcome: Outcome::Done,
        data: json!({ "token": token }),
        personal: None,
    };
    tx.journal(entry, rng).await?;
    Ok(true)
}
