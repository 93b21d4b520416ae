//! Durable writes a second: the grouping writer beside an ordinary pool, in the same run.
//!
//! One write is what sending a message costs: an event of 760 bytes under a unique key, its
//! room's counter, an outbox row. Each task has a room of its own and waits for its answer before
//! the next write, so "waiting" is how many writes wait at once.
//!
//! `cargo run -p benches --bin store [SECONDS]`; PostgreSQL too when `BESACE_BENCH_PG` names a
//! database whose tables may be made (take one of its own). The pools: on SQLite ten connections,
//! WAL, `synchronous=FULL`, each transaction committed by itself; on PostgreSQL the same number
//! of connections as the writer's, READ COMMITTED, without retries.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it fails and prints its table"
)]

use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use kernel::Timestamp;
use kernel_db::{
    DEFAULT_CONNECTIONS, DatabaseConfig, Db, DbError, Migration, MigrationSet, values,
};
use tokio::{sync::Semaphore, task::JoinSet};

const WAITING: [u32; 3] = [1, 10, 100];
const RUNS: usize = 5;
const BODY: usize = 760;

const TABLES_SQLITE: &str = "CREATE TABLE bench_event (id BLOB PRIMARY KEY, room INTEGER NOT NULL,
    body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE bench_room (id INTEGER PRIMARY KEY, last INTEGER NOT NULL);
    CREATE TABLE bench_outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, event BLOB NOT NULL)";
const TABLES_POSTGRES: &str = "CREATE TABLE bench_event (id BYTEA PRIMARY KEY,
    room BIGINT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE bench_room (id BIGINT PRIMARY KEY, last BIGINT NOT NULL);
    CREATE TABLE bench_outbox (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event BYTEA NOT NULL)";
const SETS: &[MigrationSet] = &[MigrationSet {
    tool: "bench",
    migrations: &[Migration {
        number: 1,
        name: "tables",
        sqlite: TABLES_SQLITE,
        postgres: TABLES_POSTGRES,
    }],
}];

const INSERT_EVENT: &str = "INSERT INTO bench_event (id, room, body) VALUES ($1, $2, $3)";
const UPDATE_ROOM: &str = "INSERT INTO bench_room (id, last) VALUES ($1, 1) \
    ON CONFLICT (id) DO UPDATE SET last = bench_room.last + 1";
const INSERT_OUTBOX: &str = "INSERT INTO bench_outbox (event) VALUES ($1)";

/// Numbers the writes, so that no key comes twice.
static NEXT: AtomicU64 = AtomicU64::new(1);

fn next_id() -> [u8; 16] {
    let number = u128::from(NEXT.fetch_add(1, Ordering::Relaxed));
    // Spread as ids are that begin with a time and end by chance.
    (number << 64 | number.wrapping_mul(0x9E37_79B9_7F4A_7C15) & u128::from(u64::MAX)).to_be_bytes()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

/// One of the things measured.
trait Store: Clone + Send + Sync + 'static {
    /// One durable write.
    fn write(&self, room: i64) -> impl Future<Output = ()> + Send;
}

/// Ours.
#[derive(Clone)]
struct Ours(Db);

impl Store for Ours {
    async fn write(&self, room: i64) {
        let id = next_id();
        self.0
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute(INSERT_EVENT, &values![id, room, "x".repeat(BODY)])
                        .await?;
                    tx.execute(UPDATE_ROOM, &values![room]).await?;
                    tx.execute(INSERT_OUTBOX, &values![id]).await
                })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("a write");
    }
}

/// An ordinary pool of SQLite connections: a transaction takes one, on a blocking thread.
#[derive(Clone)]
struct SqlitePool {
    free: Arc<Mutex<Vec<rusqlite::Connection>>>,
    permits: Arc<Semaphore>,
}

impl SqlitePool {
    fn open(file: &Path) -> Self {
        let connections = (0..DEFAULT_CONNECTIONS).map(|_| {
            let connection = rusqlite::Connection::open(file).expect("a file");
            connection
                .execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA busy_timeout = 60000; PRAGMA wal_autocheckpoint = 4000",
                )
                .expect("pragmas");
            connection
        });
        let free: Vec<_> = connections.collect();
        free.first()
            .expect("a connection")
            .execute_batch(TABLES_SQLITE)
            .expect("tables");
        Self {
            permits: Arc::new(Semaphore::new(free.len())),
            free: Arc::new(Mutex::new(free)),
        }
    }
}

impl Store for SqlitePool {
    async fn write(&self, room: i64) {
        let _permit = self.permits.acquire().await.expect("an open pool");
        let free = Arc::clone(&self.free);
        let connection = take(&free);
        tokio::task::spawn_blocking(move || {
            let id = next_id();
            let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
                connection
                    .prepare_cached(sql)
                    .and_then(|mut statement| statement.execute(values))
                    .expect("a statement");
            };
            run("BEGIN IMMEDIATE", &[]);
            run(INSERT_EVENT, &[&id, &room, &"x".repeat(BODY)]);
            run(UPDATE_ROOM, &[&room]);
            run(INSERT_OUTBOX, &[&id]);
            run("COMMIT", &[]);
            free.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        })
        .await
        .expect("a write");
    }
}

fn take(free: &Mutex<Vec<rusqlite::Connection>>) -> rusqlite::Connection {
    free.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop()
        .expect("as many connections as permits")
}

/// An ordinary pool of PostgreSQL connections.
#[derive(Clone)]
struct PostgresPool(deadpool_postgres::Pool);

