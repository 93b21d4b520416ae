//! Whom an audience takes in, of the agents who may sign in.
//!
//! Heads are kept by administration and population, and the rule is asked once for each such
//! group, however many its agents; the few agents that a rule names are looked at one by one.

use kernel::audience::{AudienceColumns, AudienceSql};
use kernel::{AgentId, Audience, OrganisationId};
use kernel_db::{DbError, Tx, Value, values};

const COLUMNS: AudienceColumns = AudienceColumns {
    agent: "id",
    organisation: "organisation",
    population: "population",
    above: "identity_organisation_above",
};

/// How many agents of each administration the audience takes in, in no order; those without any
/// are absent.
///
/// # Errors
/// When the database refuses.
pub async fn head_counts(
    tx: &mut Tx,
    audience: &Audience,
) -> Result<Vec<(OrganisationId, u64)>, DbError> {
    let AudienceSql { predicate, values } = audience.for_the_unnamed().to_sql(&COLUMNS, 1);
    let rows = tx
        .query_made(
            &format!(
                "WITH heads AS MATERIALIZED (
                     SELECT organisation, population, SUM(heads) AS heads FROM (
                         SELECT organisation, population, heads FROM identity_head
                         UNION ALL
                         SELECT organisation, population, heads FROM identity_head_change
                     ) AS every GROUP BY organisation, population)
                 SELECT organisation, SUM(heads) AS heads FROM heads
                 WHERE {predicate} GROUP BY organisation"
            ),
            &bound(values),
        )
        .await?;
    let mut counts: Vec<(OrganisationId, i64)> = Vec::with_capacity(rows.len());
    for row in &rows {
        counts.push((row.get("organisation")?, row.get("heads")?));
    }
    for (organisation, more) in named(tx, audience).await? {
        match counts.iter_mut().find(|(one, _)| *one == organisation) {
            Some((_, heads)) => *heads += more,
            None => counts.push((organisation, more)),
        }
    }
    let counts = counts.into_iter();
    let counts = counts.map(|(organisation, heads)| (organisation, heads.unsigned_abs()));
    Ok(counts.filter(|(_, heads)| *heads > 0).collect())
}

/// What the agents whom the rule names change of its counts, which took them for others.
async fn named(tx: &mut Tx, audience: &Audience) -> Result<Vec<(OrganisationId, i64)>, DbError> {
    let mut agents = audience.named_agents();
    agents.sort_unstable();
    agents.dedup();
    if agents.is_empty() {
        return Ok(Vec::new());
    }
    let as_named = audience.to_sql(&COLUMNS, 1);
    let next = 1 + as_named.values.len();
    let as_others = audience.for_the_unnamed().to_sql(&COLUMNS, next);
    let next = next + as_others.values.len();
    let places: Vec<String> = (next..next + agents.len())
        .map(|n| format!("${n}"))
        .collect();
    let mut values = bound(as_named.values);
    values.extend(bound(as_others.values));
    values.extend(agents.into_iter().map(Value::from));
    let rows = tx
        .query_made(
            &format!(
                "SELECT organisation, SUM(CASE WHEN {} THEN 1 ELSE 0 END
                                          - CASE WHEN {} THEN 1 ELSE 0 END) AS more
                 FROM identity_agent
                 WHERE state IN ('pre-created', 'active') AND id IN ({})
                 GROUP BY organisation",
                as_named.predicate,
                as_others.predicate,
                places.join(", ")
            ),
            &values,
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("organisation")?, row.get("more")?)))
        .collect()
}

/// The agents of the audience in the order of their ids, those after `after`, `rows` at most.
///
/// # Errors
/// When the database refuses.
pub async fn members(
    tx: &mut Tx,
    audience: &Audience,
    after: Option<AgentId>,
    rows: u16,
) -> Result<Vec<AgentId>, DbError> {
    let AudienceSql { predicate, values } = audience.to_sql(&COLUMNS, 3);
    let after = after.map_or(Value::Bytes(Vec::new()), Value::from);
    let mut all = values![after, rows].to_vec();
    all.extend(bound(values));
    let rows = tx
        .query_made(
            &format!(
                "SELECT id FROM identity_agent
                 WHERE state IN ('pre-created', 'active') AND id > $1 AND {predicate}
                 ORDER BY id LIMIT $2"
            ),
            &all,
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

fn bound(values: Vec<kernel::audience::AudienceValue>) -> Vec<Value> {
    values.into_iter().map(Value::from).collect()
}
