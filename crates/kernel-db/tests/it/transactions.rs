//! Jobs: what binds, what stays, what is refused.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use kernel_db::{
    Backend, DatabaseConfig, Db, DbError, Row, Value, store_suite, testing::TestDb, values, watched,
};

use crate::common::{SETS, add, count};

store_suite!(SETS;
    parameters_out_of_order_bind_right,
    a_parameter_used_twice_binds_once,
    values_of_every_kind_come_back,
    sums_and_averages_read_as_numbers,
    too_few_values_are_refused,
    a_text_with_a_zero_byte_is_refused,
    a_refused_job_leaves_nothing_while_its_neighbours_commit,
    who_watches_sees_whether_something_may_have_been_written,
    a_taken_key_is_a_unique_error_and_undoes_the_job,
    a_job_that_goes_on_after_a_failed_statement_commits_nothing,
    on_conflict_do_nothing_says_so_by_its_count,
    a_job_that_awaits_something_foreign_is_refused,
    a_write_in_a_read_is_refused,
    a_journal_entry_leaves_with_its_refused_act,
    two_rows_where_one_was_asked_for_are_an_error,
    a_closed_database_answers_so,
    forty_parameters_bind_right,
    a_query_goes_on_after_its_table_got_a_column,
    a_zero_byte_in_a_journalled_name_does_not_undo_the_act,
    broken_connections_are_replaced_unnoticed,
    injected_serialisation_failures_are_retried,
    serialisation_failures_without_end_are_answered,
);

async fn rows(db: &Db, sql: &'static str) -> Vec<Row> {
    db.read(move |tx| Box::pin(async move { tx.query(sql, &values![]).await }))
        .await
        .expect("rows")
}

async fn parameters_out_of_order_bind_right(test: TestDb) {
    test.db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                add(tx, 2, "two", 2).await?;
                // SQLite numbers $2 first here.
                tx.execute(
                    "UPDATE thing SET size = $2, note = $3 WHERE id = $1",
                    &values![[2_u8; 16], 20_i64, "note"],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("an update");
    let rows = rows(&test.db, "SELECT name, size, note FROM thing ORDER BY name").await;
    assert_eq!(rows[0].get::<i64>("size"), Ok(1));
    assert_eq!(rows[1].get::<i64>("size"), Ok(20));
    assert_eq!(
        rows[1].get::<Option<String>>("note"),
        Ok(Some("note".to_owned()))
    );
}

async fn a_parameter_used_twice_binds_once(test: TestDb) {
    let found: Result<Option<Row>, DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 7).await?;
                tx.query_optional(
                    "SELECT name FROM thing WHERE size <= $2 AND size >= $2 AND name = $1",
                    &values!["one", 7_i64],
                )
                .await
            })
        })
        .await;
    assert!(found.expect("a query").is_some());
}

async fn values_of_every_kind_come_back(test: TestDb) {
    test.db
        .write(|tx| {
            Box::pin(async move {
                tx.execute(
                    "INSERT INTO thing (id, name, size, weight, note) VALUES ($1, $2, $3, $4, $5)",
                    &values![vec![0_u8, 255], "é’\u{a0}🏛", i64::MIN, 0.1_f64, Value::Null],
                )
                .await?;
                tx.execute(
                    "INSERT INTO thing (id, name, size, weight, note) VALUES ($1, $2, $3, $4, $5)",
                    &values![Vec::<u8>::new(), "", i64::MAX, None::<f64>, Some("x")],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("inserts");
    let rows = rows(&test.db, "SELECT * FROM thing ORDER BY size").await;
    assert_eq!(rows[0].get::<Vec<u8>>("id"), Ok(vec![0, 255]));
    assert_eq!(rows[0].get::<String>("name"), Ok("é’\u{a0}🏛".to_owned()));
    assert_eq!(rows[0].get::<i64>("size"), Ok(i64::MIN));
    assert_eq!(rows[0].get::<f64>("weight"), Ok(0.1));
    assert_eq!(rows[0].get::<Option<String>>("note"), Ok(None));
    assert_eq!(rows[1].get::<Vec<u8>>("id"), Ok(Vec::new()));
    assert_eq!(rows[1].get::<Option<f64>>("weight"), Ok(None));
    assert!(rows[1].get::<i64>("note").is_err());
}

async fn sums_and_averages_read_as_numbers(test: TestDb) {
    test.db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 12_345_678_901).await?;
                add(tx, 2, "two", 2).await
            })
        })
        .await
        .expect("inserts");
    let rows = rows(
        &test.db,
        "SELECT SUM(size) AS total, AVG(size) AS mean, COUNT(*) AS n, MAX(size) AS most, \
         COALESCE(SUM(size) FILTER (WHERE size < 0), 0) AS none FROM thing",
    )
    .await;
    assert_eq!(rows[0].get::<i64>("total"), Ok(12_345_678_903));
    assert_eq!(rows[0].get::<f64>("mean"), Ok(6_172_839_451.5));
    assert_eq!(rows[0].get::<u32>("n"), Ok(2));
    assert_eq!(rows[0].get::<i64>("most"), Ok(12_345_678_901));
    assert_eq!(rows[0].get::<i64>("none"), Ok(0));
}

