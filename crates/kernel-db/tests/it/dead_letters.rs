//! Dead letters: put back where they came from, once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kernel::{Clock, Event};
use kernel_db::{
    BoxFuture, ConsumeError, Consumer, Db, DbError, JobError, JobHandler, NewJob, Retried, Tx,
    dead_letters, retry_dead_letter, store_suite, testing::TestDb,
};

use crate::common::{SETS, StandingClock, event, round};

store_suite!(SETS;
    a_job_that_was_given_up_is_done_when_it_is_put_back,
    two_operators_at_once_put_a_job_back_once,
    an_event_comes_again_to_the_consumer_that_did_not_take_it_and_to_no_other,
    an_event_that_has_left_the_outbox_stays_a_dead_letter,
);

/// Takes nothing until it is told to; says what it took.
struct Gate {
    name: &'static str,
    open: AtomicBool,
    took: Mutex<Vec<String>>,
}

impl Gate {
    fn new(name: &'static str, open: bool) -> Arc<Self> {
        Arc::new(Self {
            name,
            open: AtomicBool::new(open),
            took: Mutex::default(),
        })
    }

    fn take(&self, what: String) -> bool {
        if self.open.load(Ordering::Relaxed) {
            self.took.lock().expect("what was taken").push(what);
            true
        } else {
            false
        }
    }

    fn took(&self) -> Vec<String> {
        self.took.lock().expect("what was taken").clone()
    }
}

impl JobHandler for Gate {
    fn kind(&self) -> &'static str {
        "test.thing.send"
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            if self.take(payload.to_string()) {
                Ok(())
            } else {
                Err(JobError::Hopeless("nobody there".to_owned()))
            }
        })
    }
}

impl Consumer for Gate {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kinds(&self) -> &'static [&'static str] {
        &["test.thing.made"]
    }

    fn consume<'a>(
        &'a self,
        _: &'a mut Tx,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ConsumeError>> {
        Box::pin(async move {
            if self.take(event.subject.clone()) {
                Ok(())
            } else {
                Err(ConsumeError::Refused("not today".to_owned()))
            }
        })
    }
}

struct House {
    test: TestDb,
    clock: Arc<StandingClock>,
    handlers: Vec<Arc<dyn JobHandler>>,
    consumers: Vec<Arc<dyn Consumer>>,
}

impl House {
    fn new(test: TestDb) -> Self {
        Self {
            test,
            clock: StandingClock::new(),
            handlers: Vec::new(),
            consumers: Vec::new(),
        }
    }

    async fn round(&self) {
        let (db, scratch) = (&self.test.db, self.test.scratch());
        round(db, scratch, &self.clock, &self.handlers, &self.consumers).await;
    }

    async fn ids(&self) -> Vec<i64> {
        let letters = dead_letters(&self.test.db, 10).await.expect("letters");
        letters.into_iter().map(|letter| letter.id).collect()
    }

    async fn retry(&self, id: i64) -> Retried {
        retry_dead_letter(&self.test.db, id, self.clock.now())
            .await
            .expect("an answer")
    }

    /// A job whose handler refuses it for good.
    async fn job_given_up(&self) -> i64 {
        let now = self.clock.now();
        self.test
            .db
            .write(move |tx| {
                Box::pin(async move {
                    tx.enqueue(NewJob {
                        kind: "test.thing.send",
                        payload: serde_json::json!("claire"),
                        run_at: now,
                        dedup: None,
                    })
                    .await
                })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("a job");
        self.round().await;
        self.ids().await[0]
    }

    /// An event that a consumer refused ten times.
    async fn event_given_up(&self) -> i64 {
        self.test
            .db
            .write(|tx| {
                Box::pin(async move { tx.emit(&event(1, "claire", "test.thing.made")).await })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("an event");
        for _ in 0..10 {
            self.round().await;
            self.clock.advance(Duration::from_hours(2));
        }
        self.round().await;
        self.ids().await[0]
    }
}

async fn a_job_that_was_given_up_is_done_when_it_is_put_back(test: TestDb) {
    let gate = Gate::new("gate", false);
    let mut house = House::new(test);
    house.handlers = vec![Arc::<Gate>::clone(&gate)];
    let id = house.job_given_up().await;
    assert_eq!(house.retry(id + 1).await, Retried::Unknown);
    gate.open.store(true, Ordering::Relaxed);
    house.round().await;
    assert!(gate.took().is_empty(), "nothing comes back by itself");
    assert_eq!(house.retry(id).await, Retried::Waits);
    assert!(house.ids().await.is_empty());
    assert_eq!(house.retry(id).await, Retried::Unknown);
    house.round().await;
    house.round().await;
    assert_eq!(gate.took(), ["\"claire\""]);
}

async fn two_operators_at_once_put_a_job_back_once(test: TestDb) {
    let gate = Gate::new("gate", false);
    let mut house = House::new(test);
    house.handlers = vec![Arc::<Gate>::clone(&gate)];
    let id = house.job_given_up().await;
    gate.open.store(true, Ordering::Relaxed);
    let both = tokio::join!(house.retry(id), house.retry(id));
    let waits = [both.0, both.1]
        .into_iter()
        .filter(|one| *one == Retried::Waits);
    assert_eq!(waits.count(), 1, "{both:?}");
    house.round().await;
    assert_eq!(gate.took().len(), 1);
}

async fn an_event_comes_again_to_the_consumer_that_did_not_take_it_and_to_no_other(test: TestDb) {
    let (refusing, other) = (Gate::new("refusing", false), Gate::new("other", true));
    let mut house = House::new(test);
    house.consumers = vec![Arc::<Gate>::clone(&refusing), Arc::<Gate>::clone(&other)];
    let id = house.event_given_up().await;
    refusing.open.store(true, Ordering::Relaxed);
    assert_eq!(house.retry(id).await, Retried::Waits);
    house.round().await;
    house.round().await;
    assert_eq!(refusing.took(), ["claire"]);
    assert_eq!(other.took(), ["claire"]);
    assert!(house.ids().await.is_empty());
}

async fn an_event_that_has_left_the_outbox_stays_a_dead_letter(test: TestDb) {
    let refusing = Gate::new("refusing", false);
    let mut house = House::new(test);
    house.consumers = vec![Arc::<Gate>::clone(&refusing)];
    let id = house.event_given_up().await;
    house.clock.advance(Duration::from_hours(8 * 24));
    house.round().await;
    assert_eq!(house.retry(id).await, Retried::Left);
    assert_eq!(house.ids().await, [id]);
}
