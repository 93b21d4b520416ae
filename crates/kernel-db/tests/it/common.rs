//! What the tests share: a clock that stands, and one table.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kernel::{
    Act, AgentId, Clock, Event, EventId, JournalEntry, OrganisationId, OsRng, Outcome, Rng,
    Timestamp,
};
use kernel_db::{
    Consumer, Db, DbError, JobHandler, JournalConfig, JournalKey, Migration, MigrationSet,
    Retention, Tx, values,
    workers::{self, Round},
};

/// One table of a tool that does not exist.
pub(crate) const SETS: &[MigrationSet] = &[MigrationSet {
    tool: "test",
    migrations: &[Migration {
        number: 1,
        name: "things",
        sqlite: "CREATE TABLE thing (id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, \
                 size INTEGER NOT NULL, weight REAL, note TEXT) STRICT; \
                 CREATE INDEX thing_size ON thing (size)",
        postgres: "CREATE TABLE thing (id BYTEA PRIMARY KEY, \
                   name TEXT COLLATE \"C\" NOT NULL UNIQUE, size BIGINT NOT NULL, \
                   weight DOUBLE PRECISION, note TEXT COLLATE \"C\"); \
                   CREATE INDEX thing_size ON thing (size)",
    }],
}];

/// A clock that moves only when told.
pub(crate) struct StandingClock(AtomicI64);

impl StandingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_795_600_800_000)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).expect("a short time");
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) fn journal_config(scratch: &Path) -> JournalConfig {
    JournalConfig {
        checkpoint_file: scratch.join("checkpoint.json"),
        key: JournalKey::new(&[7; 32]),
        retention: Retention::default(),
    }
}

/// One round of everything.
pub(crate) async fn round(
    db: &Db,
    scratch: &Path,
    clock: &Arc<StandingClock>,
    handlers: &[Arc<dyn JobHandler>],
    consumers: &[Arc<dyn Consumer>],
) -> Round {
    let clock: Arc<dyn Clock> = Arc::<StandingClock>::clone(clock);
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    workers::run_once(
        db,
        &clock,
        &rng,
        handlers,
        consumers,
        &journal_config(scratch),
    )
    .await
    .expect("a round")
}

pub(crate) async fn add(tx: &mut Tx, id: u8, name: &str, size: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO thing (id, name, size) VALUES ($1, $2, $3)",
        &values![[id; 16], name, size],
    )
    .await?;
    Ok(())
}

pub(crate) async fn count(db: &Db) -> i64 {
    db.read(|tx| {
        Box::pin(async move {
            let row = tx
                .query_optional("SELECT COUNT(*) AS n FROM thing", &values![])
                .await?;
            row.map_or(Ok(0), |row| row.get("n"))
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("a count")
}

pub(crate) fn event(number: u128, subject: &str, kind: &str) -> Event {
    Event {
        id: EventId::from_u128(number),
        kind: kind.to_owned(),
        version: 1,
        at: Timestamp::from_millis(1),
        actor: Some(AgentId::from_u128(1)),
        organisation: None,
        subject: subject.to_owned(),
        data: serde_json::json!({ "number": number.to_string() }),
    }
}

pub(crate) fn entry(organisation: Option<u128>, subject: &str, at: Timestamp) -> JournalEntry {
    JournalEntry {
        at,
        organisation: organisation.map(OrganisationId::from_u128),
        actor: Some(AgentId::from_u128(1)),
        act: Act("test.thing.done"),
        subject: subject.to_owned(),
        outcome: Outcome::Done,
        data: serde_json::json!({ "n": 1, "é": "à" }),
        personal: Some("claire.martin@interieur.example".to_owned()),
    }
}
