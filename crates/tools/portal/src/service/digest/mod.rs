//! Looking at inboxes again: the end of quiet hours is told to open pages, and what was not read
//! is mailed.
//!
//! Invariants
//! - What a mail holds is marked in the transaction that queues the mail: no notice is mailed
//!   twice, whatever stops between.
//! - In quiet hours nothing leaves but urgent notices to who allows it.

mod mail;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::port::{Directory, Person};
use kernel::{AgentId, BoxFuture, Timestamp};
use kernel_db::{Db, DbError, JobError, JobHandler, Tx};
use kernel_mail::Mailer;
use url::Url;

use super::inbox::{Inbox, WAKE};
use crate::domain::news::{Mailing, wake};
use crate::store::news as store;

/// How often inboxes are looked at.
const EVERY: Duration = Duration::from_mins(1);
/// Agents that one transaction serves: it must not hold the writer for long.
const AT_ONCE: usize = 50;
/// Notices that one mail may look at; the rest is counted with them no more.
const MOST: i64 = 200;
/// Agents that one look reads.
const BATCH: usize = 500;

/// The job.
#[derive(Clone)]
pub(crate) struct Digests {
    /// The inboxes.
    pub(crate) inbox: Inbox,
    /// Who the agents are.
    pub(crate) directory: Arc<dyn Directory>,
    /// Where mails go.
    pub(crate) mailer: Mailer,
    /// Where links lead.
    pub(crate) base_url: Url,
}

impl JobHandler for Digests {
    fn kind(&self) -> &'static str {
        WAKE
    }

    fn every(&self) -> Option<Duration> {
        Some(EVERY)
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            loop {
                let now = self.inbox.clock.now();
                let due: Vec<AgentId> = db
                    .read(move |tx: &mut Tx| Box::pin(store::due_inboxes(tx, now)))
                    .await
                    .map_err(|error: DbError| error)?;
                let people = self.people(&due).await?;
                for agents in due.chunks(AT_ONCE) {
                    self.serve(db, agents, &people, now).await?;
                }
                if due.len() < BATCH {
                    return Ok(());
                }
            }
        })
    }
}

type People = Arc<HashMap<AgentId, Person>>;

impl Digests {
    async fn people(&self, agents: &[AgentId]) -> Result<People, JobError> {
        if agents.is_empty() || !self.mailer.is_configured() {
            return Ok(Arc::default());
        }
        let people = self.directory.people(agents.to_vec()).await;
        let people = people.map_err(|cause| JobError::Failed(cause.to_string()))?;
        let by_id = people.into_iter().map(|person| (person.id, person));
        Ok(Arc::new(by_id.collect()))
    }

    /// Looks at some inboxes in one transaction, then tells their open pages.
    async fn serve(
        &self,
        db: &Db,
        agents: &[AgentId],
        people: &People,
        now: Timestamp,
    ) -> Result<(), JobError> {
        let (digests, people) = (self.clone(), Arc::clone(people));
        let agents: Arc<[AgentId]> = Arc::from(agents);
        let ringing: Vec<AgentId> = db
            .write(move |tx: &mut Tx| {
                let (digests, people, agents) =
                    (digests.clone(), Arc::clone(&people), Arc::clone(&agents));
                Box::pin(async move {
                    let mut ringing = Vec::new();
                    for agent in agents.iter() {
                        if digests.look(tx, *agent, people.get(agent), now).await? {
                            ringing.push(*agent);
                        }
                    }
                    Ok::<_, DbError>(ringing)
                })
            })
            .await?;
        for agent in ringing {
            self.inbox.ring(agent);
        }
        Ok(())
    }

    /// Looks at one inbox; whether its open pages are to be told.
    async fn look(
        &self,
        tx: &mut Tx,
        agent: AgentId,
        person: Option<&Person>,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let state = store::inbox_state(tx, agent).await?;
        // Another node may have looked meanwhile.
        let Some(state) = state.filter(|state| state.wake_at.is_some_and(|at| at <= now)) else {
            return Ok(false);
        };
        let settings = store::find_settings(tx, agent).await?.settings;
        let zone = settings.zone_or(&self.inbox.zone);
        let decided = wake(&settings, zone, state.digest_at, now);
        store::set_inbox_due(tx, agent, decided.digest_at, decided.wake_at).await?;
        let urgent_only = match decided.mailing {
            Mailing::Nothing => return Ok(decided.hint),
            Mailing::Urgent => true,
            Mailing::All => false,
        };
        if let Some(person) = person {
            let mut notices = store::unmailed_notices(tx, agent, urgent_only, now, MOST).await?;
            notices.retain(|notice| !settings.mutes(&notice.source));
            if let Some(mail) = mail::compose(person, &notices, urgent_only, zone, &self.base_url)
                && self.mailer.queue(tx, &mail).await?
            {
                store::mark_mailed(tx, agent, urgent_only, now).await?;
            }
        }
        Ok(decided.hint)
    }
}
