//! What keeps a backup from being made or taken back.

use std::path::{Path, PathBuf};

use crate::{CheckpointError, DbError};

/// Why there is no backup, or no restore. Nothing that was there before has changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Where the backup is to go there is something.
    #[error(
        "{0} is not empty, and a backup writes over nothing: name a folder that does not exist yet"
    )]
    NotEmpty(PathBuf),
    /// The database is a server's.
    #[error("the database is not a file: PostgreSQL is backed up by pg_dump")]
    NotAFile,
    /// There is nothing to back up.
    #[error("{0} holds no database: check database.folder")]
    NoDatabase(PathBuf),
    /// A file or folder could not be read or written.
    #[error("{path}: {cause}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The journal's checkpoint could not be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// It was told to stop; nothing is left.
    #[error("the backup was stopped; nothing of it is left")]
    Stopped,
    /// Not a backup, or one that was never finished.
    #[error("{0} holds no manifest: it is no backup, or one that was never finished")]
    NoManifest(PathBuf),
    /// A manifest that cannot be read.
    #[error("the manifest cannot be read: {0}")]
    Manifest(String),
    /// A backup of another key, or one whose manifest was altered.
    #[error(
        "the manifest was not made under this master key, or was altered since: give the key of \
         the installation that was backed up, or take another backup"
    )]
    Forged,
    /// A file that the manifest names is not there.
    #[error("the backup lacks {0}: take another backup")]
    Missing(String),
    /// A file is not what the manifest says.
    #[error(
        "{0} is not the file that was backed up: it was altered or damaged; take another backup"
    )]
    Altered(String),
    /// The backup is of the other kind of database.
    #[error("the backup is of {found}, the configuration names {expected}")]
    OtherDatabase {
        /// What the backup holds.
        found: &'static str,
        /// What is configured.
        expected: &'static str,
    },
    /// The database in the backup is not sound.
    #[error("the database in the backup is damaged: {0}")]
    Damaged(String),
    /// The restored journal is not the one that was backed up.
    #[error("the restored journal lacks entry {seq} of chain {chain}, which the backup saw")]
    Lacks {
        /// Which chain.
        chain: String,
        /// Which entry.
        seq: i64,
    },
    /// Where the data is to go there are some.
    #[error(
        "{0} is there already, and a restore writes over nothing: move it away (and keep it), \
         then restore"
    )]
    Occupied(PathBuf),
}

impl BackupError {
    /// A file's or folder's error, to be given to `map_err`.
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { path, cause }
    }
}
