//! What time ends: invitations at their date, accounts of guests whom nobody lets in any more.

use std::time::Duration;

use kernel::{Act, AgentId, JournalEntry, Outcome, Timestamp};
use kernel_db::{BoxFuture, Db, JobError, JobHandler, Tx};
use serde_json::json;

use super::{Done, close_unless_let_in, record};
use crate::domain::agent::AgentState;
use crate::domain::invitation::KEPT;
use crate::domain::life::{Life, Step};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// Invitations, or accounts, of one transaction.
const TOGETHER: i64 = 50;

impl Identity {
    /// Ends the invitations whose date has come, and what their guests have open; answers how many.
    /// They let nobody in from their date on, whenever this runs.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_due_invitations(&self) -> Result<usize, IdentityError> {
        let now = self.house.clock.now();
        let some = self
            .house
            .db
            .read(move |tx| Box::pin(store::invitation::some_due(tx, now)))
            .await?;
        if !some {
            return Ok(0);
        }
        let this = self.clone();
        let (ended, sessions) = self
            .house
            .db
            .write(move |tx| {
                let this = this.clone();
                Box::pin(async move { this.end_due(tx, now).await })
            })
            .await?;
        for session in sessions {
            self.house.live.end_session(session);
        }
        Ok(ended)
    }

    async fn end_due(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<(usize, Vec<kernel::SessionId>), IdentityError> {
        let (mut ended, mut sessions) = (0, Vec::new());
        for one in store::invitation::due(tx, now, TOGETHER).await? {
            let read = one.state;
            let Some(one) = one.settle(now) else { continue };
            if !store::invitation::update(tx, &one, read).await? {
                continue;
            }
            let done = Done {
                act: Act("identity.invitation.end"),
                event: "identity.invitation.ended",
                one: &one,
                by: None,
                personal: None,
            };
            record(tx, done, now, self.house.rng.as_ref()).await?;
            sessions.extend(close_unless_let_in(tx, one.guest, now).await?);
            ended += 1;
        }
        Ok((ended, sessions))
    }

    /// Erases the accounts of guests whose last invitation was over 90 days ago; answers how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn erase_old_guests(&self) -> Result<usize, IdentityError> {
        let now = self.house.clock.now();
        let this = self.clone();
        self.house
            .db
            .write(move |tx| {
                let this = this.clone();
                Box::pin(async move {
                    let before = now.minus(KEPT);
                    let guests = store::invitation::over_since(tx, before, TOGETHER).await?;
                    let mut erased = 0;
                    for guest in &guests {
                        erased += usize::from(this.erase_guest(tx, *guest, now).await?);
                    }
                    Ok::<_, IdentityError>(erased)
                })
            })
            .await
    }

    async fn erase_guest(
        &self,
        tx: &mut Tx,
        guest: AgentId,
        now: Timestamp,
    ) -> Result<bool, IdentityError> {
        let (Some(agent), Some(life)) = (
            store::agent::by_id(tx, guest).await?,
            store::life::of(tx, guest).await?,
        ) else {
            return Ok(false);
        };
        // The rows of an erased guest are on their way out already.
        if agent.state == AgentState::Erased {
            return Ok(false);
        }
        let gone = closed(life, now)?;
        super::super::erase::begin(tx, &agent, now).await?;
        if !store::life::write(tx, guest, life.state, &gone).await? {
            return Ok(false);
        }
        let entry = JournalEntry {
            at: now,
            organisation: Some(agent.organisation),
            actor: None,
            act: Act("identity.agent.erase"),
            subject: format!("agent:{guest}"),
            outcome: Outcome::Done,
            data: json!({ "state": gone.state.wire() }),
            personal: None,
        };
        tx.journal(entry, self.house.rng.as_ref()).await?;
        Ok(true)
    }
}

/// The account closed, if it was not, and erased.
fn closed(life: Life, now: Timestamp) -> Result<Life, IdentityError> {
    let departed = match life.state {
        AgentState::Departed => life,
        _ => life.after(Step::Depart, None, now)?,
    };
    Ok(departed.after(Step::Erase, None, now)?)
}

/// Does so every hour.
pub(crate) struct Retire(Identity);

impl Retire {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for Retire {
    fn kind(&self) -> &'static str {
        "identity.guests"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_hours(1))
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            loop {
                let erased = self.0.erase_old_guests().await;
                let erased = erased.map_err(|cause| JobError::Failed(cause.to_string()))?;
                if erased == 0 {
                    return Ok(());
                }
            }
        })
    }
}
