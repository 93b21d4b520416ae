//! The way back: a backup checked, opened, migrated and verified beside its place, then put
//! there.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use kernel::Timestamp;

use super::{
    BackedFile, BackedHead, BackupError, BackupKey, CHECKPOINT, DATABASE, Manifest,
    draft::{copy_through, digest_of, parent, sync_folder},
    write::refuse_rest_of_log,
};
use crate::{
    Backend, Chain, DatabaseConfig, Db, DbError, JournalConfig, MigrationReport, MigrationSet,
    VerifyReport,
    journal::{Head, holds},
    sqlite, values, verify,
};

/// Where a backup is to be restored.
#[derive(Debug, Clone)]
pub struct RestoreTarget {
    /// The data folder.
    pub folder: PathBuf,
    /// Where the checkpoint belongs, and what signs it.
    pub journal: JournalConfig,
}

/// What a restore did, or a check of a backup saw.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// What was migrated after it.
    pub migrated: MigrationReport,
    /// What the verification of the restored journal found.
    pub journal: VerifyReport,
}

/// Restores a backup into a data folder that holds no data, and leaves it ready for a start.
///
/// What the journal's verification finds does not keep the data from coming back: it is in the
/// answer.
///
/// # Errors
/// [`BackupError::Occupied`] where there are data, [`DbError::Locked`] when a program runs there,
/// [`DbError::NewerSchema`] for a backup of a later release; whatever is wrong with the backup.
/// Nothing has changed then.
pub async fn restore(
    from: &Path,
    key: &BackupKey,
    target: &RestoreTarget,
    sets: &[MigrationSet],
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let manifest = of_sqlite(from, key)?;
    refuse_data(&target.folder)?;
    let place = &target.journal.checkpoint_file;
    refuse_other_checkpoint(&manifest, place)?;
    let lock = sqlite::lock_folder(&target.folder)?;
    let staging = Staging::make(target.folder.join(".restore.partial"))?;
    let restored = staged(from, manifest, &staging.0, &target.journal, sets, now).await?;
    // The checkpoint, which may lie on another disk; then the database, which is the restore.
    if let Ok(checkpoint) = restored.manifest.file(CHECKPOINT) {
        lay_out_as(&staging.0, checkpoint, place)?;
    }
    let database = target.folder.join(DATABASE);
    std::fs::rename(staging.0.join(DATABASE), &database).map_err(BackupError::io(&database))?;
    drop(staging);
    sync_folder(&target.folder)?;
    drop(lock);
    Ok(restored)
}

/// Restores a backup into `scratch`, a folder that is made for it and thrown away: the drill.
///
/// # Errors
/// Whatever is wrong with the backup, as [`restore`] says it.
pub async fn prove(
    from: &Path,
    key: &BackupKey,
    journal: &JournalConfig,
    scratch: &Path,
    sets: &[MigrationSet],
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let manifest = of_sqlite(from, key)?;
    let staging = Staging::make(scratch.to_owned())?;
    staged(from, manifest, &staging.0, journal, sets, now).await
}

/// Holds every file of a backup against its digest, without restoring anything. Blocks.
///
/// # Errors
/// [`BackupError::Missing`] or [`BackupError::Altered`] for the first that does not fit.
pub fn verify_files(from: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    for file in &manifest.files {
        let path = from.join(&file.name);
        let found = digest_of(&path).map_err(|cause| missing_or(file, &path, cause))?;
        if found != *file {
            return Err(BackupError::Altered(file.name.clone()));
        }
    }
    Ok(())
}

/// Refuses a checkpoint file that is there already and is another than the backup's.
///
/// # Errors
/// [`BackupError::Occupied`].
pub fn refuse_other_checkpoint(manifest: &Manifest, place: &Path) -> Result<(), BackupError> {
    let found = match digest_of(place) {
        Ok(found) => found,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(BackupError::io(place)(cause)),
    };
    match manifest.file(CHECKPOINT) {
        Ok(file) if file.sha256 == found.sha256 => Ok(()),
        _ => Err(BackupError::Occupied(place.to_owned())),
    }
}

/// Holds a restored database against what its backup saw: sound, migrated, with every chain's
/// last entry; and verifies its journal.
///
/// # Errors
/// [`BackupError::Damaged`], [`BackupError::Lacks`], what a migration says.
pub async fn prove_copy(
    db: &Db,
    manifest: &Manifest,
    journal: &JournalConfig,
    sets: &[MigrationSet],
    now: Timestamp,
) -> Result<(MigrationReport, VerifyReport), BackupError> {
    if db.backend() == Backend::Sqlite {
        sound(db).await?;
    }
    let migrated = db.migrate(sets, now).await?;
    for head in &manifest.contents.journal {
        let lacks = || BackupError::Lacks {
            chain: head.chain.clone(),
            seq: head.seq,
        };
        let expected = expected(head).ok_or_else(lacks)?;
        let held = db
            .read(move |tx| Box::pin(async move { holds(tx, &expected).await }))
            .await?;
        if !held {
            return Err(lacks());
        }
    }
    let report = verify(db, &journal.checkpoint_file, &journal.key).await?;
    Ok((migrated, report))
}

/// Whether a PostgreSQL database has no table yet.
///
/// # Errors
/// What the database says.
pub async fn is_empty(db: &Db) -> Result<bool, DbError> {
    let row = db
        .read(|tx| {
            Box::pin(async move {
                tx.query_optional(
                    "SELECT COUNT(*) AS tables FROM information_schema.tables \
                     WHERE table_schema = 'public'",
                    &values![],
                )
                .await
            })
        })
        .await?;
    Ok(row.map_or(Ok(0), |row| row.get::<i64>("tables"))? == 0)
}

