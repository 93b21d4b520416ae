//! Events: once in effect, in order per subject, given up aloud.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use kernel::Event;
use kernel_db::{
    BoxFuture, ConsumeError, Consumer, Db, DbError, DeadLetterSource, Tx, dead_letters,
    store_suite, testing::TestDb, values,
};

use crate::common::{SETS, StandingClock, event, round};

store_suite!(SETS;
    events_come_in_order_per_subject_and_once,
    an_event_that_is_not_taken_holds_back_its_subject_only,
    an_event_that_is_never_taken_becomes_a_dead_letter_and_its_subject_moves_on,
    a_consumer_that_fails_leaves_no_effect,
    two_dispatchers_at_once_deliver_once,
    what_nobody_wants_leaves_the_queue,
    delivered_events_and_their_notes_leave_after_a_week,
);

/// Notes each event in a table, and refuses while `refusing` says so.
struct Notes {
    name: &'static str,
    refuse: u128,
    refusing: AtomicU32,
}

impl Notes {
    fn new(name: &'static str) -> Arc<Self> {
        Self::refusing(name, 0, 0)
    }

    fn refusing(name: &'static str, event: u128, times: u32) -> Arc<Self> {
        Arc::new(Self {
            name,
            refuse: event,
            refusing: AtomicU32::new(times),
        })
    }
}

impl Consumer for Notes {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kinds(&self) -> &'static [&'static str] {
        &["test.thing.made"]
    }

    fn consume<'a>(
        &'a self,
        tx: &'a mut Tx,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ConsumeError>> {
        Box::pin(async move {
            let rows = tx
                .query("SELECT COUNT(*) AS n FROM thing", &values![])
                .await?;
            let size: i64 = rows[0].get("n")?;
            let name = format!("{} {} {}", self.name, event.subject, event.id);
            let mut id = *event.id.as_bytes();
            id[0] = self.name.as_bytes()[0];
            tx.execute(
                "INSERT INTO thing (id, name, size, note) VALUES ($1, $2, $3, $4)",
                &values![id, name, size, &event.subject],
            )
            .await?;
            let left = self.refusing.load(Ordering::Relaxed);
            if event.id == kernel::EventId::from_u128(self.refuse) && left > 0 {
                self.refusing.store(left - 1, Ordering::Relaxed);
                return Err(ConsumeError::Refused("not today".to_owned()));
            }
            Ok(())
        })
    }
}

