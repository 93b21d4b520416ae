//! Trials of providers: the last of each administrator at each provider.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::unreadable;
use crate::domain::trial::{Outcome, Trial, TrialId};
use crate::upstream::ProviderId;

/// Begins a trial, in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx, trial: &Trial) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_provider_trial (provider, agent, id, started_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (provider, agent) DO UPDATE SET
             id = excluded.id, started_at = excluded.started_at,
             expires_at = excluded.expires_at, ended_at = NULL, outcome = NULL",
        &values![
            trial.provider.as_str(),
            trial.agent,
            trial.id.as_bytes(),
            trial.started_at,
            trial.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// Ends a trial that is still waited for. Answers false when another took its place, or it has
/// ended.
///
/// # Errors
/// When the database refuses.
pub async fn end(
    tx: &mut Tx,
    id: TrialId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<bool, DbError> {
    let outcome = serde_json::to_string(outcome).map_err(|_| unreadable("outcome"))?;
    let written = tx
        .execute(
            "UPDATE identity_provider_trial SET ended_at = $2, outcome = $3
             WHERE id = $1 AND ended_at IS NULL",
            &values![id.as_bytes(), now, outcome],
        )
        .await?;
    Ok(written == 1)
}

/// The last trial of somebody at a provider.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn last(
    tx: &mut Tx,
    provider: &ProviderId,
    agent: AgentId,
) -> Result<Option<Trial>, DbError> {
    let row = tx
        .query_optional(
            "SELECT id, started_at, expires_at, ended_at, outcome FROM identity_provider_trial
             WHERE provider = $1 AND agent = $2",
            &values![provider.as_str(), agent],
        )
        .await?;
    row.map(|row| read(&row, provider, agent)).transpose()
}

/// Removes up to `rows` trials that expired before `now`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, now: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_provider_trial WHERE id IN (
             SELECT id FROM identity_provider_trial WHERE expires_at <= $1
             ORDER BY expires_at LIMIT $2)",
        &values![now, rows],
    )
    .await
}

fn read(row: &Row, provider: &ProviderId, agent: AgentId) -> Result<Trial, DbError> {
    let id: Vec<u8> = row.get("id")?;
    let outcome: Option<String> = row.get("outcome")?;
    let outcome = outcome.map(|text| serde_json::from_str(&text));
    let ended_at: Option<Timestamp> = row.get("ended_at")?;
    Ok(Trial {
        id: TrialId::from_bytes(&id).map_err(|_| unreadable("id"))?,
        provider: provider.clone(),
        agent,
        started_at: row.get("started_at")?,
        expires_at: row.get("expires_at")?,
        ended: ended_at.zip(outcome.transpose().map_err(|_| unreadable("outcome"))?),
    })
}
