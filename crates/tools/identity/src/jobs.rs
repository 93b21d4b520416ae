//! Retention: what has ended is removed, 500 rows at a time. And what the directory needs: the words
//! of agents whom an older release wrote, heads added up.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Limit};
use kernel_db::{BoxFuture, Db, DbError, JobError, JobHandler, Tx};

use crate::domain::signing::Rotation;
use crate::domain::{credential, guest_code, local_account, session, trial};
use crate::service::Identity;
use crate::service::keys::Locksmith;
use crate::store;

/// How long an ended session or grant is kept, so that a late reuse is still seen as one.
const KEPT: Duration = Duration::from_hours(1);
/// Rows of one transaction.
const BATCH: i64 = 500;

/// Removes ended sessions and why they ended, grants, roles and tokens, imports and links whose
/// time is past, and what trials of providers brought.
pub(crate) struct Purge {
    clock: Arc<dyn Clock>,
}

impl Purge {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl JobHandler for Purge {
    fn kind(&self) -> &'static str {
        "identity.purge"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_mins(5))
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let now = self.clock.now();
            while db
                .write(move |tx: &mut Tx| Box::pin(store::import::purge_one(tx, now)))
                .await?
            {}
            let before = now.minus(KEPT);
            let tried_before = now.minus(trial::KEPT);
            let told_before = now.minus(session::LIFETIME);
            let named_before = now.minus(credential::KEPT);
            let counted_before = now.minus(guest_code::KEPT);
            let sent_before = now.minus(local_account::COUNTED);
            loop {
                let removed = db
                    .write(move |tx| {
                        Box::pin(async move {
                            let sessions = store::session::purge(tx, before, BATCH).await?;
                            let grants = store::grant::purge(tx, before, BATCH).await?;
                            let roles = store::role::purge(tx, before, BATCH).await?;
                            let trials = store::trial::purge(tx, tried_before, BATCH).await?;
                            let ends = store::session_end::purge(tx, told_before, BATCH).await?;
                            let tokens = store::credential::purge(tx, named_before, BATCH).await?;
                            let links = crate::local::link::purge_links(tx, now, BATCH).await?;
                            let codes = store::guest_code::purge(tx, counted_before, BATCH).await?;
                            let sent = store::local_sent::purge(tx, sent_before, BATCH).await?;
                            let most = sessions.max(grants).max(roles).max(trials).max(ends);
                            Ok::<_, DbError>(most.max(tokens).max(links).max(codes).max(sent))
                        })
                    })
                    .await?;
                if removed < BATCH.unsigned_abs() {
                    return Ok(());
                }
            }
        })
    }
}

/// Makes what agents are found by, where an older release has not.
pub(crate) struct MakeWords;

impl JobHandler for MakeWords {
    fn kind(&self) -> &'static str {
        "identity.words"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_mins(5))
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let limit = Limit::new(Limit::MAX);
            loop {
                let made = db
                    .write(move |tx| {
                        Box::pin(async move { store::word::make_missing(tx, limit).await })
                    })
                    .await?;
                if made < limit.rows() {
                    return Ok(());
                }
            }
        })
    }
}

/// Adds up the heads of administrations.
pub(crate) struct AddUpHeads;

impl JobHandler for AddUpHeads {
    fn kind(&self) -> &'static str {
        "identity.heads"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_mins(1))
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            const CHANGES: i64 = 2_000;
            while db
                .write(|tx| Box::pin(store::head::add_up(tx, CHANGES)))
                .await?
                == CHANGES
            {}
            Ok(())
        })
    }
}

/// Publishes the next signing keys a day before they sign, and removes those that are gone.
pub(crate) struct RotateKeys {
    identity: Identity,
}

impl RotateKeys {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self { identity }
    }
}

impl JobHandler for RotateKeys {
    fn kind(&self) -> &'static str {
        "identity.keys"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_mins(10))
    }

    fn run<'a>(
        &'a self,
        _db: &'a Db,
        _payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let rotation = Rotation::Due(self.identity.key_period);
            let made = Locksmith::of(&self.identity.house).rotate(rotation).await;
            let made = made.map_err(|cause| JobError::Failed(cause.to_string()))?;
            for key in made {
                tracing::info!(kid = key.kid, "the next signing key is published");
                self.identity.keys.changed();
            }
            Ok(())
        })
    }
}
