//! What administrators read: agents by name within a reach, administrations with their figures.

use kernel::{AgentId, OrganisationId, Role, Scope, Timestamp, fold};
use kernel_db::{DbError, Row, Tx, values};

use super::role::reach;
use crate::domain::agent::{Agent, AgentState};
use crate::domain::organisation::Organisation;

/// Words of a search that count.
const MOST_WORDS: usize = 3;

/// Where a page of agents ended: the key of the name, and the agent.
pub type After = (String, AgentId);

/// An agent in an administrator's list.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentRow {
    /// The agent.
    pub agent: Agent,
    /// The order of names.
    pub name_key: String,
    /// Their administration's name.
    pub organisation_label: String,
    /// Their last sign-in; none: never.
    pub last_sign_in_at: Option<Timestamp>,
}

impl AgentRow {
    /// Where this agent is in the list.
    pub fn place(&self) -> After {
        (self.name_key.clone(), self.agent.id)
    }
}

/// An administration with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganisationInFull {
    /// The administration.
    pub organisation: Organisation,
    /// Of its label, its place and what it asks of guests.
    pub version: i64,
    /// The name of the one above it.
    pub parent_label: Option<String>,
    /// Agents who may sign in, there and below.
    pub agents: u64,
    /// Who administers it, by a role on it or above it: (id, first names, name in use, address).
    pub administrators: Vec<(AgentId, String, String, String)>,
    /// Whether it asks its guests for a second factor.
    pub guest_factor: bool,
}

/// The agents of a reach whose name or address has words that begin with each word of `words`, in
/// the order of names, those after `after`; the erased are absent.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn agents(
    tx: &mut Tx,
    scope: Scope,
    words: &str,
    state: Option<AgentState>,
    after: Option<&After>,
    rows: i64,
) -> Result<Vec<AgentRow>, DbError> {
    let [first, second, third] = patterns(words);
    let (key, id) = after.map_or((None, None), |(key, id)| (Some(key.as_str()), Some(*id)));
    let found = tx
        .query(
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT a.*, o.label AS o_label,
                    (SELECT MAX(l.last_at) FROM identity_login l WHERE l.agent = a.id) AS last_at
             FROM identity_agent a
             JOIN identity_organisation o ON o.id = a.organisation
             WHERE a.organisation IN (SELECT id FROM reach)
               AND a.state NOT IN ('erased', 'guest')
               AND COALESCE(a.state_before, '') <> 'guest'
               AND (a.state = $4 OR CAST($4 AS TEXT) IS NULL)
               AND (' ' || a.name_key || ' ' || LOWER(a.email)) LIKE $5 ESCAPE '!'
               AND (' ' || a.name_key || ' ' || LOWER(a.email)) LIKE $6 ESCAPE '!'
               AND (' ' || a.name_key || ' ' || LOWER(a.email)) LIKE $7 ESCAPE '!'
               AND (CAST($8 AS TEXT) IS NULL OR a.name_key > $8
                    OR (a.name_key = $8 AND a.id > $9))
             ORDER BY a.name_key, a.id
             LIMIT $10",
            &[
                reach(scope).as_slice(),
                &values![
                    state.map(AgentState::word),
                    first,
                    second,
                    third,
                    key,
                    id,
                    rows
                ],
            ]
            .concat(),
        )
        .await?;
    found.iter().map(agent_row).collect()
}

/// One agent, whatever their administration; the erased are absent.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn agent(tx: &mut Tx, id: AgentId) -> Result<Option<AgentRow>, DbError> {
    let row = tx
        .query_optional(
            "SELECT a.*, o.label AS o_label,
                    (SELECT MAX(l.last_at) FROM identity_login l WHERE l.agent = a.id) AS last_at
             FROM identity_agent a JOIN identity_organisation o ON o.id = a.organisation
             WHERE a.id = $1 AND a.state <> 'erased'",
            &values![id],
        )
        .await?;
    row.as_ref().map(agent_row).transpose()
}

fn agent_row(row: &Row) -> Result<AgentRow, DbError> {
    let agent = super::agent::read(row)?;
    let last: Option<Timestamp> = row.get("last_at")?;
    Ok(AgentRow {
        name_key: row.get("name_key")?,
        organisation_label: row.get("o_label")?,
        // Who is announced with a subject has a login and has never come.
        last_sign_in_at: last.filter(|_| agent.state != AgentState::PreCreated),
        agent,
    })
}

/// What each of the first three words must look like at the beginning of a word; the rest counts
/// for nothing.
pub(super) fn patterns(words: &str) -> [String; MOST_WORDS] {
    let folded = fold(words);
    let mut words = folded.split_whitespace();
    std::array::from_fn(|_| match words.next() {
        None => "%".to_owned(),
        Some(word) => {
            let mut pattern = "% ".to_owned();
            for c in word.chars() {
                if matches!(c, '%' | '_' | '!') {
                    pattern.push('!');
                }
                pattern.push(c);
            }
            pattern.push('%');
            pattern
        }
    })
}

/// An administration with its figures.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn organisation(
    tx: &mut Tx,
    id: OrganisationId,
    now: Timestamp,
) -> Result<Option<OrganisationInFull>, DbError> {
    let row = tx
        .query_optional(
            "SELECT o.id AS o_id, o.siret AS o_siret, o.label AS o_label,
                    o.legal_category AS o_category, o.parent AS o_parent, o.version AS version,
                    o.guest_factor AS guest_factor, p.label AS p_label
             FROM identity_organisation o
             LEFT JOIN identity_organisation p ON p.id = o.parent
             WHERE o.id = $1",
            &values![id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut administrators = Vec::new();
    for agent in super::role::holders(tx, Role::Administrator, id, now).await? {
        if let Some((agent, _)) = super::agent::with_organisation(tx, agent).await? {
            let said = agent.attributes;
            administrators.push((agent.id, said.given_name, said.usual_name, said.email));
        }
    }
    Ok(Some(OrganisationInFull {
        organisation: super::organisation::read(&row)?,
        version: row.get("version")?,
        parent_label: row.get("p_label")?,
        agents: head_count(
            tx,
            Scope::Organisation {
                root: id,
                subtree: true,
            },
        )
        .await?,
        administrators,
        guest_factor: row.get::<i64>("guest_factor")? != 0,
    }))
}

/// How many agents of a reach may sign in.
///
/// # Errors
/// When the database refuses.
pub async fn head_count(tx: &mut Tx, scope: Scope) -> Result<u64, DbError> {
    let row = tx
        .query_optional(
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT COUNT(*) AS n FROM identity_agent a
             WHERE a.organisation IN (SELECT id FROM reach)
               AND a.state IN ('pre-created', 'active')",
            &reach(scope),
        )
        .await?;
    let counted: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
    Ok(counted.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_matches_beginnings_of_words_and_nothing_else_is_a_wildcard() {
        assert_eq!(patterns(""), ["%", "%", "%"]);
        assert_eq!(patterns("Élo del"), ["% elo%", "% del%", "%"]);
        assert_eq!(patterns("50%_!"), ["% 50!%!_!!%", "%", "%"]);
        assert_eq!(patterns("a b c d"), ["% a%", "% b%", "% c%"]);
    }
}
