//! Rows of `portal_request`.

use std::collections::HashMap;

use kernel::{AgentId, OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::{count, rule, unreadable};
use crate::domain::{Request, RequestId, RequestKind, RequestState, TileId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, organisation_id, asked_by, asked_at, tile_id, name, address, ",
            "purpose, audience, agents, decided_by, decided_at, reason FROM portal_request",
            $rest
        )
    };
}

/// Writes a new request.
///
/// # Errors
/// What the database says.
pub(crate) async fn insert_request(tx: &mut Tx, request: &Request) -> Result<(), DbError> {
    let (purpose, audience, agents) = match &request.kind {
        RequestKind::Tool { purpose } => (Some(purpose.clone()), None, None),
        RequestKind::Audience { audience, agents } => {
            (None, Some(rule::text(audience)?), Some(*agents))
        }
    };
    tx.execute(
        "INSERT INTO portal_request
            (id, kind, state, organisation_id, asked_by, asked_at, tile_id, name, address,
             purpose, audience, agents)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &values![
            request.id,
            request.kind.word(),
            request.state.word(),
            request.organisation,
            request.asked_by,
            request.asked_at,
            request.tool,
            request.name.as_str(),
            request.address.as_str(),
            purpose,
            audience,
            count(agents),
        ],
    )
    .await?;
    Ok(())
}

/// Writes how a pending request ended; whether it was still pending.
///
/// # Errors
/// What the database says.
pub(crate) async fn end_request(
    tx: &mut Tx,
    id: RequestId,
    state: RequestState,
    by: AgentId,
    now: Timestamp,
    reason: Option<&str>,
    tool: Option<TileId>,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE portal_request
             SET state = $2, decided_by = $3, decided_at = $4, reason = $5, tile_id = $6
             WHERE id = $1 AND state = $7",
            &values![
                id,
                state.word(),
                by,
                now,
                reason.map(str::to_owned),
                tool,
                RequestState::Pending.word(),
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// One request.
///
/// # Errors
/// What the database says.
pub(crate) async fn request(tx: &mut Tx, id: RequestId) -> Result<Option<Request>, DbError> {
    let row = tx
        .query_optional(select!(" WHERE id = $1"), &values![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The last 200 requests of an agent, the newest first.
///
/// # Errors
/// What the database says.
pub(crate) async fn requests_of(tx: &mut Tx, agent: AgentId) -> Result<Vec<Request>, DbError> {
    let rows = tx
        .query(
            select!(" WHERE asked_by = $1 AND kind = 'tool' ORDER BY id DESC LIMIT 200"),
            &values![agent],
        )
        .await?;
    Ok(readable(&rows))
}

/// How many requests of an agent wait for an answer.
///
/// # Errors
/// What the database says.
pub(crate) async fn pending_count_of(tx: &mut Tx, agent: AgentId) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS pending FROM portal_request
             WHERE asked_by = $1 AND kind = 'tool' AND state = $2",
            &values![agent, RequestState::Pending.word()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("pending"))
}

/// The requests in one state made to one administration, the newest first, 200 at most.
///
/// # Errors
/// What the database says.
pub(crate) async fn requests_to(
    tx: &mut Tx,
    organisation: OrganisationId,
    state: RequestState,
) -> Result<Vec<Request>, DbError> {
    let rows = tx
        .query(
            select!(" WHERE organisation_id = $1 AND state = $2 ORDER BY id DESC LIMIT 200"),
            &values![organisation, state.word()],
        )
        .await?;
    Ok(readable(&rows))
}

/// The administrations to which requests in this state were made.
///
/// # Errors
/// What the database says.
pub(crate) async fn asked_organisations(
    tx: &mut Tx,
    state: RequestState,
) -> Result<Vec<OrganisationId>, DbError> {
    let rows = tx
        .query(
            "SELECT DISTINCT organisation_id FROM portal_request WHERE state = $1",
            &values![state.word()],
        )
        .await?;
    rows.iter().map(|row| row.get("organisation_id")).collect()
}

/// The requests that a tool's audience made, the newest first.
///
/// # Errors
/// What the database says.
pub(crate) async fn requests_about(tx: &mut Tx, tool: TileId) -> Result<Vec<Request>, DbError> {
    let rows = tx
        .query(
            select!(" WHERE tile_id = $1 AND kind = 'audience' ORDER BY id DESC LIMIT 200"),
            &values![tool],
        )
        .await?;
    Ok(readable(&rows))
}

/// How many administrations have not answered yet, by tool.
///
/// # Errors
/// What the database says.
pub(crate) async fn pending_by_tool(tx: &mut Tx) -> Result<HashMap<TileId, i64>, DbError> {
    let rows = tx
        .query(
            "SELECT tile_id, COUNT(*) AS pending FROM portal_request
             WHERE kind = 'audience' AND state = $1 GROUP BY tile_id",
            &values![RequestState::Pending.word()],
        )
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        found.insert(row.get("tile_id")?, row.get("pending")?);
    }
    Ok(found)
}

/// One that this release does not understand is left out and logged.
fn readable(rows: &[Row]) -> Vec<Request> {
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row) {
            Ok(request) => requests.push(request),
            Err(error) => tracing::error!(%error, "a request cannot be read and is not shown"),
        }
    }
    requests
}

fn read(row: &Row) -> Result<Request, DbError> {
    let kind = match row.get::<String>("kind")?.as_str() {
        "tool" => RequestKind::Tool {
            purpose: row.get("purpose")?,
        },
        "audience" => RequestKind::Audience {
            audience: rule::read(row)?,
            agents: u64::try_from(row.get::<i64>("agents")?).unwrap_or(0),
        },
        _ => return Err(unreadable("kind", "a kind of request")),
    };
    Ok(Request {
        id: row.get("id")?,
        kind,
        state: RequestState::from_word(&row.get::<String>("state")?)
            .ok_or_else(|| unreadable("state", "a state of a request"))?,
        organisation: row.get("organisation_id")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        tool: row.get("tile_id")?,
        name: row.get("name")?,
        address: row.get("address")?,
        decided_by: row.get("decided_by")?,
        decided_at: row.get("decided_at")?,
        reason: row.get("reason")?,
    })
}
