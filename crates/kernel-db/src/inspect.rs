//! A look at a database that changes nothing, beside whoever uses it: for `besace check`.

use std::collections::BTreeMap;

use kernel::Timestamp;

use crate::{Backend, DatabaseConfig, Db, DbError, MigrationSet, migrate, sqlite, values};

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its name and version, as it says them.
    pub version: String,
    /// Bytes it takes on its disk.
    pub bytes: u64,
    /// Bytes that wait in the log; SQLite's only.
    pub log_bytes: Option<u64>,
    /// The server's clock; none: the database has none of its own.
    pub clock: Option<Timestamp>,
    /// Connections that the server takes for everybody; PostgreSQL's only.
    pub connections: Option<i64>,
    /// Whether tables of ours are there at all.
    pub has_tables: bool,
    /// Steps of this release that are not yet applied, as `tool/number name`.
    pub pending: Vec<String>,
}

/// The highest migration of each tool that a database has.
pub(crate) type Applied = BTreeMap<String, u32>;

/// Looks at a database that exists. On SQLite it takes no lock: a server may run.
///
/// # Errors
/// [`DbError::NewerSchema`] for tables of a later release; what keeps the database from
/// answering, or from being durable on PostgreSQL.
pub async fn inspect(
    config: &DatabaseConfig,
    sets: &[MigrationSet],
) -> Result<Inspection, DbError> {
    let (mut seen, applied) = match config {
        DatabaseConfig::Sqlite { folder } => {
            let file = folder.join(sqlite::FILE);
            tokio::task::spawn_blocking(move || sqlite::inspect(&file))
                .await
                .map_err(|cause| DbError::Driver(cause.to_string()))??
        }
        DatabaseConfig::Postgres { url, .. } => {
            let db = Db::open(&DatabaseConfig::Postgres {
                url: url.clone(),
                max_connections: 2,
            })
            .await?;
            let seen = of_server(&db).await;
            db.close().await;
            seen?
        }
    };
    seen.has_tables = !applied.is_empty();
    for set in migrate::with_own(sets) {
        let at = applied.get(set.tool).copied().unwrap_or(0);
        let known = set.migrations.last().map_or(0, |last| last.number);
        if at > known {
            return Err(DbError::NewerSchema {
                tool: set.tool.to_owned(),
                found: at,
                known,
            });
        }
        let pending = set.migrations.iter().filter(|step| step.number > at);
        seen.pending
            .extend(pending.map(|step| migrate::step_name(set.tool, step)));
    }
    Ok(seen)
}

async fn of_server(db: &Db) -> Result<(Inspection, Applied), DbError> {
    debug_assert_eq!(db.backend(), Backend::Postgres);
    db.read(|tx| {
        Box::pin(async move {
            let row = tx
                .query_optional(
                    "SELECT current_setting('server_version') AS version, \
                     pg_database_size(current_database()) AS bytes, \
                     CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS clock, \
                     CAST(current_setting('max_connections') AS BIGINT) AS connections, \
                     (SELECT COUNT(*) FROM information_schema.tables \
                      WHERE table_name = 'schema_migration' AND table_schema = 'public') AS tables",
                    &values![],
                )
                .await?
                .ok_or(DbError::TooManyRows)?;
            let mut applied = Applied::new();
            if row.get::<i64>("tables")? > 0 {
                let steps = tx
                    .query(
                        "SELECT tool, MAX(number) AS number FROM schema_migration GROUP BY tool",
                        &values![],
                    )
                    .await?;
                for step in steps {
                    applied.insert(step.get("tool")?, step.get("number")?);
                }
            }
            let version: String = row.get("version")?;
            let seen = Inspection {
                version: format!("PostgreSQL {version}"),
                bytes: u64::try_from(row.get::<i64>("bytes")?).unwrap_or(0),
                log_bytes: None,
                clock: Some(Timestamp::from_millis(row.get("clock")?)),
                connections: Some(row.get("connections")?),
                has_tables: false,
                pending: Vec::new(),
            };
            Ok((seen, applied))
        })
    })
    .await
}
