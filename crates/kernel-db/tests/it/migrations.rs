//! The migration runner.

use kernel::Timestamp;
use kernel_db::{
    Db, DbError, Migration, MigrationSet, inspect, store_suite, testing::TestDb, values,
};

store_suite!(&[];
    a_second_run_changes_nothing,
    a_changed_text_is_refused,
    a_newer_schema_is_refused,
    a_failing_step_leaves_nothing_and_the_steps_before_it_stay,
    numbers_that_do_not_go_up_are_refused,
    two_that_start_at_once_apply_each_step_once,
    a_look_from_outside_sees_what_is_pending_beside_a_running_program,
);

const NOW: Timestamp = Timestamp::from_millis(5);

const FIRST: Migration = same(1, "CREATE TABLE a (n BIGINT); INSERT INTO a VALUES (1)");
const SECOND: Migration = same(2, "CREATE TABLE b (n BIGINT)");

const CHANGED: Migration = same(1, "CREATE TABLE a (n BIGINT, m BIGINT)");
const BROKEN: Migration = same(
    2,
    "CREATE TABLE b (n BIGINT); INSERT INTO nowhere VALUES (1)",
);

const fn same(number: u32, text: &'static str) -> Migration {
    Migration {
        number,
        name: "step",
        sqlite: text,
        postgres: text,
    }
}

const fn set(migrations: &'static [Migration]) -> [MigrationSet; 1] {
    [MigrationSet {
        tool: "test",
        migrations,
    }]
}

async fn a_second_run_changes_nothing(test: TestDb) {
    let sets = set(&[FIRST, SECOND]);
    let first = test.db.migrate(&sets, NOW).await.expect("a first run");
    assert_eq!(first.applied, ["test/0001 step", "test/0002 step"]);
    let second = test.db.migrate(&sets, NOW).await.expect("a second run");
    assert!(second.applied.is_empty());
    assert_eq!(second.present, 5);
    assert_eq!(rows_of_a(&test.db).await, Ok(1));
}

async fn a_look_from_outside_sees_what_is_pending_beside_a_running_program(test: TestDb) {
    test.db.migrate(&set(&[FIRST]), NOW).await.expect("a run");
    let seen = inspect(test.config(), &set(&[FIRST, SECOND])).await;
    let seen = seen.expect("a look");
    assert_eq!(seen.pending, ["test/0002 step"]);
    assert!(seen.has_tables && seen.bytes > 0, "{seen:?}");
    test.db
        .migrate(&set(&[FIRST, SECOND]), NOW)
        .await
        .expect("a run");
    let seen = inspect(test.config(), &set(&[FIRST, SECOND])).await;
    assert!(seen.expect("a look").pending.is_empty());
    let older = inspect(test.config(), &set(&[FIRST])).await;
    assert!(
        matches!(
            older,
            Err(DbError::NewerSchema {
                found: 2,
                known: 1,
                ..
            })
        ),
        "{older:?}"
    );
    assert_eq!(rows_of_a(&test.db).await, Ok(1), "nothing was changed");
}

async fn rows_of_a(db: &Db) -> Result<i64, DbError> {
    db.read(|tx| {
        Box::pin(async move {
            let rows = tx.query("SELECT COUNT(*) AS n FROM a", &values![]).await?;
            rows[0].get("n")
        })
    })
    .await
}

async fn a_changed_text_is_refused(test: TestDb) {
    test.db.migrate(&set(&[FIRST]), NOW).await.expect("a run");
    let changed = test.db.migrate(&set(&[CHANGED, SECOND]), NOW).await;
    assert_eq!(
        changed,
        Err(DbError::Checksum {
            tool: "test".to_owned(),
            number: 1
        })
    );
    assert_eq!(
        test.db
            .migrate(&set(&[FIRST]), NOW)
            .await
            .map(|run| run.present),
        Ok(4)
    );
}

async fn a_newer_schema_is_refused(test: TestDb) {
    test.db
        .migrate(&set(&[FIRST, SECOND]), NOW)
        .await
        .expect("a later release");
    assert_eq!(
        test.db.migrate(&set(&[FIRST]), NOW).await,
        Err(DbError::NewerSchema {
            tool: "test".to_owned(),
            found: 2,
            known: 1
        })
    );
}

async fn a_failing_step_leaves_nothing_and_the_steps_before_it_stay(test: TestDb) {
    let outcome = test.db.migrate(&set(&[FIRST, BROKEN]), NOW).await;
    assert!(outcome.is_err());
    assert_eq!(rows_of_a(&test.db).await, Ok(1));
    // The mended step finds no half of the broken one.
    let mended = test.db.migrate(&set(&[FIRST, SECOND]), NOW).await;
    assert_eq!(mended.expect("a mended run").applied, ["test/0002 step"]);
}

async fn numbers_that_do_not_go_up_are_refused(test: TestDb) {
    assert_eq!(
        test.db.migrate(&set(&[SECOND, FIRST]), NOW).await,
        Err(DbError::MigrationOrder {
            tool: "test".to_owned(),
            number: 1
        })
    );
}

async fn two_that_start_at_once_apply_each_step_once(test: TestDb) {
    let (one, other) = (test.db.clone(), test.db.clone());
    let sets = set(&[FIRST, SECOND]);
    let (one, other) = tokio::join!(one.migrate(&sets, NOW), other.migrate(&sets, NOW));
    let applied = one.expect("one").applied.len() + other.expect("other").applied.len();
    assert_eq!(applied, 2);
    assert_eq!(rows_of_a(&test.db).await, Ok(1));
}
