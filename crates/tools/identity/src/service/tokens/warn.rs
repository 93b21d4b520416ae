//! An agent is told a week before a token ends, so that no program stops unseen.

use std::sync::Arc;
use std::time::Duration;

use kernel::port::{BoxFuture, Notice, Notify, Urgency};
use kernel::{AgentId, Timestamp};
use kernel_db::{Db, DbError, JobError, JobHandler};

use crate::domain::credential::{Token, WARNED_BEFORE};
use crate::service::Identity;
use crate::store;
use crate::texts::tokens as texts;

/// Tokens of one look.
const BATCH: i64 = 100;

impl Identity {
    /// Lets the inbox of agents be told, once it is there. The first that is told stays.
    pub fn tell_by(&self, notify: Arc<dyn Notify>) {
        let _ = self.notify.set(notify);
    }
}

/// Tells agents of tokens that end within a week.
pub(crate) struct Warn(Identity);

impl Warn {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }

    async fn tell(&self, notify: &dyn Notify, now: Timestamp) -> Result<usize, JobError> {
        let db = &self.0.house.db;
        let ending = db.read(move |tx| {
            Box::pin(store::credential::ending(
                tx,
                (now, now.plus(WARNED_BEFORE)),
                WARNED_BEFORE * 2,
                BATCH,
            ))
        });
        let ending: Vec<store::credential::Ending> = ending.await?;
        for (agent, token) in &ending {
            let told = notify.notify(notice(*agent, token)).await;
            told.map_err(|cause| JobError::Failed(cause.to_string()))?;
            // After it was told: told twice it is one notice, never told it would be none.
            let id = token.id;
            let noted: Result<(), DbError> = db
                .write(move |tx| Box::pin(store::credential::note_warned(tx, id, now)))
                .await;
            noted?;
        }
        Ok(ending.len())
    }
}

impl JobHandler for Warn {
    fn kind(&self) -> &'static str {
        "identity.tokens"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_hours(1))
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        _: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            // An instance without inboxes tells nobody.
            let Some(notify) = self.0.notify.get().cloned() else {
                return Ok(());
            };
            let now = self.0.house.clock.now();
            while self.tell(notify.as_ref(), now).await? > 0 {}
            Ok(())
        })
    }
}

fn notice(agent: AgentId, token: &Token) -> Notice {
    Notice {
        to: agent,
        source: "identity".to_owned(),
        kind: "identity.token.ending".to_owned(),
        urgency: Urgency::Normal,
        dedup: Some(format!("token-{}", token.id)),
        title: texts::ending(&token.name),
        detail: Some(texts::ENDING_DETAIL),
        link: Some("/compte".to_owned()),
        action: Some(texts::ENDING_ACTION),
        until: Some(token.expires_at),
    }
}
