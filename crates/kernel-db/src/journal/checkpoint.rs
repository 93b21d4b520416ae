//! The signed checkpoint: the last entry of every chain, in a file outside the database.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::Path,
};

use kernel::Timestamp;

use super::{Chain, JournalConfig, JournalKey, chain::Head};
use crate::{Db, DbError, Tx, values};

/// Why no checkpoint was written.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file could not be read or written.
    #[error("the checkpoint file: {0}")]
    Io(#[from] std::io::Error),
    /// The file there is not one that this key signed.
    #[error("the checkpoint file was not signed with this key")]
    Forged,
    /// The database lacks what the last checkpoint saw. After a backup was restored, the
    /// operator puts the file aside; otherwise somebody touched the journal.
    #[error("chain {chain} does not hold the entry {seq} that the last checkpoint saw")]
    Diverged {
        /// Which chain.
        chain: Chain,
        /// The entry that is missing or different.
        seq: i64,
    },
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) at: Timestamp,
    pub(super) heads: Vec<Head>,
    /// Whether the key that signs now signed it, and not one that is only believed.
    pub(super) is_current: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Stored {
    version: u32,
    at: i64,
    heads: Vec<StoredHead>,
    mac: String,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredHead {
    chain: String,
    seq: i64,
    hash: String,
}

impl Checkpoint {
    /// The text that is signed.
    fn text(&self) -> String {
        let mut text = format!(
            "besace journal checkpoint 1\n{} {}\n",
            self.at.millis(),
            self.heads.len()
        );
        for head in &self.heads {
            text.push_str(&head.line());
        }
        text
    }

    fn encode(&self, key: &JournalKey) -> Vec<u8> {
        let stored = Stored {
            version: 1,
            at: self.at.millis(),
            heads: self
                .heads
                .iter()
                .map(|head| StoredHead {
                    chain: head.chain.to_string(),
                    seq: head.seq,
                    hash: hex::encode(head.hash),
                })
                .collect(),
            mac: hex::encode(key.sign(&self.text())),
        };
        let mut bytes = serde_json::to_vec_pretty(&stored).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    fn decode(bytes: &[u8], key: &JournalKey) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(bytes).ok()?;
        let mac = hex::decode(&stored.mac).ok()?;
        let mut heads = Vec::with_capacity(stored.heads.len());
        for head in stored.heads {
            heads.push(Head {
                chain: Chain::parse(&head.chain)?,
                seq: head.seq,
                hash: hex::decode(&head.hash).ok()?.try_into().ok()?,
            });
        }
        let mut checkpoint = Self {
            at: Timestamp::from_millis(stored.at),
            heads,
            is_current: true,
        };
        let text = checkpoint.text();
        checkpoint.is_current = key.signed(&text, &mac);
        (stored.version == 1 && key.checks(&text, &mac)).then_some(checkpoint)
    }
}

/// The checkpoint in the file; none when there is no file.
pub(super) fn read(file: &Path, key: &JournalKey) -> Result<Option<Checkpoint>, CheckpointError> {
    match std::fs::read(file) {
        Ok(bytes) => Checkpoint::decode(&bytes, key)
            .map(Some)
            .ok_or(CheckpointError::Forged),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause.into()),
    }
}

/// Replaces the file with the present heads, when they continue those it holds; whether it was
/// replaced (it is not when nothing has moved).
pub(crate) async fn write_checkpoint(
    db: &Db,
    config: &JournalConfig,
    now: Timestamp,
) -> Result<bool, CheckpointError> {
    // From here to the renaming only one at a time, be it in another program.
    let file = config.checkpoint_file.clone();
    let lock = tokio::task::spawn_blocking(move || lock(&file))
        .await
        .map_err(std::io::Error::other)??;
    let last = read(&config.checkpoint_file, &config.key)?;
    let is_current = last.as_ref().is_none_or(|last| last.is_current);
    let seen = last.map_or_else(Vec::new, |last| last.heads);
    let to_check = seen.clone();
    let heads = db
        .read(move |tx| {
            let seen = to_check.clone();
            Box::pin(async move { continued_heads(tx, &seen).await })
        })
        .await?;
    // What a key of before signed is signed anew although nothing has moved.
    if heads == seen && is_current {
        return Ok(false);
    }
    let checkpoint = Checkpoint {
        at: now,
        heads,
        is_current: true,
    };
    let bytes = checkpoint.encode(&config.key);
    let file = config.checkpoint_file.clone();
    tokio::task::spawn_blocking(move || replace(&file, &bytes))
        .await
        .map_err(std::io::Error::other)??;
    drop(lock);
    Ok(true)
}

/// The present heads, once each of `seen` was found in its chain.
async fn continued_heads(tx: &mut Tx, seen: &[Head]) -> Result<Vec<Head>, CheckpointError> {
    for head in seen {
        if !holds(tx, head).await? {
            return Err(CheckpointError::Diverged {
                chain: head.chain,
                seq: head.seq,
            });
        }
    }
    let rows = tx
        .query(
            "SELECT chain, seq, hash FROM journal_head ORDER BY chain",
            &values![],
        )
        .await?;
    Ok(rows.iter().map(Head::read).collect::<Result<_, _>>()?)
}

