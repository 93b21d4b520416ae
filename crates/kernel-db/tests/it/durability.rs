//! What the operating system sees: a group's writes, one sync, then the answers.

use std::process::Command;

use futures_util::future::join_all;
use kernel::Timestamp;
use kernel_db::{
    BoxFuture, DatabaseConfig, Db, DbError, Migration, MigrationSet, Row, store_suite,
    testing::TestDb, values,
};

use crate::{
    common::{SETS, add, count},
    crash::program,
};

store_suite!(DEFERRED;
    a_constraint_that_is_checked_at_the_commit_refuses_its_job_alone,
    a_caller_that_stops_waiting_leaves_the_database_free,
);

/// A table whose rows may come before those they need, until the commit.
const DEFERRED: &[MigrationSet] = &[
    SETS[0],
    MigrationSet {
        tool: "deferred",
        migrations: &[Migration {
            number: 1,
            name: "parts",
            sqlite: "CREATE TABLE part (thing BLOB NOT NULL REFERENCES thing (id) \
                     DEFERRABLE INITIALLY DEFERRED)",
            postgres: "CREATE TABLE part (thing BYTEA NOT NULL REFERENCES thing (id) \
                       DEFERRABLE INITIALLY DEFERRED)",
        }],
    },
];

/// Keeps SQLite's writer busy until all of `jobs` wait, so that they share a commit.
async fn together<T: Send + 'static>(
    db: &Db,
    jobs: Vec<BoxFuture<'_, Result<T, DbError>>>,
) -> Vec<Result<T, DbError>> {
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let gone = std::sync::Mutex::new(gone);
    let holding = db.write(move |_| {
        // Run again after a spoiled commit, it finds the other end gone and does not wait.
        let _ = gone.lock().expect("one job").recv();
        Box::pin(async { Ok::<(), DbError>(()) })
    });
    let releasing = async move { go.send(()).expect("the writer waits") };
    // Polled in this order; each job is in the queue after its first poll.
    let (held, outcomes, ()) = tokio::join!(holding, join_all(jobs), releasing);
    held.expect("the writer was held");
    outcomes
}

async fn a_constraint_that_is_checked_at_the_commit_refuses_its_job_alone(test: TestDb) {
    let jobs: Vec<BoxFuture<'_, _>> = (0..20_u8)
        .map(|number| {
            let job = test.db.write(move |tx| {
                Box::pin(async move {
                    let needed = if number == 7 { 99 } else { number };
                    tx.execute(
                        "INSERT INTO part (thing) VALUES ($1)",
                        &values![[needed; 16]],
                    )
                    .await?;
                    add(tx, number, &format!("thing {number}"), 1).await
                })
            });
            let job: BoxFuture<'_, Result<(), DbError>> = Box::pin(job);
            job
        })
        .collect();
    let outcomes = if test.db.backend() == kernel_db::Backend::Sqlite {
        together(&test.db, jobs).await
    } else {
        join_all(jobs).await
    };
    for (number, outcome) in outcomes.into_iter().enumerate() {
        if number == 7 {
            assert!(
                matches!(outcome, Err(DbError::Constraint { .. })),
                "{outcome:?}"
            );
        } else {
            assert_eq!(outcome, Ok(()), "neighbour {number}");
        }
    }
    assert_eq!(count(&test.db).await, 19);
}

async fn a_caller_that_stops_waiting_leaves_the_database_free(test: TestDb) {
    for number in 0..30_u8 {
        let mut write = Box::pin(test.db.write(move |tx| {
            Box::pin(async move { add(tx, number, &format!("thing {number}"), 1).await })
        }));
        // One poll sends it on its way; then the caller is gone.
        assert!(futures_util::poll!(&mut write).is_pending());
        drop(write);
    }
    let after: Result<(), DbError> = test
        .db
        .write(|tx| Box::pin(async move { add(tx, 200, "after", 1).await }))
        .await;
    assert_eq!(after, Ok(()));
    test.db.ping().await.expect("a connection is free");
}

