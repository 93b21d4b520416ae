//! kill -9 in the middle of a thousand writes: what was acknowledged is there.
//!
//! The test starts itself again as the program that is killed.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use kernel::{Clock, OsRng, Rng, SystemClock};
use kernel_db::{
    DEFAULT_CONNECTIONS, DatabaseConfig, Db, DbError, Workers, store_suite, testing::TestDb,
    values, verify,
};

use crate::common::{SETS, entry, journal_config};

store_suite!(SETS;
    what_was_acknowledged_before_a_kill_is_there_after_it,
);

/// Tells the program to be killed where its database is.
const PLACE: &str = "BESACE_CRASH_PLACE";
/// And where the checkpoint goes.
const SCRATCH: &str = "BESACE_CRASH_SCRATCH";
const WRITERS: u32 = 1_000;
/// Acknowledgements before the kill: some groups are done, most are not.
const KILL_AFTER: usize = 300;

fn place(config: &DatabaseConfig) -> String {
    match config {
        DatabaseConfig::Sqlite { folder } => folder.display().to_string(),
        DatabaseConfig::Postgres { url, .. } => url.clone(),
    }
}

fn config(place: &str) -> DatabaseConfig {
    if place.starts_with("postgres://") {
        DatabaseConfig::Postgres {
            url: place.to_owned(),
            max_connections: DEFAULT_CONNECTIONS,
        }
    } else {
        DatabaseConfig::Sqlite {
            folder: place.into(),
        }
    }
}

/// This test binary, set to run one of its ignored tests as a program.
pub(crate) fn program(command: &mut Command, test: &str) {
    command
        .args([test, "--exact", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
}

/// The program that is killed: a thousand writers, each an acknowledged row after the other.
#[test]
#[ignore = "the program that another test starts and kills"]
fn hammering() {
    let place = std::env::var(PLACE).expect("started by the test");
    let scratch = std::env::var(SCRATCH).expect("started by the test");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&config(&place)).await.expect("a database");
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let workers = Workers::start(
            db.clone(),
            Arc::clone(&clock),
            rng,
            Vec::new(),
            Vec::new(),
            journal_config(Path::new(&scratch)),
        );
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write_one_after_the_other(db.clone(), writer, clock.now()));
        }
        while writers.join_next().await.is_some() {}
        workers.stop().await;
    });
}

async fn write_one_after_the_other(db: Db, writer: u32, at: kernel::Timestamp) {
    for round in 0..20 {
        let name = format!("w{writer}r{round}");
        let written = name.clone();
        let outcome: Result<(), DbError> = db
            .write(move |tx| {
                let name = written.clone();
                Box::pin(async move {
                    let mut id = name.clone().into_bytes();
                    id.resize(16, 0);
                    tx.execute(
                        "INSERT INTO thing (id, name, size) VALUES ($1, $2, 1)",
                        &values![id, &name],
                    )
                    .await?;
                    tx.journal(entry(None, &name, at), &OsRng).await
                })
            })
            .await;
        match outcome {
            Ok(()) => println!("ack {name}."),
            // The pool has ten connections for a thousand writers.
            Err(DbError::Busy | DbError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

async fn what_was_acknowledged_before_a_kill_is_there_after_it(test: TestDb) {
    // The program takes the folder over.
    let db = test.db.clone();
    db.close().await;
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    program(&mut command, "crash::hammering");
    let mut child = command
        .env(PLACE, place(test.config()))
        .env(SCRATCH, test.scratch())
        .spawn()
        .expect("the program");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut acknowledged = BTreeSet::new();
    let mut killed = false;
    for line in output.lines() {
        let line = line.expect("a line");
        // The harness writes on the same output, and the last line may be cut.
        let Some((_, name)) = line.split_once("ack ") else {
            continue;
        };
        if let Some(name) = name.strip_suffix('.') {
            acknowledged.insert(name.to_owned());
        }
        if !killed && acknowledged.len() >= KILL_AFTER {
            child.kill().expect("SIGKILL");
            killed = true;
        }
    }
    let status = child.wait().expect("its end");
    assert!(killed, "it ended by itself: {status}");

    let db = Db::open(test.config()).await.expect("it opens again");
    let rows = db
        .read(|tx| {
            Box::pin(async move {
                tx.query(
                    "SELECT t.name AS name, (SELECT COUNT(*) FROM journal_entry e \
                     WHERE e.subject = t.name) + (SELECT COUNT(*) FROM journal_pending p \
                     WHERE p.subject = t.name) AS entries FROM thing t",
                    &values![],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("rows");
    let mut there = BTreeSet::new();
    for row in &rows {
        let name: String = row.get("name").expect("a name");
        assert_eq!(
            row.get::<i64>("entries"),
            Ok(1),
            "{name} and its entry go together"
        );
        there.insert(name);
    }
    let lost: Vec<_> = acknowledged.difference(&there).collect();
    assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
    assert!(there.len() < usize::try_from(WRITERS * 20).expect("small"));

    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let journal = journal_config(test.scratch());
    kernel_db::workers::run_once(&db, &clock, &rng, &[], &[], &journal)
        .await
        .expect("the sequencer goes on");
    let report = verify(&db, &journal.checkpoint_file, &journal.key)
        .await
        .expect("a report");
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, there.len() as u64);
    db.close().await;
}
