//! Jobs: tried again, given up aloud, done once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use kernel::{Clock, Timestamp};
use kernel_db::{
    BoxFuture, Db, DbError, DeadLetterSource, JobError, JobHandler, NewJob, dead_letters,
    store_suite, testing::TestDb,
};

use crate::common::{SETS, StandingClock, round};

store_suite!(SETS;
    a_job_runs_when_it_is_due_and_once,
    a_job_that_fails_is_tried_again_later_and_later,
    a_job_that_always_fails_becomes_a_dead_letter,
    a_job_that_is_hopeless_becomes_a_dead_letter_at_once,
    a_job_that_panics_is_a_failure,
    a_job_that_waits_already_is_not_added_again,
    a_periodic_job_comes_back_and_outlives_its_failures,
    two_workers_at_once_do_a_job_once,
    a_dead_letter_leaves_after_thirty_days,
    a_job_without_a_handler_waits,
    jobs_that_wait_for_another_program_take_their_own_room_only,
);

/// Fails a number of times, then succeeds.
struct Tries {
    failing: u32,
    tried: AtomicU32,
    every: Option<Duration>,
    panics: bool,
    hopeless: bool,
}

impl Tries {
    fn new(failing: u32) -> Arc<Self> {
        Arc::new(Self {
            failing,
            tried: AtomicU32::new(0),
            every: None,
            panics: false,
            hopeless: false,
        })
    }

    fn tried(&self) -> u32 {
        self.tried.load(Ordering::Relaxed)
    }
}

impl JobHandler for Tries {
    fn kind(&self) -> &'static str {
        "test.thing.try"
    }

    fn every(&self) -> Option<Duration> {
        self.every
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            db.ping().await?;
            if self.tried.fetch_add(1, Ordering::Relaxed) < self.failing {
                assert!(!self.panics, "a bug in a handler");
                if self.hopeless {
                    return Err(JobError::Hopeless("nobody there".to_owned()));
                }
                return Err(JobError::Failed("the mail server is away".to_owned()));
            }
            Ok(())
        })
    }
}

async fn enqueue(db: &Db, run_at: Timestamp, dedup: Option<&'static str>) {
    db.write(move |tx| {
        Box::pin(async move {
            tx.enqueue(NewJob {
                kind: "test.thing.try",
                payload: serde_json::json!({ "to": "claire" }),
                run_at,
                dedup: dedup.map(str::to_owned),
            })
            .await
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("a job");
}

async fn go(test: &TestDb, clock: &Arc<StandingClock>, handler: &Arc<Tries>) {
    let handlers: [Arc<dyn JobHandler>; 1] = [Arc::<Tries>::clone(handler)];
    round(&test.db, test.scratch(), clock, &handlers, &[]).await;
}

async fn a_job_runs_when_it_is_due_and_once(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(0));
    enqueue(&test.db, clock.now().plus(Duration::from_secs(5)), None).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 0);
    clock.advance(Duration::from_secs(5));
    go(&test, &clock, &handler).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 1);
}

async fn a_job_that_fails_is_tried_again_later_and_later(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(2));
    enqueue(&test.db, clock.now(), None).await;
    go(&test, &clock, &handler).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 1);
    clock.advance(Duration::from_secs(13));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 2);
    clock.advance(Duration::from_secs(13));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 2, "the second pause is longer");
    clock.advance(Duration::from_secs(13));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 3);
    clock.advance(Duration::from_hours(2));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 3);
    assert!(
        dead_letters(&test.db, 10)
            .await
            .expect("letters")
            .is_empty()
    );
}

async fn a_job_that_always_fails_becomes_a_dead_letter(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(u32::MAX));
    enqueue(&test.db, clock.now(), None).await;
    for _ in 0..12 {
        go(&test, &clock, &handler).await;
        clock.advance(Duration::from_hours(2));
    }
    assert_eq!(handler.tried(), 10);
    let letters = dead_letters(&test.db, 10).await.expect("letters");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].source, DeadLetterSource::Job);
    assert_eq!(letters[0].kind, "test.thing.try");
    assert_eq!(letters[0].payload, serde_json::json!({ "to": "claire" }));
    assert_eq!(letters[0].error, "the mail server is away");
}

