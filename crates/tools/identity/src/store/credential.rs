//! What agents made for their programs: the secret is kept as its SHA-256 only.

use std::time::Duration;

use kernel::{AgentId, CredentialId, Timestamp, TokenScope};
use kernel_db::{DbError, Row, Tx, values};

use super::session::{Known, known};
use crate::domain::acr::Acr;
use crate::domain::agent::AgentState;
use crate::domain::credential::{Kind, Token, scopes_in, scopes_text};

/// Writes a new token under its secret's hash, made by a session of this level.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &mut Tx,
    agent: AgentId,
    token: &Token,
    acr: Acr,
    secret_hash: [u8; 32],
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_credential (
             id, agent, kind, name, scopes, secret_hash, provider, acr, created_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &values![
            token.id,
            agent,
            Kind::Token.word(),
            token.name.as_str(),
            scopes_text(&token.scopes),
            secret_hash,
            token.provider.as_str(),
            acr.value(),
            token.created_at,
            token.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// How many tokens of an agent live.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<u32, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM identity_credential
             WHERE agent = $1 AND kind = $3 AND revoked_at IS NULL AND expires_at > $2",
            &values![agent, now, Kind::Token.word()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// The tokens of an agent that live, the last made first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn live(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<Vec<Token>, DbError> {
    let rows = tx
        .query(
            "SELECT id, name, scopes, provider, created_at, expires_at, last_used_at
             FROM identity_credential
             WHERE agent = $1 AND kind = $3 AND revoked_at IS NULL AND expires_at > $2
             ORDER BY created_at DESC, id DESC",
            &values![agent, now, Kind::Token.word()],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// A live token that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub id: CredentialId,
    /// What it was made for.
    pub scopes: Vec<TokenScope>,
    /// Who vouched for its agent.
    pub provider: String,
    /// The level of the session that made it.
    pub acr: Acr,
    /// The agent, with the roles that hold now.
    pub known: Known,
}

/// The live token of a secret, whose agent may still sign in, with the roles that hold now: one
/// query, read anew at each call, so that whatever ends it ends it everywhere at once.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn by_secret(
    tx: &mut Tx,
    secret_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Held>, DbError> {
    let rows = tx
        .query(
            "SELECT c.id AS c_id, c.scopes, c.provider, c.acr, a.id AS a_id,
                    a.organisation AS a_organisation, a.population,
                    r.role, r.organisation AS r_organisation, r.subtree, r.until_at
             FROM identity_credential c
             JOIN identity_agent a ON a.id = c.agent
             LEFT JOIN identity_role r
                 ON r.agent = a.id AND (r.until_at IS NULL OR r.until_at > $2)
             WHERE c.secret_hash = $1 AND c.kind = $4 AND c.revoked_at IS NULL
               AND c.expires_at > $2 AND a.state = $3",
            &values![
                secret_hash,
                now,
                AgentState::Active.word(),
                Kind::Token.word()
            ],
        )
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Held {
        id: first.get("c_id")?,
        scopes: scopes_in(&first.get::<String>("scopes")?),
        provider: first.get("provider")?,
        acr: Acr::parse(&first.get::<String>("acr")?).ok_or_else(|| super::unreadable("acr"))?,
        known: known(first, &rows)?,
    }))
}

/// Revokes a live token of an agent. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(
    tx: &mut Tx,
    agent: AgentId,
    id: CredentialId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_credential SET revoked_at = $3
             WHERE id = $1 AND agent = $2 AND revoked_at IS NULL AND expires_at > $3",
            &values![id, agent, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Revokes whatever an agent made for programs.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE identity_credential SET revoked_at = $2 WHERE agent = $1 AND revoked_at IS NULL",
        &values![agent, now],
    )
    .await
}

/// What a token is called, also after its end.
///
/// # Errors
/// When the database refuses.
pub async fn name(tx: &mut Tx, id: CredentialId) -> Result<Option<String>, DbError> {
    let row = tx
        .query_optional(
            "SELECT name FROM identity_credential WHERE id = $1",
            &values![id],
        )
        .await?;
    row.map(|row| row.get("name")).transpose()
}

/// Notes when tokens were last used.
///
/// # Errors
/// When the database refuses.
pub async fn note_used(tx: &mut Tx, used: &[(CredentialId, Timestamp)]) -> Result<(), DbError> {
    for (id, at) in used {
        tx.execute(
            "UPDATE identity_credential SET last_used_at = $2
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            &values![*id, *at],
        )
        .await?;
    }
    Ok(())
}

/// A token that ends soon, and whose it is.
pub type Ending = (AgentId, Token);

/// Up to `rows` tokens that end between the two moments and whose agents have not been told, the
/// first to end first; those made for no longer than `short` are left out.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn ending(
    tx: &mut Tx,
    (from, to): (Timestamp, Timestamp),
    short: Duration,
    rows: i64,
) -> Result<Vec<Ending>, DbError> {
    let short = i64::try_from(short.as_millis()).unwrap_or(i64::MAX);
    let rows = tx
        .query(
            "SELECT agent, id, name, scopes, provider, created_at, expires_at, last_used_at
             FROM identity_credential
             WHERE kind = $4 AND warned_at IS NULL AND revoked_at IS NULL
               AND expires_at > $1 AND expires_at <= $2 AND expires_at - created_at > $5
             ORDER BY expires_at, id LIMIT $3",
            &values![from, to, rows, Kind::Token.word(), short],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("agent")?, read(row)?)))
        .collect()
}

/// Notes that its agent was told of a token's end.
///
/// # Errors
/// When the database refuses.
pub async fn note_warned(tx: &mut Tx, id: CredentialId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_credential SET warned_at = $2 WHERE id = $1",
        &values![id, now],
    )
    .await?;
    Ok(())
}

/// Removes up to `rows` that ended before `before`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, before: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_credential WHERE id IN (
             SELECT id FROM identity_credential
             WHERE expires_at <= $1 OR revoked_at <= $1 ORDER BY expires_at LIMIT $2)",
        &values![before, rows],
    )
    .await
}

fn read(row: &Row) -> Result<Token, DbError> {
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        scopes: scopes_in(&row.get::<String>("scopes")?),
        provider: row.get("provider")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        last_used_at: row.get("last_used_at")?,
    })
}