/// Whether the chain holds this very entry, or it left after its retention.
pub(crate) async fn holds(tx: &mut Tx, head: &Head) -> Result<bool, DbError> {
    let entry = tx
        .query_optional(
            "SELECT hash FROM journal_entry WHERE chain = $1 AND seq = $2",
            &values![head.chain, head.seq],
        )
        .await?;
    if let Some(row) = entry {
        return Ok(row.get::<[u8; 32]>("hash")? == head.hash);
    }
    let boundary = tx
        .query_optional(
            "SELECT seq FROM journal_boundary WHERE chain = $1 AND seq >= $2",
            &values![head.chain, head.seq],
        )
        .await?;
    Ok(boundary.is_some())
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A lock beside the file, which lasts as long as what is answered lives.
fn lock(file: &Path) -> std::io::Result<File> {
    std::fs::create_dir_all(folder(file))?;
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(file.with_extension("lock"))?;
    give(&lock, file)?;
    lock.lock()?;
    Ok(lock)
}

/// Gives a new file to whose the one in `place` is, or else the folder: root, who runs a command,
/// must not leave files that the server's own user cannot read.
fn give(new: &File, place: &Path) -> std::io::Result<()> {
    let theirs = std::fs::metadata(place).or_else(|_| std::fs::metadata(folder(place)))?;
    let ours = new.metadata()?;
    if (ours.uid(), ours.gid()) != (theirs.uid(), theirs.gid()) {
        // Nobody but root can: whoever else writes here keeps what is theirs.
        drop(fchown(new, Some(theirs.uid()), Some(theirs.gid())));
    }
    Ok(())
}

/// Writes beside, syncs, renames, syncs the folder: after a crash there is the old file or the
/// new one, whole.
fn replace(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut new = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&beside)?;
    give(&new, file)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    std::fs::rename(&beside, file)?;
    File::open(folder(file))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            at: Timestamp::from_millis(5),
            heads: vec![Head {
                chain: Chain::System,
                seq: 3,
                hash: [7; 32],
            }],
            is_current: true,
        }
    }

    #[test]
    fn a_checkpoint_of_a_key_that_is_believed_opens_and_is_known_for_what_it_is() {
        let old = checkpoint().encode(&JournalKey::new(&[1; 32]));
        let rotated = JournalKey::new(&[2; 32]).accepting(&[1; 32]);
        let opened = Checkpoint::decode(&old, &rotated).expect("believed");
        assert_eq!(opened.heads, checkpoint().heads);
        assert!(!opened.is_current);
        let new = checkpoint().encode(&rotated);
        let opened = Checkpoint::decode(&new, &rotated).expect("its own");
        assert!(opened.is_current);
        let before = JournalKey::new(&[1; 32]);
        assert_eq!(Checkpoint::decode(&new, &before), None, "signed anew");
        let stranger = JournalKey::new(&[2; 32]).accepting(&[3; 32]);
        assert_eq!(Checkpoint::decode(&old, &stranger), None);
    }

    #[test]
    fn what_root_writes_belongs_to_whose_the_folder_is() {
        let scratch = tempfile::tempdir().expect("a folder");
        let ours = std::fs::metadata(scratch.path()).expect("a folder").uid();
        // Only root can make a folder of somebody else's.
        let owner = if ours == 0 { 65_534 } else { ours };
        std::os::unix::fs::chown(scratch.path(), Some(owner), None).expect("given");
        let file = scratch.path().join("journal.checkpoint");
        drop(lock(&file).expect("locked"));
        for bytes in [b"one", b"two"] {
            replace(&file, bytes).expect("written");
            let written = std::fs::metadata(&file).expect("a file");
            assert_eq!((written.uid(), written.mode() & 0o777), (owner, 0o600));
        }
        let lock = std::fs::metadata(file.with_extension("lock")).expect("a file");
        assert_eq!(lock.uid(), owner);
    }

    #[test]
    fn a_checkpoint_survives_its_file() {
        let key = JournalKey::new(&[1; 32]);
        let bytes = checkpoint().encode(&key);
        assert_eq!(Checkpoint::decode(&bytes, &key), Some(checkpoint()));
    }

    #[test]
    fn a_checkpoint_of_another_key_or_with_another_head_is_refused() {
        let key = JournalKey::new(&[1; 32]);
        let bytes = checkpoint().encode(&key);
        let other = JournalKey::new(&[2; 32]);
        assert_eq!(Checkpoint::decode(&bytes, &other), None);
        let text = String::from_utf8(bytes).expect("text");
        let forged = text.replace("\"seq\": 3", "\"seq\": 2");
        assert_ne!(forged, text);
        assert_eq!(Checkpoint::decode(forged.as_bytes(), &key), None);
    }
}
