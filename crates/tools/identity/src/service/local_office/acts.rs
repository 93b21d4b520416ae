//! The acts themselves, each in the transaction of whoever may do it.

use std::sync::Arc;

use kernel::{Act, AgentId, Secret, SessionId, Timestamp};
use kernel_db::Tx;
use serde_json::json;
use url::Url;

use super::Desk;
use crate::domain::agent::{self, Agent, AgentState};
use crate::domain::organisation::id_of_siret;
use crate::domain::session::EndReason;
use crate::error::IdentityError;
use crate::local::{self, LinkPurpose, LocalAccount, factor_store, link};
use crate::service::life::end_everything;
use crate::service::local_password::end_sessions;
use crate::service::people::{KnownAgent, know_one};
use crate::service::roles::take_all;
use crate::service::second_factor::Work;
use crate::texts::account_mail::News;

impl Desk {
    /// Writes an invitation; none of it when the account has a password.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::service) async fn invite_in(
        &self,
        tx: &mut Tx,
        account: &LocalAccount,
        (secret, link): (&Secret, &Url),
        by: Option<AgentId>,
        now: Timestamp,
    ) -> Result<bool, IdentityError> {
        let known = local::find_account(tx, &account.realm, &account.login).await?;
        let account = match known {
            Some(stored) if !stored.password_hash.is_empty() => return Ok(false),
            Some(stored) => stored.account,
            None => {
                local::insert_invited(tx, account, now).await?;
                know_one(tx, &self.known(account), now).await?;
                account.clone()
            }
        };
        let subject = account.subject;
        link::remove_links(tx, subject).await?;
        link::insert_link(tx, secret, subject, LinkPurpose::Invitation, now).await?;
        let work = self.work(account, now);
        let agent = work.agent(tx).await?;
        let act = Act("identity.account.invite");
        work.journal_by(tx, act, json!({}), agent.as_ref(), by)
            .await?;
        work.tell(tx, &News::Invited(link)).await?;
        Ok(true)
    }

    /// Removes every second factor of an account, and ends the sessions. Answers those.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::service) async fn reset_of(
        &self,
        tx: &mut Tx,
        account: LocalAccount,
        by: Option<AgentId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, IdentityError> {
        let subject = account.subject;
        let work = self.work(account, now);
        let factors = factor_store::remove_factors(tx, subject).await?;
        factor_store::note_factors(tx, subject, true, now).await?;
        let ended = end_sessions(tx, &work, None).await?;
        let agent = work.agent(tx).await?;
        let said = json!({ "factors": factors, "sessions": ended.len() });
        let act = Act("identity.factor.reset");
        work.journal_by(tx, act, said, agent.as_ref(), by).await?;
        work.tell(tx, &News::FactorReset).await?;
        Ok(ended)
    }

    /// Removes an account with its factors and links; the sessions end, and what applications and
    /// programs were given is taken back, and its agent's roles: nobody could use them, and they would
    /// count among those who are left. The agent stays. Answers the sessions.
    ///
    /// # Errors
    /// When the database refuses.
    pub(in crate::service) async fn remove_of(
        &self,
        tx: &mut Tx,
        account: LocalAccount,
        by: Option<AgentId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, IdentityError> {
        let work = self.work(account, now);
        let agent = work.agent(tx).await?;
        let ended = match &agent {
            Some(agent) => end_everything(tx, agent.id, EndReason::Closed, now).await?,
            None => Vec::new(),
        };
        if let Some(agent) = &agent {
            take_all(tx, agent.id, by, now, self.rng.as_ref()).await?;
        }
        local::delete_account(tx, &self.realm, &work.account.login).await?;
        let said = json!({ "sessions": ended.len() });
        let act = Act("identity.account.remove");
        work.journal_by(tx, act, said, agent.as_ref(), by).await?;
        Ok(ended)
    }

    fn work(&self, account: LocalAccount, now: Timestamp) -> Work {
        Work {
            account,
            mailer: self.mailer.clone(),
            provider: self.provider.clone(),
            rng: Arc::clone(&self.rng),
            now,
        }
    }

    /// The agent of a new account, whose id is the account's subject.
    fn known(&self, account: &LocalAccount) -> KnownAgent {
        let said = &account.attributes;
        KnownAgent {
            provider: account.realm.as_str().to_owned(),
            subject: account.subject.to_string(),
            agent: Agent {
                id: AgentId::from_u128(u128::from_be_bytes(*account.subject.as_bytes())),
                state: AgentState::PreCreated,
                organisation: said.siret.as_deref().map_or(self.organisation, id_of_siret),
                attributes: agent::Attributes {
                    given_name: said.given_name.clone(),
                    usual_name: said.usual_name.clone(),
                    email: account.login.as_str().to_owned(),
                    uid: said.uid.clone(),
                    organizational_unit: said.organizational_unit.clone(),
                    population: said.population,
                    phone: None,
                    chorusdt: None,
                    custom: serde_json::Map::new(),
                },
            },
        }
    }
}