async fn emit(db: &Db, events: Vec<Event>) {
    db.write(move |tx| {
        let events = events.clone();
        Box::pin(async move {
            for event in &events {
                tx.emit(event).await?;
            }
            Ok(())
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("events");
}

fn made(number: u128, subject: &str) -> Event {
    event(number, subject, "test.thing.made")
}

/// The events' numbers of a subject, in the order in which they were consumed.
async fn consumed(db: &Db, subject: &'static str) -> Vec<u128> {
    let rows = db
        .read(move |tx| {
            Box::pin(async move {
                tx.query(
                    "SELECT name FROM thing WHERE note = $1 ORDER BY size, name",
                    &values![subject],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("rows");
    rows.iter()
        .map(|row| {
            let name: String = row.get("name").expect("a name");
            let id = name.rsplit(' ').next().expect("an id").to_owned();
            let id = kernel::EventId::parse(&id).expect("an id");
            u128::from_be_bytes(*id.as_bytes())
        })
        .collect()
}

async fn events_come_in_order_per_subject_and_once(test: TestDb) {
    let events = (1..=60)
        .map(|number| made(number, if number % 2 == 0 { "even" } else { "odd" }))
        .collect();
    emit(&test.db, events).await;
    let consumers: Vec<Arc<dyn Consumer>> = vec![Notes::new("notes")];
    let clock = StandingClock::new();
    let first = round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    let second = round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!((first.delivered, second.delivered), (60, 0));
    let even: Vec<u128> = (1..=60).filter(|number| number % 2 == 0).collect();
    assert_eq!(consumed(&test.db, "even").await, even);
    assert_eq!(consumed(&test.db, "odd").await.len(), 30);
}

async fn an_event_that_is_not_taken_holds_back_its_subject_only(test: TestDb) {
    emit(
        &test.db,
        vec![made(1, "a"), made(2, "b"), made(3, "a"), made(4, "b")],
    )
    .await;
    let consumers: Vec<Arc<dyn Consumer>> = vec![Notes::refusing("notes", 1, 1)];
    let clock = StandingClock::new();
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(consumed(&test.db, "a").await, []);
    assert_eq!(consumed(&test.db, "b").await, [2, 4]);
    clock.advance(Duration::from_secs(15));
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(consumed(&test.db, "a").await, [1, 3]);
}

async fn an_event_that_is_never_taken_becomes_a_dead_letter_and_its_subject_moves_on(test: TestDb) {
    emit(&test.db, vec![made(1, "a"), made(2, "a")]).await;
    let other = Notes::new("other");
    let consumers: Vec<Arc<dyn Consumer>> = vec![
        Notes::refusing("notes", 1, u32::MAX),
        Arc::<Notes>::clone(&other),
    ];
    let clock = StandingClock::new();
    for _ in 0..10 {
        assert!(
            dead_letters(&test.db, 10)
                .await
                .expect("letters")
                .is_empty()
        );
        round(&test.db, test.scratch(), &clock, &[], &consumers).await;
        clock.advance(Duration::from_hours(2));
    }
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    let letters = dead_letters(&test.db, 10).await.expect("letters");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].source, DeadLetterSource::Event);
    assert_eq!(letters[0].consumer.as_deref(), Some("notes"));
    assert_eq!(letters[0].error, "not today");
    assert_eq!(letters[0].attempts, 10);
    assert_eq!(letters[0].payload["subject"], "a");
    // The other consumer had both; the refusing one went on to the second.
    let mut seen = consumed(&test.db, "a").await;
    for id in &mut seen {
        *id &= 0xff;
    }
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 2]);
}

async fn a_consumer_that_fails_leaves_no_effect(test: TestDb) {
    emit(&test.db, vec![made(1, "a")]).await;
    let consumers: Vec<Arc<dyn Consumer>> = vec![Notes::refusing("notes", 1, 1)];
    let clock = StandingClock::new();
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(consumed(&test.db, "a").await, []);
}

async fn two_dispatchers_at_once_deliver_once(test: TestDb) {
    emit(&test.db, (1..=40).map(|number| made(number, "a")).collect()).await;
    let consumers: Vec<Arc<dyn Consumer>> = vec![Notes::new("notes")];
    let clock = StandingClock::new();
    tokio::join!(
        round(&test.db, test.scratch(), &clock, &[], &consumers),
        round(&test.db, test.scratch(), &clock, &[], &consumers),
    );
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    clock.advance(Duration::from_hours(1));
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(consumed(&test.db, "a").await, (1..=40).collect::<Vec<_>>());
}

async fn what_nobody_wants_leaves_the_queue(test: TestDb) {
    emit(&test.db, vec![event(1, "a", "test.thing.unheard")]).await;
    let clock = StandingClock::new();
    let first = round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let second = round(&test.db, test.scratch(), &clock, &[], &[]).await;
    assert_eq!((first.delivered, second.delivered), (1, 0));
}

async fn delivered_events_and_their_notes_leave_after_a_week(test: TestDb) {
    emit(&test.db, vec![made(1, "a")]).await;
    let consumers: Vec<Arc<dyn Consumer>> = vec![Notes::new("notes")];
    let clock = StandingClock::new();
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    clock.advance(Duration::from_hours(6 * 24));
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(left(&test.db).await, 2);
    clock.advance(Duration::from_hours(2 * 24));
    round(&test.db, test.scratch(), &clock, &[], &consumers).await;
    assert_eq!(left(&test.db).await, 0);
    assert_eq!(consumed(&test.db, "a").await.len(), 1);
}

async fn left(db: &Db) -> i64 {
    db.read(|tx| {
        Box::pin(async move {
            let rows = tx
                .query(
                    "SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM consumption) \
                     AS n",
                    &values![],
                )
                .await?;
            rows[0].get("n")
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("a count")
}
