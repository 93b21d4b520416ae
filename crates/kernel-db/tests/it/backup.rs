//! Backups of SQLite: made beside writers, whole or not there, and taken back.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use kernel::{Clock, OsRng, Rng, SystemClock, Timestamp};
use kernel_db::{
    DatabaseConfig, Db, DbError, JournalConfig, Migration, MigrationSet,
    backup::{
        self, BackupError, BackupKey, BackupOrder, CHECKPOINT, DATABASE, MANIFEST, Manifest,
        Progress, RestoreTarget, Restored,
    },
    testing::TestDb,
    values,
};

use crate::{
    common::{SETS, add, entry, journal_config},
    crash::program,
};

const AT: Timestamp = Timestamp::from_millis(1_795_600_800_000);
const WRITERS: u32 = 1_000;

fn key() -> BackupKey {
    BackupKey::new(&[9; 32])
}

fn order(folder: &Path) -> BackupOrder {
    BackupOrder {
        folder: folder.to_owned(),
        release: "0.1.0".to_owned(),
        at: AT,
        master_key: None,
    }
}

fn unseen() -> Progress {
    Arc::new(|_, _| {})
}

async fn back_up(test: &TestDb, folder: &Path) -> Result<Manifest, BackupError> {
    let journal = journal_config(test.scratch());
    backup::back_up(&test.db, &journal, &key(), order(folder), unseen()).await
}

fn target(scratch: &Path, name: &str) -> RestoreTarget {
    RestoreTarget {
        folder: scratch.join(name),
        journal: JournalConfig {
            checkpoint_file: scratch.join(name).join("checkpoint.json"),
            ..journal_config(scratch)
        },
    }
}

async fn restore(from: &Path, target: &RestoreTarget) -> Result<Restored, BackupError> {
    backup::restore(from, &key(), target, SETS, AT).await
}

/// One act: a row and its entry in the journal.
async fn act(db: &Db, name: String) -> Result<(), DbError> {
    db.write(move |tx| {
        let name = name.clone();
        Box::pin(async move {
            let mut id = name.clone().into_bytes();
            id.resize(16, 0);
            tx.execute(
                "INSERT INTO thing (id, name, size) VALUES ($1, $2, 1)",
                &values![id, &name],
            )
            .await?;
            tx.journal(entry(None, &name, AT), &OsRng).await
        })
    })
    .await
}

