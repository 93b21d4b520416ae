//! What the portal keeps of an agent: read for them, moved to another account, erased.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};
use serde_json::{Map, Value, json};

/// Rows of one transaction.
pub(crate) const BATCH: i64 = 500;

/// What a column of an export is.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Time,
    Number,
    /// JSON kept as text.
    Json,
}

/// A list of the export: its name, the statement (`$1` is the agent) and its columns.
struct List {
    name: &'static str,
    sql: &'static str,
    columns: &'static [(&'static str, Kind)],
}

const LISTS: &[List] = &[
    List {
        name: "favourites",
        sql: "SELECT t.name_fr AS tool, t.address AS address
              FROM portal_favourite f JOIN portal_tile t ON t.id = f.tile_id
              WHERE f.agent_id = $1 ORDER BY f.position",
        columns: &[("tool", Kind::Text), ("address", Kind::Text)],
    },
    List {
        name: "toolsOpened",
        sql: "SELECT t.name_fr AS tool, r.opened_at AS at
              FROM portal_recent r JOIN portal_tile t ON t.id = r.tile_id
              WHERE r.agent_id = $1 ORDER BY r.opened_at DESC",
        columns: &[("tool", Kind::Text), ("at", Kind::Time)],
    },
    List {
        name: "visits",
        sql: "SELECT first_at AS at FROM portal_visit WHERE agent_id = $1",
        columns: &[("at", Kind::Time)],
    },
    List {
        name: "notices",
        sql: "SELECT source, kind, title_fr AS title, detail_fr AS detail, link, at, read_at
              FROM portal_inbox_item WHERE agent_id = $1 ORDER BY at DESC, id",
        columns: &[
            ("source", Kind::Text),
            ("kind", Kind::Text),
            ("title", Kind::Text),
            ("detail", Kind::Text),
            ("link", Kind::Text),
            ("at", Kind::Time),
            ("read_at", Kind::Time),
        ],
    },
    List {
        name: "settings",
        sql: "SELECT body AS chosen, updated_at AS at FROM portal_settings WHERE agent_id = $1",
        columns: &[("chosen", Kind::Json), ("at", Kind::Time)],
    },
    List {
        name: "announcementsRead",
        sql: "SELECT a.title_fr AS title, r.read_at AS at
              FROM portal_announcement_read r
              JOIN portal_announcement a ON a.id = r.announcement_id
              WHERE r.agent_id = $1 ORDER BY r.read_at DESC",
        columns: &[("title", Kind::Text), ("at", Kind::Time)],
    },
    List {
        name: "badges",
        sql: "SELECT client_id AS application, count FROM portal_badge
              WHERE agent_id = $1 ORDER BY client_id",
        columns: &[("application", Kind::Text), ("count", Kind::Number)],
    },
    List {
        name: "requests",
        sql: "SELECT kind, state, name, address, purpose, asked_at AS at, reason AS answer
              FROM portal_request WHERE asked_by = $1 ORDER BY asked_at DESC, id",
        columns: &[
            ("kind", Kind::Text),
            ("state", Kind::Text),
            ("name", Kind::Text),
            ("address", Kind::Text),
            ("purpose", Kind::Text),
            ("at", Kind::Time),
            ("answer", Kind::Text),
        ],
    },
];

/// Everything kept of an agent, as an object of lists; times are UTC milliseconds.
///
/// # Errors
/// What the database says.
pub(crate) async fn export(tx: &mut Tx, agent: AgentId) -> Result<Value, DbError> {
    let mut all = Map::new();
    for list in LISTS {
        let rows = tx.query(list.sql, &values![agent]).await?;
        let items: Vec<Value> = rows
            .iter()
            .map(|row| object(row, list.columns))
            .collect::<Result<_, _>>()?;
        all.insert(list.name.to_owned(), Value::Array(items));
    }
    Ok(Value::Object(all))
}

