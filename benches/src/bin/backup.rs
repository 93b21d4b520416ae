//! What a backup does to who writes: sign-ins at the pace of the State's morning, 111 a second,
//! alone, then beside each way of copying a SQLite database; then how long a restore takes.
//!
//! `cargo xtask bench backup -- [MEGABYTES] [SECONDS]`. Latency is from the moment when a sign-in
//! was due to its durable answer, so that one that had to wait counts as late.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it fails and prints its table"
)]

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use kernel::{
    Act, AgentId, Clock, Event, EventId, JournalEntry, OrganisationId, OsRng, Outcome, Rng,
    SystemClock, Timestamp,
};
use kernel_db::{
    DatabaseConfig, Db, DbError, JournalConfig, JournalKey, Migration, MigrationSet, Tx, Workers,
    backup::{self, BackupKey, BackupOrder, RestoreTarget},
    values,
};
use rusqlite::{Connection, OpenFlags};
use tokio::task::JoinSet;

const PACE: u32 = 111;
/// Bytes that a row of ballast takes.
const BALLAST: usize = 1_000;

const SETS: &[MigrationSet] = &[MigrationSet {
    tool: "bench-backup",
    migrations: &[Migration {
        number: 1,
        name: "tables",
        sqlite: "CREATE TABLE bench_session (id BLOB PRIMARY KEY, account INTEGER NOT NULL, \
                 note TEXT NOT NULL) WITHOUT ROWID",
        postgres: "CREATE TABLE bench_session (id BYTEA PRIMARY KEY, account BIGINT NOT NULL, \
                   note TEXT NOT NULL)",
    }],
}];

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

async fn sign_in(tx: &mut Tx, account: u64, at: Timestamp) -> Result<(), DbError> {
    let id = EventId::new(at, &OsRng);
    let number = i64::try_from(account).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO bench_session (id, account, note) VALUES ($1, $2, '')",
        &values![id, number],
    )
    .await?;
    let subject = format!("agent:{account}");
    let entry = JournalEntry {
        at,
        organisation: Some(OrganisationId::from_u128(1)),
        actor: Some(AgentId::from_u128(account.into())),
        act: Act("identity.session.open"),
        subject: subject.clone(),
        outcome: Outcome::Done,
        data: serde_json::json!({ "provider": "interieur", "method": "pwd" }),
        personal: Some("claire.martin@interieur.example".to_owned()),
    };
    tx.journal(entry, &OsRng).await?;
    let event = Event {
        id,
        kind: "identity.agent.signed_in".to_owned(),
        version: 1,
        at,
        actor: None,
        organisation: Some(OrganisationId::from_u128(1)),
        subject,
        data: serde_json::json!({}),
    };
    tx.emit(&event).await
}

async fn fill(db: &Db, megabytes: usize) {
    let rows = megabytes.saturating_mul(1_000_000 / BALLAST);
    for batch in 0..rows.div_ceil(500) {
        let rows = 500.min(rows.saturating_sub(batch * 500));
        db.write(move |tx| {
            Box::pin(async move {
                let note = "x".repeat(BALLAST - 60);
                for _ in 0..rows {
                    let id = EventId::new(Timestamp::from_millis(1), &OsRng);
                    tx.execute(
                        "INSERT INTO bench_session (id, account, note) VALUES ($1, 0, $2)",
                        &values![id, &note],
                    )
                    .await?;
                }
                Ok::<_, DbError>(())
            })
        })
        .await
        .expect("ballast");
    }
}

