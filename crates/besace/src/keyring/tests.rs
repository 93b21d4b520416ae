//! A change of the master key from its beginning to its end, on both databases.

use kernel::OsRng;
use kernel_db::testing::TestDb;
use kernel_db::{JournalKey, Retention, values};
use kernel_http::MasterKey;
use testkit::FixedClock;

use super::*;
use crate::compose::{MIGRATIONS, missing_keys};

kernel_db::store_suite!(
    MIGRATIONS;
    everything_comes_under_the_new_key_and_the_old_one_may_leave_after_twelve_hours,
    nothing_is_sealed_anew_before_a_server_has_started_with_the_key,
    a_key_that_is_given_is_not_given_up_and_a_lost_one_is_once_and_for_all,
    nothing_is_given_up_beside_a_server_that_works,
);

const OLD: MasterKey = MasterKey::from_bytes([7; 32]);
const NEW: MasterKey = MasterKey::from_bytes([8; 32]);
const PURPOSE: &str = "journal/checkpoint/1";

fn keys(current: &MasterKey, accepted: Option<&MasterKey>) -> MasterKeys {
    let keys = MasterKeys::new(current.clone());
    match accepted {
        Some(key) => keys.accepting(key.clone()).expect("two keys"),
        None => keys,
    }
}

fn keyring(test: &TestDb, clock: &Arc<FixedClock>, keys: MasterKeys) -> Keyring {
    let mut key = JournalKey::new(&keys.current().derive(PURPOSE));
    for accepted in keys.accepted() {
        key = key.accepting(&accepted.derive(PURPOSE));
    }
    Keyring {
        db: test.db.clone(),
        clock: Arc::<FixedClock>::clone(clock),
        rng: Arc::new(OsRng),
        keys: Arc::new(keys),
        journal: JournalConfig {
            checkpoint_file: test.file("checkpoint"),
            key,
            retention: Retention::default(),
        },
    }
}

/// What a server's start notes.
async fn started(keyring: &Keyring) {
    let (mark, now) = (keyring.keys.current().mark(), keyring.clock.now());
    let noted: Result<(), DbError> = keyring
        .db
        .write(move |tx| {
            let mark = mark.clone();
            Box::pin(async move { kernel_db::note_master_key(tx, &mark, now).await })
        })
        .await;
    noted.expect("noted");
}

async fn execute(test: &TestDb, sql: &'static str, values: Vec<kernel_db::Value>) {
    let values = Arc::new(values);
    let done: Result<u64, DbError> = test
        .db
        .write(move |tx| {
            let values = Arc::clone(&values);
            Box::pin(async move { tx.execute(sql, &values).await })
        })
        .await;
    done.expect("written");
}

/// Signing keys, and a secret of an application, under the keyring's present key.
async fn fill(test: &TestDb, keyring: &Keyring) {
    let made = keyring.locksmith().rotate(Rotation::First).await;
    assert_eq!(made.expect("made").len(), 2);
    let sealed = keyring
        .keys
        .sealer()
        .seal("portal/search-source", b"secret", &OsRng);
    execute(
        test,
        "INSERT INTO portal_search_source (client_id, url, secret, registered_at)
         VALUES ('mission', 'https://mission.test/', $1, 0)",
        values![sealed].to_vec(),
    )
    .await;
}

fn line<'a>(report: &'a KeyReport, key: &MasterKey) -> &'a MasterLine {
    let found = report.masters.iter().find(|line| line.mark == key.mark());
    found.unwrap_or_else(|| panic!("{report:?}"))
}

