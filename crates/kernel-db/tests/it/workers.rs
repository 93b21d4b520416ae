//! The loops: woken by what is written, one node's at a time, sound at their end.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Event, OsRng, Rng, SystemClock};
use kernel_db::{
    BoxFuture, ConsumeError, Consumer, Db, DbError, JobError, JobHandler, JournalConfig, NewJob,
    Tx, Workers, store_suite, testing::TestDb, verify,
};
use tokio::sync::mpsc;

use crate::common::{SETS, entry, event, journal_config};

store_suite!(SETS;
    what_is_written_wakes_the_loops_and_a_stop_leaves_nothing_behind,
    two_nodes_share_the_work_and_one_goes_on_when_the_other_stops,
    each_node_keeps_a_checkpoint_of_its_own_even_one_that_never_sequenced,
);

/// No wait in these tests comes near it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tells the test what came.
struct Teller(mpsc::UnboundedSender<&'static str>);

impl Consumer for Teller {
    fn name(&self) -> &'static str {
        "teller"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &["test.thing.made"]
    }

    fn consume<'a>(
        &'a self,
        _: &'a mut Tx,
        _: &'a Event,
    ) -> BoxFuture<'a, Result<(), ConsumeError>> {
        let _ = self.0.send("event");
        Box::pin(async { Ok(()) })
    }
}

impl JobHandler for Teller {
    fn kind(&self) -> &'static str {
        "test.thing.try"
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        let _ = self.0.send("job");
        Box::pin(async { Ok(()) })
    }
}

fn start(db: &Db, test: &TestDb, teller: &Arc<Teller>) -> Workers {
    start_with(db, teller, journal_config(test.scratch()))
}

fn start_with(db: &Db, teller: &Arc<Teller>, journal: JournalConfig) -> Workers {
    let handler: Arc<dyn JobHandler> = Arc::<Teller>::clone(teller);
    let consumer: Arc<dyn Consumer> = Arc::<Teller>::clone(teller);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    Workers::start(
        db.clone(),
        clock,
        rng,
        vec![handler],
        vec![consumer],
        journal,
    )
}

async fn act(db: &Db, number: u128) {
    let now = SystemClock::default().now();
    db.write(move |tx| {
        Box::pin(async move {
            tx.journal(entry(Some(1), "thing:1", now), &OsRng).await?;
            tx.emit(&event(number, "thing:1", "test.thing.made"))
                .await?;
            tx.enqueue(NewJob {
                kind: "test.thing.try",
                payload: serde_json::Value::Null,
                run_at: now,
                dedup: None,
            })
            .await
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("an act");
}

async fn next_two(told: &mut mpsc::UnboundedReceiver<&'static str>) -> Vec<&'static str> {
    let mut both = Vec::new();
    for _ in 0..2 {
        let one = tokio::time::timeout(PATIENCE, told.recv()).await;
        both.extend(one.expect("it comes"));
    }
    both.sort_unstable();
    both
}

async fn assert_whole(test: &TestDb, entries: u64) {
    let config = journal_config(test.scratch());
    let report = verify(&test.db, &config.checkpoint_file, &config.key)
        .await
        .expect("a report");
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, entries);
}

async fn what_is_written_wakes_the_loops_and_a_stop_leaves_nothing_behind(test: TestDb) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let workers = start(&test.db, &test, &Arc::new(Teller(tell)));
    for number in 1..=3 {
        act(&test.db, number).await;
        assert_eq!(next_two(&mut told).await, ["event", "job"]);
    }
    workers.stop().await;
    assert_whole(&test, 3).await;
    assert!(told.try_recv().is_err(), "each came once");
}

async fn two_nodes_share_the_work_and_one_goes_on_when_the_other_stops(test: TestDb) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let teller = Arc::new(Teller(tell));
    let first = start(&test.db, &test, &teller);
    let second = start(&test.db, &test, &teller);
    for number in 1..=5 {
        act(&test.db, number).await;
        assert_eq!(next_two(&mut told).await, ["event", "job"]);
    }
    first.stop().await;
    for number in 6..=8 {
        act(&test.db, number).await;
        assert_eq!(next_two(&mut told).await, ["event", "job"]);
    }
    second.stop().await;
    assert_whole(&test, 8).await;
    assert!(told.try_recv().is_err(), "each came once");
}

async fn each_node_keeps_a_checkpoint_of_its_own_even_one_that_never_sequenced(test: TestDb) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let teller = Arc::new(Teller(tell));
    let journal_of = |node: &str| JournalConfig {
        checkpoint_file: test.file(node).join("checkpoint.json"),
        ..journal_config(test.scratch())
    };
    let first = start_with(&test.db, &teller, journal_of("first"));
    act(&test.db, 1).await;
    assert_eq!(next_two(&mut told).await, ["event", "job"]);
    // One that comes later and never gets the lease.
    let second = start_with(&test.db, &teller, journal_of("second"));
    for node in ["first", "second"] {
        let file = journal_of(node).checkpoint_file;
        let begun = async {
            while !file.exists() {
                test.db.ping().await.expect("an answer");
            }
        };
        tokio::time::timeout(PATIENCE, begun).await.expect("begun");
    }
    act(&test.db, 2).await;
    assert_eq!(next_two(&mut told).await, ["event", "job"]);
    // The lease's holder first: it sequences what waits.
    first.stop().await;
    second.stop().await;
    for node in ["first", "second"] {
        let config = journal_of(node);
        let report = verify(&test.db, &config.checkpoint_file, &config.key).await;
        let report = report.expect("a report");
        assert!(report.is_intact(), "{node}: {report:?}");
    }
}
