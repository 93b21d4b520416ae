//! The master keys: where the configuration says that they are, what is derived from them, and
//! whether they are those of the database.
//!
//! Invariants
//! - A master key is made for a database that holds nothing sealed, and for no other.
//! - A program does not start without a key that something still stands under.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use kernel::{Act, Clock, JournalEntry, OsRng, Outcome, Rng, Timestamp};
use kernel_db::backup::BackupKey;
use kernel_db::{
    Db, DbError, JournalConfig, JournalKey, MasterKeyRow, Retention, SealedColumn, master_keys,
    note_master_key,
};
use kernel_http::{House, MasterKey, MasterKeys, SealedCount, count_sealed};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{StartError, read, sealed, write_secret};
use crate::config::{Config, ConfigError};

/// The journal's file, its keys and how long it is kept.
///
/// # Errors
/// When it would be kept too short or too long a time.
pub(crate) fn journal(config: &Config, keys: &MasterKeys) -> Result<JournalConfig, StartError> {
    const PURPOSE: &str = "journal/checkpoint/1";
    let retention = match config.journal.retention_months {
        Some(months) => Retention::months(months)
            .map_err(|cause| ConfigError::value("journal.retention_months", cause))?,
        None => Retention::default(),
    };
    let mut key = JournalKey::new(&keys.current().derive(PURPOSE));
    for accepted in keys.accepted() {
        key = key.accepting(&accepted.derive(PURPOSE));
    }
    Ok(JournalConfig {
        checkpoint_file: config
            .journal
            .checkpoint_file
            .clone()
            .unwrap_or_else(|| config.database.folder.join("journal.checkpoint")),
        key,
        retention,
    })
}

/// What authenticates backups.
pub(crate) fn backup_key(keys: &MasterKeys) -> BackupKey {
    const PURPOSE: &str = "backup/manifest/1";
    let mut key = BackupKey::new(&keys.current().derive(PURPOSE));
    for accepted in keys.accepted() {
        key = key.accepting(&accepted.derive(PURPOSE));
    }
    key
}

/// The file of the master key.
pub(crate) fn master_key_file(config: &Config) -> PathBuf {
    config
        .keys
        .master_file
        .clone()
        .unwrap_or_else(|| config.database.folder.join("master.key"))
}

/// The master keys that exist; a command never makes one.
///
/// # Errors
/// When there is none, or one cannot be read.
pub(crate) fn known_master_keys(config: &Config) -> Result<MasterKeys, StartError> {
    if let Some(current) = current(config)? {
        return with_accepted(config, current);
    }
    Err(StartError::File {
        path: master_key_file(config),
        cause: "the master key is not there: put the copy that you keep elsewhere in its \
                place, or give it by BESACE__KEYS__MASTER"
            .to_owned(),
    })
}

/// Writes master keys where the configuration says that the one that seals is, the others beside
/// it; answers where those are.
///
/// # Errors
/// When a file exists, or cannot be written.
pub(crate) fn keep_master_keys(
    config: &Config,
    keys: &MasterKeys,
) -> Result<Vec<PathBuf>, StartError> {
    let file = master_key_file(config);
    write_secret(&file, &keys.current().to_hex())?;
    let mut others = Vec::new();
    for key in keys.accepted() {
        let beside = file.with_file_name(format!("master-{}.key", key.mark()));
        write_secret(&beside, &key.to_hex())?;
        others.push(beside);
    }
    Ok(others)
}

/// The keys that a program serves with: those of the configuration, or one made for a database
/// that holds nothing yet. Notes in the database which one seals from now on.
///
/// # Errors
/// When a key cannot be read or written, or something stands under one that is not given.
pub(crate) async fn open(
    config: &Config,
    db: &Db,
    clock: &dyn Clock,
    rng: &dyn Rng,
) -> Result<MasterKeys, StartError> {
    let keys = match current(config)? {
        Some(current) => with_accepted(config, current)?,
        None if is_empty(db).await? => made(config, rng)?,
        None => known_master_keys(config)?,
    };
    if let Some(found) = missing_keys(db, &keys).await? {
        return Err(StartError::MissingKey { found });
    }
    note(db, &keys, clock.now()).await?;
    Ok(keys)
}