/// Latencies of sign-ins that are due at the pace, until `over` and for `least` at least.
async fn paced(db: &Db, least: Duration, over: &AtomicBool) -> Vec<Duration> {
    let started = now();
    let mut running = JoinSet::new();
    let mut number = 0_u32;
    while started.elapsed() < least || !over.load(Ordering::Acquire) {
        let due = started + Duration::from_secs(1) * number / PACE;
        tokio::time::sleep_until(due.into()).await;
        let db = db.clone();
        running.spawn(async move {
            let account = u64::from(number);
            let at = SystemClock::default().now();
            db.write(move |tx| Box::pin(async move { sign_in(tx, account, at).await }))
                .await
                .expect("a sign-in");
            due.elapsed()
        });
        number += 1;
    }
    let mut took = running.join_all().await;
    took.sort_unstable();
    took
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn at_share(sorted: &[Duration], per_mille: usize) -> Duration {
    let place = sorted.len().saturating_mul(per_mille) / 1_000;
    sorted
        .get(place.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

fn row(name: &str, latencies: &[Duration], copy: Option<(u32, Duration)>) {
    let copied = copy.map_or_else(
        || "-".to_owned(),
        |(times, took)| format!("{times} x {:.2} s", took.as_secs_f64()),
    );
    println!(
        "| {name} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {copied} |",
        latencies.len(),
        millis(at_share(latencies, 500)),
        millis(at_share(latencies, 950)),
        millis(at_share(latencies, 990)),
        millis(latencies.last().copied().unwrap_or_default()),
    );
}

/// Sign-ins beside a copy that is made again and again for `least`.
async fn beside<F>(db: &Db, name: &str, least: Duration, mut copy: impl FnMut(u32) -> F)
where
    F: Future<Output = ()>,
{
    let over = Arc::new(AtomicBool::new(false));
    let writers = {
        let (db, over) = (db.clone(), Arc::clone(&over));
        tokio::spawn(async move { paced(&db, least, &over).await })
    };
    let started = now();
    let mut times = 0;
    while times == 0 || started.elapsed() < least {
        copy(times).await;
        times += 1;
    }
    let took = started.elapsed() / times;
    over.store(true, Ordering::Release);
    let latencies = writers.await.expect("writers");
    row(name, &latencies, Some((times, took)));
}

fn reader(file: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).expect("a reader")
}

/// What the kernel has not yet written of a file is written, as a backup must.
fn synced(file: &Path) {
    std::fs::File::open(file)
        .and_then(|file| file.sync_all())
        .expect("synced");
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = |usual: u64| {
        let argument = arguments.next();
        argument.map_or(usual, |text| text.parse().expect("a number"))
    };
    let megabytes = usize::try_from(next(200)).expect("small");
    let least = Duration::from_secs(next(15));
    let scratch = tempfile::tempdir_in(
        std::env::var("BESACE_BENCH_DIR").map_or_else(|_| std::env::temp_dir(), PathBuf::from),
    )
    .expect("a folder");
    let data = scratch.path().join("data");
    let config = DatabaseConfig::Sqlite {
        folder: data.clone(),
    };
    let journal = JournalConfig {
        checkpoint_file: data.join("journal.checkpoint"),
        key: JournalKey::new(&[7; 32]),
        retention: kernel_db::Retention::default(),
    };
    let key = BackupKey::new(&[9; 32]);
    let db = Db::open(&config).await.expect("a database");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    db.migrate(SETS, clock.now()).await.expect("migrations");
    fill(&db, megabytes).await;
    let workers = Workers::start(
        db.clone(),
        Arc::clone(&clock),
        rng,
        Vec::new(),
        Vec::new(),
        journal.clone(),
    );
    println!("{megabytes} MB, {PACE} sign-ins a second, milliseconds to the durable answer");
    println!("| beside | sign-ins | p50 | p95 | p99 | worst | copies |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let never = AtomicBool::new(true);
    row("nothing", &paced(&db, least, &never).await, None);
    let folder = |kind: &str, number: u32| scratch.path().join(format!("{kind}-{number}"));
    beside(&db, "`besace backup`", least, |number| {
        let (db, journal, key) = (db.clone(), journal.clone(), key.clone());
        let order = BackupOrder {
            folder: folder("backup", number),
            release: "bench".to_owned(),
            at: clock.now(),
            master_key: None,
        };
        let before = number.checked_sub(1).map(|one| folder("backup", one));
        async move {
            backup::back_up(&db, &journal, &key, order, Arc::new(|_, _| {}))
                .await
                .expect("a backup");
            if let Some(before) = before {
                std::fs::remove_dir_all(before).expect("removed");
            }
        }
    })
    .await;
    let file = data.join(backup::DATABASE);
    beside(&db, "one step of SQLite's own", least, |number| {
        let (from, to) = (file.clone(), folder("step", number));
        async move {
            let copied = tokio::task::spawn_blocking(move || {
                let from = reader(&from);
                let mut target = Connection::open(&to).expect("a target");
                let copy = rusqlite::backup::Backup::new(&from, &mut target).expect("a copy");
                while copy.step(-1).expect("a step") != rusqlite::backup::StepResult::Done {}
                drop(copy);
                drop(target);
                synced(&to);
                std::fs::remove_file(&to).expect("removed");
            });
            copied.await.expect("a copy");
        }
    })
    .await;
    beside(&db, "`VACUUM INTO`", least, |number| {
        let (from, to) = (file.clone(), folder("vacuum", number));
        async move {
            let copied = tokio::task::spawn_blocking(move || {
                let target = to.to_string_lossy().into_owned();
                reader(&from)
                    .execute("VACUUM INTO ?1", [target])
                    .expect("a copy");
                synced(&to);
                std::fs::remove_file(&to).expect("removed");
            });
            copied.await.expect("a copy");
        }
    })
    .await;
    row("nothing, again", &paced(&db, least, &never).await, None);

    let last = folder("last", 0);
    let order = BackupOrder {
        folder: last.clone(),
        release: "bench".to_owned(),
        at: clock.now(),
        master_key: None,
    };
    backup::back_up(&db, &journal, &key, order, Arc::new(|_, _| {}))
        .await
        .expect("a backup");
    workers.stop().await;
    db.close().await;
    let target = RestoreTarget {
        folder: scratch.path().join("restored"),
        journal: JournalConfig {
            checkpoint_file: scratch.path().join("restored").join("journal.checkpoint"),
            key: journal.key,
            retention: journal.retention,
        },
    };
    let started = now();
    let restored = backup::restore(&last, &key, &target, SETS, clock.now())
        .await
        .expect("a restore");
    println!(
        "restored, checked and verified in {:.2} s: {} journal entries, intact: {}",
        started.elapsed().as_secs_f64(),
        restored.journal.entries,
        restored.journal.is_intact()
    );
}
