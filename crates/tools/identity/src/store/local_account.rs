//! Password accounts as administrators list them. Their own SQL is in [`crate::local`].

use kernel::{OrganisationId, Scope, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::administration::patterns;
use super::role::reach;
use crate::domain::agent::AgentState;
use crate::domain::local_account::{Origin, Stands};
use crate::local::{LocalAccount, Login, Realm, account_of_row};

/// The accounts of one provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider<'a> {
    /// Its realm.
    pub realm: &'a Realm,
    /// The administration of accounts without one.
    pub organisation: OrganisationId,
}

/// Which of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// Beginnings of words of the name, or of the address; three count.
    pub words: &'a str,
    /// This one only.
    pub login: Option<&'a Login>,
    /// Those after this address.
    pub after: Option<&'a str>,
}

/// An account in an administrator's list: never its password's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub account: LocalAccount,
    /// Its administration; none: one that is not known here.
    pub organisation: Option<(OrganisationId, String)>,
    /// Where it comes from.
    pub origin: Origin,
    /// Its agent's state; none: no agent is known.
    pub agent: Option<AgentState>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Until when the link of an invitation is good; none: none is.
    pub invited_until: Option<Timestamp>,
    /// Second factors.
    pub factors: u32,
    /// Whether one must be added before anything opens.
    pub must_enrol: bool,
}

impl AccountRow {
    /// How it stands.
    pub const fn stands(&self) -> Stands {
        Stands {
            origin: self.origin,
            has_password: self.has_password,
            has_factor: self.factors > 0,
            agent: self.agent,
        }
    }
}

/// The accounts of a reach, by address.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn accounts(
    tx: &mut Tx,
    provider: Provider<'_>,
    scope: Scope,
    which: Which<'_>,
    (now, rows): (Timestamp, i64),
) -> Result<Vec<AccountRow>, DbError> {
    let [first, second, third] = patterns(which.words);
    let found = tx
        .query(
            // An account has its administration by its SIRET. The agent of an account bears its id
            // from the start, and knows the key of the name.
            "WITH RECURSIVE reach(id) AS (
                 SELECT id FROM identity_organisation
                 WHERE id = $1 OR CAST($2 AS BIGINT) = 1
                 UNION
                 SELECT o.id FROM identity_organisation o JOIN reach r ON o.parent = r.id
                 WHERE CAST($3 AS BIGINT) = 1
             )
             SELECT a.realm, a.login, a.subject, a.given_name, a.usual_name, a.uid, a.siret,
                    a.organizational_unit, a.population, a.phone, a.origin, a.must_enrol,
                    g.state AS agent_state,
                    CAST(CASE WHEN a.password_hash = '' THEN 0 ELSE 1 END AS BIGINT) AS has_password,
                    o.id AS o_id, o.label AS o_label,
                    (SELECT MAX(l.expires_at) FROM identity_local_link l
                     WHERE l.subject = a.subject AND l.purpose = 'invitation'
                       AND l.expires_at > $4) AS invited_until,
                    (SELECT COUNT(*) FROM identity_local_factor f
                     WHERE f.subject = a.subject) AS factors
             FROM identity_local_account a
             LEFT JOIN identity_organisation o
                    ON o.siret = a.siret OR (a.siret IS NULL AND o.id = $5)
             LEFT JOIN identity_agent g ON g.id = a.subject
             WHERE a.realm = $6
               AND (CAST($2 AS BIGINT) = 1 OR o.id IN (SELECT id FROM reach))
               AND (' ' || COALESCE(g.name_key, '') || ' ' || a.login) LIKE $7 ESCAPE '!'
               AND (' ' || COALESCE(g.name_key, '') || ' ' || a.login) LIKE $8 ESCAPE '!'
               AND (' ' || COALESCE(g.name_key, '') || ' ' || a.login) LIKE $9 ESCAPE '!'
               AND (CAST($10 AS TEXT) IS NULL OR a.login = $10)
               AND (CAST($11 AS TEXT) IS NULL OR a.login > $11)
             ORDER BY a.login
             LIMIT $12",
            &[
                reach(scope).as_slice(),
                &values![
                    now,
                    provider.organisation,
                    provider.realm.as_str(),
                    first,
                    second,
                    third,
                    which.login.map(Login::as_str),
                    which.after,
                    rows
                ],
            ]
            .concat(),
        )
        .await?;
    found.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AccountRow, DbError> {
    let label: Option<String> = row.get("o_label")?;
    let id: Option<OrganisationId> = row.get("o_id")?;
    let origin: String = row.get("origin")?;
    let agent: Option<String> = row.get("agent_state")?;
    let agent =
        agent.map(|word| AgentState::from_word(&word).ok_or_else(|| super::unreadable("state")));
    Ok(AccountRow {
        account: account_of_row(row)?,
        organisation: id.zip(label),
        origin: Origin::from_word(&origin).ok_or_else(|| DbError::Decode {
            column: "origin".to_owned(),
            expected: "a word this version knows",
            found: "another one",
        })?,
        agent: agent.transpose()?,
        has_password: row.get::<i64>("has_password")? != 0,
        invited_until: row.get("invited_until")?,
        factors: u32::try_from(row.get::<i64>("factors")?).unwrap_or(u32::MAX),
        must_enrol: row.get::<i64>("must_enrol")? != 0,
    })
}