/// Reads every key that the configuration names and that is there.
///
/// # Errors
/// When one cannot be read.
pub(super) fn rehearse(config: &Config) -> Result<(), StartError> {
    match current(config)? {
        Some(current) => with_accepted(config, current).map(|_| ()),
        None => Ok(()),
    }
}

/// The key that seals; none: its file is not there.
fn current(config: &Config) -> Result<Option<MasterKey>, StartError> {
    if let Some(text) = &config.keys.master {
        let key = MasterKey::parse(text.expose());
        return Ok(Some(
            key.map_err(|cause| ConfigError::value("keys.master", cause))?,
        ));
    }
    let path = master_key_file(config);
    if !path.exists() {
        return Ok(None);
    }
    let text = read(&path)?;
    let key = MasterKey::parse(text.expose());
    Ok(Some(key.map_err(|cause| {
        ConfigError::value(path.display().to_string(), cause)
    })?))
}

fn with_accepted(config: &Config, current: MasterKey) -> Result<MasterKeys, StartError> {
    let mut keys = MasterKeys::new(current);
    for text in &config.keys.accepted {
        let key = MasterKey::parse(text.expose());
        keys = key
            .and_then(|key| keys.accepting(key))
            .map_err(|cause| ConfigError::value("keys.accepted", cause))?;
    }
    for path in &config.keys.accepted_files {
        let text = read(path)?;
        let key = MasterKey::parse(text.expose());
        keys = key
            .and_then(|key| keys.accepting(key))
            .map_err(|cause| ConfigError::value(path.display().to_string(), cause))?;
    }
    Ok(keys)
}

fn made(config: &Config, rng: &dyn Rng) -> Result<MasterKeys, StartError> {
    let path = master_key_file(config);
    let key = MasterKey::generate(rng);
    write_secret(&path, &key.to_hex())?;
    tracing::warn!(path = %path.display(), "a master key was made: keep a copy elsewhere");
    with_accepted(config, key)
}

/// Whether no key has sealed anything here.
async fn is_empty(db: &Db) -> Result<bool, DbError> {
    let known = db.read(|tx| Box::pin(master_keys(tx))).await?;
    Ok(known.is_empty() && lasting(db).await?.is_empty())
}

async fn lasting(db: &Db) -> Result<Vec<SealedCount>, DbError> {
    let columns: Vec<SealedColumn> = sealed::columns()
        .into_iter()
        .filter(|column| column.lasting)
        .collect();
    count_sealed(db, &columns).await
}

/// What stands under keys that are not given, in words; none: nothing does.
///
/// # Errors
/// What the database says.
pub(crate) async fn missing_keys(db: &Db, keys: &MasterKeys) -> Result<Option<String>, DbError> {
    let mut missing: BTreeMap<String, u64> = BTreeMap::new();
    for count in lasting(db).await? {
        if !keys.knows(&count.mark) {
            *missing.entry(count.mark).or_default() += count.rows;
        }
    }
    for mark in not_given(&db.read(|tx| Box::pin(master_keys(tx))).await?, keys) {
        missing.entry(mark).or_default();
    }
    Ok(in_words(missing))
}

/// Keys that something may stand under, and that are not given.
fn not_given(known: &[MasterKeyRow], keys: &MasterKeys) -> Vec<String> {
    let missing = |row: &&MasterKeyRow| row.resealed_at.is_none() && !keys.knows(&row.mark);
    known
        .iter()
        .filter(missing)
        .map(|row| row.mark.clone())
        .collect()
}