async fn a_job_that_is_hopeless_becomes_a_dead_letter_at_once(test: TestDb) {
    let clock = StandingClock::new();
    let handler = Arc::new(Tries {
        failing: u32::MAX,
        tried: AtomicU32::new(0),
        every: None,
        panics: false,
        hopeless: true,
    });
    enqueue(&test.db, clock.now(), None).await;
    go(&test, &clock, &handler).await;
    clock.advance(Duration::from_hours(2));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 1);
    let letters = dead_letters(&test.db, 10).await.expect("letters");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].error, "nobody there");
    assert_eq!(letters[0].attempts, 1);
}

async fn a_job_that_panics_is_a_failure(test: TestDb) {
    let clock = StandingClock::new();
    let handler = Arc::new(Tries {
        failing: 1,
        tried: AtomicU32::new(0),
        every: None,
        panics: true,
        hopeless: false,
    });
    enqueue(&test.db, clock.now(), None).await;
    go(&test, &clock, &handler).await;
    clock.advance(Duration::from_secs(13));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 2);
}

async fn a_job_that_waits_already_is_not_added_again(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(0));
    enqueue(&test.db, clock.now(), Some("claire")).await;
    enqueue(&test.db, clock.now(), Some("claire")).await;
    enqueue(&test.db, clock.now(), Some("karim")).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 2);
    enqueue(&test.db, clock.now(), Some("claire")).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 3);
}

async fn a_periodic_job_comes_back_and_outlives_its_failures(test: TestDb) {
    let clock = StandingClock::new();
    let handler = Arc::new(Tries {
        failing: 11,
        tried: AtomicU32::new(0),
        every: Some(Duration::from_mins(1)),
        panics: false,
        hopeless: false,
    });
    for _ in 0..20 {
        go(&test, &clock, &handler).await;
        go(&test, &clock, &handler).await;
        clock.advance(Duration::from_mins(2));
    }
    assert_eq!(handler.tried(), 20);
    assert_eq!(dead_letters(&test.db, 10).await.expect("letters").len(), 1);
}

async fn two_workers_at_once_do_a_job_once(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(0));
    for _ in 0..20 {
        enqueue(&test.db, clock.now(), None).await;
    }
    tokio::join!(go(&test, &clock, &handler), go(&test, &clock, &handler));
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 20);
}

async fn a_dead_letter_leaves_after_thirty_days(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(u32::MAX));
    enqueue(&test.db, clock.now(), None).await;
    for _ in 0..10 {
        go(&test, &clock, &handler).await;
        clock.advance(Duration::from_hours(2));
    }
    clock.advance(Duration::from_hours(28 * 24));
    go(&test, &clock, &handler).await;
    assert_eq!(dead_letters(&test.db, 10).await.expect("letters").len(), 1);
    clock.advance(Duration::from_hours(3 * 24));
    go(&test, &clock, &handler).await;
    assert!(
        dead_letters(&test.db, 10)
            .await
            .expect("letters")
            .is_empty()
    );
}

async fn a_job_without_a_handler_waits(test: TestDb) {
    let (clock, handler) = (StandingClock::new(), Tries::new(0));
    enqueue(&test.db, clock.now(), None).await;
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    go(&test, &clock, &handler).await;
    assert_eq!(handler.tried(), 1);
}

/// Two at once, and how many there were at most.
#[derive(Default)]
struct Slow {
    running: AtomicU32,
    most: AtomicU32,
    done: AtomicU32,
}

impl JobHandler for Slow {
    fn kind(&self) -> &'static str {
        "test.thing.try"
    }

    fn at_once(&self) -> usize {
        2
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let running = self.running.fetch_add(1, Ordering::Relaxed) + 1;
            self.most.fetch_max(running, Ordering::Relaxed);
            db.ping().await?;
            // Others of the round begin meanwhile, where they may: until a second one has, the
            // first waits, and not for ever.
            let company = async {
                while self.most.load(Ordering::Relaxed) < 2 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            let _alone = tokio::time::timeout(Duration::from_secs(5), company).await;
            self.running.fetch_sub(1, Ordering::Relaxed);
            self.done.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
    }
}

async fn jobs_that_wait_for_another_program_take_their_own_room_only(test: TestDb) {
    let (clock, slow) = (StandingClock::new(), Arc::new(Slow::default()));
    for _ in 0..7 {
        enqueue(&test.db, clock.now(), None).await;
    }
    let handlers: [Arc<dyn JobHandler>; 1] = [Arc::<Slow>::clone(&slow)];
    round(&test.db, test.scratch(), &clock, &handlers, &[]).await;
    assert_eq!(slow.done.load(Ordering::Relaxed), 7);
    assert_eq!(slow.most.load(Ordering::Relaxed), 2);
}