async fn too_few_values_are_refused(test: TestDb) {
    let outcome: Result<u64, DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                tx.execute(
                    "DELETE FROM thing WHERE id = $1 AND size = $2",
                    &values![1_i64],
                )
                .await
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Parameter(_))), "{outcome:?}");
}

async fn a_text_with_a_zero_byte_is_refused(test: TestDb) {
    let outcome: Result<(), DbError> = test
        .db
        .write(|tx| Box::pin(async move { add(tx, 1, "a\0b", 1).await }))
        .await;
    assert!(matches!(outcome, Err(DbError::Parameter(_))), "{outcome:?}");
    assert_eq!(count(&test.db).await, 0);
}

/// A tool's own error.
#[derive(Debug, PartialEq, thiserror::Error)]
enum Refusal {
    #[error("no")]
    No,
    #[error(transparent)]
    Db(#[from] DbError),
}

async fn a_refused_job_leaves_nothing_while_its_neighbours_commit(test: TestDb) {
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..100_u8 {
        let db = test.db.clone();
        waiting.spawn(async move {
            db.write(move |tx| {
                Box::pin(async move {
                    add(tx, number, &format!("thing {number}"), 1).await?;
                    if number % 10 == 3 {
                        return Err(Refusal::No);
                    }
                    Ok(number)
                })
            })
            .await
        });
    }
    let mut refused = 0;
    while let Some(outcome) = waiting.join_next().await {
        match outcome.expect("no panic") {
            Ok(number) => assert_ne!(number % 10, 3),
            Err(error) => {
                assert_eq!(error, Refusal::No);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 10);
    assert_eq!(count(&test.db).await, 90);
}

async fn a_taken_key_is_a_unique_error_and_undoes_the_job(test: TestDb) {
    let twice: Result<(), DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                add(tx, 2, "one", 1).await
            })
        })
        .await;
    assert!(twice.expect_err("the name is taken").is_unique());
    assert_eq!(count(&test.db).await, 0);
}

async fn a_job_that_goes_on_after_a_failed_statement_commits_nothing(test: TestDb) {
    let outcome: Result<(), DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                assert!(add(tx, 1, "other", 1).await.is_err());
                assert!(add(tx, 3, "three", 3).await.is_err());
                Ok(())
            })
        })
        .await;
    assert!(outcome.expect_err("the transaction is lost").is_unique());
    assert_eq!(count(&test.db).await, 0);
}

async fn on_conflict_do_nothing_says_so_by_its_count(test: TestDb) {
    let counts: Result<[u64; 2], DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                let mut counts = [0; 2];
                for (place, count) in (0_u8..).zip(&mut counts) {
                    *count = tx
                        .execute(
                            "INSERT INTO thing (id, name, size) VALUES ($1, $2, $3) \
                             ON CONFLICT DO NOTHING",
                            &values![[place; 16], "same", 1_i64],
                        )
                        .await?;
                }
                Ok(counts)
            })
        })
        .await;
    assert_eq!(counts, Ok([1, 0]));
}

