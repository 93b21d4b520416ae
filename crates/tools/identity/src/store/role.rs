//! Roles that agents hold for administrations, and those that the configuration promises to
//! addresses.

use kernel::{AgentId, Grant, OrganisationId, Role, Scope, Timestamp};
use kernel_db::{DbError, Row, Tx, Value, values};

use super::unreadable;
use crate::domain::role::{ConfiguredGrant, HeldRole, RoleId, root, subtree};

/// A role with who holds it and what it is for, as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleInFull {
    /// The role.
    pub held: HeldRole,
    /// Its holder's first names.
    pub given_name: String,
    /// Their name in use.
    pub usual_name: String,
    /// Their address.
    pub email: String,
    /// The administration's name; none: the operator's.
    pub organisation_label: Option<String>,
}

/// Writes a role. Answers whether it is new: the agent may hold it already, with this or another
/// end.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, held: &HeldRole) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "INSERT INTO identity_role (
                 id, agent, role, organisation, subtree, until_at, given_by, given_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT DO NOTHING",
            &values![
                held.id,
                held.agent,
                held.role.word(),
                root(held.scope),
                subtree(held.scope),
                held.until,
                held.by,
                held.at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Whether an agent holds any role now, whatever their session may use.
///
/// # Errors
/// When the database refuses.
pub async fn holds_some(tx: &mut Tx, agent: AgentId, now: Timestamp) -> Result<bool, DbError> {
    let found = tx
        .query_optional(
            "SELECT 1 AS one FROM identity_role
             WHERE agent = $1 AND (until_at IS NULL OR until_at > $2) LIMIT 1",
            &values![agent, now],
        )
        .await?;
    Ok(found.is_some())
}

/// Whether an agent holds now a role by which one administers, whatever their session may use.
///
/// # Errors
/// When the database refuses.
pub async fn would_administer(
    tx: &mut Tx,
    agent: AgentId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let found = tx
        .query_optional(
            "SELECT 1 AS one FROM identity_role
             WHERE agent = $1 AND role IN ($3, $4) AND (until_at IS NULL OR until_at > $2) LIMIT 1",
            &values![
                agent,
                now,
                Role::Operator.word(),
                Role::Administrator.word()
            ],
        )
        .await?;
    Ok(found.is_some())
}

/// A role.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: RoleId) -> Result<Option<HeldRole>, DbError> {
    let row = tx
        .query_optional("SELECT * FROM identity_role WHERE id = $1", &values![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// A role as people read it.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn in_full(tx: &mut Tx, id: RoleId) -> Result<Option<RoleInFull>, DbError> {
    let row = tx
        .query_optional(
            "SELECT r.*, a.given_name, a.usual_name, a.email, o.label AS o_label
             FROM identity_role r
             JOIN identity_agent a ON a.id = r.agent
             LEFT JOIN identity_organisation o ON o.id = r.organisation
             WHERE r.id = $1",
            &values![id],
        )
        .await?;
    row.as_ref().map(read_in_full).transpose()
}

/// The roles an agent holds, those that have ended too.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn of_agent(tx: &mut Tx, agent: AgentId) -> Result<Vec<HeldRole>, DbError> {
    let rows = tx
        .query(
            "SELECT * FROM identity_role WHERE agent = $1 ORDER BY id",
            &values![agent],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Takes a role back. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &mut Tx, id: RoleId) -> Result<bool, DbError> {
    let rows = tx
        .execute("DELETE FROM identity_role WHERE id = $1", &values![id])
        .await?;
    Ok(rows == 1)
}

/// Removes what an agent held until a time that is past, of one role and reach, so that it may be
/// given again.
///
/// # Errors
/// When the database refuses.
pub async fn delete_ended(tx: &mut Tx, like: &HeldRole, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM identity_role
         WHERE agent = $1 AND role = $2 AND until_at <= $4
           AND (organisation = $3 OR organisation IS NULL)",
        &values![like.agent, like.role.word(), root(like.scope), now],
    )
    .await?;
    Ok(())
}

/// Removes up to `rows` roles that ended before `before`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, before: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_role WHERE id IN (
             SELECT id FROM identity_role WHERE until_at <= $1 ORDER BY until_at LIMIT $2)",
        &values![before, rows],
    )
    .await
}

/// The roles over the administrations of a reach, by administration, role and name; those that
/// have ended are absent. With `Scope::Everything`, the operators too.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn within(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<Vec<RoleInFull>, DbError> {
    let rows = tx
        .query(
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT r.*, a.given_name, a.usual_name, a.email, o.label AS o_label
             FROM identity_role r
             JOIN identity_agent a ON a.id = r.agent
             LEFT JOIN identity_organisation o ON o.id = r.organisation
             WHERE (r.organisation IN (SELECT id FROM reach)
                    OR (r.organisation IS NULL AND CAST($2 AS BIGINT) = 1))
               AND (r.until_at IS NULL OR r.until_at > $4)
             ORDER BY o.label, r.role, a.name_key, r.id",
            &[reach(scope).as_slice(), &values![now]].concat(),
        )
        .await?;
    rows.iter().map(read_in_full).collect()
}

