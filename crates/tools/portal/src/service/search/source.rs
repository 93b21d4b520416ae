//! One source, asked within its time.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use kernel::port::{Hit, PortError};
use kernel::{Clock, Text};
use tokio::time::{Instant, timeout};

use crate::domain::Breaker;

/// How a source ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceState {
    /// It found what it could.
    Complete,
    /// It failed, or is left in peace after failures.
    Failed,
    /// It did not answer in time.
    Late,
}

/// What a source found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Which source.
    pub(crate) source: String,
    /// Its title.
    pub(crate) title: Text,
    /// How it ended.
    pub(crate) state: SourceState,
    /// Best first; none unless it is complete.
    pub(crate) hits: Vec<Hit>,
    /// How long it took.
    pub(crate) took: Duration,
}

/// A source's name and breaker.
pub(crate) struct Source {
    name: String,
    breaker: Mutex<Breaker>,
}

impl Source {
    /// A source that fails nobody yet.
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            breaker: Mutex::default(),
        }
    }

    /// Asks, unless the breaker is open, and waits `deadline` at most.
    pub(crate) async fn ask<F>(
        &self,
        clock: &dyn Clock,
        deadline: Duration,
        title: Text,
        question: impl FnOnce() -> F,
    ) -> Found
    where
        F: Future<Output = Result<Vec<Hit>, PortError>>,
    {
        // A duration is measured, not told: the monotonic clock, never the house's.
        let began = Instant::now();
        if !self.breaker().admits(clock.now()) {
            return self.found(title, SourceState::Failed, Vec::new(), began);
        }
        let answer = AssertUnwindSafe(async { question().await }).catch_unwind();
        let (state, hits) = match timeout(deadline, answer).await {
            Ok(Ok(Ok(hits))) => (SourceState::Complete, hits),
            Ok(Ok(Err(cause))) => {
                tracing::warn!(source = self.name, %cause, "a source of the search failed");
                (SourceState::Failed, Vec::new())
            }
            Ok(Err(_panic)) => {
                tracing::error!(source = self.name, "a source of the search panicked");
                (SourceState::Failed, Vec::new())
            }
            Err(_elapsed) => {
                tracing::warn!(source = self.name, "a source of the search is late");
                (SourceState::Late, Vec::new())
            }
        };
        match state {
            SourceState::Complete => self.breaker().succeeded(),
            SourceState::Failed | SourceState::Late => self.breaker().failed(clock.now()),
        }
        self.found(title, state, hits, began)
    }

    fn found(&self, title: Text, state: SourceState, hits: Vec<Hit>, began: Instant) -> Found {
        Found {
            source: self.name.clone(),
            title,
            state,
            hits,
            took: began.elapsed(),
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    struct Stopped(Timestamp);

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    const LONG: Duration = Duration::from_mins(1);

    const TITLE: Text = Text::fixed("Salons", "Rooms");

    fn source() -> Source {
        Source::new("rooms".into())
    }

    fn clock(seconds: i64) -> Stopped {
        Stopped(Timestamp::from_seconds(seconds))
    }

    async fn fail(source: &Source) -> SourceState {
        let failed = || async { Err(PortError::Failed("sesame".into())) };
        source.ask(&clock(0), LONG, TITLE, failed).await.state
    }

    async fn succeed(source: &Source, seconds: i64) -> SourceState {
        let good = || async { Ok(Vec::new()) };
        source.ask(&clock(seconds), LONG, TITLE, good).await.state
    }

    #[tokio::test]
    async fn a_source_ends_complete_failed_or_late() {
        assert_eq!(succeed(&source(), 0).await, SourceState::Complete);
        assert_eq!(fail(&source()).await, SourceState::Failed);
        let never = || std::future::pending();
        let late = source().ask(&clock(0), Duration::ZERO, TITLE, never).await;
        assert_eq!((late.state, late.hits.len()), (SourceState::Late, 0));
    }

    #[tokio::test]
    async fn a_panic_is_a_failure_of_its_source_alone() {
        let source = source();
        #[expect(unreachable_code, reason = "the question panics before it answers")]
        let broken = || async {
            panic!("sesame");
            Ok(Vec::new())
        };
        let found = source.ask(&clock(0), LONG, TITLE, broken).await;
        assert_eq!(found.state, SourceState::Failed);
        assert_eq!(succeed(&source, 0).await, SourceState::Complete);
    }

    #[tokio::test]
    async fn a_source_that_keeps_failing_is_not_asked_until_it_has_rested() {
        let source = source();
        for _ in 0..5 {
            assert_eq!(fail(&source).await, SourceState::Failed);
        }
        assert_eq!(succeed(&source, 29).await, SourceState::Failed, "not asked");
        assert_eq!(succeed(&source, 30).await, SourceState::Complete);
        assert_eq!(succeed(&source, 30).await, SourceState::Complete);
    }
}
