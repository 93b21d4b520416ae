//! When each session was last seen, and each token last used, kept in memory and written within
//! minutes, an hour for tokens: a request writes nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::Timestamp;

use super::Identity;
use crate::domain::session::LIFETIME;
use crate::error::IdentityError;
use crate::store;

/// A session that was written is not written again before.
pub(crate) const OF_SESSIONS: Duration = Duration::from_mins(5);
/// The same of a token: programs call all day.
pub(crate) const OF_TOKENS: Duration = Duration::from_hours(1);
/// Sessions of one transaction.
const BATCH: usize = 500;

/// What this process saw.
#[derive(Debug)]
pub(crate) struct Seen<Id> {
    marks: Mutex<HashMap<Id, Mark>>,
    /// What was written is not written again before.
    grain: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Timestamp,
    written: Timestamp,
}

impl<Id: Copy + Eq + Hash> Seen<Id> {
    /// Nothing seen yet.
    pub(crate) fn new(grain: Duration) -> Self {
        Self {
            marks: Mutex::default(),
            grain,
        }
    }

    /// Notes a request.
    pub(super) fn note(&self, id: Id, now: Timestamp) {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.entry(id).or_insert(Mark {
            at: now,
            written: Timestamp::from_millis(0),
        });
        mark.at = now;
    }

    /// What is to be written now, and counts as written.
    fn due(&self, now: Timestamp) -> Vec<(Id, Timestamp)> {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        // Longer than a session lives.
        let dead = now.minus(LIFETIME);
        marks.retain(|_, mark| mark.at > dead);
        let mut due = Vec::new();
        for (id, mark) in marks.iter_mut() {
            if mark.at >= mark.written.plus(self.grain) {
                mark.written = mark.at;
                due.push((*id, mark.at));
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

    /// Writes when tokens were last used; answers how many.
    ///
    /// # Errors
    /// When the database refuses: what was due then is written an hour later.
    pub async fn write_used_tokens(&self) -> Result<usize, IdentityError> {
        let due = self.used.due(self.house.clock.now());
        for batch in due.chunks(BATCH) {
            let batch = Arc::new(batch.to_vec());
            self.house
                .db
                .write(move |tx| {
                    let batch = Arc::clone(&batch);
                    Box::pin(async move { store::credential::note_used(tx, &batch).await })
                })
                .await?;
        }
        Ok(due.len())
    }
}

#[cfg(test)]
mod tests {
    use kernel::SessionId;

    use super::*;

    #[test]
    fn a_session_is_written_at_once_then_every_five_minutes_while_it_is_seen() {
        let seen = Seen::new(OF_SESSIONS);
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
        assert!(seen.marks.lock().expect("marks").is_empty(), "forgotten");
    }
}
