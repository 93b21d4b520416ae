//! Who those are whom the journal names by their ids.

use kernel::AgentId;
use kernel_db::{DbError, Tx, Value};

/// Somebody in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub id: AgentId,
    /// First name and name in use.
    pub name: String,
    /// Their administration's name; of a guest, where they work.
    pub organisation: String,
}

/// The agents of these ids, whatever became of them, in no order; unknown ones are absent.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn named(tx: &mut Tx, agents: &[AgentId]) -> Result<Vec<Named>, DbError> {
    const TOGETHER: usize = 16;
    let mut named = Vec::with_capacity(agents.len());
    for some in agents.chunks(TOGETHER) {
        let Some(last) = some.last() else { break };
        let places = (0..TOGETHER).map(|place| Value::from(*some.get(place).unwrap_or(last)));
        let rows = tx
            .query(
                "SELECT a.id AS id, a.given_name AS given_name, a.usual_name AS usual_name,
                        CASE WHEN a.state = 'guest' OR a.state_before = 'guest'
                             THEN COALESCE(a.organizational_unit, '')
                             ELSE COALESCE(o.label, '') END AS label
                 FROM identity_agent a
                 LEFT JOIN identity_organisation o ON o.id = a.organisation
                 WHERE a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                $16)",
                &places.collect::<Vec<_>>(),
            )
            .await?;
        for row in &rows {
            let given: String = row.get("given_name")?;
            let usual: String = row.get("usual_name")?;
            named.push(Named {
                id: row.get("id")?,
                name: format!("{given} {usual}").trim().to_owned(),
                organisation: row.get("label")?,
            });
        }
    }
    Ok(named)
}