/// Rows that take some megabytes, so that a copy has several steps.
async fn fill(db: &Db, megabytes: u8) {
    for number in 0..megabytes {
        db.write(move |tx| {
            Box::pin(async move {
                let name = format!("ballast {number} {}", "x".repeat(1_000_000));
                add(tx, number, &name, 1).await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("ballast");
    }
}

/// Acts found in a database, each with exactly one journal entry.
async fn acts(db: &Db) -> BTreeSet<String> {
    let names = |sql: &'static str| async move {
        let rows = db
            .read(move |tx| Box::pin(async move { tx.query(sql, &values![]).await }))
            .await
            .map_err(|error: DbError| error)
            .expect("rows");
        let names = rows.iter().map(|row| row.get::<String>("name"));
        names.collect::<Result<Vec<_>, _>>().expect("names")
    };
    let things = names("SELECT name FROM thing WHERE name NOT LIKE 'ballast %'").await;
    let entries = names(
        "SELECT subject AS name FROM journal_entry UNION ALL \
         SELECT subject AS name FROM journal_pending",
    )
    .await;
    let (count, found) = (entries.len(), BTreeSet::from_iter(things));
    assert_eq!(found, BTreeSet::from_iter(entries), "each act is whole");
    assert_eq!(found.len(), count, "and written once");
    found
}

async fn work(db: &Db, journal: &JournalConfig) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    kernel_db::workers::run_once(db, &clock, &rng, &[], &[], journal)
        .await
        .expect("the journal goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_beside_a_thousand_writers_has_every_write_that_was_answered_and_none_half() {
    let test = TestDb::sqlite(SETS).await;
    fill(&test.db, 6).await;
    let answered = Arc::new(Mutex::new(BTreeSet::new()));
    let over = Arc::new(AtomicBool::new(false));
    let enough = Arc::new(tokio::sync::Notify::new());
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (db, enough) = (test.db.clone(), Arc::clone(&enough));
        let (answered, over) = (Arc::clone(&answered), Arc::clone(&over));
        writers.spawn(async move {
            let mut round = 0;
            while !over.load(Ordering::Acquire) {
                let name = format!("w{writer}r{round}");
                act(&db, name.clone()).await.expect("a write");
                let mut answered = answered.lock().expect("the list");
                answered.insert(name);
                if answered.len() == 2_000 {
                    enough.notify_one();
                }
                round += 1;
            }
        });
    }
    enough.notified().await;
    let before = answered.lock().expect("the list").clone();
    let folder = test.file("monday");
    let manifest = back_up(&test, &folder).await.expect("a backup");
    over.store(true, Ordering::Release);
    while writers.join_next().await.is_some() {}
    assert!(manifest.file(DATABASE).expect("a file").bytes > 6_000_000);

    let target = target(test.scratch(), "restored");
    let restored = restore(&folder, &target).await.expect("a restore");
    assert!(restored.journal.is_intact(), "{:?}", restored.journal);
    let db = Db::open(&DatabaseConfig::Sqlite {
        folder: target.folder.clone(),
    })
    .await
    .expect("it opens");
    let found = acts(&db).await;
    let lost: Vec<_> = before.difference(&found).collect();
    assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
    let all = acts(&test.db).await;
    assert!(found.is_subset(&all), "nothing is invented");
    assert!(found.len() < all.len(), "the writers went on meanwhile");

    // Life goes on: what waited gets its place, and the journal still holds.
    act(&db, "after".to_owned()).await.expect("a write");
    work(&db, &target.journal).await;
    let report = kernel_db::verify(&db, &target.journal.checkpoint_file, &target.journal.key)
        .await
        .expect("a report");
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, found.len() as u64 + 1);
    db.close().await;
}

const PLACE: &str = "BESACE_BACKUP_PLACE";

/// The program that is killed: one backup, each of its steps said aloud.
#[test]
#[ignore = "the program that another test starts and kills"]
fn backing_up() {
    let place = PathBuf::from(std::env::var(PLACE).expect("started by the test"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&DatabaseConfig::Sqlite {
            folder: place.join("data"),
        })
        .await
        .expect("a database");
        println!("step begun.");
        let journal = journal_config(&place);
        let order = order(&place.join("monday"));
        let said: Progress = Arc::new(|copied, all| println!("step {copied} of {all}."));
        backup::back_up(&db, &journal, &key(), order, said)
            .await
            .expect("a backup");
        println!("step done.");
    });
}

/// Runs that program until it has said `steps` steps, then kills it; whether it was alive.
fn killed_after(scratch: &Path, steps: usize) -> bool {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    program(&mut command, "backup::backing_up");
    let mut child = command.env(PLACE, scratch).spawn().expect("the program");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut said = 0;
    let mut done = false;
    for line in output.lines() {
        let line = line.expect("a line");
        done |= line.contains("step done.");
        said += usize::from(line.contains("step "));
        if said > steps && !done {
            child.kill().expect("SIGKILL");
            break;
        }
    }
    child.wait().expect("its end");
    !done
}

#[tokio::test]
async fn a_backup_that_is_killed_at_any_point_leaves_nothing_that_looks_whole() {
    let test = TestDb::sqlite(SETS).await;
    fill(&test.db, 6).await;
    act(&test.db, "precious".to_owned()).await.expect("a write");
    work(&test.db, &journal_config(test.scratch())).await;
    test.db.clone().close().await;
    let folder = test.file("monday");
    let mut killed = 0;
    for steps in 0..40 {
        let was_alive = killed_after(test.scratch(), steps);
        if folder.exists() {
            // It got its name before the end came: then it is whole.
            let scratch = test.file("drill");
            let journal = journal_config(test.scratch());
            let seen = backup::prove(&folder, &key(), &journal, &scratch, SETS, AT)
                .await
                .expect("whole");
            assert!(seen.journal.is_intact(), "{:?}", seen.journal);
            assert!(!scratch.exists(), "the drill leaves nothing");
            std::fs::remove_dir_all(&folder).expect("removed");
        }
        if !was_alive {
            break;
        }
        killed += 1;
    }
    assert!(killed >= 5, "it was killed {killed} times");
    // What was killed last is cleared away by the next.
    let db = Db::open(test.config()).await.expect("it opens again");
    let journal = journal_config(test.scratch());
    backup::back_up(&db, &journal, &key(), order(&folder), unseen())
        .await
        .expect("a backup");
    assert!(!test.file(".monday.partial").exists());
    db.close().await;
}

