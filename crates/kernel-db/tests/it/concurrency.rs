//! Fifty tasks over ten store functions leave the same rows on both databases.

use kernel_db::{Db, DbError, Tx, store_suite, testing::TestDb, values};

use crate::common::SETS;

store_suite!(SETS;
    fifty_tasks_over_ten_functions_leave_the_expected_rows,
    two_writers_who_check_then_insert_never_both_win,
    two_writers_who_check_a_sum_never_both_spend_it,
);

/// A write that asks again when conflicts outlast the built-in retries, as a caller may.
async fn settled<T, F>(db: &Db, job: F) -> T
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> kernel_db::BoxFuture<'a, Result<T, DbError>>
        + Clone
        + Send
        + Sync
        + 'static,
{
    for _ in 0..100 {
        match db.write(job.clone()).await {
            Ok(value) => return value,
            Err(DbError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("a hundred conflicts");
}

fn id(name: &str) -> [u8; 16] {
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    id
}

/// 1: adds a thing of this name unless there is one; whether it did.
async fn add_unless_there(tx: &mut Tx, name: &str) -> Result<bool, DbError> {
    let there = tx
        .query_optional("SELECT id FROM thing WHERE name = $1", &values![name])
        .await?;
    if there.is_some() {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO thing (id, name, size) VALUES ($1, $2, $3)",
        &values![id(name), name, 0_i64],
    )
    .await?;
    Ok(true)
}

/// 2: makes it greater.
async fn grow(tx: &mut Tx, name: &str, by: i64) -> Result<(), DbError> {
    tx.execute(
        "UPDATE thing SET size = size + $2 WHERE name = $1",
        &values![name, by],
    )
    .await?;
    Ok(())
}

/// 3: its size.
async fn size(tx: &mut Tx, name: &str) -> Result<i64, DbError> {
    let row = tx
        .query_optional("SELECT size FROM thing WHERE name = $1", &values![name])
        .await?;
    row.map_or(Ok(0), |row| row.get("size"))
}

/// 4: reads, then writes what it read and one more.
async fn read_then_grow(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    let size = size(tx, name).await?;
    tx.execute(
        "UPDATE thing SET size = $2 WHERE name = $1",
        &values![name, size + 1],
    )
    .await?;
    Ok(())
}

/// 5: moves size from one to another.
async fn transfer(tx: &mut Tx, from: &str, to: &str, by: i64) -> Result<(), DbError> {
    grow(tx, from, -by).await?;
    grow(tx, to, by).await
}

/// 6: adds or grows in one statement.
async fn upsert(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO thing (id, name, size) VALUES ($1, $2, 1) \
         ON CONFLICT (name) DO UPDATE SET size = thing.size + 1",
        &values![id(name), name],
    )
    .await?;
    Ok(())
}

/// 7: adds and removes again.
async fn come_and_go(tx: &mut Tx, name: &str) -> Result<u64, DbError> {
    add_unless_there(tx, name).await?;
    tx.execute("DELETE FROM thing WHERE name = $1", &values![name])
        .await
}

/// 8: all sizes together.
async fn total(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT COALESCE(SUM(size), 0) AS total FROM thing",
            &values![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("total"))
}

/// 9: a page of names after one.
async fn page(tx: &mut Tx, after: &str) -> Result<Vec<String>, DbError> {
    let rows = tx
        .query(
            "SELECT name FROM thing WHERE name > $1 ORDER BY name LIMIT $2",
            &values![after, 5_i64],
        )
        .await?;
    rows.iter().map(|row| row.get("name")).collect()
}

/// 10: spends from a thing as long as all things together stay above zero; whether it did.
async fn spend(tx: &mut Tx, name: &str, by: i64) -> Result<bool, DbError> {
    if total(tx).await? < by {
        return Ok(false);
    }
    grow(tx, name, -by).await?;
    Ok(true)
}

async fn one_task(db: Db, number: u32) -> u32 {
    let name = format!("n{}", number % 10);
    let other = format!("n{}", (number + 1) % 10);
    let guest = format!("guest{number}");
    let mut won = 0;
    for _ in 0..3 {
        let mine = name.clone();
        won += u32::from(
            settled(&db, move |tx| {
                let mine = mine.clone();
                Box::pin(async move { add_unless_there(tx, &mine).await })
            })
            .await,
        );
        let mine = name.clone();
        settled(&db, move |tx| {
            let mine = mine.clone();
            Box::pin(async move { upsert(tx, &mine).await })
        })
        .await;
        let mine = name.clone();
        settled(&db, move |tx| {
            let mine = mine.clone();
            Box::pin(async move { read_then_grow(tx, &mine).await })
        })
        .await;
        let visitor = guest.clone();
        let gone = settled(&db, move |tx| {
            let visitor = visitor.clone();
            Box::pin(async move { come_and_go(tx, &visitor).await })
        })
        .await;
        assert_eq!(gone, 1);
        let before: Vec<String> = db
            .read(|tx| Box::pin(async move { page(tx, "n").await }))
            .await
            .map_err(|error: DbError| error)
            .expect("a page");
        assert!(before.len() <= 5 && before.is_sorted());
    }
    let (mine, next) = (name.clone(), other.clone());
    settled(&db, move |tx| {
        let (mine, next) = (mine.clone(), next.clone());
        Box::pin(async move {
            upsert(tx, &next).await?;
            transfer(tx, &mine, &next, 1_000).await?;
            grow(tx, &next, 2).await
        })
    })
    .await;
    won
}

async fn fifty_tasks_over_ten_functions_leave_the_expected_rows(test: TestDb) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        tasks.spawn(one_task(test.db.clone(), number));
    }
    let mut won = 0;
    while let Some(task) = tasks.join_next().await {
        won += task.expect("no panic");
    }
    let rows = test
        .db
        .read(|tx| {
            Box::pin(async move {
                assert_eq!(total(tx).await?, size(tx, "n0").await? * 10);
                tx.query("SELECT name, size FROM thing ORDER BY name", &values![])
                    .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("rows");
    // Five tasks a name: 3 upserts and 3 reads-then-grows each; one upsert, 2 more and the
    // thousands in and out from the neighbours.
    assert_eq!(rows.len(), 10);
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row.get("name"), Ok(format!("n{place}")));
        assert_eq!(row.get("size"), Ok(5 * (3 + 3) + 5 * (1 + 2)));
    }
    assert!(won <= 10);
}

async fn two_writers_who_check_then_insert_never_both_win(test: TestDb) {
    for contest in 0..20 {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let db = test.db.clone();
            tasks.spawn(async move {
                settled(&db, move |tx| {
                    Box::pin(async move { add_unless_there(tx, &format!("prize{contest}")).await })
                })
                .await
            });
        }
        let mut won = 0;
        while let Some(task) = tasks.join_next().await {
            won += u32::from(task.expect("no panic"));
        }
        assert_eq!(won, 1, "contest {contest}");
    }
}

async fn two_writers_who_check_a_sum_never_both_spend_it(test: TestDb) {
    for contest in 0..20 {
        settled(&test.db, |tx| {
            Box::pin(async move {
                tx.execute("DELETE FROM thing", &values![]).await?;
                add_unless_there(tx, "left").await?;
                add_unless_there(tx, "right").await?;
                grow(tx, "left", 100).await
            })
        })
        .await;
        let mut tasks = tokio::task::JoinSet::new();
        for name in ["left", "right"] {
            let db = test.db.clone();
            tasks.spawn(async move {
                settled(&db, move |tx| {
                    Box::pin(async move { spend(tx, name, 100).await })
                })
                .await
            });
        }
        let mut won = 0;
        while let Some(task) = tasks.join_next().await {
            won += u32::from(task.expect("no panic"));
        }
        assert_eq!(won, 1, "contest {contest}");
    }
}
