//! Agents known otherwise than by a sign-in of theirs: names for other tools, accounts and agents
//! written by configuration.

use std::sync::Arc;

use kernel::AgentId;
use kernel_db::Tx;

use super::{Identity, Method};
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::error::IdentityError;
use crate::local::NewAccount;
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
    /// The given name of an agent.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn given_name(&self, agent: AgentId) -> Result<Option<String>, IdentityError> {
        let found = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    Ok::<_, IdentityError>(store::agent::with_organisation(tx, agent).await?)
                })
            })
            .await?;
        Ok(found.map(|(agent, _)| agent.attributes.given_name))
    }

    /// Writes agents that are not known yet; those that are stay as they are.
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
            .await
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
}

async fn know_one(
    tx: &mut Tx,
    known: &KnownAgent,
    now: kernel::Timestamp,
) -> Result<(), IdentityError> {
    if store::agent::by_login(tx, &known.provider, &known.subject)
        .await?
        .is_some()
    {
        return Ok(());
    }
    store::agent::insert(tx, &known.agent, now).await?;
    store::agent::insert_login(tx, &known.provider, &known.subject, known.agent.id, now).await?;
    Ok(())
}
