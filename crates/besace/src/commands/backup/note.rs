//! When the last backup was made and the last one tried: a small file in the data folder, for
//! `besace check`; and the entry in the journal.

use std::path::{Path, PathBuf};

use kernel::{Act, JournalEntry, OsRng, Outcome, Timestamp};
use kernel_db::backup::Manifest;
use kernel_db::{Db, DbError};
use serde::{Deserialize, Serialize};

use crate::compose::StartError;

/// What is known of the backups of a data folder. It says nothing of backups made by other
/// programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Notes {
    /// When the last one was begun, in UTC milliseconds.
    pub(crate) made_at: Option<i64>,
    /// Where it went.
    pub(crate) folder: Option<PathBuf>,
    /// When one was last restored for a trial, and was sound.
    pub(crate) tried_at: Option<i64>,
    /// When that one had been begun.
    pub(crate) tried_of: Option<i64>,
}

impl Notes {
    fn file(data: &Path) -> PathBuf {
        data.join("backups.json")
    }

    /// What is noted in a data folder; nothing when the file is absent or damaged.
    pub(crate) fn read(data: &Path) -> Self {
        std::fs::read(Self::file(data))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn write(&self, data: &Path) -> std::io::Result<()> {
        let file = Self::file(data);
        let beside = file.with_extension("new");
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, &file)
    }
}

/// Notes a backup: in the journal and in the data folder.
///
/// # Errors
/// What the database says; a note in the folder that cannot be written is logged.
pub(crate) async fn note_backup(
    db: &Db,
    data: &Path,
    manifest: &Manifest,
    folder: &Path,
) -> Result<(), StartError> {
    let at = Timestamp::from_millis(manifest.contents.at);
    entry(db, Act("system.backup.make"), at, manifest).await?;
    let notes = Notes {
        made_at: Some(at.millis()),
        folder: Some(folder.to_owned()),
        ..Notes::read(data)
    };
    if let Err(cause) = notes.write(data) {
        tracing::warn!(%cause, "the backup could not be noted in the data folder");
    }
    Ok(())
}

/// Notes that a backup was restored for a trial, and was sound.
pub(super) fn note_drill(data: &Path, manifest: &Manifest, now: Timestamp) -> std::io::Result<()> {
    let notes = Notes {
        tried_at: Some(now.millis()),
        tried_of: Some(manifest.contents.at),
        ..Notes::read(data)
    };
    notes.write(data)
}

/// Journals that a backup was made or restored: in the system's chain, by nobody known, since
/// the operator is no agent.
pub(super) async fn entry(
    db: &Db,
    act: Act,
    at: Timestamp,
    manifest: &Manifest,
) -> Result<(), DbError> {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let entry = JournalEntry {
        at,
        organisation: None,
        actor: None,
        act,
        subject: format!("backup:{}", manifest.contents.at),
        outcome: Outcome::Done,
        data: serde_json::json!({
            "release": manifest.contents.release,
            "bytes": bytes,
            "master_key": manifest.has(kernel_db::backup::MASTER_KEY),
        }),
        personal: None,
    };
    db.write(move |tx| {
        let entry = entry.clone();
        Box::pin(async move { tx.journal(entry, &OsRng).await })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_survive_their_file_and_a_damaged_one_says_nothing() {
        let data = tempfile::tempdir().expect("a folder");
        assert_eq!(Notes::read(data.path()), Notes::default());
        let notes = Notes {
            made_at: Some(5),
            folder: Some("/srv/monday".into()),
            ..Notes::default()
        };
        notes.write(data.path()).expect("written");
        assert_eq!(Notes::read(data.path()), notes);
        std::fs::write(Notes::file(data.path()), "{").expect("damaged");
        assert_eq!(Notes::read(data.path()), Notes::default());
    }
}
