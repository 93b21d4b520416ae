//! Agents known otherwise than by a sign-in of theirs: accounts and agents written by configuration.

use std::collections::HashSet;
use std::sync::Arc;

use kernel::{Act, AgentId, JournalEntry, Outcome, SessionId, Timestamp};
use kernel_db::Tx;

use super::{Identity, Method};
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::error::IdentityError;
use crate::local::{self, Login, NewAccount};
use crate::store;

/// An agent that a directory or a configuration names before any sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownAgent {
    /// The provider that will vouch.
    pub provider: String,
    /// Its `sub` of the person.
    pub subject: String,
    /// The agent.
    pub agent: Agent,
}

impl Identity {
    /// Writes agents that are not known yet; those that are stay as they are. What the
    /// configuration promises to their addresses is theirs from here on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn know(&self, agents: Vec<KnownAgent>) -> Result<(), IdentityError> {
        let agents = Arc::new(agents);
        let now = self.house.clock.now();
        self.house
            .db
            .write(move |tx| {
                let agents = Arc::clone(&agents);
                Box::pin(async move {
                    for known in agents.iter() {
                        know_one(tx, known, now).await?;
                    }
                    Ok::<(), IdentityError>(())
                })
            })
            .await?;
        if self.grants.is_empty() {
            return Ok(());
        }
        self.settle_roles().await
    }

    /// Writes an account of somebody who signs in here, and its agent, whose id is the account's
    /// subject.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write_local_account(&self, new: NewAccount) -> Result<(), IdentityError> {
        let Method::Local {
            accounts,
            organisation,
            ..
        } = &self.method
        else {
            return Err(IdentityError::UnknownProvider);
        };
        let account = &new.account;
        let attributes = &account.attributes;
        let siret = attributes
            .siret
            .as_deref()
            .and_then(|text| crate::upstream::Siret::parse(text).ok());
        let known = KnownAgent {
            provider: account.realm.as_str().to_owned(),
            subject: account.subject.to_string(),
            agent: Agent {
                id: AgentId::from_u128(u128::from_be_bytes(*account.subject.as_bytes())),
                state: AgentState::PreCreated,
                organisation: siret.map_or(*organisation, |siret| {
                    crate::domain::organisation::id_of_siret(siret.as_str())
                }),
                attributes: Attributes {
                    given_name: attributes.given_name.clone(),
                    usual_name: attributes.usual_name.clone(),
                    email: account.login.as_str().to_owned(),
                    uid: attributes.uid.clone(),
                    organizational_unit: attributes.organizational_unit.clone(),
                    population: attributes.population,
                    phone: attributes.phone.clone(),
                    chorusdt: None,
                    custom: serde_json::Map::new(),
                },
            },
        };
        accounts.write(new).await?;
        self.know(vec![known]).await
    }

    /// Removes the accounts of the realm whose login is not among `named`, ends their sessions and
    /// takes back what these gave, all or nothing. The agents stay known: an account written again
    /// is the same person.
    ///
    /// # Errors
    /// When nobody signs in here, or the database refuses.
    pub async fn remove_local_accounts_but(&self, named: Vec<Login>) -> Result<(), IdentityError> {
        let Method::Local { realm, .. } = &self.method else {
            return Err(IdentityError::UnknownProvider);
        };
        let kept = Arc::new((realm.clone(), named.into_iter().collect::<HashSet<_>>()));
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let (kept, rng) = (Arc::clone(&kept), Arc::clone(&rng));
                Box::pin(async move {
                    let (realm, named) = &*kept;
                    for (login, subject) in local::logins_of(tx, realm).await? {
                        if named.contains(&login) {
                            continue;
                        }
                        local::delete_account(tx, realm, &login).await?;
                        let provider = realm.as_str();
                        let subject = subject.to_string();
                        let agent = store::agent::by_login(tx, provider, &subject).await?;
                        let Some(agent) = agent else { continue };
                        for session in local::end_sessions_of(tx, agent.id, now).await? {
                            let entry = removed(&agent, provider, session, now);
                            tx.journal(entry, rng.as_ref()).await?;
                        }
                    }
                    Ok::<(), IdentityError>(())
                })
            })
            .await
    }
}

/// A session that ended with its account.
fn removed(agent: &Agent, provider: &str, session: SessionId, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: Some(agent.organisation),
        actor: None,
        act: Act("identity.session.end"),
        subject: format!("session:{session}"),
        outcome: Outcome::Done,
        data: serde_json::json!({ "provider": provider, "reason": "account-removed" }),
        personal: None,
    }
}

