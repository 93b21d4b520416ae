//! Agents, and who they are at their providers. Every write of an agent goes through
//! [`insert`] or [`update`], which keep what the agent is found by.

use kernel::{AgentId, Population, Timestamp, fold};
use kernel_db::{DbError, Row, Tx, Value, values};

use super::{text, unreadable};
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::domain::import::plan::Entry;
use crate::domain::organisation::Organisation;
use crate::domain::words::{self, Entries};

/// The agent whom a provider calls `subject`.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_login(
    tx: &mut Tx,
    provider: &str,
    subject: &str,
) -> Result<Option<Agent>, DbError> {
    let row = tx
        .query_optional(
            "SELECT a.* FROM identity_login l JOIN identity_agent a ON a.id = l.agent
             WHERE l.provider = $1 AND l.subject = $2",
            &values![provider, subject],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The agent whom a provider calls `subject`, with what directories say of them.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn known_by_login(
    tx: &mut Tx,
    provider: &str,
    subject: &str,
) -> Result<Option<(Agent, Option<Entry>)>, DbError> {
    let row = tx
        .query_optional(
            "SELECT a.*, d.organisation AS d_organisation, d.organizational_unit AS d_unit,
                    d.population AS d_population, d.phone AS d_phone
             FROM identity_login l
             JOIN identity_agent a ON a.id = l.agent
             LEFT JOIN identity_directory d ON d.agent = a.id
             WHERE l.provider = $1 AND l.subject = $2",
            &values![provider, subject],
        )
        .await?;
    row.map(|row| Ok((read(&row)?, super::expected::entry(&row)?)))
        .transpose()
}

/// What a provider calls an agent: several names once accounts were merged.
///
/// # Errors
/// When the database refuses.
pub async fn subjects_of(
    tx: &mut Tx,
    agent: AgentId,
    provider: &str,
) -> Result<Vec<String>, DbError> {
    let rows = tx
        .query(
            "SELECT subject FROM identity_login WHERE agent = $1 AND provider = $2
             ORDER BY subject",
            &values![agent, provider],
        )
        .await?;
    rows.iter().map(|row| row.get("subject")).collect()
}

/// Binds a provider's subject to an agent; a second sign-in that came first wins and conflicts.
///
/// # Errors
/// [`DbError::is_unique`] when the subject is bound already; else when the database refuses.
pub async fn insert_login(
    tx: &mut Tx,
    provider: &str,
    subject: &str,
    agent: AgentId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_login (provider, subject, agent, created_at, last_at)
         VALUES ($1, $2, $3, $4, $5)",
        &values![provider, subject, agent, now, now],
    )
    .await?;
    Ok(())
}

/// Notes a sign-in by a login that is known.
///
/// # Errors
/// When the database refuses.
pub async fn seen(
    tx: &mut Tx,
    provider: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_login SET last_at = $3 WHERE provider = $1 AND subject = $2",
        &values![provider, subject, now],
    )
    .await?;
    Ok(())
}

/// Writes a new agent.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, agent: &Agent, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_agent (
             id, state, organisation, given_name, usual_name, name_key, email, uid,
             organizational_unit, population, phone, chorusdt_matricule, chorusdt_societe,
             custom, created_at, updated_at, words_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)",
        &columns(agent, now),
    )
    .await?;
    // Nobody finds a guest by their name.
    if agent.state == AgentState::Guest {
        return Ok(());
    }
    super::word::write(tx, agent.id, None, &Entries::of(&agent.attributes)).await
}

/// An agent by its id, whatever its state.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: AgentId) -> Result<Option<Agent>, DbError> {
    let row = tx
        .query_optional("SELECT * FROM identity_agent WHERE id = $1", &values![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes what a provider says anew; a tombstone stays as it is.
///
/// # Errors
/// When the database refuses.
pub async fn update(tx: &mut Tx, agent: &Agent, now: Timestamp) -> Result<(), DbError> {
    let before = by_id(tx, agent.id).await?;
    if before
        .as_ref()
        .is_some_and(|before| before.state == AgentState::Erased)
    {
        return Ok(());
    }
    let is_guest = agent.state == AgentState::Guest;
    let had = before.map(|before| Entries::of(&before.attributes));
    let has = Entries::of(&agent.attributes);
    tx.execute(
        "UPDATE identity_agent SET
             state = $2, organisation = $3, given_name = $4, usual_name = $5, name_key = $6,
             email = $7, uid = $8, organizational_unit = $9, population = $10, phone = $11,
             chorusdt_matricule = $12, chorusdt_societe = $13, custom = $14, updated_at = $15,
             words_version = $16
         WHERE id = $1",
        &columns(agent, now),
    )
    .await?;
    if is_guest {
        return Ok(());
    }
    super::word::write(tx, agent.id, had.as_ref(), &has).await
}

/// An agent with their administration.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn with_organisation(
    tx: &mut Tx,
    agent: AgentId,
) -> Result<Option<(Agent, Organisation)>, DbError> {
    let row = tx
        .query_optional(
            "SELECT a.*, o.id AS o_id, o.siret AS o_siret, o.label AS o_label,
                    o.legal_category AS o_category, o.parent AS o_parent
             FROM identity_agent a JOIN identity_organisation o ON o.id = a.organisation
             WHERE a.id = $1",
            &values![agent],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((read(&row)?, super::organisation::read(&row)?)))
}

/// What a row holds, in the order of the parameters of both statements.
fn columns(agent: &Agent, now: Timestamp) -> [Value; 16] {
    let a = &agent.attributes;
    let (matricule, societe) = chorusdt(a);
    values![
        agent.id,
        agent.state.word(),
        agent.organisation,
        a.given_name.as_str(),
        a.usual_name.as_str(),
        name_key(a),
        a.email.as_str(),
        a.uid.as_str(),
        a.organizational_unit.as_deref(),
        a.population.map(Population::claim),
        a.phone.as_deref(),
        matricule,
        societe,
        custom(a),
        now,
        words::VERSION
    ]
}

fn name_key(attributes: &Attributes) -> String {
    fold(&format!(
        "{} {}",
        attributes.usual_name, attributes.given_name
    ))
}

fn custom(attributes: &Attributes) -> String {
    serde_json::Value::Object(attributes.custom.clone()).to_string()
}

fn chorusdt(attributes: &Attributes) -> (Option<&str>, Option<&str>) {
    match &attributes.chorusdt {
        Some((matricule, societe)) => (Some(matricule), Some(societe)),
        None => (None, None),
    }
}

/// Reads the columns of `identity_agent`.
pub(super) fn read(row: &Row) -> Result<Agent, DbError> {
    let state: String = row.get("state")?;
    let custom: String = row.get("custom")?;
    Ok(Agent {
        id: row.get("id")?,
        state: AgentState::from_word(&state).ok_or_else(|| unreadable("state"))?,
        organisation: row.get("organisation")?,
        attributes: Attributes {
            given_name: row.get("given_name")?,
            usual_name: row.get("usual_name")?,
            email: row.get("email")?,
            uid: row.get("uid")?,
            organizational_unit: text(row, "organizational_unit")?,
            population: text(row, "population")?
                .as_deref()
                .and_then(Population::from_claim),
            phone: text(row, "phone")?,
            chorusdt: text(row, "chorusdt_matricule")?.zip(text(row, "chorusdt_societe")?),
            custom: serde_json::from_str(&custom).map_err(|_| unreadable("custom"))?,
        },
    })
}
