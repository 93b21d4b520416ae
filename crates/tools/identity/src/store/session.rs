//! Sessions: the cookie's secret is kept as its SHA-256 only.

use kernel::{AgentId, Grant, OrganisationId, Population, SessionId, Timestamp, ToolId};
use kernel_db::{DbError, Row, Tx, values};

use super::unreadable;
use crate::domain::acr::Acr;
use crate::domain::agent::{Agent, AgentState};
use crate::domain::browser::Browser;
use crate::domain::session::Session;

/// Writes a new session under its cookie's hash.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_session (
             id, token_hash, agent, provider, acr, amr, auth_time, created_at, expires_at,
             upstream_id_token, browser, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $8)",
        &values![
            session.id,
            token_hash,
            session.agent,
            session.provider.as_str(),
            session.acr.value(),
            session.amr.join(" "),
            session.auth_time,
            session.created_at,
            session.expires_at,
            session.upstream_id_token.as_deref(),
            session.browser.to_text()
        ],
    )
    .await?;
    Ok(())
}

/// The live session a cookie's hash opens, whose agent may still sign in.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn by_token(
    tx: &mut Tx,
    token_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<(Session, Agent)>, DbError> {
    let row = tx
        .query_optional(
            super::may_act!(
                "SELECT a.*, s.id AS s_id, s.agent AS s_agent, s.provider AS s_provider,
                    s.acr AS s_acr, s.amr AS s_amr, s.auth_time AS s_auth_time,
                    s.created_at AS s_created_at, s.expires_at AS s_expires_at,
                    s.upstream_id_token AS s_upstream_id_token, s.browser AS s_browser
             FROM identity_session s JOIN identity_agent a ON a.id = s.agent
             WHERE s.token_hash = $1 AND s.expires_at > $2",
                "s.acr"
            ),
            &values![token_hash, now],
        )
        .await?;
    row.as_ref()
        .map(|row| Ok((read(row)?, super::agent::read(row)?)))
        .transpose()
}

/// Who a live session or token is of, with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The agent.
    pub agent: AgentId,
    /// Their administration.
    pub organisation: OrganisationId,
    /// What they are there.
    pub population: Option<Population>,
    /// The roles that hold now.
    pub grants: Vec<Grant>,
    /// The tools shared with a guest; none: an agent.
    pub guest: Option<Vec<ToolId>>,
}

/// The agent behind a cookie's hash, whose session lives and who may still sign in, with the roles
/// that hold now and the session's level: one query, since every request of every page asks it.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn known_by_token(
    tx: &mut Tx,
    token_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<(SessionId, Acr, Known)>, DbError> {
    let rows = tx
        .query(
            super::may_act!(
                "SELECT s.id AS s_id, s.acr AS s_acr, a.id AS a_id, a.state AS a_state, a.organisation AS a_organisation, a.population,
                    r.role, r.organisation AS r_organisation, r.subtree, r.until_at
             FROM identity_session s
             JOIN identity_agent a ON a.id = s.agent
             LEFT JOIN identity_role r
                 ON r.agent = a.id AND (r.until_at IS NULL OR r.until_at > $2)
             WHERE s.token_hash = $1 AND s.expires_at > $2",
                "s.acr"
            ),
            &values![token_hash, now],
        )
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut known = known(first, &rows)?;
    if first.get::<String>("a_state")? == AgentState::Guest.word() {
        let pass = super::invitation::pass(tx, known.agent, now).await?;
        known.guest = Some(pass.map(|(tools, _)| tools).unwrap_or_default());
        known.grants = Vec::new();
    }
    Ok(Some((first.get("s_id")?, level(first)?, known)))
}

/// The agent of these rows, one a role.
pub(super) fn known(first: &Row, rows: &[Row]) -> Result<Known, DbError> {
    let mut known = Known {
        agent: first.get("a_id")?,
        organisation: first.get("a_organisation")?,
        population: first
            .get::<Option<String>>("population")?
            .as_deref()
            .and_then(Population::from_claim),
        grants: Vec::new(),
        guest: None,
    };
    for row in rows {
        if let Some(role) = row.get::<Option<String>>("role")? {
            let organisation = row.get("r_organisation")?;
            let grant = super::role::grant(
                &role,
                organisation,
                row.get("subtree")?,
                row.get("until_at")?,
            )?;
            known.grants.push(grant);
        }
    }
    Ok(known)
}

/// A live session by its id, whose agent may still sign in.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<Option<Session>, DbError> {
    let row = tx
        .query_optional(
            super::may_act!(
                "SELECT s.id AS s_id, s.agent AS s_agent, s.provider AS s_provider, s.acr AS s_acr,
                    s.amr AS s_amr, s.auth_time AS s_auth_time, s.created_at AS s_created_at,
                    s.expires_at AS s_expires_at, s.upstream_id_token AS s_upstream_id_token,
                    s.browser AS s_browser
             FROM identity_session s JOIN identity_agent a ON a.id = s.agent
             WHERE s.id = $1 AND s.expires_at > $2",
                "s.acr"
            ),
            &values![id, now],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Ends a session and revokes what it gave. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool, DbError> {
    tx.execute(
        "UPDATE identity_grant SET revoked_at = $2 WHERE session = $1 AND revoked_at IS NULL",
        &values![id, now],
    )
    .await?;
    Ok(tx
        .execute("DELETE FROM identity_session WHERE id = $1", &values![id])
        .await?
        == 1)
}

/// Ends the sessions of an agent that were opened at a level, and revokes what they gave.
///
/// # Errors
/// When the database refuses.
pub async fn end_at(tx: &mut Tx, agent: AgentId, acr: Acr, now: Timestamp) -> Result<(), DbError> {
    let rows = tx
        .query(
            "SELECT id FROM identity_session WHERE agent = $1 AND acr = $2 ORDER BY id",
            &values![agent, acr.value()],
        )
        .await?;
    for row in &rows {
        end(tx, row.get("id")?, now).await?;
    }
    Ok(())
}

/// Removes up to `rows` sessions that ended before `now`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, now: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_session WHERE id IN (
             SELECT id FROM identity_session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        &values![now, rows],
    )
    .await
}

fn level(row: &Row) -> Result<Acr, DbError> {
    let acr: String = row.get("s_acr")?;
    Acr::parse(&acr).ok_or_else(|| unreadable("s_acr"))
}

pub(super) fn read(row: &Row) -> Result<Session, DbError> {
    let amr: String = row.get("s_amr")?;
    let browser: String = row.get("s_browser")?;
    Ok(Session {
        id: row.get("s_id")?,
        agent: row.get("s_agent")?,
        provider: row.get("s_provider")?,
        acr: level(row)?,
        amr: amr.split_ascii_whitespace().map(str::to_owned).collect(),
        auth_time: row.get("s_auth_time")?,
        created_at: row.get("s_created_at")?,
        expires_at: row.get("s_expires_at")?,
        upstream_id_token: row.get("s_upstream_id_token")?,
        browser: Browser::from_text(&browser),
    })
}