fn in_words(missing: BTreeMap<String, u64>) -> Option<String> {
    let words: Vec<String> = missing
        .into_iter()
        .map(|(mark, rows)| match rows {
            0 => format!("the database was sealed under the master key {mark}, which is not given"),
            rows => format!(
                "{rows} values of the database stand under the master key {mark}, which is not \
                 given"
            ),
        })
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Notes which key seals; a change is in the journal.
///
/// Which keys have to be given is asked once more here: two nodes that start at once on an empty
/// database, each with a key of its own, do not both begin to seal.
async fn note(db: &Db, keys: &MasterKeys, now: Timestamp) -> Result<(), StartError> {
    let keys = keys.clone();
    db.write(move |tx| {
        let keys = keys.clone();
        Box::pin(async move {
            let mark = keys.current().mark();
            let known = master_keys(tx).await?;
            let missing = not_given(&known, &keys);
            if let Some(found) = in_words(missing.into_iter().map(|mark| (mark, 0)).collect()) {
                return Err(StartError::MissingKey { found });
            }
            let sealing: Vec<_> = known
                .iter()
                .filter(|row| row.replaced_at.is_none())
                .map(|row| row.mark.as_str())
                .collect();
            if sealing == [mark.as_str()] {
                return Ok(());
            }
            note_master_key(tx, &mark, now).await?;
            if !known.is_empty() {
                let entry = JournalEntry {
                    at: now,
                    organisation: None,
                    actor: None,
                    act: Act("system.key.switch"),
                    subject: format!("master-key:{mark}"),
                    outcome: Outcome::Done,
                    data: json!({ "before": sealing }),
                    personal: None,
                };
                tx.journal(entry, &OsRng).await?;
            }
            Ok(())
        })
    })
    .await
}

/// How often a process looks whether its key still seals.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// How long a node may go on with the key of before while the others are restarted.
const ROLLING: Duration = Duration::from_mins(15);

/// Where the key that this process seals under is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It seals.
    Seals,
    /// Another node seals under another key, since then.
    Replaced(Timestamp),
    /// Everything was brought under another key, or was given up.
    Over,
}

async fn standing(db: &Db, mark: &str) -> Result<Standing, DbError> {
    let known = db.read(|tx| Box::pin(master_keys(tx))).await?;
    let row = known.into_iter().find(|row| row.mark == mark);
    Ok(match row.map(|row| (row.replaced_at, row.resealed_at)) {
        Some((_, Some(_))) => Standing::Over,
        Some((Some(since), None)) => Standing::Replaced(since),
        Some((None, None)) | None => Standing::Seals,
    })
}