fn of_sqlite(from: &Path, key: &BackupKey) -> Result<Manifest, BackupError> {
    let manifest = Manifest::open(from, key)?;
    match manifest.backend()? {
        Backend::Sqlite => Ok(manifest),
        Backend::Postgres => Err(BackupError::OtherDatabase {
            found: "PostgreSQL",
            expected: "SQLite",
        }),
    }
}

fn refuse_data(folder: &Path) -> Result<(), BackupError> {
    for rest in ["", "-wal", "-journal"] {
        let path = folder.join(format!("{DATABASE}{rest}"));
        if path.exists() {
            return Err(BackupError::Occupied(path));
        }
    }
    Ok(())
}

/// A folder that is thrown away, whatever happens.
struct Staging(PathBuf);

impl Staging {
    fn make(folder: PathBuf) -> Result<Self, BackupError> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(BackupError::io(&folder))?;
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(BackupError::io(&folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Err(cause) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%cause, folder = %self.0.display(), "could not be removed");
        }
    }
}

/// Lays a backup out in a folder of its own, each file held against its digest on the way, and
/// proves what came out of it.
async fn staged(
    from: &Path,
    manifest: Manifest,
    staging: &Path,
    journal: &JournalConfig,
    sets: &[MigrationSet],
    now: Timestamp,
) -> Result<Restored, BackupError> {
    manifest.file(DATABASE)?;
    let (source, place) = (from.to_owned(), staging.to_owned());
    let files = manifest.files.clone();
    tokio::task::spawn_blocking(move || {
        let mut wanted = files.iter().filter(|file| !file.name.contains('/'));
        wanted.try_for_each(|file| lay_out(&source, file, &place))
    })
    .await
    .map_err(|cause| DbError::Driver(cause.to_string()))??;
    let folder = staging.to_owned();
    let db = Db::open(&DatabaseConfig::Sqlite { folder }).await?;
    let checkpoint = JournalConfig {
        checkpoint_file: staging.join(CHECKPOINT),
        key: journal.key.clone(),
        retention: journal.retention,
    };
    let proved = prove_copy(&db, &manifest, &checkpoint, sets, now).await;
    db.close().await;
    let (migrated, journal) = proved?;
    refuse_rest_of_log(staging)?;
    Ok(Restored {
        manifest,
        migrated,
        journal,
    })
}

/// Copies one file of a backup, and refuses it when it is not the one that was backed up.
fn lay_out(from: &Path, file: &BackedFile, to: &Path) -> Result<(), BackupError> {
    copy(from, file, &to.join(&file.name))
}

/// Puts one file of a backup where it belongs, whole or not at all; what is there is replaced.
///
/// # Errors
/// [`BackupError::Missing`] or [`BackupError::Altered`]; what the file system says.
pub fn lay_out_as(from: &Path, file: &BackedFile, place: &Path) -> Result<(), BackupError> {
    let folder = parent(place);
    std::fs::create_dir_all(folder).map_err(BackupError::io(folder))?;
    let beside = place.with_extension("new");
    copy(from, file, &beside)?;
    std::fs::rename(&beside, place).map_err(BackupError::io(place))?;
    sync_folder(folder)
}

fn copy(from: &Path, file: &BackedFile, target: &Path) -> Result<(), BackupError> {
    let source = from.join(&file.name);
    let mut source_file = File::open(&source).map_err(|cause| missing_or(file, &source, cause))?;
    let mut copied = new_file(target).map_err(BackupError::io(target))?;
    let (bytes, sha256) =
        copy_through(&mut source_file, &mut copied).map_err(BackupError::io(target))?;
    if bytes != file.bytes || sha256 != file.sha256 {
        return Err(BackupError::Altered(file.name.clone()));
    }
    copied.sync_all().map_err(BackupError::io(target))
}

fn missing_or(file: &BackedFile, path: &Path, cause: std::io::Error) -> BackupError {
    if cause.kind() == std::io::ErrorKind::NotFound {
        BackupError::Missing(file.name.clone())
    } else {
        BackupError::io(path)(cause)
    }
}

fn new_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

/// SQLite's own look at every page and index, and at every reference between rows.
async fn sound(db: &Db) -> Result<(), BackupError> {
    let found = db
        .read(|tx| {
            Box::pin(async move {
                let rows = tx.query("PRAGMA integrity_check(1)", &values![]).await?;
                let words = match rows.first() {
                    Some(row) => row.get::<String>("integrity_check")?,
                    None => "no answer".to_owned(),
                };
                if words != "ok" {
                    return Ok::<_, DbError>(words);
                }
                let dangling = tx.query("PRAGMA foreign_key_check", &values![]).await?;
                Ok(match dangling.first() {
                    None => words,
                    Some(row) => format!("a row of {} names none", row.get::<String>("table")?),
                })
            })
        })
        .await?;
    if found == "ok" {
        Ok(())
    } else {
        Err(BackupError::Damaged(found))
    }
}

fn expected(head: &BackedHead) -> Option<Head> {
    Some(Head {
        chain: Chain::parse(&head.chain)?,
        seq: head.seq,
        hash: hex::decode(&head.hash).ok()?.try_into().ok()?,
    })
}
