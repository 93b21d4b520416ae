//! Rows kept in memory: fresh after two seconds, after a doubt, and told to the other nodes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel_db::testing::TestDb;
use kernel_db::{Db, DbError, FRESH_FOR, Revised, Revision, Tx, values};

use crate::common::{SETS, StandingClock};

kernel_db::store_suite!(
    SETS;
    what_is_kept_is_compared_after_two_seconds_and_no_sooner,
    a_doubt_makes_the_next_reader_compare_and_another_name_does_not,
    a_doubt_during_a_reading_makes_the_next_reader_compare_again,
    a_change_is_told_once_by_its_name_and_a_doubt_is_not,
    a_change_is_seen_at_once_where_it_was_made_and_elsewhere_once_it_is_told,
    the_revisions_that_pages_show_are_read_with_their_topics,
);

/// The number of things is their revision: these tests only add.
const THINGS: Revision = Revision {
    name: "test.things",
    read: |tx| Box::pin(count(tx)),
    topic: Some("things"),
};

async fn count(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx.query_optional("SELECT COUNT(*) AS many FROM thing", &values![]);
    row.await?.map_or(Ok(0), |row| row.get("many"))
}

async fn add(db: &Db, name: &'static str) {
    db.write(move |tx: &mut Tx| {
        Box::pin(async move {
            let mut id = [0_u8; 16];
            for (place, byte) in id.iter_mut().zip(name.bytes()) {
                *place = byte;
            }
            tx.execute(
                "INSERT INTO thing (id, name, size) VALUES ($1, $2, 1)",
                &values![id, name],
            )
            .await
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("added");
}

struct Kept {
    things: Revised<i64>,
    clock: Arc<StandingClock>,
}

impl Kept {
    fn new(db: &Db) -> Self {
        let clock = StandingClock::new();
        Self {
            things: Revised::new(db.clone(), clock.clone(), THINGS, 0),
            clock,
        }
    }

    async fn get(&self) -> i64 {
        let things = self.things.get(|tx| Box::pin(count(tx)), |now, _| now);
        *things.await.expect("things")
    }
}

async fn what_is_kept_is_compared_after_two_seconds_and_no_sooner(test: TestDb) {
    let kept = Kept::new(&test.db);
    add(&test.db, "one").await;
    assert_eq!(kept.get().await, 1);
    add(&test.db, "two").await;
    kept.clock
        .advance(FRESH_FOR.saturating_sub(Duration::from_millis(1)));
    assert_eq!(kept.get().await, 1);
    kept.clock.advance(Duration::from_millis(1));
    assert_eq!(kept.get().await, 2);
}

async fn a_doubt_makes_the_next_reader_compare_and_another_name_does_not(test: TestDb) {
    let kept = Kept::new(&test.db);
    assert_eq!(kept.get().await, 0);
    add(&test.db, "one").await;
    test.db.doubt("test.others");
    assert_eq!(kept.get().await, 0);
    test.db.doubt("test.things");
    assert_eq!(kept.get().await, 1);
    add(&test.db, "two").await;
    test.db.doubt_all();
    assert_eq!(kept.get().await, 2);
    add(&test.db, "three").await;
    kept.things.doubt();
    assert_eq!(kept.get().await, 3);
}

async fn a_doubt_during_a_reading_makes_the_next_reader_compare_again(test: TestDb) {
    let kept = Kept::new(&test.db);
    let db = test.db.clone();
    // The doubt comes between the reading and what is kept of it: as late as can be.
    let read = kept.things.get(
        |tx| Box::pin(count(tx)),
        |now, _| {
            db.doubt("test.things");
            now
        },
    );
    assert_eq!(*read.await.expect("things"), 0);
    add(&test.db, "one").await;
    assert_eq!(kept.get().await, 1);
}

async fn a_change_is_told_once_by_its_name_and_a_doubt_is_not(test: TestDb) {
    let kept = Kept::new(&test.db);
    let told = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&told);
    test.db
        .on_changed(move |name| hears.lock().expect("told").push(name));
    assert_eq!(kept.get().await, 0);
    add(&test.db, "one").await;
    kept.things.changed();
    assert_eq!(kept.get().await, 1);
    test.db.doubt("test.things");
    test.db.doubt_all();
    kept.things.doubt();
    assert_eq!(*told.lock().expect("told"), ["test.things"]);
}

async fn a_change_is_seen_at_once_where_it_was_made_and_elsewhere_once_it_is_told(test: TestDb) {
    let (here, there) = (Kept::new(&test.db), Kept::new(&test.db));
    assert_eq!((here.get().await, there.get().await), (0, 0));
    add(&test.db, "one").await;
    here.things.changed();
    assert_eq!((here.get().await, there.get().await), (1, 0));
    test.db.doubt("test.things");
    assert_eq!(there.get().await, 1);
}

async fn the_revisions_that_pages_show_are_read_with_their_topics(test: TestDb) {
    assert_eq!(test.db.shown_revisions().await.expect("none"), []);
    let _kept = Kept::new(&test.db);
    let hidden = Revision {
        name: "test.hidden",
        topic: None,
        ..THINGS
    };
    let _hidden = Revised::new(test.db.clone(), StandingClock::new(), hidden, 0);
    add(&test.db, "one").await;
    let shown = test.db.shown_revisions().await.expect("shown");
    assert_eq!(shown, [("test.things", "things", 1)]);
}