/// Looks every minute whether the key of this process still seals, and says when it does not: a
/// node that was forgotten when the key changed would go on sealing what no other can open.
pub(super) async fn watch(house: House, mark: String, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        match standing(&house.db, &mark).await {
            Ok(Standing::Seals) => {}
            Ok(Standing::Replaced(since)) if house.clock.now() < since.plus(ROLLING) => {}
            Ok(Standing::Replaced(_)) => tracing::warn!(
                mark,
                "another node seals under another master key: restart this one with it"
            ),
            Ok(Standing::Over) => {
                tracing::error!(
                    mark,
                    "nothing is to stand under this node's master key any more: it is not ready \
                     until it is restarted with the present one"
                );
                house.key_is_over.cancel();
            }
            Err(cause) => tracing::warn!(%cause, "the master keys cannot be read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::MIGRATIONS;
    use kernel::{OsRng, SystemClock};
    use kernel_db::testing::TestDb;
    use kernel_db::values;

    kernel_db::store_suite!(
        MIGRATIONS;
        a_key_that_something_stands_under_cannot_be_left_out,
        a_change_of_the_key_is_noted_once_and_journalled,
        a_key_is_made_for_an_empty_database_and_for_no_other,
        of_two_first_starts_with_keys_of_their_own_one_is_refused,
        a_node_that_was_forgotten_learns_that_its_key_is_over,
    );

    const OLD: MasterKey = MasterKey::from_bytes([7; 32]);
    const NEW: MasterKey = MasterKey::from_bytes([8; 32]);

    fn config(test: &TestDb, keys: &[&MasterKey]) -> Config {
        let mut config: Config = toml::from_str("").expect("a configuration");
        config.database.folder = test.file("keys");
        let (first, others) = keys
            .split_first()
            .map_or((None, &[][..]), |(first, others)| {
                (Some(kernel::Secret::new(first.to_hex())), others)
            });
        config.keys.master = first;
        config.keys.accepted = others
            .iter()
            .map(|key| kernel::Secret::new(key.to_hex()))
            .collect();
        config
    }

    async fn start(test: &TestDb, keys: &[&MasterKey]) -> Result<MasterKeys, StartError> {
        let config = config(test, keys);
        open(&config, &test.db, &SystemClock::default(), &OsRng).await
    }

    async fn seal_one(test: &TestDb, keys: &MasterKeys) {
        let sealed = keys.sealer().seal("identity/signing-key/1", b"key", &OsRng);
        let written: Result<u64, DbError> = test
            .db
            .write(move |tx| {
                let sealed = sealed.clone();
                Box::pin(async move {
                    tx.execute(
                        "INSERT INTO identity_key
                             (kid, algorithm, state, sealed, created_at, active_at)
                         VALUES ('one', 'ES256', 'active', $1, 0, 0)",
                        &values![sealed],
                    )
                    .await
                })
            })
            .await;
        assert_eq!(written.expect("written"), 1);
    }

    async fn a_key_that_something_stands_under_cannot_be_left_out(test: TestDb) {
        let keys = start(&test, &[&OLD]).await.expect("the first start");
        seal_one(&test, &keys).await;
        let refused = start(&test, &[&NEW]).await.expect_err("left out");
        let words = refused.to_string();
        assert!(
            words.contains(&OLD.mark()) && words.contains("keys.accepted_files"),
            "{words}"
        );
        start(&test, &[&NEW, &OLD]).await.expect("both");
        // The new one has sealed from here on: the old one alone will not do either.
        let refused = start(&test, &[&OLD]).await.expect_err("left out");
        assert!(refused.to_string().contains(&NEW.mark()), "{refused}");
        start(&test, &[&OLD, &NEW]).await.expect("back again");
    }

    async fn a_change_of_the_key_is_noted_once_and_journalled(test: TestDb) {
        for keys in [&[&OLD][..], &[&OLD], &[&NEW, &OLD], &[&NEW, &OLD]] {
            start(&test, keys).await.expect("started");
        }
        let seen: Result<(Vec<kernel_db::MasterKeyRow>, i64), DbError> = test
            .db
            .read(|tx| {
                Box::pin(async move {
                    let sql = "SELECT COUNT(*) AS n FROM journal_pending
                               WHERE act = 'system.key.switch'";
                    let row = tx.query_optional(sql, &values![]).await?;
                    let switches = row.map_or(Ok(0), |row| row.get("n"))?;
                    Ok((master_keys(tx).await?, switches))
                })
            })
            .await;
        let (rows, switches) = seen.expect("read");
        assert_eq!(switches, 1);
        let sealing: Vec<_> = rows
            .iter()
            .map(|row| (row.mark.clone(), row.replaced_at.is_none()))
            .collect();
        assert_eq!(sealing.len(), 2);
        assert!(sealing.contains(&(OLD.mark(), false)));
        assert!(sealing.contains(&(NEW.mark(), true)));
    }

    async fn a_key_is_made_for_an_empty_database_and_for_no_other(test: TestDb) {
        use std::os::unix::fs::PermissionsExt as _;
        let keys = start(&test, &[]).await.expect("made");
        let file = master_key_file(&config(&test, &[]));
        let mode = std::fs::metadata(&file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!file.with_extension("part").exists());
        let again = start(&test, &[]).await.expect("read");
        assert_eq!(again.current().mark(), keys.current().mark());
        std::fs::remove_file(&file).expect("lost");
        let refused = start(&test, &[]).await.expect_err("lost");
        assert!(refused.to_string().contains("is not there"), "{refused}");
        assert!(!file.exists(), "none was made in its place");
    }

    async fn of_two_first_starts_with_keys_of_their_own_one_is_refused(test: TestDb) {
        // Both have looked, and found an empty database.
        let (one, other) = (MasterKeys::new(OLD.clone()), MasterKeys::new(NEW.clone()));
        let now = SystemClock::default().now();
        let (first, second) = tokio::join!(note(&test.db, &one, now), note(&test.db, &other, now));
        assert_eq!(
            [first.is_ok(), second.is_ok()]
                .iter()
                .filter(|ok| **ok)
                .count(),
            1,
            "{first:?} {second:?}"
        );
    }

    async fn a_node_that_was_forgotten_learns_that_its_key_is_over(test: TestDb) {
        start(&test, &[&OLD]).await.expect("the first start");
        let mark = OLD.mark();
        let of_old = || standing(&test.db, &mark);
        assert_eq!(of_old().await.expect("read"), Standing::Seals);
        start(&test, &[&NEW, &OLD]).await.expect("both");
        let replaced = of_old().await.expect("read");
        assert!(matches!(replaced, Standing::Replaced(_)), "{replaced:?}");
        let now = SystemClock::default().now();
        let noted: Result<bool, DbError> = test
            .db
            .write(move |tx| {
                Box::pin(async move { kernel_db::note_resealed(tx, &OLD.mark(), now).await })
            })
            .await;
        assert_eq!(noted, Ok(true));
        assert_eq!(of_old().await.expect("read"), Standing::Over);
    }
}