/// A job too big for the disk is refused, and no answer that was given is taken back.
#[tokio::test]
async fn a_full_disk_takes_back_nothing_that_was_answered() {
    let test = TestDb::sqlite(SETS).await;
    let pages: i64 = test
        .db
        .write(|tx| {
            Box::pin(async move {
                let rows: Vec<Row> = tx.query("PRAGMA max_page_count = 100", &values![]).await?;
                rows[0].get("max_page_count")
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("a small disk");
    assert_eq!(pages, 100);
    let jobs: Vec<BoxFuture<'_, _>> = (0..20_u8)
        .map(|number| {
            let job = test.db.write(move |tx| {
                let letters = if number % 5 == 3 { 1_000_000 } else { 10 };
                Box::pin(async move {
                    add(tx, number, &format!("{number}{}", "x".repeat(letters)), 1).await
                })
            });
            let job: BoxFuture<'_, Result<(), DbError>> = Box::pin(job);
            job
        })
        .collect();
    let outcomes = together(&test.db, jobs).await;
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    for (number, outcome) in outcomes.iter().enumerate() {
        let expected = if number % 5 == 3 {
            Err(DbError::Full)
        } else {
            Ok(())
        };
        assert_eq!(*outcome, expected, "job {number}");
    }
    assert_eq!(count(&test.db).await, i64::try_from(done).expect("few"));
    let after: Result<(), DbError> = test
        .db
        .write(|tx| Box::pin(async move { add(tx, 200, "after", 1).await }))
        .await;
    assert_eq!(after, Ok(()), "the writer goes on");
    test.db
        .migrate(SETS, Timestamp::from_millis(0))
        .await
        .expect("still whole");
}

const PLACE: &str = "BESACE_TRACE_PLACE";

/// The program that is traced: ten writes one after the other, then a hundred at once.
#[test]
#[ignore = "the program that another test traces"]
fn traced() {
    let folder = std::env::var(PLACE).expect("started by the test").into();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&DatabaseConfig::Sqlite { folder })
            .await
            .expect("a database");
        for number in 0..10 {
            write(&db, number).await;
            println!("ack one {number}");
        }
        let group = (10..110).map(|number| write(&db, number));
        join_all(group).await;
        println!("ack hundred");
        db.close().await;
    });
}

async fn write(db: &Db, number: u8) {
    db.write(move |tx| {
        Box::pin(async move { add(tx, number, &format!("thing {number}"), 1).await })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("a write");
}

#[tokio::test]
async fn each_group_is_synced_once_before_its_answers() {
    let test = TestDb::sqlite(SETS).await;
    test.db.clone().close().await;
    let DatabaseConfig::Sqlite { folder } = test.config() else {
        panic!("SQLite");
    };
    let trace = test.file("trace");
    let mut command = Command::new("strace");
    command
        .args([
            "-f",
            "-y",
            "-s",
            "64",
            "-e",
            "trace=write,pwrite64,fdatasync,fsync",
            "-o",
        ])
        .arg(&trace)
        .arg(std::env::current_exe().expect("this binary"))
        .env(PLACE, folder);
    program(&mut command, "durability::traced");
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => {
            // Tracing is forbidden in some containers; the program itself must not fail.
            let text = std::fs::read_to_string(&trace).unwrap_or_default();
            assert!(!text.contains("exited with 101"), "{status}");
            eprintln!("skipped: strace may not trace here ({status})");
            return;
        }
        Err(cause) => {
            eprintln!("skipped: no strace here ({cause})");
            return;
        }
    }
    let text = std::fs::read_to_string(&trace).expect("a trace");
    let groups = groups(&text);
    assert_eq!(groups.len(), 11, "{groups:?}");
    for (place, group) in groups.iter().enumerate() {
        assert!(group.writes > 0, "group {place} wrote: {groups:?}");
        assert!(
            group.synced,
            "group {place} was on the disk when it was answered"
        );
    }
    // The first commit also syncs the new log's header.
    for group in &groups[1..10] {
        assert_eq!(group.syncs, 1, "{groups:?}");
    }
    // A hundred waiting: one is under way when the others come, then they go together.
    let hundred = groups.last().expect("the last group");
    assert!(hundred.syncs <= 3, "{groups:?}");
}

/// What happened to the log up to an answer.
#[derive(Debug, Default)]
struct Group {
    writes: u32,
    syncs: u32,
    /// Whether nothing was written since the last sync.
    synced: bool,
}

fn groups(trace: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut group = Group::default();
    let mut syncing = false;
    for line in trace.lines() {
        let is_log = line.contains("besace.sqlite-wal");
        if line.contains("write") && line.contains("\"ack ") {
            groups.push(std::mem::take(&mut group));
        } else if line.contains("pwrite64(") && is_log {
            group.writes += 1;
            group.synced = false;
        } else if (line.contains("fdatasync(") || line.contains("fsync(")) && is_log {
            if line.contains("unfinished") {
                syncing = true;
            } else {
                group.syncs += 1;
                group.synced = true;
            }
        } else if syncing && line.contains("sync resumed") {
            syncing = false;
            group.syncs += 1;
            group.synced = true;
        }
    }
    groups
}
