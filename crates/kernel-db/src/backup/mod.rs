//! Backups: a folder that holds the database of one moment, the journal's checkpoint, and a
//! manifest that says what they are; and the way back.
//!
//! Invariants
//! - A folder that has its name is whole: it is written beside under another name, synced, and
//!   renamed last. Killed at any point, a backup leaves nothing that [`Manifest::open`] takes.
//! - Every write answered before the backup began is in it, and of none a part.
//! - The manifest holds the digest of each file and is authenticated under a key that the backup
//!   does not hold: what was altered is refused.
//! - A restore never writes over data: it is made beside, opened, checked, migrated, and the
//!   database takes its name last.

mod draft;
mod error;
mod manifest;
mod restore;
mod write;

use aws_lc_rs::hmac;

pub use draft::Draft;
pub use error::BackupError;
pub use manifest::{BackedFile, BackedHead, Contents, Manifest};
pub use restore::{
    RestoreTarget, Restored, is_empty, lay_out_as, prove, prove_copy, refuse_other_checkpoint,
    restore, verify_files,
};
pub use write::{BackupOrder, Progress, back_up, contents};

/// The database in a backup of SQLite.
pub const DATABASE: &str = crate::sqlite::FILE;
/// The database in a backup of PostgreSQL: what `pg_dump --format=custom` wrote.
pub const DUMP: &str = "besace.dump";
/// The journal's checkpoint in a backup.
pub const CHECKPOINT: &str = "journal.checkpoint";
/// The master key in a backup that was asked to hold it.
pub const MASTER_KEY: &str = "master.key";
/// What says what a backup is; written last.
pub const MANIFEST: &str = "manifest.json";

/// The key that authenticates manifests, kept outside of the backup; and those whose backups are
/// believed beside its own.
#[derive(Clone)]
pub struct BackupKey {
    current: hmac::Key,
    accepted: Vec<hmac::Key>,
}

impl BackupKey {
    /// A key of 256 bits.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self {
            current: hmac::Key::new(hmac::HMAC_SHA256, bytes),
            accepted: Vec::new(),
        }
    }

    /// Believes the backups made under this key, too; makes none under it.
    pub fn accepting(mut self, bytes: &[u8; 32]) -> Self {
        self.accepted.push(hmac::Key::new(hmac::HMAC_SHA256, bytes));
        self
    }

    fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(hmac::sign(&self.current, bytes).as_ref())
    }

    fn checks(&self, bytes: &[u8], mac: &str) -> bool {
        let Ok(mac) = hex::decode(mac) else {
            return false;
        };
        std::iter::once(&self.current)
            .chain(&self.accepted)
            .any(|key| hmac::verify(key, bytes, &mac).is_ok())
    }
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey(…)")
    }
}
