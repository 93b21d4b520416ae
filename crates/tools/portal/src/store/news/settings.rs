//! Rows of `portal_settings`.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::news::{Settings, SettingsForm};

/// An agent's settings and their version; zero: never written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingsRow {
    /// What was chosen, or the defaults.
    pub(crate) settings: Settings,
    /// Raised by each change.
    pub(crate) version: i64,
}

/// The settings of an agent. Those that this release does not understand count as the defaults,
/// under their version, and are logged.
///
/// # Errors
/// What the database says.
pub(crate) async fn find_settings(tx: &mut Tx, agent: AgentId) -> Result<SettingsRow, DbError> {
    let row = tx
        .query_optional(
            "SELECT body, version FROM portal_settings WHERE agent_id = $1",
            &values![agent],
        )
        .await?;
    let Some(row) = row else {
        return Ok(SettingsRow {
            settings: Settings::default(),
            version: 0,
        });
    };
    let body: String = row.get("body")?;
    let read = serde_json::from_str::<SettingsForm>(&body)
        .ok()
        .and_then(|form| Settings::parse(&form).ok());
    if read.is_none() {
        tracing::error!(%agent, "an agent's settings cannot be read: the defaults hold");
    }
    Ok(SettingsRow {
        settings: read.unwrap_or_default(),
        version: row.get("version")?,
    })
}

/// Writes the settings of an agent under their next version.
///
/// # Errors
/// What the database says.
pub(crate) async fn write_settings(
    tx: &mut Tx,
    agent: AgentId,
    form: &SettingsForm,
    version: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let body =
        serde_json::to_string(form).map_err(|cause| DbError::Parameter(cause.to_string()))?;
    tx.execute(
        "INSERT INTO portal_settings (agent_id, body, version, updated_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (agent_id) DO UPDATE SET
            body = excluded.body, version = excluded.version, updated_at = excluded.updated_at",
        &values![agent, body, version, now],
    )
    .await?;
    Ok(())
}
