//! Addresses of an administration whose domain changes its name.

use kernel::{AgentId, Scope};
use kernel_db::{DbError, Tx, Value, values};

use super::role::reach;
use crate::domain::agent::Agent;

/// The agents of a reach with an address at this domain (lower case), in the order of their ids,
/// those after `after`.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn agents_at(
    tx: &mut Tx,
    scope: Scope,
    domain: &str,
    after: Option<AgentId>,
    rows: i64,
) -> Result<Vec<Agent>, DbError> {
    let after = after.unwrap_or(AgentId::from_u128(0));
    let found = tx
        .query(
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT a.* FROM identity_agent a
             WHERE a.organisation IN (SELECT id FROM reach) AND a.state <> 'erased'
               AND LOWER(a.email) LIKE $4 ESCAPE '!' AND a.id > $5
             ORDER BY a.id LIMIT $6",
            &[
                reach(scope).as_slice(),
                &values![pattern(domain), after, rows],
            ]
            .concat(),
        )
        .await?;
    found.iter().map(super::agent::read).collect()
}

/// Whether somebody else has this address (folded).
///
/// # Errors
/// When the database refuses.
pub async fn is_taken(tx: &mut Tx, email_key: &str, by_other: AgentId) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT 1 AS one FROM identity_agent
             WHERE LOWER(email) = $1 AND id <> $2 AND state <> 'erased' LIMIT 1",
            &[Value::from(email_key), Value::from(by_other)],
        )
        .await?;
    Ok(row.is_some())
}

/// Expects an announced agent at their new address, unless somebody else is expected there.
///
/// # Errors
/// When the database refuses.
pub async fn expect_at(tx: &mut Tx, agent: AgentId, email_key: &str) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_expected SET email_key = $2
         WHERE agent = $1 AND NOT EXISTS (
             SELECT 1 FROM identity_expected o
             WHERE o.provider = identity_expected.provider AND o.email_key = $2)",
        &values![agent, email_key],
    )
    .await?;
    Ok(())
}

fn pattern(domain: &str) -> String {
    let mut pattern = "%@".to_owned();
    for c in domain.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern
}
