//! Making a backup of a SQLite database, beside whatever it does.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use kernel::Timestamp;

use super::{
    BackedHead, BackupError, BackupKey, CHECKPOINT, Contents, DATABASE, Draft, MASTER_KEY, Manifest,
};
use crate::{
    Backend, DatabaseConfig, Db, DbError, JournalConfig, Tx,
    journal::{Head, write_checkpoint},
    sqlite::Copied,
    values,
};

/// Hears how many pages are copied, and how many there are.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// What a backup is to be.
#[derive(Debug, Clone)]
pub struct BackupOrder {
    /// Where it goes: a folder that does not exist or is empty.
    pub folder: PathBuf,
    /// The release that makes it.
    pub release: String,
    /// Now.
    pub at: Timestamp,
    /// The master key's text, when the backup is to hold it.
    pub master_key: Option<kernel::Secret>,
}

/// Sets the flag when the caller is gone, so that the copying thread ends.
struct StopWhenGone(Arc<AtomicBool>);

impl Drop for StopWhenGone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Backs a SQLite database up while it is written to. Dropped, it stops and leaves nothing.
///
/// # Errors
/// [`BackupError::NotAFile`] on PostgreSQL, [`BackupError::NotEmpty`], what the database or the
/// file system says.
pub async fn back_up(
    db: &Db,
    journal: &JournalConfig,
    key: &BackupKey,
    order: BackupOrder,
    progress: Progress,
) -> Result<Manifest, BackupError> {
    if db.backend() != Backend::Sqlite {
        return Err(BackupError::NotAFile);
    }
    let draft = Draft::begin(&order.folder)?;
    // The checkpoint first: the chains of the copy may only have grown since.
    checkpoint(db, journal, &draft, order.at).await?;
    if let Some(text) = &order.master_key {
        draft.write(MASTER_KEY, text.expose().as_bytes())?;
    }
    let stop = StopWhenGone(Arc::new(AtomicBool::new(false)));
    let copied = db
        .copy_file(draft.path(DATABASE), Arc::clone(&stop.0), progress)
        .await?;
    match copied {
        Some(Copied::Whole) => {}
        Some(Copied::Stopped) => return Err(BackupError::Stopped),
        None => return Err(BackupError::NotAFile),
    }
    let contents = look_at_copy(&draft, &order).await?;
    let key = key.clone();
    tokio::task::spawn_blocking(move || draft.keep(contents, &key))
        .await
        .map_err(|cause| DbError::Driver(cause.to_string()))?
}

/// Puts the journal's checkpoint into the backup, as young as it can be had. One that does not
/// fit is copied as it is: the restore will tell.
async fn checkpoint(
    db: &Db,
    journal: &JournalConfig,
    draft: &Draft,
    now: Timestamp,
) -> Result<(), BackupError> {
    if let Err(cause) = write_checkpoint(db, journal, now).await {
        tracing::error!(target: "security", %cause, "no checkpoint for the backup");
    }
    let file = &journal.checkpoint_file;
    match std::fs::read(file) {
        Ok(bytes) => draft.write(CHECKPOINT, &bytes),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(BackupError::io(file)(cause)),
    }
}

/// Opens the copy, which proves that it opens, and reads what the manifest says of it.
async fn look_at_copy(draft: &Draft, order: &BackupOrder) -> Result<Contents, BackupError> {
    let config = DatabaseConfig::Sqlite {
        folder: draft.partial().to_owned(),
    };
    let copy = Db::open(&config).await?;
    let contents = contents(&copy, &order.release, order.at).await;
    copy.close().await;
    refuse_rest_of_log(draft.partial())?;
    let lock = draft.path("besace.lock");
    std::fs::remove_file(&lock).map_err(BackupError::io(&lock))?;
    contents
}

/// A file is taken by itself: what is still in its log would be lost.
pub(super) fn refuse_rest_of_log(folder: &Path) -> Result<(), BackupError> {
    let log = folder.join(format!("{DATABASE}-wal"));
    if log.exists() {
        let words = "its log could not be emptied: does another program read it?";
        return Err(BackupError::Damaged(words.to_owned()));
    }
    Ok(())
}

/// What a manifest says of this database now.
///
/// # Errors
/// What the database says.
pub async fn contents(db: &Db, release: &str, at: Timestamp) -> Result<Contents, BackupError> {
    let (schema, journal) = db
        .read(|tx| Box::pin(async move { Ok::<_, DbError>((schema(tx).await?, heads(tx).await?)) }))
        .await?;
    let database = match db.backend() {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    Ok(Contents {
        release: release.to_owned(),
        database: database.to_owned(),
        at: at.millis(),
        schema,
        journal,
    })
}

async fn schema(tx: &mut Tx) -> Result<BTreeMap<String, u32>, DbError> {
    let rows = tx
        .query(
            "SELECT tool, MAX(number) AS number FROM schema_migration GROUP BY tool",
            &values![],
        )
        .await?;
    let mut schema = BTreeMap::new();
    for row in rows {
        schema.insert(row.get("tool")?, row.get("number")?);
    }
    Ok(schema)
}

async fn heads(tx: &mut Tx) -> Result<Vec<BackedHead>, DbError> {
    let rows = tx
        .query(
            "SELECT chain, seq, hash FROM journal_head ORDER BY chain",
            &values![],
        )
        .await?;
    let mut heads = Vec::with_capacity(rows.len());
    for row in rows {
        let head = Head::read(&row)?;
        heads.push(BackedHead {
            chain: head.chain.to_string(),
            seq: head.seq,
            hash: hex::encode(head.hash),
        });
    }
    Ok(heads)
}
