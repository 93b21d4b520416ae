//! How long a conflicting transaction waits before its next try.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Spreads the tries of those that conflicted, so that they do not meet again. Not a source of
/// secrets: a counter hashed under a key drawn at start.
#[derive(Debug, Default)]
pub(super) struct Jitter {
    drawn: AtomicU64,
    key: RandomState,
}

impl Jitter {
    pub(super) async fn pause(&self, attempt: u32) {
        tokio::time::sleep(self.next(attempt)).await;
    }

    /// Between one and two times 4 ms, 8 ms, … 64 ms.
    fn next(&self, attempt: u32) -> Duration {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let micros = 2_000_u64 << attempt.min(5);
        Duration::from_micros(micros + self.key.hash_one(drawn) % micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_their_bounds() {
        let jitter = Jitter::default();
        for attempt in 1..=5 {
            let base = Duration::from_millis(2 << attempt);
            let pause = jitter.next(attempt);
            assert!(pause >= base && pause < base * 2, "{attempt}: {pause:?}");
        }
    }
}
