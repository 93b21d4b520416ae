//! An agent's own account: their sessions on every device, and what applications received.
//!
//! Invariant: nobody ends another's session, nor withdraws what another gave; of both, an id that
//! is not the caller's own is as unknown.

use std::sync::Arc;

use kernel::{Act, Caller, Event, EventId, JournalEntry, Outcome, Rng, SessionId, Timestamp};
use kernel_db::Tx;
use serde_json::json;

use super::Identity;
use crate::domain::client::ClientId;
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::store;
use crate::store::account::{Received, SeenSession};

impl Identity {
    /// The caller's live sessions, the last opened first.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn own_sessions(
        &self,
        caller: &Caller,
    ) -> Result<Vec<SeenSession>, IdentityError> {
        let (agent, now) = (caller.agent, self.house.clock.now());
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(store::account::sessions(tx, agent, now).await?) })
            })
            .await
    }

    /// Ends one of the caller's sessions. Answers whether it was theirs.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn end_own_session(
        &self,
        caller: Caller,
        session: SessionId,
    ) -> Result<bool, IdentityError> {
        Ok(!self.end_own(caller, Some(session)).await?.is_empty())
    }

    /// Ends the caller's sessions but the one they speak by; answers how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn end_other_sessions(&self, caller: Caller) -> Result<usize, IdentityError> {
        Ok(self.end_own(caller, None).await?.len())
    }

    async fn end_own(
        &self,
        caller: Caller,
        only: Option<SessionId>,
    ) -> Result<Vec<SessionId>, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        let ended = self
            .house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let mut ended = Vec::new();
                    for seen in store::account::sessions(tx, caller.agent, now).await? {
                        let id = seen.session.id;
                        let meant = match only {
                            Some(only) => id == only,
                            None => Some(id) != caller.session(),
                        };
                        let reason = EndReason::Elsewhere;
                        if meant && store::session_end::one(tx, id, reason, now).await? {
                            journal_end(tx, &caller, &seen, now, rng.as_ref()).await?;
                            ended.push(id);
                        }
                    }
                    Ok::<_, IdentityError>(ended)
                })
            })
            .await?;
        for session in &ended {
            self.house.live.end_session(*session);
        }
        Ok(ended)
    }

    /// What applications received of the caller, the last first, each with its name; one that is
    /// not registered any more has none.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn own_applications(
        &self,
        caller: &Caller,
    ) -> Result<Vec<(Received, Option<String>)>, IdentityError> {
        let agent = caller.agent;
        let received = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    Ok::<_, IdentityError>(store::account::received(tx, agent).await?)
                })
            })
            .await?;
        let mut named = Vec::new();
        for one in received {
            let client = self.clients.get(&one.client).await?;
            named.push((one, client.map(|client| client.name.clone())));
        }
        Ok(named)
    }

    /// Takes back what the caller gave to an application. Answers whether it had anything.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn withdraw_from(
        &self,
        caller: Caller,
        client: ClientId,
    ) -> Result<bool, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let asked = Arc::new((caller, client));
        self.house
            .db
            .write(move |tx| {
                let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
                Box::pin(async move {
                    let (caller, client) = &*asked;
                    if !store::account::withdraw(tx, caller.agent, client, now).await? {
                        return Ok(false);
                    }
                    let record = Withdrawal {
                        caller,
                        client,
                        now,
                    };
                    record.write(tx, rng.as_ref()).await?;
                    Ok::<_, IdentityError>(true)
                })
            })
            .await
    }
}

async fn journal_end(
    tx: &mut Tx,
    caller: &Caller,
    seen: &SeenSession,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let entry = JournalEntry {
        at: now,
        organisation: Some(caller.organisation),
        actor: Some(caller.agent),
        act: Act("identity.session.end"),
        subject: format!("session:{}", seen.session.id),
        outcome: Outcome::Done,
        data: json!({ "provider": seen.session.provider, "reason": EndReason::Elsewhere.word() }),
        personal: None,
    };
    Ok(tx.journal(entry, rng).await?)
}

/// An agent takes back what they gave.
struct Withdrawal<'a> {
    caller: &'a Caller,
    client: &'a ClientId,
    now: Timestamp,
}

impl Withdrawal<'_> {
    async fn write(&self, tx: &mut Tx, rng: &dyn Rng) -> Result<(), IdentityError> {
        let (agent, organisation) = (self.caller.agent, self.caller.organisation);
        let data = json!({ "client": self.client.as_str() });
        tx.journal(
            JournalEntry {
                at: self.now,
                organisation: Some(organisation),
                actor: Some(agent),
                act: Act("identity.application.withdraw"),
                subject: format!("client:{}", self.client),
                outcome: Outcome::Done,
                data: data.clone(),
                personal: None,
            },
            rng,
        )
        .await?;
        tx.emit(&Event {
            id: EventId::new(self.now, rng),
            kind: "identity.application.withdrawn".into(),
            version: 1,
            at: self.now,
            actor: Some(agent),
            organisation: Some(organisation),
            subject: format!("agent:{agent}"),
            data,
        })
        .await?;
        Ok(())
    }
}