async fn a_job_that_awaits_something_foreign_is_refused(test: TestDb) {
    let outcome: Result<(), DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                std::future::pending::<()>().await;
                Ok(())
            })
        })
        .await;
    assert_eq!(outcome, Err(DbError::Suspended));
    assert_eq!(count(&test.db).await, 0);
}

async fn a_write_in_a_read_is_refused(test: TestDb) {
    let outcome: Result<(), DbError> = test
        .db
        .read(|tx| Box::pin(async move { add(tx, 1, "one", 1).await }))
        .await;
    assert_eq!(outcome, Err(DbError::ReadOnly));
    assert_eq!(count(&test.db).await, 0);
}

async fn a_journal_entry_leaves_with_its_refused_act(test: TestDb) {
    let outcome: Result<(), Refusal> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                let at = kernel::Timestamp::from_millis(1);
                tx.journal(crate::common::entry(None, "thing:1", at), &kernel::OsRng)
                    .await?;
                tx.emit(&crate::common::event(1, "thing:1", "test.thing.made"))
                    .await?;
                Err(Refusal::No)
            })
        })
        .await;
    assert_eq!(outcome, Err(Refusal::No));
    let left = rows(
        &test.db,
        "SELECT (SELECT COUNT(*) FROM journal_pending) + (SELECT COUNT(*) FROM outbox) AS n",
    )
    .await;
    assert_eq!(left[0].get::<i64>("n"), Ok(0));
}

async fn two_rows_where_one_was_asked_for_are_an_error(test: TestDb) {
    let outcome: Result<Option<Row>, DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                add(tx, 2, "two", 1).await?;
                tx.query_optional("SELECT name FROM thing", &values![])
                    .await
            })
        })
        .await;
    assert_eq!(outcome, Err(DbError::TooManyRows));
}

async fn a_closed_database_answers_so(test: TestDb) {
    let clone = test.db.clone();
    assert_eq!(clone.ping().await, Ok(()));
    test.db.clone().close().await;
    assert_eq!(clone.ping().await, Err(DbError::Closed));
}

async fn forty_parameters_bind_right(test: TestDb) {
    let row: Result<Option<Row>, DbError> = test
        .db
        .read(|tx| {
            Box::pin(async move {
                let values: Vec<Value> = (1..=40_i64).map(Value::from).collect();
                tx.query_optional(
                    "SELECT 40 AS n WHERE $40 = CAST(40 AS BIGINT) AND $33 = CAST(33 AS BIGINT) \
                     AND CAST($1 AS BIGINT) + $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 + $10 + $11 \
                     + $12 + $13 + $14 + $15 + $16 + $17 + $18 + $19 + $20 + $21 + $22 + $23 \
                     + $24 + $25 + $26 + $27 + $28 + $29 + $30 + $31 + $32 + $34 + $35 + $36 \
                     + $37 + $38 + $39 = 820 - 33 - 40",
                    &values,
                )
                .await
            })
        })
        .await;
    assert!(row.expect("a query").is_some());
}

async fn a_query_goes_on_after_its_table_got_a_column(test: TestDb) {
    let all = || rows(&test.db, "SELECT * FROM thing");
    // Several at once, so that several connections have the plan.
    tokio::join!(all(), all(), all(), all(), all(), all(), all(), all());
    test.db
        .write(|tx| {
            Box::pin(async move {
                tx.execute("ALTER TABLE thing ADD COLUMN colour TEXT", &values![])
                    .await?;
                add(tx, 1, "one", 1).await
            })
        })
        .await
        .expect("a column");
    assert_eq!(all().await[0].get::<Option<String>>("colour"), Ok(None));
}

async fn a_zero_byte_in_a_journalled_name_does_not_undo_the_act(test: TestDb) {
    let outcome: Result<(), DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                let at = kernel::Timestamp::from_millis(1);
                let mut entry = crate::common::entry(None, "login:\0", at);
                entry.personal = Some("cl\0aire".to_owned());
                tx.journal(entry, &kernel::OsRng).await
            })
        })
        .await;
    assert_eq!(outcome, Ok(()));
}

