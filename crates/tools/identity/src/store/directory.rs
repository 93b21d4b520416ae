//! The directory as colleagues see it: agents who may sign in, with their administrations.

use kernel::port::{Membership, Person};
use kernel::{AgentId, OrganisationId, Population};
use kernel_db::{DbError, Row, Tx, Value, values};

use crate::domain::agent::AgentState;
use crate::domain::words::{Entries, Field};

/// Where a list goes on: after this agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// The key of their name.
    pub name_key: String,
    /// Who.
    pub agent: AgentId,
}

/// Where the agents of one answer were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The agent.
    pub person: Person,
    /// By which field.
    pub field: Field,
    /// By which entry.
    pub entry: String,
}

/// What is looked for: entries that begin so, in which these words begin too.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The beginning of the entry.
    pub beginning: &'a str,
    /// Beginnings of further words, five at most.
    pub others: &'a [String],
    /// Of this administration and those below it only.
    pub organisation: Option<OrganisationId>,
}

/// A query for persons: agents `a`, their administrations `o`.
macro_rules! person_sql {
    ($rest:literal) => {
        person_sql!("a.state", $rest)
    };
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT a.id, a.given_name, a.usual_name, a.email, a.organisation, ",
            "COALESCE(o.label, '') AS o_label, a.organizational_unit, a.population, a.phone, ",
            $more,
            " ",
            $rest
        )
    };
}

/// An agent by id.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn person(tx: &mut Tx, agent: AgentId) -> Result<Option<Person>, DbError> {
    let row = tx
        .query_optional(
            person_sql!(
                "FROM identity_agent a LEFT JOIN identity_organisation o ON o.id = a.organisation
             WHERE a.id = $1 AND a.state IN ('pre-created', 'active')"
            ),
            &values![agent],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The agents of these ids, in no order; unknown ones are absent.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn people(tx: &mut Tx, agents: &[AgentId]) -> Result<Vec<Person>, DbError> {
    const TOGETHER: usize = 16;
    let mut people = Vec::with_capacity(agents.len());
    for some in agents.chunks(TOGETHER) {
        let Some(last) = some.last() else { break };
        let places = (0..TOGETHER).map(|place| Value::from(*some.get(place).unwrap_or(last)));
        let rows = tx
            .query(
                person_sql!(
                    "FROM identity_agent a
                      LEFT JOIN identity_organisation o ON o.id = a.organisation
                 WHERE a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                $16)
                   AND a.state IN ('pre-created', 'active')"
                ),
                &places.collect::<Vec<_>>(),
            )
            .await?;
        for row in &rows {
            people.push(read(row)?);
        }
    }
    Ok(people)
}

/// The agent whose address this is ([`words::address`](crate::domain::words::address)). Of several
/// administrations that vouch for one address, the agent who has signed in; none when that is not
/// one.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn by_address(tx: &mut Tx, address: &str) -> Result<Option<Person>, DbError> {
    let rows = tx
        .query(
            person_sql!(
                "FROM identity_agent_word w JOIN identity_agent a ON a.id = w.agent
                  LEFT JOIN identity_organisation o ON o.id = a.organisation
             WHERE w.field = $1 AND w.entry = $2 AND a.state IN ('pre-created', 'active')"
            ),
            &values![Field::Address.number(), address],
        )
        .await?;
    let mut active = Vec::new();
    for row in &rows {
        if row.get::<String>("state")? == AgentState::Active.word() {
            active.push(row);
        }
    }
    match (rows.as_slice(), active.as_slice()) {
        ([only], _) => read(only).map(Some),
        (_, [only]) => read(only).map(Some),
        _ => Ok(None),
    }
}

/// Where an agent belongs.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn membership(tx: &mut Tx, agent: AgentId) -> Result<Option<Membership>, DbError> {
    let row = tx
        .query_optional(
            "SELECT organisation, population FROM identity_agent
             WHERE id = $1 AND state IN ('pre-created', 'active')",
            &values![agent],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let organisation = row.get("organisation")?;
    Ok(Some(Membership {
        agent,
        organisation,
        ancestors: super::organisation::ancestors(tx, organisation).await?,
        population: population(&row)?.unwrap_or(Population::Agent),
    }))
}

/// How many entries begin so, counted no further than 2,000 in each field.
///
/// # Errors
/// When the database refuses.
pub async fn entries_beginning(tx: &mut Tx, beginning: &str) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT
                 (SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_agent_word
                     WHERE field = 0 AND entry >= $1 AND entry < $2 LIMIT 2000) AS f0)
               + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_agent_word
                     WHERE field = 1 AND entry >= $1 AND entry < $2 LIMIT 2000) AS f1)
               + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_agent_word
                     WHERE field = 2 AND entry >= $1 AND entry < $2 LIMIT 2000) AS f2)
               + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_agent_word
                     WHERE field = 3 AND entry >= $1 AND entry < $2 LIMIT 2000) AS f3) AS n",
            &values![beginning, end_of(beginning)],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// The agents found by one field, in the order of their entries, after an entry of an agent.
