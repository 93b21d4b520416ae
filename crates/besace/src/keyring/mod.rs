//! What an operator does to keys: by a command that holds the database, or by the server that does.
//!
//! Invariant: nothing is sealed anew under a master key before a server has started with it; then
//! every server has accepted it, if the operator followed the order that is written down.

mod report;

use std::collections::BTreeSet;
use std::sync::Arc;

use ::identity::domain::signing::Rotation;
use ::identity::service::keys::{Locksmith, Withdrawn};
use kernel::{Act, Clock, JournalEntry, Outcome, Rng};
use kernel_db::{
    Db, DbError, JournalConfig, boundaries_to_resign, master_keys, note_abandoned, note_resealed,
    resign_boundaries, resign_checkpoint, worked_until,
};
use kernel_http::{MasterKeys, Resealed, count_sealed, reseal, set_empty};
use serde_json::json;

use crate::compose::{StartError, sealed_columns};

pub(crate) use report::{KeyReport, MasterLine, Role};

/// Why nothing stands under a key any more.
enum Ended {
    /// Of each of these, everything was brought under the present one.
    Resealed(Vec<String>),
    /// What stood under it was given up.
    Abandoned(String),
}

/// With what keys are looked after. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Keyring {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) keys: Arc<MasterKeys>,
    pub(crate) journal: JournalConfig,
}

impl Keyring {
    fn locksmith(&self) -> Locksmith {
        Locksmith {
            db: self.db.clone(),
            clock: Arc::clone(&self.clock),
            rng: Arc::clone(&self.rng),
            sealer: self.keys.sealer(),
        }
    }

    /// Every key, and what stands under each master key.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn report(&self) -> Result<KeyReport, StartError> {
        let lives = self.locksmith().list().await?;
        let known = self.db.read(|tx| Box::pin(master_keys(tx))).await?;
        let counts = count_sealed(&self.db, &sealed_columns()).await?;
        let boundaries = boundaries_to_resign(&self.db, &self.journal.key).await?;
        Ok(KeyReport::of(
            &lives, &self.keys, &known, &counts, boundaries,
        ))
    }

    /// Publishes the next signing keys; whether any was made.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn rotate(&self) -> Result<bool, StartError> {
        let made = self.locksmith().rotate(Rotation::Now).await?;
        Ok(!made.is_empty())
    }

    /// Takes a signing key away at once; none: there is no such key.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn withdraw(&self, kid: &str) -> Result<Option<Withdrawn>, StartError> {
        Ok(self.locksmith().withdraw(kid).await?)
    }

    /// Brings everything under the present master key, and notes which of the others have nothing
    /// left under them.
    ///
    /// # Errors
    /// When no server has started with the present key, or what the database says; what was done
    /// until then stays.
    pub(crate) async fn reseal(
        &self,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<Resealed, StartError> {
        let current = self.keys.current().mark();
        let known = self.db.read(|tx| Box::pin(master_keys(tx))).await?;
        let seals = known
            .iter()
            .any(|row| row.mark == current && row.replaced_at.is_none());
        if !seals {
            return Err(StartError::Told(format!(
                "no server seals under the master key {current} yet, so nothing was done: start \
                 every node with it first (see docs/operator/keys.md)"
            )));
        }
        let columns = sealed_columns();
        let done = reseal(&self.db, &self.keys, &columns, &self.rng, progress).await?;
        resign_boundaries(&self.db, &self.journal.key).await?;
        let signed = resign_checkpoint(&self.db, &self.journal, self.clock.now()).await;
        if let Err(cause) = signed {
            tracing::warn!(%cause, "the checkpoint was not signed anew: the server does it");
        }
        let counts = count_sealed(&self.db, &columns).await?;
        let marks: BTreeSet<&str> = counts.iter().map(|count| count.mark.as_str()).collect();
        let empty: Vec<String> = known
            .into_iter()
            .map(|row| row.mark)
            .filter(|mark| *mark != current && !marks.contains(mark.as_str()))
            .filter(|mark| self.keys.knows(mark))
            .collect();
        let entry = self.entry(
            Act("system.key.reseal"),
            &current,
            json!({ "rows": done.rows, "unreadable": done.unreadable, "empty": empty }),
        );
        self.note(Ended::Resealed(empty), entry).await?;
        Ok(done)
    }

    /// Gives up what stands under a master key that is lost for good; how many values that was.
    ///
    /// # Errors
    /// For a key that is given, and so not lost; while a server works, which has it; what the
    /// database says.
    pub(crate) async fn abandon(&self, mark: &str) -> Result<u64, StartError> {
        if self.keys.knows(mark) {
            return Err(StartError::Told(format!(
                "the master key {mark} is not lost: it is among those given. Nothing was done: \
                 `besace admin keys reseal` brings what stands under it under the present one"
            )));
        }
        let now = self.clock.now();
        let until = self
            .db
            .read(move |tx| Box::pin(async move { worked_until(tx, now).await }));
        if let Some(until) = until.await? {
            let seconds = until.since(now).as_secs() + 1;
            return Err(StartError::Told(format!(
                "a server works on this database, so no key that it needs is missing, and nothing \
                 was done. Stop every server first; one that was killed is waited for, {seconds} s \
                 from now"
            )));
        }
        let emptied = set_empty(&self.db, &sealed_columns(), mark).await?;
        let entry = self.entry(Act("system.key.abandon"), mark, json!({ "rows": emptied }));
        self.note(Ended::Abandoned(mark.to_owned()), entry).await?;
        Ok(emptied)
    }

    fn entry(&self, act: Act, mark: &str, data: serde_json::Value) -> JournalEntry {
        JournalEntry {
            at: self.clock.now(),
            organisation: None,
            actor: None,
            act,
            subject: format!("master-key:{mark}"),
            outcome: Outcome::Done,
            data,
            personal: None,
        }
    }

    /// Notes that nothing stands under these keys any more, and what was done.
    async fn note(&self, ended: Ended, entry: JournalEntry) -> Result<(), DbError> {
        let asked = Arc::new((ended, entry, Arc::clone(&self.rng)));
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (ended, entry, rng) = &*asked;
                    match ended {
                        Ended::Resealed(marks) => {
                            for mark in marks {
                                note_resealed(tx, mark, now).await?;
                            }
                        }
                        Ended::Abandoned(mark) => note_abandoned(tx, mark, now).await?,
                    }
                    tx.journal(entry.clone(), rng.as_ref()).await
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests;
