//! All SQL of password accounts.

use kernel::{AgentId, Population, SessionId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::account::{Attributes, LocalAccount, LocalSubject, Login, Realm, StoredAccount};

/// The account of a login in a realm.
///
/// # Errors
/// What the database says.
pub async fn find_account(
    tx: &mut Tx,
    realm: &Realm,
    login: &Login,
) -> Result<Option<StoredAccount>, DbError> {
    let row = tx
        .query_optional(
            "SELECT realm, login, subject, password_hash, given_name, usual_name, uid, siret,
                organizational_unit, population, phone
             FROM identity_local_account WHERE realm = $1 AND login = $2",
            &values![realm.as_str(), login.as_str()],
        )
        .await?;
    row.as_ref().map(stored).transpose()
}

/// The account of a subject in a realm.
///
/// # Errors
/// What the database says.
pub async fn account_of_subject(
    tx: &mut Tx,
    realm: &Realm,
    subject: LocalSubject,
) -> Result<Option<StoredAccount>, DbError> {
    let row = tx
        .query_optional(
            "SELECT realm, login, subject, password_hash, given_name, usual_name, uid, siret,
                organizational_unit, population, phone
             FROM identity_local_account WHERE realm = $1 AND subject = $2",
            &values![realm.as_str(), subject],
        )
        .await?;
    row.as_ref().map(stored).transpose()
}

/// Writes an account of the configuration whole, under its realm and login. Its subject never
/// changes, nor does a password that its holder chose. Of an account that somebody was invited to,
/// nothing of what was chosen before stays: whoever had the link may not be whom the file names.
///
/// # Errors
/// What the database says; [`DbError::Unique`] when the subject is another account's.
pub async fn upsert_account(
    tx: &mut Tx,
    stored: &StoredAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    let StoredAccount {
        account,
        password_hash,
    } = stored;
    let said = &account.attributes;
    leave_invitation(tx, account, now).await?;
    tx.execute(
        "INSERT INTO identity_local_account (
            realm, login, subject, password_hash, given_name, usual_name, uid, siret,
            organizational_unit, population, phone, created_at, updated_at, origin)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 'configured')
         ON CONFLICT (realm, login) DO UPDATE SET
            password_hash = CASE WHEN identity_local_account.password_at = 0
                    OR identity_local_account.origin = 'invited'
                THEN excluded.password_hash ELSE identity_local_account.password_hash END,
            password_at = CASE WHEN identity_local_account.origin = 'invited'
                THEN 0 ELSE identity_local_account.password_at END,
            origin = excluded.origin,
            given_name = excluded.given_name,
            usual_name = excluded.usual_name,
            uid = excluded.uid,
            siret = excluded.siret,
            organizational_unit = excluded.organizational_unit,
            population = excluded.population,
            phone = excluded.phone,
            updated_at = excluded.updated_at",
        &values![
            account.realm.as_str(),
            account.login.as_str(),
            account.subject,
            password_hash,
            said.given_name.as_str(),
            said.usual_name.as_str(),
            said.uid.as_str(),
            said.siret.as_deref(),
            said.organizational_unit.as_deref(),
            said.population.map(Population::claim),
            said.phone.as_deref(),
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Before the configuration takes an invited account over: its links are good for nothing, and what
/// was opened by the password chosen with one is closed.
async fn leave_invitation(
    tx: &mut Tx,
    account: &LocalAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    let invited = tx
        .query_optional(
            "SELECT subject FROM identity_local_account
             WHERE realm = $1 AND login = $2 AND origin = 'invited'",
            &values![account.realm.as_str(), account.login.as_str()],
        )
        .await?;
    let Some(row) = invited else { return Ok(()) };
    let subject: LocalSubject = row.get("subject")?;
    super::link::remove_links(tx, subject).await?;
    let agent = AgentId::from_u128(u128::from_be_bytes(*subject.as_bytes()));
    end_sessions_of(tx, agent, now).await?;
    crate::store::credential::revoke_all(tx, agent, now).await?;
    Ok(())
}

/// Writes the account of somebody invited, whose password nobody has chosen yet.
///
/// # Errors
/// What the database says; [`DbError::is_unique`] when the login has an account.
pub async fn insert_invited(
    tx: &mut Tx,
    account: &LocalAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    let said = &account.attributes;
    tx.execute(
        "INSERT INTO identity_local_account (
            realm, login, subject, password_hash, given_name, usual_name, uid, siret,
            organizational_unit, population, phone, created_at, updated_at, origin)
         VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $11, $11, 'invited')",
        &values![
            account.realm.as_str(),
            account.login.as_str(),
            account.subject,
            said.given_name.as_str(),
            said.usual_name.as_str(),
            said.uid.as_str(),
            said.siret.as_deref(),
            said.organizational_unit.as_deref(),
            said.population.map(Population::claim),
            said.phone.as_deref(),
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Replaces an old hash by one with today's parameters, unless the password changed meanwhile.
/// Answers whether it did.
///
/// # Errors
/// What the database says.
pub async fn replace_hash(
    tx: &mut Tx,
    subject: LocalSubject,
    old: &str,
    new: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_local_account SET password_hash = $3, updated_at = $4
             WHERE subject = $1 AND password_hash = $2",
            &values![subject, old, new, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Gives an account the password that its holder chose, as its hash. When it was chosen grows
/// whatever the clock says, so that no two choices are taken for one.
///
/// # Errors
/// What the database says.
pub async fn set_password(
    tx: &mut Tx,
    subject: LocalSubject,
    hash: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_local_account
         SET password_hash = $2, updated_at = $3,
            password_at = CASE WHEN password_at < $3 THEN $3 ELSE password_at + 1 END
         WHERE subject = $1",
        &values![subject, hash, now],
    )
    .await?;
    Ok(())
}

/// Every login of a realm that the configuration wrote, with its subject.
///
/// # Errors
/// What the database says.
pub async fn logins_of(tx: &mut Tx, realm: &Realm) -> Result<Vec<(Login, LocalSubject)>, DbError> {
    let rows = tx
        .query(
            "SELECT login, subject FROM identity_local_account
             WHERE realm = $1 AND origin = 'configured' ORDER BY login",
            &values![realm.as_str()],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((login(row)?, row.get("subject")?)))
        .collect()
}

/// Deletes an account with its second factors. Answers whether there was one.
///
/// # Errors
/// What the database says.
pub async fn delete_account(tx: &mut Tx, realm: &Realm, login: &Login) -> Result<bool, DbError> {
    if let Some(stored) = find_account(tx, realm, login).await? {
        super::factor_store::remove_factors(tx, stored.account.subject).await?;
        super::link::remove_links(tx, stored.account.subject).await?;
    }
    let rows = tx
        .execute(
            "DELETE FROM identity_local_account WHERE realm = $1 AND login = $2",
            &values![realm.as_str(), login.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

/// Ends every session of an agent and revokes every grant, those of sessions that ended before
/// included. Answers the sessions.
///
/// # Errors
/// What the database says.
pub async fn end_sessions_of(
    tx: &mut Tx,
    agent: AgentId,
    now: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    let rows = tx
        .query(
            "SELECT id FROM identity_session WHERE agent = $1 ORDER BY id",
            &values![agent],
        )
        .await?;
    let sessions = rows.iter().map(|row| row.get("id")).collect();
    tx.execute(
        "UPDATE identity_grant SET revoked_at = $2 WHERE agent = $1 AND revoked_at IS NULL",
        &values![agent, now],
    )
    .await?;
    tx.execute(
        "DELETE FROM identity_session WHERE agent = $1",
        &values![agent],
    )
    .await?;
    sessions
}

fn unreadable(column: &'static str, expected: &'static str) -> DbError {
    DbError::Decode {
        column: column.to_owned(),
        expected,
        found: "another text",
    }
}

fn login(row: &Row) -> Result<Login, DbError> {
    Login::parse(&row.get::<String>("login")?).map_err(|_| unreadable("login", "an e-mail address"))
}

fn stored(row: &Row) -> Result<StoredAccount, DbError> {
    Ok(StoredAccount {
        account: account(row)?,
        password_hash: row.get("password_hash")?,
    })
}

/// The account of a row, without its password.
///
/// # Errors
/// When the row is damaged.
pub(crate) fn account(row: &Row) -> Result<LocalAccount, DbError> {
    let population = match row.get::<Option<String>>("population")? {
        None => None,
        Some(word) => Some(
            Population::from_claim(&word)
                .ok_or_else(|| unreadable("population", "a population"))?,
        ),
    };
    Ok(LocalAccount {
        realm: Realm::parse(&row.get::<String>("realm")?)
            .map_err(|_| unreadable("realm", "a realm's name"))?,
        login: login(row)?,
        subject: row.get("subject")?,
        attributes: Attributes {
            given_name: row.get("given_name")?,
            usual_name: row.get("usual_name")?,
            uid: row.get("uid")?,
            siret: row.get("siret")?,
            organizational_unit: row.get("organizational_unit")?,
            population,
            phone: row.get("phone")?,
        },
    })
}
