//! Identity providers plugged in while the program runs. Those of the configuration have no row.

use kernel::{AgentId, OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::revision::{self, Kind};
use super::unreadable;
use crate::domain::provider::{ProviderFacts, ProviderState};
use crate::upstream::ProviderId;

/// A provider as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderRow {
    /// Its name in the machine.
    pub id: ProviderId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: ProviderState,
    /// Raised by each change.
    pub revision: i64,
    /// What is said of it.
    pub facts: ProviderFacts,
    /// Those of its domains that the operator has opened, or that agents have proved.
    pub proved: Vec<String>,
    /// Our secret there, sealed.
    pub sealed_secret: String,
    /// When it was given.
    pub secret_at: Timestamp,
    /// By whom the provider was plugged in.
    pub created_by: AgentId,
}

/// Writes a new one. Answers false, and writes nothing, when its name is taken.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, row: &ProviderRow, now: Timestamp) -> Result<bool, DbError> {
    let written = tx
        .execute(
            "INSERT INTO identity_provider (
                 id, organisation, state, revision, facts, proved, sealed_secret, secret_at,
                 created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
             ON CONFLICT (id) DO NOTHING",
            &values![
                row.id.as_str(),
                row.organisation,
                row.state.word(),
                row.revision,
                json(&row.facts)?,
                json(&row.proved)?,
                row.sealed_secret.as_str(),
                row.secret_at,
                row.created_by,
                now
            ],
        )
        .await?;
    revision::raise(tx, Kind::Provider).await?;
    Ok(written == 1)
}

/// Writes what has changed of one, with its new revision.
///
/// # Errors
/// When the database refuses.
pub async fn update(tx: &mut Tx, row: &ProviderRow, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_provider SET
             organisation = $2, state = $3, revision = $4, facts = $5, proved = $6,
             sealed_secret = $7, secret_at = $8, updated_at = $9
         WHERE id = $1",
        &values![
            row.id.as_str(),
            row.organisation,
            row.state.word(),
            row.revision,
            json(&row.facts)?,
            json(&row.proved)?,
            row.sealed_secret.as_str(),
            row.secret_at,
            now
        ],
    )
    .await?;
    revision::raise(tx, Kind::Provider).await
}

/// One of them.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: &ProviderId) -> Result<Option<ProviderRow>, DbError> {
    let row = tx
        .query_optional(
            "SELECT * FROM identity_provider WHERE id = $1",
            &values![id.as_str()],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// All of them, in the order of their names in the machine.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn all(tx: &mut Tx) -> Result<Vec<ProviderRow>, DbError> {
    let rows = tx
        .query("SELECT * FROM identity_provider ORDER BY id", &[])
        .await?;
    rows.iter().map(read).collect()
}

/// The administrations whose agents have signed in with an address of this domain through
/// another provider than `id`.
///
/// # Errors
/// When the database refuses.
pub async fn organisations_at(
    tx: &mut Tx,
    domain: &str,
    id: &ProviderId,
) -> Result<Vec<OrganisationId>, DbError> {
    // A domain has no character that LIKE reads otherwise.
    let rows = tx
        .query(
            "SELECT DISTINCT a.organisation AS organisation
             FROM identity_agent a JOIN identity_login l ON l.agent = a.id
             WHERE LOWER(a.email) LIKE $1 AND a.state = 'active' AND l.provider <> $2",
            &values![format!("%@{domain}"), id.as_str()],
        )
        .await?;
    rows.iter().map(|row| row.get("organisation")).collect()
}

/// How many agents have signed in through a provider.
///
/// # Errors
/// When the database refuses.
pub async fn agents_of(tx: &mut Tx, id: &ProviderId) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM identity_login WHERE provider = $1",
            &values![id.as_str()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

fn json(value: &impl serde::Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|_| unreadable("facts"))
}

fn read(row: &Row) -> Result<ProviderRow, DbError> {
    let id: String = row.get("id")?;
    let state: String = row.get("state")?;
    let facts: String = row.get("facts")?;
    let proved: String = row.get("proved")?;
    Ok(ProviderRow {
        id: ProviderId::parse(&id).map_err(|_| unreadable("id"))?,
        organisation: row.get("organisation")?,
        state: ProviderState::parse(&state).ok_or_else(|| unreadable("state"))?,
        revision: row.get("revision")?,
        facts: serde_json::from_str(&facts).map_err(|_| unreadable("facts"))?,
        proved: serde_json::from_str(&proved).map_err(|_| unreadable("proved"))?,
        sealed_secret: row.get("sealed_secret")?,
        secret_at: row.get("secret_at")?,
        created_by: row.get("created_by")?,
    })
}
