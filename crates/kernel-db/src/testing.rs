//! A fresh database for each test, on SQLite always and on PostgreSQL when there is a server.
//!
//! `BESACE_TEST_PG` is a `postgres://` URL to a server where databases may be made; each test
//! makes its own and drops it. Without it the tests on PostgreSQL say that they are skipped,
//! and fail when `BESACE_REQUIRE_PG=1`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this module is for tests only and stops them when the database cannot be made"
)]

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use kernel::{OsRng, RngExt, Timestamp};
use tempfile::TempDir;

use crate::{Backend, DatabaseConfig, Db, MigrationSet};

/// A database that belongs to one test.
pub struct TestDb {
    /// The handle; migrated.
    pub db: Db,
    config: DatabaseConfig,
    scratch: TempDir,
}

impl TestDb {
    /// A fresh SQLite database in a temporary folder, migrated.
    pub async fn sqlite(sets: &[MigrationSet]) -> Self {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let config = DatabaseConfig::Sqlite {
            folder: scratch.path().join("data"),
        };
        Self::open(config, scratch, sets).await
    }

    async fn open(config: DatabaseConfig, scratch: TempDir, sets: &[MigrationSet]) -> Self {
        let db = Db::open(&config).await.expect("a database");
        db.migrate(sets, Timestamp::from_millis(0))
            .await
            .expect("migrations");
        Self {
            db,
            config,
            scratch,
        }
    }

    /// Where the database is, to open it again.
    pub const fn config(&self) -> &DatabaseConfig {
        &self.config
    }

    /// A folder that leaves with the test.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// A path in [`TestDb::scratch`].
    pub fn file(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
}

/// Runs one test on one kind of database. [`store_suite!`](crate::store_suite) calls it.
pub fn run<F>(backend: Backend, sets: &[MigrationSet], test: impl FnOnce(TestDb) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    match backend {
        Backend::Sqlite => runtime.block_on(async { test(TestDb::sqlite(sets).await).await }),
        Backend::Postgres => {
            let Some(server) = server_url() else { return };
            let name = database_name();
            runtime.block_on(administer(&server, &format!("CREATE DATABASE {name}")));
            let config = DatabaseConfig::Postgres {
                url: with_database(&server, &name),
                max_connections: 10,
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                runtime.block_on(async {
                    let scratch = tempfile::tempdir().expect("a temporary folder");
                    test(TestDb::open(config, scratch, sets).await).await;
                });
            }));
            runtime.block_on(administer(
                &server,
                &format!("DROP DATABASE {name} WITH (FORCE)"),
            ));
            if let Err(panic) = outcome {
                resume_unwind(panic);
            }
        }
    }
}

/// The server that tests may use; none when they are to be skipped, which is said aloud.
fn server_url() -> Option<String> {
    let url = std::env::var("BESACE_TEST_PG")
        .ok()
        .filter(|url| !url.is_empty());
    if url.is_none() {
        let required = std::env::var("BESACE_REQUIRE_PG").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "BESACE_REQUIRE_PG=1 and no server in BESACE_TEST_PG"
        );
        eprintln!("skipped: no PostgreSQL server in BESACE_TEST_PG");
    }
    url
}

fn database_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let random = hex::encode(OsRng.bytes::<6>());
    format!(
        "besace_test_{random}_{}",
        MADE.fetch_add(1, Ordering::Relaxed)
    )
}

async fn administer(server: &str, sql: &str) {
    crate::postgres::administer(server, sql)
        .await
        .unwrap_or_else(|cause| panic!("the server of BESACE_TEST_PG: {sql}: {cause}"));
}

/// The URL with another database's name.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, query)| (base, Some(query)));
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let authority_end = base
        .get(after_scheme..)
        .and_then(|rest| rest.find('/'))
        .map_or(base.len(), |at| after_scheme + at);
    let authority = base.get(..authority_end).unwrap_or(base);
    match query {
        Some(query) => format!("{authority}/{name}?{query}"),
        None => format!("{authority}/{name}"),
    }
}

/// Makes each named `async fn(TestDb)` a test on SQLite and a test on PostgreSQL. The first
/// argument is the slice of migrations that the database gets.
///
/// ```ignore
/// kernel_db::store_suite!(&[MIGRATIONS]; a_room_is_found_by_its_name, two_writers_never_both_win);
/// ```
#[macro_export]
macro_rules! store_suite {
    ($sets:expr; $($name:ident),+ $(,)?) => {
        const STORE_SUITE_SETS: &[$crate::MigrationSet] = $sets;
        mod on_sqlite {
            $(#[test]
            fn $name() {
                $crate::testing::run($crate::Backend::Sqlite, super::STORE_SUITE_SETS, super::$name);
            })+
        }
        mod on_postgres {
            $(#[test]
            fn $name() {
                $crate::testing::run($crate::Backend::Postgres, super::STORE_SUITE_SETS, super::$name);
            })+
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced_and_its_options_stay() {
        assert_eq!(
            with_database("postgres://u:p@h:1/postgres?sslmode=require", "x"),
            "postgres://u:p@h:1/x?sslmode=require"
        );
        assert_eq!(with_database("postgres://u@h:1", "x"), "postgres://u@h:1/x");
    }
}
