//! Under which master keys the rows of a database stand, and how they come under the current one.

use std::sync::Arc;

use kernel::Rng;
use kernel_db::{Db, DbError, SEALED_BATCH, SealedColumn, SealedRow, Under};

use super::MasterKeys;

/// How many values of a column stand under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCount {
    /// Where.
    pub column: SealedColumn,
    /// The key's mark.
    pub mark: String,
    /// How many.
    pub rows: u64,
}

/// Counts the values of these columns by the key that they stand under.
///
/// # Errors
/// What the database says.
pub async fn count_sealed(db: &Db, columns: &[SealedColumn]) -> Result<Vec<SealedCount>, DbError> {
    let mut found = Vec::new();
    for column in columns.iter().copied() {
        let counts = db
            .read(move |tx| Box::pin(async move { column.counts(tx).await }))
            .await?;
        for (mark, rows) in counts {
            found.push(SealedCount {
                column,
                mark,
                rows: u64::try_from(rows).unwrap_or(0),
            });
        }
    }
    Ok(found)
}

/// What [`reseal`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values sealed anew.
    pub rows: u64,
    /// Values that no key opens; they were left as they are.
    pub unreadable: u64,
}

/// Seals under the current key every value that stands under another, [`SEALED_BATCH`] rows in a
/// transaction. It may be stopped at any moment and done again, and beside a program that works:
/// a value that was changed meanwhile is left alone. `progress` is told how many of how many were
/// looked at.
///
/// # Errors
/// What the database says; what was done until then stays.
pub async fn reseal(
    db: &Db,
    keys: &MasterKeys,
    columns: &[SealedColumn],
    rng: &Arc<dyn Rng>,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Resealed, DbError> {
    let current = keys.current().mark();
    let counts = count_sealed(db, columns).await?;
    let others = counts.iter().filter(|count| count.mark != current);
    let all: u64 = others.map(|count| count.rows).sum();
    let sealer = keys.sealer();
    let mut done = Resealed::default();
    progress(0, all);
    for column in columns.iter().copied() {
        let mut after = None;
        loop {
            let page = page(db, column, Which::OtherThan(current.clone()), after).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            let is_last = page.len() < SEALED_BATCH as usize;
            let mut anew = Vec::with_capacity(page.len());
            for row in page {
                match sealer.open(column.purpose, &row.sealed) {
                    Some(bytes) => {
                        let sealed = sealer.seal(column.purpose, &bytes, rng.as_ref());
                        anew.push((row, sealed));
                    }
                    None => done.unreadable += 1,
                }
            }
            done.rows += replace(db, column, anew).await?;
            progress(done.rows.saturating_add(done.unreadable).min(all), all);
            if is_last {
                break;
            }
        }
    }
    progress(all, all);
    Ok(done)
}

/// Empties every value that stands under a key that is lost for good; how many there were.
///
/// # Errors
/// What the database says; what was done until then stays.
pub async fn set_empty(db: &Db, columns: &[SealedColumn], mark: &str) -> Result<u64, DbError> {
    let mut emptied = 0;
    for column in columns.iter().copied() {
        loop {
            let page = page(db, column, Which::Of(mark.to_owned()), None).await?;
            if page.is_empty() {
                break;
            }
            let rows = page.into_iter().map(|row| (row, String::new()));
            emptied += replace(db, column, rows.collect()).await?;
        }
    }
    Ok(emptied)
}

/// [`Under`], owned.
#[derive(Clone)]
enum Which {
    Of(String),
    OtherThan(String),
}

async fn page(
    db: &Db,
    column: SealedColumn,
    which: Which,
    after: Option<Vec<kernel_db::Value>>,
) -> Result<Vec<SealedRow>, DbError> {
    let asked = Arc::new((which, after));
    db.read(move |tx| {
        let asked = Arc::clone(&asked);
        Box::pin(async move {
            let under = match &asked.0 {
                Which::Of(mark) => Under::This(mark),
                Which::OtherThan(mark) => Under::Other(mark),
            };
            column.page(tx, under, asked.1.as_deref()).await
        })
    })
    .await
}

async fn replace(
    db: &Db,
    column: SealedColumn,
    rows: Vec<(SealedRow, String)>,
) -> Result<u64, DbError> {
    let rows = Arc::new(rows);
    db.write(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move {
            let mut replaced = 0;
            for (row, sealed) in rows.iter() {
                replaced += u64::from(column.replace(tx, row, sealed).await?);
            }
            Ok(replaced)
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;
    use kernel_db::testing::TestDb;
    use kernel_db::{Migration, MigrationSet, values};

    use crate::keys::MasterKey;

    const SETS: &[MigrationSet] = &[MigrationSet {
        tool: "test",
        migrations: &[Migration {
            number: 1,
            name: "secrets",
            sqlite: "CREATE TABLE secret (owner BLOB NOT NULL, name TEXT NOT NULL, value TEXT, \
                     PRIMARY KEY (owner, name)) STRICT",
            postgres: "CREATE TABLE secret (owner BYTEA NOT NULL, \
                       name TEXT COLLATE \"C\" NOT NULL, value TEXT, PRIMARY KEY (owner, name))",
        }],
    }];
    const COLUMN: SealedColumn = SealedColumn {
        table: "secret",
        column: "value",
        key: &["owner", "name"],
        purpose: "test/secret/1",
        lasting: true,
    };
    const OLD: MasterKey = MasterKey::from_bytes([7; 32]);
    const NEW: MasterKey = MasterKey::from_bytes([8; 32]);

    kernel_db::store_suite!(
        SETS;
        every_row_comes_under_the_new_key_and_doing_it_again_changes_nothing,
        stopped_halfway_it_goes_on_where_it_was,
        what_no_key_opens_stays_and_is_counted_until_it_is_given_up,
        a_value_changed_meanwhile_is_left_alone,
    );

    fn rng() -> Arc<dyn Rng> {
        Arc::new(OsRng)
    }

    fn both() -> MasterKeys {
        MasterKeys::new(NEW).accepting(OLD).expect("two keys")
    }

    /// So many rows, sealed under a key; each holds its own name.
    async fn fill(test: &TestDb, count: u16, key: &MasterKey) {
        let sealer = MasterKeys::new(key.clone()).sealer();
        let rows: Vec<_> = (0..count)
            .map(|n| {
                let text = format!("secret {n}");
                let sealed = sealer.seal(COLUMN.purpose, text.as_bytes(), &OsRng);
                (n.to_be_bytes(), text, sealed)
            })
            .collect();
        let rows = Arc::new(rows);
        let written: Result<(), DbError> = test
            .db
            .write(move |tx| {
                let rows = Arc::clone(&rows);
                Box::pin(async move {
                    for (owner, name, sealed) in rows.iter() {
                        tx.execute(
                            "INSERT INTO secret (owner, name, value) VALUES ($1, $2, $3)",
                            &values![owner.to_vec(), name.as_str(), sealed.as_str()],
                        )
                        .await?;
                    }
                    Ok(())
                })
            })
            .await;
        written.expect("filled");
    }

    async fn counted(test: &TestDb) -> Vec<(String, u64)> {
        let counts = count_sealed(&test.db, &[COLUMN]).await.expect("counted");
        let mut counts: Vec<_> = counts.into_iter().map(|one| (one.mark, one.rows)).collect();
        counts.sort();
        counts
    }

    /// Whether every row opens under this key alone, to what it was.
    async fn all_open(test: &TestDb, key: &MasterKey) -> bool {
        let sealer = MasterKeys::new(key.clone()).sealer();
        let rows: Result<Vec<(String, String)>, DbError> = test
            .db
            .read(|tx| {
                Box::pin(async move {
                    let rows = tx
                        .query("SELECT name, value FROM secret", &values![])
                        .await?;
                    rows.iter()
                        .map(|row| Ok((row.get("name")?, row.get("value")?)))
                        .collect()
                })
            })
            .await;
        let opens = |(name, sealed): &(String, String)| {
            sealer.open(COLUMN.purpose, sealed).as_deref() == Some(name.as_bytes())
        };
        rows.expect("read").iter().all(opens)
    }

    async fn every_row_comes_under_the_new_key_and_doing_it_again_changes_nothing(test: TestDb) {
        fill(&test, 1_201, &OLD).await;
        assert_eq!(counted(&test).await, [(OLD.mark(), 1_201)]);
        let told = std::sync::Mutex::new(Vec::new());
        let progress = |done, all| told.lock().expect("told").push((done, all));
        let done = reseal(&test.db, &both(), &[COLUMN], &rng(), &progress).await;
        let expected = Resealed {
            rows: 1_201,
            unreadable: 0,
        };
        assert_eq!(done.expect("resealed"), expected);
        assert_eq!(counted(&test).await, [(NEW.mark(), 1_201)]);
        assert!(all_open(&test, &NEW).await);
        let told = told.into_inner().expect("told");
        assert_eq!(told.first(), Some(&(0, 1_201)));
        assert!(told.contains(&(500, 1_201)) && told.contains(&(1_000, 1_201)));
        assert_eq!(told.last(), Some(&(1_201, 1_201)));
        let again = reseal(&test.db, &both(), &[COLUMN], &rng(), &|_, _| {}).await;
        assert_eq!(again.expect("nothing to do"), Resealed::default());
    }

    async fn stopped_halfway_it_goes_on_where_it_was(test: TestDb) {
        fill(&test, 1_100, &OLD).await;
        let (db, told) = (test.db.clone(), Arc::new(tokio::sync::Notify::new()));
        let tell = Arc::clone(&told);
        let work = tokio::spawn(async move {
            let progress = move |done, _| {
                if done > 0 {
                    tell.notify_one();
                }
            };
            reseal(&db, &both(), &[COLUMN], &rng(), &progress).await
        });
        told.notified().await;
        work.abort();
        drop(work.await);
        let rows: u64 = counted(&test).await.iter().map(|(_, rows)| rows).sum();
        assert_eq!(rows, 1_100, "none is lost");
        let done = reseal(&test.db, &both(), &[COLUMN], &rng(), &|_, _| {}).await;
        assert!(done.expect("resealed").rows <= 600);
        assert_eq!(counted(&test).await, [(NEW.mark(), 1_100)]);
        assert!(all_open(&test, &NEW).await);
    }

    async fn what_no_key_opens_stays_and_is_counted_until_it_is_given_up(test: TestDb) {
        let lost = MasterKey::from_bytes([9; 32]);
        fill(&test, 3, &lost).await;
        let done = reseal(&test.db, &both(), &[COLUMN], &rng(), &|_, _| {}).await;
        let expected = Resealed {
            rows: 0,
            unreadable: 3,
        };
        assert_eq!(done.expect("looked at"), expected);
        assert_eq!(counted(&test).await, [(lost.mark(), 3)]);
        assert!(all_open(&test, &lost).await, "as they were");
        let emptied = set_empty(&test.db, &[COLUMN], &lost.mark()).await;
        assert_eq!(emptied.expect("given up"), 3);
        assert_eq!(counted(&test).await, []);
    }

    async fn a_value_changed_meanwhile_is_left_alone(test: TestDb) {
        fill(&test, 1, &OLD).await;
        let seen = page(&test.db, COLUMN, Which::OtherThan(NEW.mark()), None).await;
        let row = seen.expect("read").pop().expect("one row");
        let changed = replace(&test.db, COLUMN, vec![(row.clone(), "another".to_owned())]).await;
        assert_eq!(changed.expect("changed"), 1);
        let late = replace(&test.db, COLUMN, vec![(row, "too late".to_owned())]).await;
        assert_eq!(late.expect("left alone"), 0);
    }
}
