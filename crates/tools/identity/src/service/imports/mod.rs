//! Imports of directories: a dry run that writes nothing of any agent, an agreement, and the work
//! of the background that follows it.
//!
//! Invariants
//! - A dry run is forgotten after a day; a new one by the same person for the same administration
//!   takes its place.
//! - Each batch is one transaction with the mark of how far the work is: killed, it goes on where
//!   it was, and no line is written twice.
//! - No account is closed, no invitation sent: an agent who is announced comes in at their first
//!   sign-in.

pub(crate) mod apply;
mod dry_run;
mod known;

use std::sync::Arc;
use std::time::Duration;

use kernel::{Act, Caller, JournalEntry, Outcome, Rng, Timestamp};
use kernel_db::{NewJob, Tx};
use serde_json::json;

use super::Identity;
use super::administration::administers;
use crate::domain::import::Fault;
use crate::domain::import::report::{ImportId, ImportState};
use crate::domain::role::{RoleRefusal, subtree};
use crate::error::IdentityError;
use crate::store;
use crate::store::import::{Import, Kind};

/// Lines written in one transaction: each is an agent with all they are found by, and none may
/// hold the writer for long.
pub(crate) const BATCH: usize = 100;
/// Faulty lines kept in one row.
pub(crate) const FAULTS: usize = 500;
/// How long a dry run waits for an agreement.
pub(crate) const WAITS: Duration = Duration::from_hours(24);
/// How long the report of an import that ended is kept.
pub(crate) const KEPT: Duration = Duration::from_hours(24 * 30);

impl Identity {
    /// An import with the first batch of its faulty lines; none: unknown or forgotten.
    ///
    /// # Errors
    /// When the caller does not administer its administration, or the database refuses.
    pub(crate) async fn import(
        &self,
        caller: Caller,
        id: ImportId,
    ) -> Result<Option<(Import, Vec<Fault>)>, IdentityError> {
        self.import_with_faults(caller, id, 1).await
    }

    /// An import with all its faulty lines.
    ///
    /// # Errors
    /// As [`Identity::import`].
    pub(crate) async fn import_in_full(
        &self,
        caller: Caller,
        id: ImportId,
    ) -> Result<Option<(Import, Vec<Fault>)>, IdentityError> {
        self.import_with_faults(caller, id, i64::MAX).await
    }

    async fn import_with_faults(
        &self,
        caller: Caller,
        id: ImportId,
        batches: i64,
    ) -> Result<Option<(Import, Vec<Fault>)>, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move {
                    let Some(import) = administered(tx, &caller, id, now).await? else {
                        return Ok(None);
                    };
                    let mut faults = Vec::new();
                    for number in 0..batches {
                        let some = store::import::batch(tx, id, Kind::Faulty, number).await?;
                        let Some(some) = some else { break };
                        faults.extend::<Vec<Fault>>(some);
                    }
                    Ok(Some((import, faults)))
                })
            })
            .await
    }

    /// Agrees to a dry run: the background begins. Agreeing again changes nothing. None: unknown.
    ///
    /// # Errors
    /// When the caller does not administer what the dry run reached, or the database refuses.
    pub(crate) async fn apply_import(
        &self,
        caller: Caller,
        id: ImportId,
    ) -> Result<Option<Import>, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move {
                    let Some(mut import) = administered(tx, &caller, id, now).await? else {
                        return Ok(None);
                    };
                    if import.state != ImportState::Ready {
                        return Ok(Some(import));
                    }
                    import.state = ImportState::Running;
                    import.done = import.report.unchanged;
                    import.expires_at = now.plus(KEPT);
                    store::import::update(tx, &import).await?;
                    tx.enqueue(NewJob {
                        kind: apply::JOB,
                        payload: json!({ "import": id }),
                        run_at: now,
                        dedup: Some(id.to_string()),
                    })
                    .await?;
                    journal(tx, &import, &caller, now, rng.as_ref()).await?;
                    Ok(Some(import))
                })
            })
            .await
    }

    /// Forgets a dry run, or the report of an import that ended. Answers whether there was one.
    ///
    /// # Errors
    /// [`IdentityError::ImportRunning`] while it is written; when the caller does not administer
    /// its administration, or the database refuses.
    pub(crate) async fn forget_import(
        &self,
        caller: Caller,
        id: ImportId,
    ) -> Result<bool, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .write(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move {
                    let Some(import) = administered(tx, &caller, id, now).await? else {
                        return Ok(false);
                    };
                    if import.state == ImportState::Running {
                        return Err(IdentityError::ImportRunning);
                    }
                    store::import::delete(tx, id).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// An import whose whole reach the caller administers now.
async fn administered(
    tx: &mut Tx,
    caller: &Caller,
    id: ImportId,
    now: Timestamp,
) -> Result<Option<Import>, IdentityError> {
    let Some(import) = store::import::by_id(tx, id, now).await? else {
        // To somebody who administers nothing, what exists is not said.
        super::roles::caller_administers_something(caller, now)?;
        return Ok(None);
    };
    let scope = administers(tx, caller, import.organisation, now).await?;
    if import.subtree && !subtree(scope) {
        return Err(RoleRefusal::NotAdministrator.into());
    }
    Ok(Some(import))
}

async fn journal(
    tx: &mut Tx,
    import: &Import,
    caller: &Caller,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let report = &import.report;
    let entry = JournalEntry {
        at: now,
        organisation: Some(import.organisation),
        actor: None,
        act: Act("identity.import.apply"),
        subject: format!("import:{}", import.id),
        outcome: Outcome::Done,
        data: json!({
            "total": report.total,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "faulty": report.faulty,
        }),
        personal: None,
    };
    tx.journal(entry.by(caller.actor()), rng).await?;
    Ok(())
}
