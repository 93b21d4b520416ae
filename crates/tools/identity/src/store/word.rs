//! What agents are found by: their [`Entries`], kept with every write of an agent.

use kernel::{AgentId, Limit};
use kernel_db::{DbError, Tx, Value, values};

use crate::domain::words::{Entries, Field, VERSION};

/// Rows of one statement.
const TOGETHER: usize = 8;

/// Writes the entries of an agent in place of those it had.
///
/// # Errors
/// When the database refuses.
pub async fn write(
    tx: &mut Tx,
    agent: AgentId,
    had: Option<&Entries>,
    has: &Entries,
) -> Result<(), DbError> {
    if let Some(had) = had {
        for (field, text) in had.but(has) {
            tx.execute(
                "DELETE FROM identity_agent_word WHERE field = $1 AND entry = $2 AND agent = $3",
                &values![field.number(), text, agent],
            )
            .await?;
        }
    }
    let all: Vec<(Field, &str)> = has.iter().collect();
    for entries in all.chunks(TOGETHER) {
        insert(tx, agent, entries).await?;
    }
    Ok(())
}

/// Makes the entries of up to `limit` agents that have none (an older release wrote them);
/// answers how many agents.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn make_missing(tx: &mut Tx, limit: Limit) -> Result<i64, DbError> {
    let rows = tx
        .query(
            "SELECT * FROM identity_agent WHERE words_version = 0 ORDER BY id LIMIT $1",
            &values![limit.rows()],
        )
        .await?;
    let mut made = 0;
    for row in &rows {
        let agent = super::agent::read(row)?;
        write(tx, agent.id, None, &Entries::of(&agent.attributes)).await?;
        tx.execute(
            "UPDATE identity_agent SET words_version = $2 WHERE id = $1",
            &values![agent.id, VERSION],
        )
        .await?;
        made += 1;
    }
    Ok(made)
}

/// One statement for a few; the last is said again where there are fewer.
async fn insert(tx: &mut Tx, agent: AgentId, entries: &[(Field, &str)]) -> Result<(), DbError> {
    let Some(last) = entries.last() else {
        return Ok(());
    };
    let mut values = vec![Value::from(agent)];
    for place in 0..TOGETHER {
        let (field, text) = entries.get(place).unwrap_or(last);
        values.push(field.number().into());
        values.push((*text).into());
    }
    tx.execute(
        "INSERT INTO identity_agent_word (agent, field, entry)
         VALUES ($1, $2, $3), ($1, $4, $5), ($1, $6, $7), ($1, $8, $9),
                ($1, $10, $11), ($1, $12, $13), ($1, $14, $15), ($1, $16, $17)
         ON CONFLICT DO NOTHING",
        &values,
    )
    .await?;
    Ok(())
}
