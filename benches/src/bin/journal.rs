//! What the journal costs: sign-ins at the pace of the State's morning, 111 a second, each a
//! look-up, a session row, a journal entry and an event; then as fast as fifty at once can.
//!
//! `cargo run -p benches --bin journal [SECONDS]`; PostgreSQL too when `BESACE_BENCH_PG` names a
//! database of its own. Latency is from the call to the durable answer. Processor time is of the
//! whole process, with the sequencer and the dispatcher at work and without them.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it fails and prints its table"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use kernel::{
    Act, AgentId, Clock, Event, EventId, JournalEntry, OrganisationId, OsRng, Outcome, Rng,
    SystemClock, Timestamp,
};
use kernel_db::{
    DEFAULT_CONNECTIONS, DatabaseConfig, Db, DbError, JournalConfig, JournalKey, Migration,
    MigrationSet, Tx, Workers, values, verify, workers,
};
use tokio::task::JoinSet;

const PACE: u32 = 111;
const AT_ONCE: u32 = 50;
const ACCOUNTS: i64 = 1_000;

const SETS: &[MigrationSet] = &[MigrationSet {
    tool: "bench-journal",
    migrations: &[Migration {
        number: 1,
        name: "tables",
        sqlite: "CREATE TABLE bench_account (id INTEGER PRIMARY KEY, last INTEGER NOT NULL); \
                 CREATE TABLE bench_session (id BLOB PRIMARY KEY, account INTEGER NOT NULL) \
                 WITHOUT ROWID",
        postgres: "CREATE TABLE bench_account (id BIGINT PRIMARY KEY, last BIGINT NOT NULL); \
                   CREATE TABLE bench_session (id BYTEA PRIMARY KEY, account BIGINT NOT NULL)",
    }],
}];

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

/// Processor time of this process, user and system, in milliseconds (Linux, 100 ticks a second).
fn processor_millis() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit(") ").next().expect("fields");
    let ticks = fields.split(' ').skip(11).take(2);
    ticks
        .map(|ticks| ticks.parse::<u64>().expect("a number") * 10)
        .sum()
}

async fn sign_in(tx: &mut Tx, account: i64, at: Timestamp) -> Result<(), DbError> {
    tx.query_optional(
        "SELECT last FROM bench_account WHERE id = $1",
        &values![account],
    )
    .await?;
    let id = EventId::new(at, &OsRng);
    tx.execute(
        "INSERT INTO bench_session (id, account) VALUES ($1, $2)",
        &values![id, account],
    )
    .await?;
    tx.execute(
        "UPDATE bench_account SET last = $2 WHERE id = $1",
        &values![account, at],
    )
    .await?;
    let subject = format!("agent:{account}");
    let entry = JournalEntry {
        at,
        organisation: Some(OrganisationId::from_u128(1)),
        actor: Some(AgentId::from_u128(account.unsigned_abs().into())),
        act: Act("identity.session.opened"),
        subject: subject.clone(),
        outcome: Outcome::Done,
        data: serde_json::json!({ "provider": "interieur", "method": "pwd" }),
        personal: Some("claire.martin@interieur.example".to_owned()),
    };
    tx.journal(entry, &OsRng).await?;
    let event = Event {
        id,
        kind: "identity.session.opened".to_owned(),
        version: 1,
        at,
        actor: None,
        organisation: Some(OrganisationId::from_u128(1)),
        subject,
        data: serde_json::json!({}),
    };
    tx.emit(&event).await
}

#[derive(Default)]
struct Outcomes {
    conflicts: AtomicU64,
    busy: AtomicU64,
}

async fn one(db: &Db, number: u32, outcomes: &Outcomes) -> Duration {
    let account = i64::from(number) % ACCOUNTS;
    let at = SystemClock::default().now();
    let started = now();
    let outcome = db
        .write(move |tx| Box::pin(async move { sign_in(tx, account, at).await }))
        .await;
    match outcome {
        Ok(()) => {}
        Err(DbError::Conflict) => {
            outcomes.conflicts.fetch_add(1, Ordering::Relaxed);
        }
        Err(DbError::Busy) => {
            outcomes.busy.fetch_add(1, Ordering::Relaxed);
        }
        Err(error) => {
            println!("{error}");
        }
    }
    started.elapsed()
}

/// So many a second, whether the last has ended or not.
async fn paced(db: &Db, length: Duration, outcomes: &Arc<Outcomes>) -> Vec<Duration> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / PACE);
    let mut tasks = JoinSet::new();
    let started = now();
    let mut number = 0;
    while started.elapsed() < length {
        tick.tick().await;
        number += 1;
        let (db, outcomes) = (db.clone(), Arc::clone(outcomes));
        tasks.spawn(async move { one(&db, number, &outcomes).await });
    }
    tasks.join_all().await
}