#[tokio::test]
async fn a_backup_that_nobody_waits_for_any_more_stops_and_leaves_nothing() {
    let test = TestDb::sqlite(SETS).await;
    fill(&test.db, 4).await;
    let folder = test.file("monday");
    let journal = journal_config(test.scratch());
    let begun = Arc::new(tokio::sync::Notify::new());
    let heard = Arc::clone(&begun);
    let progress: Progress = Arc::new(move |_, _| heard.notify_one());
    let key = key();
    let work = backup::back_up(&test.db, &journal, &key, order(&folder), progress);
    tokio::select! {
        outcome = work => panic!("too fast to be left: {outcome:?}"),
        () = begun.notified() => {}
    }
    assert!(!folder.exists());
    assert!(!test.file(".monday.partial").exists());
    act(&test.db, "after".to_owned()).await.expect("a write");
}

#[tokio::test]
async fn a_backup_of_which_one_byte_was_altered_is_refused() {
    let test = TestDb::sqlite(SETS).await;
    act(&test.db, "one".to_owned()).await.expect("a write");
    work(&test.db, &journal_config(test.scratch())).await;
    let folder = test.file("monday");
    back_up(&test, &folder).await.expect("a backup");
    let target = target(test.scratch(), "restored");
    for name in [DATABASE, CHECKPOINT, MANIFEST] {
        let path = folder.join(name);
        let bytes = std::fs::read(&path).expect("read");
        let mut altered = bytes.clone();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        std::fs::write(&path, &altered).expect("written");
        let refused = restore(&folder, &target).await.expect_err("refused");
        assert!(
            matches!(
                refused,
                BackupError::Altered(_) | BackupError::Forged | BackupError::Manifest(_)
            ),
            "{name}: {refused}"
        );
        std::fs::remove_file(&path).expect("removed");
        let refused = restore(&folder, &target).await.expect_err("refused");
        assert!(
            matches!(
                refused,
                BackupError::Missing(_) | BackupError::NoManifest(_)
            ),
            "{name}: {refused}"
        );
        std::fs::write(&path, &bytes).expect("written back");
        assert!(!target.folder.join(DATABASE).exists(), "nothing came of it");
    }
    let other = BackupKey::new(&[8; 32]);
    let refused = backup::restore(&folder, &other, &target, SETS, AT).await;
    assert!(matches!(refused, Err(BackupError::Forged)), "{refused:?}");
    restore(&folder, &target).await.expect("whole again");
}

