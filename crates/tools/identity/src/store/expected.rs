//! Agents whom a directory announced, until their first sign-in; what directories say of agents.

use kernel::{AgentId, Population, Timestamp};
use kernel_db::{DbError, Row, Tx, Value, values};

use super::text;
use crate::domain::agent::Agent;
use crate::domain::import::plan::Entry;

/// Addresses of one query.
pub const AT_ONCE: usize = 20;

/// An agent known by an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The agent.
    pub agent: Agent,
    /// The provider that knows them, or will.
    pub provider: String,
    /// Whether they have never signed in and wait for the provider.
    pub expected: bool,
    /// What directories said of them.
    pub entry: Option<Entry>,
}

/// Announces an agent. Answers whether nobody else is expected of this provider at this address.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &mut Tx,
    provider: &str,
    email_key: &str,
    agent: AgentId,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "INSERT INTO identity_expected (provider, email_key, agent) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
            &values![provider, email_key, agent],
        )
        .await?;
    Ok(rows == 1)
}

/// The agent expected of this provider at this address, who is expected no longer.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn take(
    tx: &mut Tx,
    provider: &str,
    email_key: &str,
) -> Result<Option<(Agent, Option<Entry>)>, DbError> {
    let row = tx
        .query_optional(
            "DELETE FROM identity_expected WHERE provider = $1 AND email_key = $2
             RETURNING agent",
            &values![provider, email_key],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let agent: AgentId = row.get("agent")?;
    let row = tx
        .query_optional(
            "SELECT a.*, d.organisation AS d_organisation, d.organizational_unit AS d_unit,
                    d.population AS d_population, d.phone AS d_phone
             FROM identity_agent a LEFT JOIN identity_directory d ON d.agent = a.id
             WHERE a.id = $1",
            &values![agent],
        )
        .await?;
    row.map(|row| Ok((super::agent::read(&row)?, entry(&row)?)))
        .transpose()
}

/// Writes what a directory says of an agent.
///
/// # Errors
/// When the database refuses.
pub async fn write_entry(
    tx: &mut Tx,
    agent: AgentId,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_directory (
             agent, organisation, organizational_unit, population, phone, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (agent) DO UPDATE SET
             organisation = excluded.organisation,
             organizational_unit = excluded.organizational_unit,
             population = excluded.population,
             phone = excluded.phone,
             updated_at = excluded.updated_at",
        &values![
            agent,
            entry.organisation,
            entry.unit.as_deref(),
            entry.population.map(Population::claim),
            entry.phone.as_deref(),
            now
        ],
    )
    .await?;
    Ok(())
}

/// What a directory says of an agent.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn entry_of(tx: &mut Tx, agent: AgentId) -> Result<Option<Entry>, DbError> {
    let row = tx
        .query_optional(
            "SELECT organisation AS d_organisation, organizational_unit AS d_unit,
                    population AS d_population, phone AS d_phone
             FROM identity_directory WHERE agent = $1",
            &values![agent],
        )
        .await?;
    row.as_ref().map_or(Ok(None), entry)
}

/// The agents of these addresses (20 at most; folded as [`email_key`](crate::domain::role::email_key)
/// does), with the providers that know them. One of two logins comes twice.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn of_addresses(tx: &mut Tx, email_keys: &[&str]) -> Result<Vec<Known>, DbError> {
    let Some(last) = email_keys.last() else {
        return Ok(Vec::new());
    };
    let mut parameters: Vec<Value> = email_keys
        .iter()
        .take(AT_ONCE)
        .map(|key| Value::from(*key))
        .collect();
    parameters.resize(AT_ONCE, Value::from(*last));
    let rows = tx
        .query(
            "SELECT a.*, l.provider AS k_provider, 0 AS k_expected,
                    d.organisation AS d_organisation, d.organizational_unit AS d_unit,
                    d.population AS d_population, d.phone AS d_phone
             FROM identity_agent a
             JOIN identity_login l ON l.agent = a.id
             LEFT JOIN identity_directory d ON d.agent = a.id
             WHERE LOWER(a.email) IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                                      $14, $15, $16, $17, $18, $19, $20)
             UNION ALL
             SELECT a.*, e.provider AS k_provider, 1 AS k_expected,
                    d.organisation AS d_organisation, d.organizational_unit AS d_unit,
                    d.population AS d_population, d.phone AS d_phone
             FROM identity_agent a
             JOIN identity_expected e ON e.agent = a.id
             LEFT JOIN identity_directory d ON d.agent = a.id
             WHERE LOWER(a.email) IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                                      $14, $15, $16, $17, $18, $19, $20)",
            &parameters,
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Known {
                agent: super::agent::read(row)?,
                provider: row.get("k_provider")?,
                expected: row.get("k_expected")?,
                entry: entry(row)?,
            })
        })
        .collect()
}

/// Reads the columns `d_…` of a row.
pub(super) fn entry(row: &Row) -> Result<Option<Entry>, DbError> {
    let Some(organisation) = row.get("d_organisation")? else {
        return Ok(None);
    };
    Ok(Some(Entry {
        organisation,
        unit: text(row, "d_unit")?,
        population: text(row, "d_population")?
            .as_deref()
            .and_then(Population::from_claim),
        phone: text(row, "d_phone")?,
    }))
}