/// A number at once, each as soon as its last has ended.
async fn pressed(db: &Db, length: Duration, outcomes: &Arc<Outcomes>) -> Vec<Duration> {
    let mut tasks = JoinSet::new();
    let started = now();
    for writer in 0..AT_ONCE {
        let (db, outcomes) = (db.clone(), Arc::clone(outcomes));
        tasks.spawn(async move {
            let mut took = Vec::new();
            let mut number = writer;
            while started.elapsed() < length {
                took.push(one(&db, number, &outcomes).await);
                number += AT_ONCE;
            }
            took
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

fn at(sorted: &[Duration], percent: usize) -> f64 {
    sorted
        .get(sorted.len() * percent / 100)
        .map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

async fn measure(name: &str, config: &DatabaseConfig, length: Duration) {
    let db = Db::open(config).await.expect("a database");
    db.migrate(SETS, Timestamp::from_millis(0))
        .await
        .expect("tables");
    db.write(|tx| {
        Box::pin(async move {
            for account in 0..ACCOUNTS {
                tx.execute(
                    "INSERT INTO bench_account (id, last) VALUES ($1, 0) ON CONFLICT DO NOTHING",
                    &values![account],
                )
                .await?;
            }
            Ok(())
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("accounts");
    let scratch = tempfile::tempdir().expect("a folder");
    let journal = JournalConfig {
        checkpoint_file: scratch.path().join("checkpoint.json"),
        key: JournalKey::new(&[1; 32]),
        retention: kernel_db::Retention::default(),
    };
    for is_paced in [true, false] {
        for with_workers in [false, true] {
            drain(&db, &journal).await;
            let workers = with_workers.then(|| start(&db, &journal));
            let outcomes = Arc::new(Outcomes::default());
            let (cpu, started) = (processor_millis(), now());
            let mut took = if is_paced {
                paced(&db, length, &outcomes).await
            } else {
                pressed(&db, length, &outcomes).await
            };
            let (cpu, elapsed) = (processor_millis() - cpu, started.elapsed());
            took.sort_unstable();
            let count = u32::try_from(took.len()).expect("not so many");
            let millis = u32::try_from(cpu).expect("not so long");
            println!(
                "| {name} | {} | {} | {:.0} | {:.1} / {:.1} | {:.0} | {} / {} |",
                if is_paced {
                    "111 a second"
                } else {
                    "50 at once"
                },
                if with_workers { "yes" } else { "no" },
                f64::from(count) / elapsed.as_secs_f64(),
                at(&took, 50),
                at(&took, 99),
                f64::from(millis) * 1_000.0 / f64::from(count),
                outcomes.conflicts.load(Ordering::Relaxed),
                outcomes.busy.load(Ordering::Relaxed),
            );
            if let Some(workers) = workers {
                workers.stop().await;
            }
        }
    }
    drain(&db, &journal).await;
    let report = verify(&db, &journal.checkpoint_file, &journal.key)
        .await
        .expect("a report");
    println!(
        "{name}: {} entries in the chain, intact: {}",
        report.entries,
        report.is_intact()
    );
    db.close().await;
}

/// Does what the run before has left.
async fn drain(db: &Db, journal: &JournalConfig) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    workers::run_once(db, &clock, &rng, &[], &[], journal)
        .await
        .expect("a round");
}

fn start(db: &Db, journal: &JournalConfig) -> Workers {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    Workers::start(
        db.clone(),
        clock,
        rng,
        Vec::new(),
        Vec::new(),
        journal.clone(),
    )
}

#[tokio::main]
async fn main() {
    let seconds = std::env::args()
        .nth(1)
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(3.0);
    let length = Duration::from_secs_f64(seconds);
    println!(
        "| database | load | workers | acts/s | ms p50 / p99 | processor µs an act | given up: \
         conflict / busy |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = DatabaseConfig::Sqlite {
        folder: folder.path().to_owned(),
    };
    measure("SQLite", &sqlite, length).await;
    match std::env::var("BESACE_BENCH_PG") {
        Ok(url) => {
            let postgres = DatabaseConfig::Postgres {
                url,
                max_connections: DEFAULT_CONNECTIONS,
            };
            measure("PostgreSQL", &postgres, length).await;
        }
        Err(_) => println!("skipped: no PostgreSQL database in BESACE_BENCH_PG"),
    }
}