#[tokio::test]
async fn a_restore_writes_over_nothing() {
    let test = TestDb::sqlite(SETS).await;
    act(&test.db, "one".to_owned()).await.expect("a write");
    work(&test.db, &journal_config(test.scratch())).await;
    let folder = test.file("monday");
    back_up(&test, &folder).await.expect("a backup");
    let again = back_up(&test, &folder).await;
    assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");

    // Over a database that a program uses.
    let DatabaseConfig::Sqlite { folder: live } = test.config().clone() else {
        panic!("SQLite");
    };
    let mut over = target(test.scratch(), "elsewhere");
    over.folder.clone_from(&live);
    let refused = restore(&folder, &over).await;
    assert!(
        matches!(refused, Err(BackupError::Occupied(_))),
        "{refused:?}"
    );
    // Into a folder that a program has just taken, and has not written in.
    let busy = target(test.scratch(), "busy");
    let held = Db::open(&DatabaseConfig::Sqlite {
        folder: busy.folder.clone(),
    })
    .await
    .expect("open");
    for rest in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(
            busy.folder.join(format!("{DATABASE}{rest}")),
        ));
    }
    let refused = restore(&folder, &busy).await;
    assert!(
        matches!(refused, Err(BackupError::Db(DbError::Locked(_)))),
        "{refused:?}"
    );
    held.close().await;
    // Over a checkpoint that has seen something else.
    let target = target(test.scratch(), "restored");
    std::fs::create_dir(&target.folder).expect("made");
    std::fs::write(&target.journal.checkpoint_file, "other").expect("written");
    let refused = restore(&folder, &target).await;
    assert!(
        matches!(refused, Err(BackupError::Occupied(_))),
        "{refused:?}"
    );
    std::fs::remove_file(&target.journal.checkpoint_file).expect("put aside");
    restore(&folder, &target).await.expect("now it may");
    let twice = restore(&folder, &target).await;
    assert!(matches!(twice, Err(BackupError::Occupied(_))), "{twice:?}");
    assert_eq!(
        acts(&test.db).await.len(),
        1,
        "the live data are as they were"
    );
}

#[tokio::test]
async fn an_older_backup_is_migrated_and_one_of_a_later_release_refused() {
    const LATER: &[MigrationSet] = &[MigrationSet {
        tool: "test",
        migrations: &[
            SETS[0].migrations[0],
            Migration {
                number: 2,
                name: "colour",
                sqlite: "ALTER TABLE thing ADD COLUMN colour TEXT",
                postgres: "ALTER TABLE thing ADD COLUMN colour TEXT",
            },
        ],
    }];
    let test = TestDb::sqlite(SETS).await;
    act(&test.db, "one".to_owned()).await.expect("a write");
    let folder = test.file("monday");
    let manifest = back_up(&test, &folder).await.expect("a backup");
    assert_eq!(manifest.contents.schema.get("test"), Some(&1));
    let later = target(test.scratch(), "later");
    let restored = backup::restore(&folder, &key(), &later, LATER, AT).await;
    assert_eq!(
        restored.expect("migrated").migrated.applied,
        ["test/0002 colour"]
    );
    let db = Db::open(&DatabaseConfig::Sqlite {
        folder: later.folder.clone(),
    })
    .await
    .expect("it opens");
    let newer = test.file("tuesday");
    backup::back_up(&db, &later.journal, &key(), order(&newer), unseen())
        .await
        .expect("a backup");
    db.close().await;
    let target = target(test.scratch(), "older");
    let refused = restore(&newer, &target).await;
    assert!(
        matches!(
            refused,
            Err(BackupError::Db(DbError::NewerSchema {
                found: 2,
                known: 1,
                ..
            }))
        ),
        "{refused:?}"
    );
    assert!(!target.folder.join(DATABASE).exists());
    assert!(!target.folder.join(".restore.partial").exists());
}

#[tokio::test]
async fn a_closed_database_is_whole_in_its_one_file() {
    let test = TestDb::sqlite(SETS).await;
    let folder = test.file("data");
    test.db.clone().close().await;
    for round in 0..20 {
        let db = Db::open(test.config()).await.expect("it opens");
        act(&db, format!("round {round}")).await.expect("a write");
        db.ping().await.expect("a reader at work");
        db.close().await;
        assert!(!folder.join("besace.sqlite-wal").exists(), "round {round}");
    }
}

#[tokio::test]
async fn a_journal_that_was_cut_before_the_backup_is_told_and_the_data_come_back() {
    let test = TestDb::sqlite(SETS).await;
    for name in ["one", "two"] {
        act(&test.db, name.to_owned()).await.expect("a write");
    }
    work(&test.db, &journal_config(test.scratch())).await;
    test.db
        .write(|tx| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE journal_entry SET subject = 'other' WHERE seq = 2",
                    &values![],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("the crime");
    let folder = test.file("monday");
    back_up(&test, &folder).await.expect("a backup");
    let target = target(test.scratch(), "restored");
    let restored = restore(&folder, &target).await.expect("a restore");
    assert!(!restored.journal.is_intact());
    assert!(target.folder.join(DATABASE).exists());
}
