//! When each session was last seen, kept in memory and written within five minutes: a request
//! writes nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{SessionId, Timestamp};

use super::Identity;
use crate::domain::session::LIFETIME;
use crate::error::IdentityError;
use crate::store;

/// A session that was written is not written again before.
const GRAIN: Duration = Duration::from_mins(5);
/// Sessions of one transaction.
const BATCH: usize = 500;

/// What this process saw.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<SessionId, Mark>>);

#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Timestamp,
    written: Timestamp,
}

impl Seen {
    /// Notes a request.
    pub(super) fn note(&self, session: SessionId, now: Timestamp) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.entry(session).or_insert(Mark {
            at: now,
            written: Timestamp::from_millis(0),
        });
        mark.at = now;
    }

    /// What is to be written now, and counts as written.
    fn due(&self, now: Timestamp) -> Vec<(SessionId, Timestamp)> {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let dead = now.minus(LIFETIME);
        marks.retain(|_, mark| mark.at > dead);
        let mut due = Vec::new();
        for (session, mark) in marks.iter_mut() {
            if mark.at >= mark.written.plus(GRAIN) {
                mark.written = mark.at;
                due.push((*session, mark.at));
            }
        }
        due
    }
}

impl Identity {
    /// Writes when sessions were last seen; answers how many.
    ///
    /// # Errors
    /// When the database refuses: what was due then is written five minutes later.
    pub async fn write_seen_sessions(&self) -> Result<usize, IdentityError> {
        let due = self.seen.due(self.house.clock.now());
        for batch in due.chunks(BATCH) {
            let batch = Arc::new(batch.to_vec());
            self.house
                .db
                .write(move |tx| {
                    let batch = Arc::clone(&batch);
                    Box::pin(async move { store::account::note_seen(tx, &batch).await })
                })
                .await?;
        }
        Ok(due.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_written_at_once_then_every_five_minutes_while_it_is_seen() {
        let seen = Seen::default();
        let session = SessionId::from_u128(1);
        let at =
            |minutes: u64| Timestamp::from_millis(1_000_000_000).plus(Duration::from_mins(minutes));
        seen.note(session, at(0));
        assert_eq!(seen.due(at(1)), [(session, at(0))]);
        seen.note(session, at(4));
        assert_eq!(seen.due(at(4)), [], "too early");
        seen.note(session, at(6));
        assert_eq!(seen.due(at(6)), [(session, at(6))]);
        assert_eq!(seen.due(at(60)), [], "not seen since");
        assert_eq!(seen.due(at(60 * 13)), []);
        assert!(seen.0.lock().expect("marks").is_empty(), "forgotten");
    }
}