/// The agents who hold exactly `role` over this administration now, by a grant on it or on one
/// above it, and who may sign in; in the order of their ids.
///
/// # Errors
/// When the database refuses.
pub async fn holders(
    tx: &mut Tx,
    role: Role,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<Vec<AgentId>, DbError> {
    let rows = tx
        .query(
            "WITH RECURSIVE above(id, parent, own) AS (
                 SELECT id, parent, 1 FROM identity_organisation WHERE id = $1
                 UNION
                 SELECT o.id, o.parent, 0 FROM identity_organisation o
                 JOIN above b ON o.id = b.parent
             )
             SELECT DISTINCT r.agent
             FROM identity_role r
             JOIN above b ON b.id = r.organisation
             JOIN identity_agent a ON a.id = r.agent
             WHERE r.role = $2 AND (b.own = 1 OR r.subtree = 1)
               AND (r.until_at IS NULL OR r.until_at > $3)
               AND a.state IN ('pre-created', 'active')
             ORDER BY r.agent",
            &values![organisation, role.word(), now],
        )
        .await?;
    rows.iter().map(|row| row.get("agent")).collect()
}

/// The operators who may sign in now.
///
/// # Errors
/// When the database refuses.
pub async fn operators(tx: &mut Tx, now: Timestamp) -> Result<Vec<AgentId>, DbError> {
    let rows = tx
        .query(
            "SELECT DISTINCT r.agent FROM identity_role r JOIN identity_agent a ON a.id = r.agent
             WHERE r.role = $1 AND (r.until_at IS NULL OR r.until_at > $2)
               AND a.state IN ('pre-created', 'active')
             ORDER BY r.agent",
            &values![Role::Operator.word(), now],
        )
        .await?;
    rows.iter().map(|row| row.get("agent")).collect()
}

/// Writes a promise of the configuration; one that is there stays as it is, bound or not.
///
/// # Errors
/// When the database refuses.
pub async fn promise(tx: &mut Tx, configured: &ConfiguredGrant) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_role_promise (id, email_key, role, organisation, subtree, agent)
         VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT DO NOTHING",
        &values![
            configured.id(),
            configured.email_key(),
            configured.role.word(),
            root(configured.scope),
            subtree(configured.scope)
        ],
    )
    .await?;
    Ok(())
}

/// Gives a promise to an agent; answers whether nobody had it.
///
/// # Errors
/// When the database refuses.
pub async fn bind(tx: &mut Tx, promise: RoleId, agent: AgentId) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_role_promise SET agent = $2 WHERE id = $1 AND agent IS NULL",
            &values![promise, agent],
        )
        .await?;
    Ok(rows == 1)
}

/// The promises of earlier configurations, all of them.
///
/// # Errors
/// When the database refuses.
pub async fn promises(tx: &mut Tx) -> Result<Vec<RoleId>, DbError> {
    let rows = tx
        .query("SELECT id FROM identity_role_promise ORDER BY id", &[])
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Forgets a promise.
///
/// # Errors
/// When the database refuses.
pub async fn forget_promise(tx: &mut Tx, id: RoleId) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM identity_role_promise WHERE id = $1",
        &values![id],
    )
    .await?;
    Ok(())
}

/// The agents of an address with a provider that knows them or is expected to: (agent, provider).
///
/// # Errors
/// When the database refuses.
pub async fn agents_of_address(
    tx: &mut Tx,
    email_key: &str,
) -> Result<Vec<(AgentId, String)>, DbError> {
    let rows = tx
        .query(
            "SELECT l.agent AS agent, l.provider AS provider
             FROM identity_agent a JOIN identity_login l ON l.agent = a.id
             WHERE LOWER(a.email) = $1
             UNION
             SELECT e.agent, e.provider FROM identity_expected e WHERE e.email_key = $1
             ORDER BY agent, provider",
            &values![email_key],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("agent")?, row.get("provider")?)))
        .collect()
}

/// What a row says as the caller's grant.
pub(super) fn grant(
    role: &str,
    organisation: Option<OrganisationId>,
    subtree: bool,
    until: Option<Timestamp>,
) -> Result<Grant, DbError> {
    let role = Role::from_word(role).ok_or_else(|| unreadable("role"))?;
    Ok(Grant {
        role,
        scope: scope(role, organisation, subtree)?,
        until,
    })
}

/// Only the operator's reach has no root: a row without one must never widen another role.
fn scope(
    role: Role,
    organisation: Option<OrganisationId>,
    subtree: bool,
) -> Result<Scope, DbError> {
    match (role, organisation) {
        (Role::Operator, _) => Ok(Scope::Everything),
        (Role::Administrator | Role::Announcer, Some(root)) => {
            Ok(Scope::Organisation { root, subtree })
        }
        (Role::Administrator | Role::Announcer, None) => Err(unreadable("organisation")),
    }
}

fn read_in_full(row: &Row) -> Result<RoleInFull, DbError> {
    Ok(RoleInFull {
        held: read(row)?,
        given_name: row.get("given_name")?,
        usual_name: row.get("usual_name")?,
        email: row.get("email")?,
        organisation_label: row.get("o_label")?,
    })
}

fn read(row: &Row) -> Result<HeldRole, DbError> {
    let word: String = row.get("role")?;
    let until: Option<Timestamp> = row.get("until_at")?;
    let grant = grant(&word, row.get("organisation")?, row.get("subtree")?, until)?;
    Ok(HeldRole {
        id: row.get("id")?,
        agent: row.get("agent")?,
        role: grant.role,
        scope: grant.scope,
        until,
        by: row.get("given_by")?,
        at: row.get("given_at")?,
    })
}

/// A reach as the parameters (root, everything, subtree) of a recursive query.
pub(super) fn reach(scope: Scope) -> [Value; 3] {
    values![root(scope), scope == Scope::Everything, subtree(scope)]
}