async fn everything_comes_under_the_new_key_and_the_old_one_may_leave_after_twelve_hours(
    test: TestDb,
) {
    let clock = Arc::new(FixedClock::default());
    let before = keyring(&test, &clock, keys(&OLD, None));
    started(&before).await;
    fill(&test, &before).await;
    let after = keyring(&test, &clock, keys(&NEW, Some(&OLD)));
    started(&after).await;
    let switched = clock.now();
    let report = after.report().await.expect("a report");
    assert_eq!(line(&report, &OLD).rows(), 3);
    assert_eq!(line(&report, &OLD).removable_from(0), None);
    let done = after.reseal(&|_, _| {}).await.expect("resealed");
    assert_eq!((done.rows, done.unreadable), (3, 0));
    let report = after.report().await.expect("a report");
    assert_eq!(line(&report, &NEW).rows(), 3);
    let removable = line(&report, &OLD).removable_from(report.boundaries);
    let twelve_hours = std::time::Duration::from_hours(12);
    assert_eq!(removable, Some(switched.plus(twelve_hours).millis()));
    let alone = keys(&NEW, None);
    assert_eq!(missing_keys(&test.db, &alone).await.expect("looked"), None);
    let last = keyring(&test, &clock, alone);
    let lives = last.locksmith().list().await.expect("read");
    assert_eq!(lives.len(), 2);
    // Again, and nothing is left to do.
    let done = last.reseal(&|_, _| {}).await.expect("resealed");
    assert_eq!(done, Resealed::default());
}

async fn nothing_is_sealed_anew_before_a_server_has_started_with_the_key(test: TestDb) {
    let clock = Arc::new(FixedClock::default());
    let before = keyring(&test, &clock, keys(&OLD, None));
    started(&before).await;
    fill(&test, &before).await;
    let early = keyring(&test, &clock, keys(&NEW, Some(&OLD)));
    let refused = early.reseal(&|_, _| {}).await.expect_err("too early");
    assert!(
        refused.to_string().contains("start every node"),
        "{refused}"
    );
    let report = early.report().await.expect("a report");
    assert_eq!(line(&report, &OLD).rows(), 3);
    assert_eq!(line(&report, &NEW).seals_from, None);
}

async fn a_key_that_is_given_is_not_given_up_and_a_lost_one_is_once_and_for_all(test: TestDb) {
    let clock = Arc::new(FixedClock::default());
    let before = keyring(&test, &clock, keys(&OLD, None));
    started(&before).await;
    fill(&test, &before).await;
    let both = keyring(&test, &clock, keys(&NEW, Some(&OLD)));
    let refused = both.abandon(&OLD.mark()).await.expect_err("not lost");
    assert!(refused.to_string().contains("not lost"), "{refused}");
    assert_eq!(both.locksmith().list().await.expect("read").len(), 2);
    // No server starts with the new key alone, so none has noted it.
    let alone = keyring(&test, &clock, keys(&NEW, None));
    assert!(serve_with(&test, &clock, &NEW).await.is_err());
    assert_eq!(alone.abandon(&OLD.mark()).await.expect("given up"), 3);
    serve_with(&test, &clock, &NEW).await.expect("it starts");
    let report = alone.report().await.expect("a report");
    assert!(line(&report, &NEW).seals_from.is_some());
    // Keys that hold nothing are none: the next start makes others.
    let made = alone.locksmith().rotate(Rotation::First).await;
    assert_eq!(made.expect("made").len(), 2);
    assert_eq!(alone.abandon(&OLD.mark()).await.expect("again"), 0);
}

/// What a server does with its keys when it starts.
async fn serve_with(
    test: &TestDb,
    clock: &Arc<FixedClock>,
    key: &MasterKey,
) -> Result<MasterKeys, StartError> {
    let mut config: crate::config::Config = toml::from_str("").expect("a configuration");
    config.database.folder = test.file("keys");
    config.keys.master = Some(kernel::Secret::new(key.to_hex()));
    crate::compose::open_keys(&config, &test.db, clock.as_ref(), &OsRng).await
}

async fn nothing_is_given_up_beside_a_server_that_works(test: TestDb) {
    let clock = Arc::new(FixedClock::default());
    let before = keyring(&test, &clock, keys(&OLD, None));
    started(&before).await;
    fill(&test, &before).await;
    let lapses = clock.now().plus(std::time::Duration::from_secs(7));
    execute(
        &test,
        "INSERT INTO worker_lease (name, owner, lapses_at) VALUES ('jobs', $1, $2)",
        values![[1_u8; 16], lapses].to_vec(),
    )
    .await;
    let alone = keyring(&test, &clock, keys(&NEW, None));
    let refused = alone.abandon(&OLD.mark()).await.expect_err("it works");
    assert!(refused.to_string().contains("8 s from now"), "{refused}");
    clock.advance(std::time::Duration::from_secs(7));
    assert_eq!(alone.abandon(&OLD.mark()).await.expect("given up"), 3);
}