async fn broken_connections_are_replaced_unnoticed(test: TestDb) {
    if test.db.backend() == Backend::Sqlite {
        return;
    }
    let adding = |first: u8| {
        let db = test.db.clone();
        futures_util::future::join_all((first..first + 10).map(move |number| {
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    Box::pin(async move { add(tx, number, &format!("thing {number}"), 1).await })
                })
                .await
            }
        }))
    };
    adding(0).await;
    // As when the server is started again.
    rows(
        &test.db,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    for outcome in adding(10).await {
        assert_eq!(outcome, Ok::<(), DbError>(()));
    }
    assert_eq!(count(&test.db).await, 20);
}

/// Fails `times` times as PostgreSQL does when transactions cannot be put in an order.
async fn conflicting(db: &Db, times: u32) -> (Result<(), DbError>, u32) {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let outcome = db
        .write(move |tx| {
            let before = counted.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                if before < times {
                    tx.execute(
                        "DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END $$",
                        &values![],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await;
    (outcome, tries.load(Ordering::Relaxed))
}

async fn injected_serialisation_failures_are_retried(test: TestDb) {
    if test.db.backend() == Backend::Sqlite {
        // SQLite has one writer: there is nothing to inject.
        return;
    }
    assert_eq!(conflicting(&test.db, 3).await, (Ok(()), 4));
    assert_eq!(count(&test.db).await, 1);
}

async fn serialisation_failures_without_end_are_answered(test: TestDb) {
    if test.db.backend() == Backend::Sqlite {
        return;
    }
    assert_eq!(
        conflicting(&test.db, u32::MAX).await,
        (Err(DbError::Conflict), 6)
    );
    assert_eq!(count(&test.db).await, 0);
}

#[tokio::test]
async fn a_second_process_is_refused_on_the_same_folder_and_let_in_after_the_first() {
    let test = TestDb::sqlite(SETS).await;
    let refused = Db::open(test.config()).await.err();
    assert!(matches!(refused, Some(DbError::Locked(_))), "{refused:?}");
    test.db.clone().close().await;
    assert!(Db::open(test.config()).await.is_ok());
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_said_in_clear_words() {
    let config = DatabaseConfig::Postgres {
        url: "postgres://nobody@127.0.0.1:1/none".to_owned(),
        max_connections: 2,
    };
    let error = Db::open(&config).await.err().expect("no server there");
    assert!(matches!(error, DbError::Unreachable(_)), "{error:?}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_job_that_panics_fails_alone() {
    let test = TestDb::sqlite(SETS).await;
    let outcome: Result<(), DbError> = test
        .db
        .write(|tx| {
            Box::pin(async move {
                add(tx, 1, "one", 1).await?;
                panic!("a bug in a tool");
            })
        })
        .await;
    assert_eq!(outcome, Err(DbError::Panicked));
    assert_eq!(count(&test.db).await, 0);
    assert_eq!(test.db.ping().await, Ok(()));
}

async fn who_watches_sees_whether_something_may_have_been_written(test: TestDb) {
    let db = &test.db;
    let read = watched(async { count(db).await });
    assert!(!read.await.1, "a read");
    let refused = watched(db.write(|_| Box::pin(async { Err::<(), _>(DbError::Full) })));
    assert!(!refused.await.1, "undone");
    let write = |id, name: &'static str| {
        db.write(move |tx| Box::pin(async move { add(tx, id, name, 1).await }))
    };
    let written = watched(write(1, "one"));
    assert!(written.await.1, "done");
    let taken = watched(write(1, "one")).await;
    assert!(taken.0.is_err() && !taken.1, "undone as well");
    // Not known to be done, nor to be undone; on a busy machine it is done by then, at times.
    let mut given_up = Box::pin(write(2, "two"));
    let begun = watched(std::future::poll_fn(|context| {
        std::task::Poll::Ready(given_up.as_mut().poll(context).is_ready())
    }));
    assert!(begun.await.1, "given up");
}