pub(super) async fn know_one(
    tx: &mut Tx,
    known: &KnownAgent,
    now: Timestamp,
) -> Result<(), IdentityError> {
    if store::agent::by_login(tx, &known.provider, &known.subject)
        .await?
        .is_some()
    {
        return Ok(());
    }
    // An erased agent is not written again because a configuration still names them.
    if store::erase::was_given(tx, known.agent.id).await? {
        return Ok(());
    }
    store::agent::insert(tx, &known.agent, now).await?;
    store::agent::insert_login(tx, &known.provider, &known.subject, known.agent.id, now).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use kernel_db::{Value, values};
    use testkit::FixedClock;

    use super::*;
    use crate::local::testing::{PASSWORD, Provider};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_removed_account_opens_nothing_and_the_others_are_untouched,
        an_account_under_another_login_is_the_same_person_and_signs_in_again,
    );

    /// Signs in; the session's cookie.
    async fn sign_in(provider: &Provider, name: &str) -> Option<String> {
        let mut browser = provider.browser();
        let login = format!("{name}@interieur.gouv.fr");
        browser.attempt(&login, PASSWORD).await;
        let cookie = provider.identity.house.cookies().session();
        browser.0.cookie(&cookie).map(str::to_owned)
    }

    async fn count(test: &TestDb, sql: &'static str, values: Vec<Value>) -> i64 {
        let values = Arc::new(values);
        let counted: Result<i64, kernel_db::DbError> = test
            .db
            .read(move |tx: &mut Tx| {
                let values = Arc::clone(&values);
                Box::pin(async move {
                    let row = tx.query_optional(sql, &values).await?.expect("a row");
                    row.get("n")
                })
            })
            .await;
        counted.expect("a number")
    }

    /// A grant of each agent, from a session that ended long ago.
    async fn give_grants(test: &TestDb, agents: [AgentId; 2]) {
        let written: Result<(), kernel_db::DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    for agent in agents {
                        tx.execute(
                            "INSERT INTO identity_grant (id, session, agent, client, scopes,
                                 provider, acr, created_at, expires_at)
                             VALUES ($1, $1, $1, 'mission', 'openid', 'interieur', 'eidas1', 1, 2)",
                            &values![agent],
                        )
                        .await?;
                    }
                    Ok(())
                })
            })
            .await;
        written.expect("written");
    }

    const ACCOUNTS: &str = "SELECT COUNT(*) AS n FROM identity_local_account";
    const REVOKED: &str = "SELECT COUNT(*) AS n FROM identity_grant
                           WHERE agent = $1 AND revoked_at IS NOT NULL";
    const ENDED: &str = "SELECT COUNT(*) AS n FROM journal_pending
                         WHERE act = 'identity.session.end' AND outcome = 'done'";

    async fn a_removed_account_opens_nothing_and_the_others_are_untouched(test: TestDb) {
        let clock = Arc::new(FixedClock::default());
        let provider = Provider::start(&test.db, &clock).await;
        provider.configure(&[("claire", 1), ("hugo", 2)]).await;
        let claire = sign_in(&provider, "claire").await.expect("a session");
        let hugo = sign_in(&provider, "hugo").await.expect("a session");
        let agents = [AgentId::from_u128(1), AgentId::from_u128(2)];
        give_grants(&test, agents).await;
        provider.configure(&[("claire", 1), ("hugo", 2)]).await;
        assert!(provider.is_alive(&claire).await && provider.is_alive(&hugo).await);

        clock.advance(std::time::Duration::from_mins(1));
        let provider = Provider::start(&test.db, &clock).await;
        provider.configure(&[("claire", 1)]).await;
        assert!(provider.is_alive(&claire).await, "the others stay");
        assert!(!provider.is_alive(&hugo).await, "the session is dead");
        let revoked = |agent| count(&test, REVOKED, values![agent].to_vec());
        assert_eq!((revoked(agents[0]).await, revoked(agents[1]).await), (0, 1));
        assert_eq!(count(&test, ENDED, Vec::new()).await, 1);
        assert_eq!(count(&test, ACCOUNTS, Vec::new()).await, 1);
        assert!(sign_in(&provider, "hugo").await.is_none());
        assert!(sign_in(&provider, "claire").await.is_some());
    }

    async fn an_account_under_another_login_is_the_same_person_and_signs_in_again(test: TestDb) {
        let clock = Arc::new(FixedClock::default());
        let provider = Provider::start(&test.db, &clock).await;
        provider.configure(&[("claire", 1)]).await;
        let before = sign_in(&provider, "claire").await.expect("a session");
        provider.configure(&[("claire.delmas", 1)]).await;
        assert!(!provider.is_alive(&before).await);
        assert!(sign_in(&provider, "claire").await.is_none());
        assert!(sign_in(&provider, "claire.delmas").await.is_some());
        let agents = "SELECT COUNT(*) AS n FROM identity_agent";
        assert_eq!(count(&test, agents, Vec::new()).await, 1);
    }
}