/// One who has several such entries comes with the first of all fields only.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn found(
    tx: &mut Tx,
    wanted: Wanted<'_>,
    field: Field,
    after: Option<(String, AgentId)>,
    most: i64,
) -> Result<Vec<Found>, DbError> {
    let (mut entry, mut agent) = match after {
        Some((entry, agent)) => (entry, Value::from(agent)),
        None => (wanted.beginning.to_owned(), Value::Bytes(Vec::new())),
    };
    let mut found = Vec::new();
    loop {
        let rows = found_rows(tx, wanted, field, (&entry, agent.clone()), most).await?;
        for row in &rows {
            let (text, person): (String, Person) = (row.get("w_entry")?, read(row)?);
            (entry, agent) = (text.clone(), Value::from(person.id));
            if Entries::of(&person).first(wanted.beginning) != Some((field, &text)) {
                continue;
            }
            found.push(Found {
                person,
                field,
                entry: text,
            });
            if i64::try_from(found.len()).is_ok_and(|found| found == most) {
                return Ok(found);
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|rows| rows < most) {
            return Ok(found);
        }
    }
}

async fn found_rows(
    tx: &mut Tx,
    wanted: Wanted<'_>,
    field: Field,
    (entry, agent): (&str, Value),
    most: i64,
) -> Result<Vec<Row>, DbError> {
    // The entries' words have neither sign of LIKE.
    let like = |place: usize| match wanted.others.get(place) {
        Some(word) => format!("% {word}%"),
        None => "%".to_owned(),
    };
    tx.query(
        person_sql!(
            "w.entry AS w_entry",
            "FROM identity_agent_word w CROSS JOIN identity_agent a
              LEFT JOIN identity_organisation o ON o.id = a.organisation
         WHERE a.id = w.agent AND w.field = $1
           AND w.entry >= $2 AND w.entry < $3 AND (w.entry > $2 OR w.agent > $4)
           AND w.entry LIKE $5 AND w.entry LIKE $6 AND w.entry LIKE $7 AND w.entry LIKE $8
           AND w.entry LIKE $9
           AND a.state IN ('pre-created', 'active')
           AND ($10 = 0 OR a.organisation = $11 OR a.organisation IN (
                SELECT organisation FROM identity_organisation_above WHERE above = $11))
         ORDER BY w.entry, w.agent LIMIT $12"
        ),
        &values![
            field.number(),
            entry,
            end_of(wanted.beginning),
            agent,
            like(0),
            like(1),
            like(2),
            like(3),
            like(4),
            wanted.organisation.is_some(),
            wanted.organisation,
            most
        ],
    )
    .await
}

/// Agents in the order of their names.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn listed(
    tx: &mut Tx,
    organisation: Option<OrganisationId>,
    after: Option<After>,
    most: i64,
) -> Result<Vec<Person>, DbError> {
    let (name_key, agent) = match after {
        Some(after) => (after.name_key, Value::from(after.agent)),
        None => (String::new(), Value::Bytes(Vec::new())),
    };
    let rows = tx
        .query(
            person_sql!(
                "FROM (SELECT i.id AS page_id FROM identity_agent i
                   WHERE i.state IN ('pre-created', 'active')
                     AND i.name_key >= $1 AND (i.name_key > $1 OR i.id > $2)
                     AND ($3 = 0 OR i.organisation = $4 OR i.organisation IN (
                          SELECT organisation FROM identity_organisation_above WHERE above = $4))
                   ORDER BY i.name_key, i.id LIMIT $5) AS page
                  JOIN identity_agent a ON a.id = page.page_id
                  LEFT JOIN identity_organisation o ON o.id = a.organisation
             ORDER BY a.name_key, a.id"
            ),
            &values![name_key, agent, organisation.is_some(), organisation, most],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The place of an agent in the list.
///
/// # Errors
/// When the database refuses.
pub async fn place(tx: &mut Tx, agent: AgentId) -> Result<Option<After>, DbError> {
    let row = tx
        .query_optional(
            "SELECT name_key FROM identity_agent WHERE id = $1",
            &values![agent],
        )
        .await?;
    row.map(|row| {
        Ok(After {
            name_key: row.get("name_key")?,
            agent,
        })
    })
    .transpose()
}

/// The first text after all that begin so: no word has the last letter of Unicode.
fn end_of(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

fn population(row: &Row) -> Result<Option<Population>, DbError> {
    let claim = super::text(row, "population")?;
    Ok(claim.as_deref().and_then(Population::from_claim))
}

fn read(row: &Row) -> Result<Person, DbError> {
    Ok(Person {
        id: row.get("id")?,
        given_name: row.get("given_name")?,
        usual_name: row.get("usual_name")?,
        email: row.get("email")?,
        organisation: row.get("organisation")?,
        organisation_label: row.get("o_label")?,
        organizational_unit: super::text(row, "organizational_unit")?,
        population: population(row)?,
        phone: super::text(row, "phone")?,
        locale: None,
    })
}
