//! What applications tell agents, and how much of it.

use std::sync::Arc;
use std::time::Duration;

use kernel::{AgentId, Timestamp};
use kernel_db::Tx;

use super::Inbox;
use crate::domain::news::{NewNotice, NoticeId};
use crate::news_error::{NewsError, PostLimit};
use crate::store::news as store;

/// What one application may post: to whom it counts, the period, and how many.
const LIMITS: [(PostLimit, &str, Duration, i64); 3] = [
    (PostLimit::Minute, "minute", Duration::from_mins(1), 60),
    (PostLimit::Day, "day", Duration::from_hours(24), 1_000),
    (PostLimit::AgentHour, "hour", Duration::from_hours(1), 20),
];

impl Inbox {
    /// Puts the notice of an application in an inbox, within its limits. A notice that is refused
    /// counts nowhere.
    ///
    /// # Errors
    /// [`NewsError::TooMany`] naming the limit; [`NewsError::Database`].
    pub(crate) async fn post(&self, notice: NewNotice) -> Result<NoticeId, NewsError> {
        let agent = notice.to;
        let (inbox, notice, now) = (self.clone(), Arc::new(notice), self.clock.now());
        let (id, hint) = self
            .db
            .write(move |tx: &mut Tx| {
                let (inbox, notice) = (inbox.clone(), Arc::clone(&notice));
                Box::pin(async move {
                    count(tx, &notice.source, notice.to, now).await?;
                    Ok::<_, NewsError>(inbox.put(tx, &notice, now).await?)
                })
            })
            .await?;
        if hint {
            self.ring(agent);
        }
        Ok(id)
    }
}

async fn count(
    tx: &mut Tx,
    client_id: &str,
    agent: AgentId,
    now: Timestamp,
) -> Result<(), NewsError> {
    for (limit, period, length, most) in LIMITS {
        let begins_at = beginning(now, length);
        let whom = match limit {
            PostLimit::AgentHour => Some(agent),
            PostLimit::Minute | PostLimit::Day => None,
        };
        let posted = store::count_posted(tx, client_id, whom, period, begins_at).await?;
        if posted > most {
            let left = begins_at.plus(length).since(now).as_secs();
            let retry_after = u32::try_from(left).unwrap_or(u32::MAX).max(1);
            return Err(NewsError::TooMany { limit, retry_after });
        }
    }
    Ok(())
}

/// When the period began that holds `now`: periods follow UTC.
fn beginning(now: Timestamp, length: Duration) -> Timestamp {
    let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis() - now.millis().rem_euclid(length))
}