impl PostgresPool {
    fn open(url: &str) -> Self {
        let config = url.parse().expect("a URL");
        let manager = deadpool_postgres::Manager::new(config, tokio_postgres::NoTls);
        Self(
            deadpool_postgres::Pool::builder(manager)
                .max_size(DEFAULT_CONNECTIONS)
                .build()
                .expect("a pool"),
        )
    }
}

impl Store for PostgresPool {
    async fn write(&self, room: i64) {
        let mut client = self.0.get().await.expect("a connection");
        let id = next_id().to_vec();
        let transaction = client.transaction().await.expect("a transaction");
        let event = transaction.prepare_cached(INSERT_EVENT).await.expect("sql");
        let counter = transaction.prepare_cached(UPDATE_ROOM).await.expect("sql");
        let outbox = transaction
            .prepare_cached(INSERT_OUTBOX)
            .await
            .expect("sql");
        let body = "x".repeat(BODY);
        transaction
            .execute(&event, &[&id, &room, &body])
            .await
            .expect("an event");
        transaction
            .execute(&counter, &[&room])
            .await
            .expect("a counter");
        transaction.execute(&outbox, &[&id]).await.expect("a row");
        transaction.commit().await.expect("a commit");
    }
}

/// Acknowledged writes a second.
async fn measure(store: &impl Store, waiting: u32, length: Duration) -> f64 {
    let stop = Arc::new(AtomicBool::new(false));
    let done = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for room in 0..waiting {
        let (store, stop, done) = (store.clone(), Arc::clone(&stop), Arc::clone(&done));
        tasks.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                store.write(i64::from(room)).await;
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    // Statements are prepared and pages warm before the count begins.
    tokio::time::sleep(length / 5).await;
    let (before, started) = (done.load(Ordering::Relaxed), now());
    tokio::time::sleep(length).await;
    let (after, elapsed) = (done.load(Ordering::Relaxed), started.elapsed());
    stop.store(true, Ordering::Relaxed);
    while tasks.join_next().await.is_some() {}
    let writes = u32::try_from(after - before).unwrap_or(u32::MAX);
    f64::from(writes) / elapsed.as_secs_f64()
}

/// The middle one, and the ends.
fn spread(mut runs: Vec<f64>) -> (f64, f64, f64) {
    runs.sort_by(f64::total_cmp);
    let at = |place: usize| runs.get(place).copied().unwrap_or_default();
    (at(runs.len() / 2), at(0), at(runs.len().saturating_sub(1)))
}

async fn compare(name: &str, ours: impl Store, pool: impl Store, length: Duration) {
    for waiting in WAITING {
        let (mut grouped, mut pooled) = (Vec::new(), Vec::new());
        // In turn, so that a slow minute of the machine falls on both.
        for _ in 0..RUNS {
            grouped.push(measure(&ours, waiting, length).await);
            pooled.push(measure(&pool, waiting, length).await);
        }
        let (grouped, pooled) = (spread(grouped), spread(pooled));
        println!(
            "| {name} | {waiting} | {:.0} ({:.0}–{:.0}) | {:.0} ({:.0}–{:.0}) | {:.1} |",
            grouped.0,
            grouped.1,
            grouped.2,
            pooled.0,
            pooled.1,
            pooled.2,
            grouped.0 / pooled.0
        );
    }
}

/// Appends with `fdatasync` a second: what the disk can do for a writer without groups.
fn disk(folder: &Path, length: Duration) -> f64 {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("disk"))
        .expect("a file");
    let started = now();
    let mut syncs = 0_u32;
    while started.elapsed() < length {
        file.write_all(&[0; 4_096]).expect("a write");
        file.sync_data().expect("a sync");
        syncs += 1;
    }
    f64::from(syncs) / started.elapsed().as_secs_f64()
}

async fn sqlite(length: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "disk: {:.0} appends with fdatasync a second\n",
        disk(folder.path(), length)
    );
    println!(
        "| database | waiting | Besace, writes/s | pool of {DEFAULT_CONNECTIONS}, writes/s | ratio |"
    );
    println!("| --- | --- | --- | --- | --- |");
    let db = open(&DatabaseConfig::Sqlite {
        folder: folder.path().join("ours"),
    })
    .await;
    let pool = SqlitePool::open(&folder.path().join("pool.sqlite"));
    compare("SQLite", Ours(db.clone()), pool, length).await;
    db.close().await;
}

async fn postgres(url: String, length: Duration) {
    let db = open(&DatabaseConfig::Postgres {
        url: url.clone(),
        max_connections: DEFAULT_CONNECTIONS,
    })
    .await;
    compare(
        "PostgreSQL",
        Ours(db.clone()),
        PostgresPool::open(&url),
        length,
    )
    .await;
    db.close().await;
}

async fn open(config: &DatabaseConfig) -> Db {
    let db = Db::open(config).await.expect("a database");
    db.migrate(SETS, Timestamp::from_millis(0))
        .await
        .expect("tables");
    db
}

#[tokio::main]
async fn main() {
    let seconds = std::env::args()
        .nth(1)
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(1.0);
    let length = Duration::from_secs_f64(seconds);
    println!("{RUNS} runs of {seconds} s each in turn: median (least–most)");
    sqlite(length).await;
    match std::env::var("BESACE_BENCH_PG") {
        Ok(url) => postgres(url, length).await,
        Err(_) => println!("\nskipped: no PostgreSQL database in BESACE_BENCH_PG"),
    }
}
