//! Who has told an agent something, from the rows of `portal_inbox_item`.

use kernel::AgentId;
use kernel_db::{DbError, Tx, values};

use super::optional_text;
use crate::domain::news::InboxSource;

/// The sources of an agent's notices, whoever told something last first: `most` at most, each by
/// its name of then.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_inbox_sources(
    tx: &mut Tx,
    agent: AgentId,
    most: i64,
) -> Result<Vec<InboxSource>, DbError> {
    let rows = tx
        .query(
            "SELECT item.source, item.source_name_fr, item.source_name_en
             FROM (SELECT source, MAX(at) AS at FROM portal_inbox_item
                   WHERE agent_id = $1 GROUP BY source ORDER BY MAX(at) DESC, source LIMIT $2
                  ) AS latest
             JOIN portal_inbox_item AS item
                ON item.agent_id = $1 AND item.source = latest.source AND item.at = latest.at
             ORDER BY item.at DESC, item.source, item.id",
            &values![agent, most],
        )
        .await?;
    let mut sources: Vec<InboxSource> = Vec::new();
    for row in &rows {
        let source: String = row.get("source")?;
        // It may have told several things at one time.
        if sources.last().is_none_or(|last| last.source != source) {
            let name = optional_text(row, "source_name_fr", "source_name_en")?;
            sources.push(InboxSource { source, name });
        }
    }
    Ok(sources)
}
