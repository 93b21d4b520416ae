//! Grants: what a session gave to a client. Inserting one spends the code that names it.

use kernel::{AgentId, SessionId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::unreadable;
use crate::domain::acr::Acr;
use crate::domain::agent::Agent;
use crate::domain::client::ClientId;
use crate::domain::code::GrantId;
use crate::domain::organisation::Organisation;
use crate::domain::refresh::Line;
use crate::domain::scope::ScopeSet;

/// A grant as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantRow {
    /// The code's id.
    pub id: GrantId,
    /// By which session.
    pub session: SessionId,
    /// Whose.
    pub agent: AgentId,
    /// To whom.
    pub client: ClientId,
    /// What.
    pub scopes: ScopeSet,
    /// The provider that vouched.
    pub provider: String,
    /// The level it gave.
    pub acr: Acr,
    /// When.
    pub created_at: Timestamp,
    /// Dead from then on.
    pub expires_at: Timestamp,
    /// Where its refresh tokens stand.
    pub line: Line,
}

/// Spends a code; the line of refresh tokens begins. Answers false when it was spent before: then
/// nothing is written.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, grant: &GrantRow) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "INSERT INTO identity_grant (
                 id, session, agent, client, scopes, provider, acr, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO NOTHING",
            &values![
                grant.id.as_bytes(),
                grant.session,
                grant.agent,
                grant.client.as_str(),
                grant.scopes.to_text(),
                grant.provider.as_str(),
                grant.acr.value(),
                grant.created_at,
                grant.expires_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Takes a grant back: its tokens are dead from now on.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &mut Tx, id: GrantId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
        &values![id.as_bytes(), now],
    )
    .await?;
    Ok(())
}

/// Takes back all that an agent gave, by whichever session.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_of_agent(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_grant SET revoked_at = $2 WHERE agent = $1 AND revoked_at IS NULL",
        &values![agent, now],
    )
    .await?;
    Ok(())
}

/// A live grant with its agent, who may still sign in, and their administration.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn live(
    tx: &mut Tx,
    id: GrantId,
    now: Timestamp,
) -> Result<Option<(GrantRow, Agent, Organisation)>, DbError> {
    let row = tx
        .query_optional(
            super::may_act!(
                "SELECT a.*, g.id AS g_id, g.session AS g_session, g.client AS g_client,
                    g.scopes AS g_scopes, g.provider AS g_provider, g.acr AS g_acr,
                    g.created_at AS g_created_at, g.expires_at AS g_expires_at,
                    g.generation AS g_generation, g.parent_generation AS g_parent,
                    g.rotated_at AS g_rotated_at, g.seen_generation AS g_seen,
                    g.floor_generation AS g_floor,
                    o.id AS o_id, o.siret AS o_siret, o.label AS o_label,
                    o.legal_category AS o_category, o.parent AS o_parent
             FROM identity_grant g
             JOIN identity_agent a ON a.id = g.agent
             JOIN identity_organisation o ON o.id = a.organisation
             WHERE g.id = $1 AND g.expires_at > $2 AND g.revoked_at IS NULL",
                "g.acr"
            ),
            &values![id.as_bytes(), now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let agent = super::agent::read(&row)?;
    Ok(Some((
        read(&row, agent.id)?,
        agent,
        super::organisation::read(&row)?,
    )))
}

/// Moves the line of refresh tokens on, from where it was read to stand; the grant lives until
/// `expires_at` at least. Answers false, and writes nothing, when it stands elsewhere by now.
///
/// # Errors
/// When the database refuses.
pub async fn advance(
    tx: &mut Tx,
    id: GrantId,
    (from, to): (&Line, &Line),
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_grant SET
                 generation = $3, parent_generation = $4, rotated_at = $5, floor_generation = $6,
                 expires_at = CASE WHEN expires_at > $7 THEN expires_at ELSE $7 END
             WHERE id = $1 AND generation = $2 AND revoked_at IS NULL",
            &values![
                id.as_bytes(),
                from.generation,
                to.generation,
                to.parent,
                to.rotated_at,
                to.floor,
                expires_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Notes that an access token of this generation was used.
///
/// # Errors
/// When the database refuses.
pub async fn saw(tx: &mut Tx, id: GrantId, generation: u32) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_grant SET seen_generation = $2 WHERE id = $1 AND seen_generation < $2",
        &values![id.as_bytes(), generation],
    )
    .await?;
    Ok(())
}

/// Takes a grant's access tokens back, up to `generation`. Its refresh token stays good.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_access(tx: &mut Tx, id: GrantId, generation: u32) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_grant SET floor_generation = $2 WHERE id = $1 AND floor_generation < $2",
        &values![id.as_bytes(), generation.saturating_add(1)],
    )
    .await?;
    Ok(())
}

/// Whose a grant is, dead or alive; none: there is none (any more).
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn client_of(tx: &mut Tx, id: GrantId) -> Result<Option<ClientId>, DbError> {
    let row = tx
        .query_optional(
            "SELECT client FROM identity_grant WHERE id = $1",
            &values![id.as_bytes()],
        )
        .await?;
    row.map(|row| {
        let client: String = row.get("client")?;
        ClientId::parse(&client).map_err(|_| unreadable("client"))
    })
    .transpose()
}

/// Removes up to `rows` grants that ended before `now`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, now: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_grant WHERE id IN (
             SELECT id FROM identity_grant WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        &values![now, rows],
    )
    .await
}

fn read(row: &Row, agent: AgentId) -> Result<GrantRow, DbError> {
    let id: Vec<u8> = row.get("g_id")?;
    let client: String = row.get("g_client")?;
    let scopes: String = row.get("g_scopes")?;
    let acr: String = row.get("g_acr")?;
    Ok(GrantRow {
        id: GrantId::from_bytes(&id).map_err(|_| unreadable("g_id"))?,
        session: row.get("g_session")?,
        agent,
        client: ClientId::parse(&client).map_err(|_| unreadable("g_client"))?,
        scopes: ScopeSet::from_text(&scopes),
        provider: row.get("g_provider")?,
        acr: Acr::parse(&acr).ok_or_else(|| unreadable("g_acr"))?,
        created_at: row.get("g_created_at")?,
        expires_at: row.get("g_expires_at")?,
        line: Line {
            generation: row.get("g_generation")?,
            parent: row.get("g_parent")?,
            rotated_at: row.get("g_rotated_at")?,
            seen: row.get("g_seen")?,
            floor: row.get("g_floor")?,
        },
    })
}
