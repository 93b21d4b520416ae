//! Pages that sessions keep open, on every node: each looks every two seconds which sessions were
//! ended by somebody else than their own browser, and lets their streams go. Invitations whose date
//! has come are ended at the same pace. It needs no bus; the
//! node that ended them has told its own pages already.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::{SessionId, Timestamp};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Identity;
use crate::error::IdentityError;
use crate::store;

/// How often a node looks.
const EVERY: Duration = Duration::from_secs(2);
/// How often it writes when sessions were last seen.
const WRITING: Duration = Duration::from_mins(1);
/// How far back it looks: more than a transaction lasts, and than clocks of nodes differ.
const BACK: Duration = Duration::from_mins(2);

/// Which ends were told, so that each is told once.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<HashMap<SessionId, Timestamp>>);

impl Heard {
    /// Those of `ended` that are new; those older than `before` are forgotten.
    fn new_of(&self, ended: &[SessionId], now: Timestamp, before: Timestamp) -> Vec<SessionId> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| *at >= before);
        let mut new = Vec::new();
        for session in ended {
            told.entry(*session).or_insert_with(|| {
                new.push(*session);
                now
            });
        }
        new
    }
}

impl Identity {
    /// Looks which sessions ended lately, and lets their streams go; answers how many were new.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hear_session_ends(&self) -> Result<usize, IdentityError> {
        // Nobody has a page open here: there is nothing to let go.
        if self.house.live.listeners() == 0 {
            return Ok(0);
        }
        let now = self.house.clock.now();
        let since = now.minus(BACK);
        let ended = self
            .house
            .db
            .read(move |tx| Box::pin(store::session_end::since(tx, since)))
            .await?;
        let new = self.heard.new_of(&ended, now, since.minus(BACK));
        for session in &new {
            self.house.live.end_session(*session);
        }
        Ok(new.len())
    }

    /// Does so every two seconds, and writes every minute when sessions were last seen and tokens
    /// last used, until the process drains.
    pub async fn watch_sessions(self, until: CancellationToken) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut writing = tokio::time::interval(WRITING);
        writing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = until.cancelled() => return,
                _ = writing.tick() => {
                    if let Err(cause) = self.write_seen_sessions().await {
                        tracing::warn!(%cause, "when sessions were seen cannot be written now");
                    }
                    if let Err(cause) = self.write_used_tokens().await {
                        tracing::warn!(%cause, "when tokens were used cannot be written now");
                    }
                }
                _ = every.tick() => {
                    if let Err(cause) = self.end_due_invitations().await {
                        tracing::warn!(%cause, "invitations whose date has come cannot be ended now");
                    }
                    if let Err(cause) = self.hear_session_ends().await {
                        tracing::warn!(%cause, "the ends of sessions cannot be read now");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_is_told_once_and_forgotten_later() {
        let heard = Heard::default();
        let (one, two) = (SessionId::from_u128(1), SessionId::from_u128(2));
        let at = Timestamp::from_millis;
        assert_eq!(heard.new_of(&[one], at(10), at(0)), [one]);
        assert_eq!(heard.new_of(&[one, two], at(12), at(0)), [two]);
        assert_eq!(heard.new_of(&[one, two], at(14), at(0)), []);
        assert_eq!(heard.new_of(&[], at(30), at(13)), []);
        assert_eq!(heard.0.lock().expect("told").len(), 0, "both left");
    }
}
