//! What is kept of an agent: read for them, moved to another account, erased but for a tombstone.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, Value, values};

use crate::domain::agent::{Agent, Attributes};
use crate::domain::role::HeldRole;

/// Rows of one statement.
pub const BATCH: i64 = 500;

/// Empties an agent's row: names, address, words, what the provider said. The id and the
/// administration stay.
///
/// # Errors
/// When the database refuses.
pub async fn empty(tx: &mut Tx, agent: &Agent, now: Timestamp) -> Result<(), DbError> {
    let nobody = Agent {
        id: agent.id,
        state: agent.state,
        organisation: agent.organisation,
        attributes: Attributes {
            given_name: String::new(),
            usual_name: String::new(),
            email: String::new(),
            uid: String::new(),
            organizational_unit: None,
            population: None,
            phone: None,
            chorusdt: None,
            custom: serde_json::Map::new(),
        },
    };
    super::agent::update(tx, &nobody, now).await?;
    // By these a sign-in, or a directory, would find the tombstone: they leave at once.
    for sql in [
        "DELETE FROM identity_login WHERE agent = $1",
        "DELETE FROM identity_expected WHERE agent = $1",
        "DELETE FROM identity_directory WHERE agent = $1",
    ] {
        tx.execute(sql, &values![agent.id]).await?;
    }
    Ok(())
}

/// What leaves in the background, 500 rows a statement.
const ERASED: &[&str] = &[
    "DELETE FROM identity_grant WHERE id IN (
         SELECT id FROM identity_grant WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_session WHERE id IN (
         SELECT id FROM identity_session WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_session_end WHERE session IN (
         SELECT session FROM identity_session_end WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_received WHERE agent = $1 AND client IN (
         SELECT client FROM identity_received WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_role WHERE id IN (
         SELECT id FROM identity_role WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_invitation WHERE id IN (
         SELECT id FROM identity_invitation WHERE guest = $1 LIMIT $2)",
    "DELETE FROM identity_guest_code WHERE id IN (
         SELECT id FROM identity_guest_code WHERE guest = $1 LIMIT $2)",
    "DELETE FROM identity_guest_factor WHERE agent IN (
         SELECT agent FROM identity_guest_factor WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_provider_trial WHERE agent = $1 AND provider IN (
         SELECT provider FROM identity_provider_trial WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_credential WHERE id IN (
         SELECT id FROM identity_credential WHERE agent = $1 LIMIT $2)",
    "DELETE FROM identity_local_account WHERE subject IN (
         SELECT subject FROM identity_local_account WHERE subject = $1 LIMIT $2)",
    "DELETE FROM identity_local_factor WHERE id IN (
         SELECT id FROM identity_local_factor WHERE subject = $1 LIMIT $2)",
    "DELETE FROM identity_local_recovery_code WHERE subject = $1 AND code_hash IN (
         SELECT code_hash FROM identity_local_recovery_code WHERE subject = $1 LIMIT $2)",
    "DELETE FROM identity_local_sent WHERE id IN (
         SELECT id FROM identity_local_sent WHERE subject = $1 LIMIT $2)",
    "DELETE FROM identity_local_link WHERE token_hash IN (
         SELECT token_hash FROM identity_local_link WHERE subject = $1 LIMIT $2)",
];

/// Erases a part of what is kept beside an agent's row; answers whether there may be more.
///
/// # Errors
/// When the database refuses.
pub async fn some(tx: &mut Tx, agent: AgentId) -> Result<bool, DbError> {
    for sql in ERASED {
        if tx.execute(sql, &values![agent, BATCH]).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives an account what another has: the ways to sign in, what a directory says, roles, what
/// applications received. What it has itself stays.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn move_all(tx: &mut Tx, from: AgentId, into: AgentId) -> Result<(), DbError> {
    for sql in [
        "UPDATE identity_login SET agent = $2 WHERE agent = $1",
        "UPDATE identity_expected SET agent = $2
         WHERE agent = $1 AND NOT EXISTS (
             SELECT 1 FROM identity_expected o WHERE o.agent = $2)",
        "UPDATE identity_directory SET agent = $2
         WHERE agent = $1 AND NOT EXISTS (
             SELECT 1 FROM identity_directory o WHERE o.agent = $2)",
        "UPDATE identity_role_promise SET agent = $2 WHERE agent = $1",
    ] {
        tx.execute(sql, &values![from, into]).await?;
    }
    for held in super::role::of_agent(tx, from).await? {
        super::role::delete(tx, held.id).await?;
        super::role::insert(
            tx,
            &HeldRole {
                agent: into,
                ..held
            },
        )
        .await?;
    }
    let own = super::account::received(tx, into).await?;
    for mut received in super::account::received(tx, from).await? {
        if let Some(own) = own.iter().find(|own| own.client == received.client) {
            received.scopes = received.scopes.with(&own.scopes);
        }
        super::account::write_received(tx, into, &received).await?;
    }
    Ok(())
}

/// Says into whom an account was merged.
///
/// # Errors
/// When the database refuses.
pub async fn point_to(tx: &mut Tx, from: AgentId, into: AgentId) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_agent SET merged_into = $2 WHERE id = $1",
        &values![from, into],
    )
    .await?;
    Ok(())
}

/// How an agent signs in: (provider, its name of them, first time, last time).
pub type Login = (String, String, Timestamp, Timestamp);

/// The ways in which an agent signs in.
///
/// # Errors
/// When the database refuses.
pub async fn logins(tx: &mut Tx, agent: AgentId) -> Result<Vec<Login>, DbError> {
    let rows = tx
        .query(
            "SELECT provider, subject, created_at, last_at FROM identity_login
             WHERE agent = $1 ORDER BY provider, subject",
            &values![agent],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.get("provider")?,
                row.get("subject")?,
                row.get("created_at")?,
                row.get("last_at")?,
            ))
        })
        .collect()
}

/// Whether this id was given to somebody, who may be erased since.
///
/// # Errors
/// When the database refuses.
pub async fn was_given(tx: &mut Tx, agent: AgentId) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT 1 AS one FROM identity_agent WHERE id = $1",
            &[Value::from(agent)],
        )
        .await?;
    Ok(row.is_some())
}