fn object(row: &Row, columns: &[(&'static str, Kind)]) -> Result<Value, DbError> {
    let mut object = Map::new();
    for (name, kind) in columns {
        let value = match kind {
            Kind::Text => json!(row.get::<Option<String>>(name)?),
            Kind::Time | Kind::Number => json!(row.get::<Option<i64>>(name)?),
            Kind::Json => {
                let text: String = row.get(name)?;
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
        };
        if !value.is_null() {
            object.insert((*name).to_owned(), value);
        }
    }
    Ok(Value::Object(object))
}

/// What leaves with an agent, 500 rows a statement.
const ERASED: &[&str] = &[
    "DELETE FROM portal_inbox_item WHERE id IN (
         SELECT id FROM portal_inbox_item WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_announcement_read WHERE agent_id = $1 AND announcement_id IN (
         SELECT announcement_id FROM portal_announcement_read WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_recent WHERE agent_id = $1 AND tile_id IN (
         SELECT tile_id FROM portal_recent WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_favourite WHERE agent_id = $1 AND tile_id IN (
         SELECT tile_id FROM portal_favourite WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_badge WHERE agent_id = $1 AND client_id IN (
         SELECT client_id FROM portal_badge WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_inbox_count WHERE agent_id = $1 AND begins_at IN (
         SELECT begins_at FROM portal_inbox_count WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_visit WHERE agent_id IN (
         SELECT agent_id FROM portal_visit WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_settings WHERE agent_id IN (
         SELECT agent_id FROM portal_settings WHERE agent_id = $1 LIMIT $2)",
    "DELETE FROM portal_inbox WHERE agent_id IN (
         SELECT agent_id FROM portal_inbox WHERE agent_id = $1 LIMIT $2)",
    // What nobody has answered is asked by nobody any more; answers are the administration's.
    "DELETE FROM portal_request WHERE id IN (
         SELECT id FROM portal_request
         WHERE asked_by = $1 AND kind = 'tool' AND state = 'pending' LIMIT $2)",
];

/// Erases a part of what is kept of an agent; answers whether there may be more.
///
/// # Errors
/// What the database says.
pub(crate) async fn erase_some(tx: &mut Tx, agent: AgentId) -> Result<bool, DbError> {
    for sql in ERASED {
        let gone = tx.execute(sql, &values![agent, BATCH]).await?;
        if gone > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What an account takes over of another but for its notices; what it has itself stays.
const MOVED: &[&str] = &[
    "UPDATE portal_favourite SET agent_id = $2, position = position + 1000
     WHERE agent_id = $1 AND tile_id NOT IN (
         SELECT o.tile_id FROM portal_favourite o WHERE o.agent_id = $2)",
    "UPDATE portal_recent SET agent_id = $2
     WHERE agent_id = $1 AND tile_id NOT IN (
         SELECT o.tile_id FROM portal_recent o WHERE o.agent_id = $2)",
    "UPDATE portal_visit SET first_at = (
         SELECT MIN(v.first_at) FROM portal_visit v WHERE v.agent_id IN ($1, $2))
     WHERE agent_id = $2",
    "UPDATE portal_visit SET agent_id = $2
     WHERE agent_id = $1 AND NOT EXISTS (
         SELECT 1 FROM portal_visit o WHERE o.agent_id = $2)",
    "UPDATE portal_settings SET agent_id = $2
     WHERE agent_id = $1 AND NOT EXISTS (
         SELECT 1 FROM portal_settings o WHERE o.agent_id = $2)",
    "UPDATE portal_announcement_read SET agent_id = $2
     WHERE agent_id = $1 AND announcement_id NOT IN (
         SELECT o.announcement_id FROM portal_announcement_read o WHERE o.agent_id = $2)",
    "UPDATE portal_badge SET agent_id = $2
     WHERE agent_id = $1 AND client_id NOT IN (
         SELECT o.client_id FROM portal_badge o WHERE o.agent_id = $2)",
    "UPDATE portal_request SET asked_by = $2 WHERE asked_by = $1",
    "UPDATE portal_tile SET owner_id = $2 WHERE owner_id = $1",
];

/// Gives an account what another has, but for its notices.
///
/// # Errors
/// What the database says.
pub(crate) async fn move_own(tx: &mut Tx, from: AgentId, into: AgentId) -> Result<(), DbError> {
    for sql in MOVED {
        tx.execute(sql, &values![from, into]).await?;
    }
    super::raise_revision(tx).await
}

/// Gives an account up to 500 notices of another; answers how many. A notice that the account has
/// under the same key stays the account's.
///
/// # Errors
/// What the database says.
pub(crate) async fn move_notices(
    tx: &mut Tx,
    from: AgentId,
    into: AgentId,
) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE portal_inbox_item SET agent_id = $2 WHERE id IN (
             SELECT i.id FROM portal_inbox_item i WHERE i.agent_id = $1 AND NOT EXISTS (
                 SELECT 1 FROM portal_inbox_item o
                 WHERE o.agent_id = $2 AND o.source = i.source AND o.dedup = i.dedup)
             LIMIT $3)",
        &values![from, into, BATCH],
    )
    .await
}

/// Counts the unread notices of an inbox anew, and has it looked at now.
///
/// # Errors
/// What the database says.
pub(crate) async fn recount(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<(), DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM portal_inbox_item WHERE agent_id = $1 AND read_at IS NULL",
            &values![agent],
        )
        .await?;
    let unread: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
    tx.execute(
        "INSERT INTO portal_inbox (agent_id, unread, wake_at) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id) DO UPDATE SET
             unread = excluded.unread, wake_at = excluded.wake_at",
        &values![agent, unread, now],
    )
    .await?;
    Ok(())
}
