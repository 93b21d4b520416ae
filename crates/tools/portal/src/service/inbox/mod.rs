//! The inbox of every agent: what tools tell them, and what they have read of it.

mod application;
mod import_done;
mod list;
mod mark;
mod notify;
mod now;
mod retention;

use std::sync::Arc;

use kernel::{AgentId, Clock, Rng, Timestamp};
use kernel_db::{Db, DbError, NewJob, Tx};
use kernel_http::{Live, live::Reached};

use crate::domain::news::{NewNotice, NoticeId, Zone, arrival};
use crate::store::news as store;

pub(crate) use import_done::ImportDone;
pub(crate) use list::InboxPage;
pub(crate) use retention::Retention;

/// The topic of the hint that an inbox changed.
pub(crate) const TOPIC: &str = "inbox";
/// The job that looks at inboxes again.
pub(crate) const WAKE: &str = "portal.inbox.wake";

/// The inbox of every agent, for the portal and, as [`kernel::port::Notify`] and
/// [`kernel::port::Now`], for other tools. Cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) live: Live,
    pub(super) zone: Zone,
}

impl Inbox {
    /// Inboxes in this database; `zone` is the instance's (`Europe/Paris`), for agents who have
    /// not chosen theirs. One that is not known is taken for UTC, and logged.
    pub fn new(db: Db, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, live: Live, zone: &str) -> Self {
        let zone = Zone::parse(zone).unwrap_or_else(|error| {
            tracing::error!(%error, zone, "the instance's zone");
            Zone::utc()
        });
        Self {
            db,
            clock,
            rng,
            live,
            zone,
        }
    }

    /// Puts a notice in its inbox within a transaction; whether open pages are to be told once
    /// it has held ([`Inbox::ring`]).
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn put(
        &self,
        tx: &mut Tx,
        notice: &NewNotice,
        now: Timestamp,
    ) -> Result<(NoticeId, bool), DbError> {
        let chosen = store::find_settings(tx, notice.to).await?.settings;
        let zone = chosen.zone_or(&self.zone);
        let arrival = arrival(&chosen, zone, notice.urgency, &notice.source, now);
        let id = NoticeId::new(now, self.rng.as_ref());
        let put = store::put_notice(tx, id, notice, now).await?;
        store::raise_inbox(tx, notice.to, put.added, arrival.digest_at, arrival.wake_at).await?;
        if arrival.wake_at.is_some_and(|wake_at| wake_at <= now) {
            look_now(tx, now).await?;
        }
        Ok((put.id, arrival.hint))
    }

    /// The same where nobody can tell the open pages after the commit: the job that looks at
    /// inboxes does.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn put_and_ring_later(
        &self,
        tx: &mut Tx,
        notice: &NewNotice,
        now: Timestamp,
    ) -> Result<NoticeId, DbError> {
        let (id, hint) = self.put(tx, notice, now).await?;
        if hint {
            store::raise_inbox(tx, notice.to, 0, None, Some(now)).await?;
            look_now(tx, now).await?;
        }
        Ok(id)
    }

    /// Tells the open pages of an agent that their inbox changed.
    pub(crate) fn ring(&self, agent: AgentId) {
        let version = self.clock.now().millis();
        self.live.say(TOPIC, version, Reached::Agent(agent));
    }
}

async fn look_now(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    tx.enqueue(NewJob {
        kind: WAKE,
        payload: serde_json::Value::Null,
        run_at: now,
        dedup: Some("now".to_owned()),
    })
    .await
}
