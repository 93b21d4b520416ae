//! What an agent sees of their own account: their sessions, and what applications have received.

use kernel::{AgentId, SessionId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use crate::domain::client::ClientId;
use crate::domain::scope::ScopeSet;
use crate::domain::session::Session;

/// A session with when it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenSession {
    /// The session.
    pub session: Session,
    /// Within five minutes.
    pub seen_at: Timestamp,
}

/// What an application has received of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Which application.
    pub client: ClientId,
    /// What, all times together.
    pub scopes: ScopeSet,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
}

/// The live sessions of an agent, the last opened first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn sessions(
    tx: &mut Tx,
    agent: AgentId,
    now: Timestamp,
) -> Result<Vec<SeenSession>, DbError> {
    let rows = tx
        .query(
            "SELECT s.id AS s_id, s.agent AS s_agent, s.provider AS s_provider, s.acr AS s_acr,
                    s.amr AS s_amr, s.auth_time AS s_auth_time, s.created_at AS s_created_at,
                    s.expires_at AS s_expires_at, s.upstream_id_token AS s_upstream_id_token,
                    s.browser AS s_browser, s.seen_at AS s_seen_at
             FROM identity_session s
             WHERE s.agent = $1 AND s.expires_at > $2
             ORDER BY s.created_at DESC, s.id DESC",
            &values![agent, now],
        )
        .await?;
    rows.iter().map(seen_session).collect()
}

fn seen_session(row: &Row) -> Result<SeenSession, DbError> {
    let session = super::session::read(row)?;
    let seen_at: Timestamp = row.get("s_seen_at")?;
    Ok(SeenSession {
        // An older release noted nothing.
        seen_at: seen_at.max(session.created_at),
        session,
    })
}

/// Notes when sessions were last seen; one that has ended is not made again.
///
/// # Errors
/// When the database refuses.
pub async fn note_seen(tx: &mut Tx, seen: &[(SessionId, Timestamp)]) -> Result<(), DbError> {
    for (session, at) in seen {
        tx.execute(
            "UPDATE identity_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2",
            &values![*session, *at],
        )
        .await?;
    }
    Ok(())
}

/// Notes that an application receives something of an agent.
///
/// # Errors
/// When the database refuses.
pub async fn note_received(
    tx: &mut Tx,
    agent: AgentId,
    client: &ClientId,
    scopes: &ScopeSet,
    now: Timestamp,
) -> Result<(), DbError> {
    let row = tx
        .query_optional(
            "SELECT scopes FROM identity_received WHERE agent = $1 AND client = $2",
            &values![agent, client.as_str()],
        )
        .await?;
    let before = match row {
        Some(row) => ScopeSet::from_text(&row.get::<String>("scopes")?),
        None => ScopeSet::default(),
    };
    write_received(
        tx,
        agent,
        &Received {
            client: client.clone(),
            scopes: before.with(scopes),
            first_at: now,
            last_at: now,
        },
    )
    .await
}

/// Writes what an application has received, over an earlier first time and an older last one.
///
/// # Errors
/// When the database refuses.
pub async fn write_received(
    tx: &mut Tx,
    agent: AgentId,
    received: &Received,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_received (agent, client, scopes, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (agent, client) DO UPDATE SET
             scopes = excluded.scopes,
             first_at = CASE WHEN excluded.first_at < identity_received.first_at
                             THEN excluded.first_at ELSE identity_received.first_at END,
             last_at = CASE WHEN excluded.last_at > identity_received.last_at
                            THEN excluded.last_at ELSE identity_received.last_at END",
        &values![
            agent,
            received.client.as_str(),
            received.scopes.to_text(),
            received.first_at,
            received.last_at
        ],
    )
    .await?;
    Ok(())
}

/// What applications have received of an agent, the last first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn received(tx: &mut Tx, agent: AgentId) -> Result<Vec<Received>, DbError> {
    let rows = tx
        .query(
            "SELECT client, scopes, first_at, last_at FROM identity_received
             WHERE agent = $1 ORDER BY last_at DESC, client",
            &values![agent],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let client: String = row.get("client")?;
        let scopes: String = row.get("scopes")?;
        all.push(Received {
            client: ClientId::parse(&client).map_err(|_| super::unreadable("client"))?,
            scopes: ScopeSet::from_text(&scopes),
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
        });
    }
    Ok(all)
}

/// Takes back what an agent gave to an application, and forgets that it had it. Answers whether
/// it had.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(
    tx: &mut Tx,
    agent: AgentId,
    client: &ClientId,
    now: Timestamp,
) -> Result<bool, DbError> {
    tx.execute(
        "UPDATE identity_grant SET revoked_at = $3
         WHERE agent = $1 AND client = $2 AND revoked_at IS NULL",
        &values![agent, client.as_str(), now],
    )
    .await?;
    let rows = tx
        .execute(
            "DELETE FROM identity_received WHERE agent = $1 AND client = $2",
            &values![agent, client.as_str()],
        )
        .await?;
    Ok(rows == 1)
}
