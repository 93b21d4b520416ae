//! The database: that it opens, is durable, and has this release's tables.

use kernel::Timestamp;
use kernel_db::{Db, DbError, Inspection, inspect};

use super::{Fact, clock};
use crate::compose::{MIGRATIONS, database};
use crate::config::Config;

/// Bytes of a log that was not copied into the file for long.
const LONG_LOG: u64 = 500_000_000;

/// What is known of the database.
pub(super) async fn facts(config: &Config, now: Timestamp) -> Vec<Fact> {
    let data = config.database.folder.join(kernel_db::backup::DATABASE);
    let on_server = config.database.url.is_some();
    if !on_server && !data.exists() {
        let found = format!("{} will be made at the first start", data.display());
        return vec![Fact::good("SQLite", found)];
    }
    let mut facts = Vec::new();
    let held = if on_server {
        false
    } else {
        match durable(config).await {
            Ok(held) => held,
            Err(cause) => return vec![broken("SQLite", cause)],
        }
    };
    match inspect(&database(config), MIGRATIONS).await {
        Ok(seen) => {
            facts.push(opened(&seen, on_server, held));
            facts.push(schema(&seen));
            facts.extend(log(&seen));
            facts.extend(connections(&seen, config));
            if let Some(theirs) = seen.clock {
                facts.push(clock::against(
                    "clock of the database".to_owned(),
                    now,
                    theirs,
                ));
            }
        }
        Err(cause @ DbError::NewerSchema { .. }) => facts.push(Fact::error(
            "schema",
            cause,
            "run the release that migrated it, or a later one; there is no way back but a backup",
        )),
        Err(cause) => facts.push(broken(
            if on_server { "PostgreSQL" } else { "SQLite" },
            cause,
        )),
    }
    facts
}

/// Opens the file as a server would, which proves `synchronous=FULL`; whether a server holds it.
async fn durable(config: &Config) -> Result<bool, DbError> {
    match Db::open(&database(config)).await {
        Ok(db) => {
            let answer = db.ping().await;
            db.close().await;
            answer.map(|()| false)
        }
        Err(DbError::Locked(_)) => Ok(true),
        Err(cause) => Err(cause),
    }
}

fn broken(about: &str, cause: DbError) -> Fact {
    Fact::error(
        about,
        cause,
        "check database.url or database.folder, that the database is started, and its own log",
    )
}

fn opened(seen: &Inspection, on_server: bool, held: bool) -> Fact {
    let megabytes = seen.bytes / 1_000_000;
    let how = match (on_server, held) {
        (true, _) => "answers, fsync is on",
        (false, true) => "held by a running server",
        (false, false) => "opens with synchronous=FULL",
    };
    Fact::good(
        if on_server { "PostgreSQL" } else { "SQLite" },
        format!("{}, {megabytes} MB, {how}", seen.version),
    )
}

fn schema(seen: &Inspection) -> Fact {
    if !seen.has_tables {
        return Fact::good("schema", "no tables yet: they are made at the first start");
    }
    if seen.pending.is_empty() {
        return Fact::good("schema", "this release's");
    }
    Fact::warning(
        "schema",
        format!(
            "older than this release: {} pending",
            seen.pending.join(", ")
        ),
        "back up, then `besace migrate`, or start this release, which does it",
    )
}

fn log(seen: &Inspection) -> Option<Fact> {
    let bytes = seen.log_bytes?;
    (bytes > LONG_LOG).then(|| {
        Fact::warning(
            "SQLite's log",
            format!("{} MB wait to be copied into the file", bytes / 1_000_000),
            "something reads for very long (a backup, another program): let it end, or restart",
        )
    })
}

fn connections(seen: &Inspection, config: &Config) -> Option<Fact> {
    let server = seen.connections?;
    let ours = i64::try_from(config.database.max_connections).unwrap_or(i64::MAX);
    let found = format!("{ours} of the server's {server}");
    // Three are kept for its administrators.
    Some(if ours <= server.saturating_sub(3) {
        Fact::good("connections", found)
    } else {
        Fact::error(
            "connections",
            found,
            "lower database.max_connections (count each process), or raise the server's",
        )
    })
}
