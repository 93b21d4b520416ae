//! A fetched document, kept for a while, fetched by one caller at a time, and kept beyond its
//! life while it cannot be fetched anew.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::Timestamp;

use super::error::CallFault;

/// While an old document serves, how often a new one is tried for.
const RETRY: Duration = Duration::from_secs(30);

/// One document.
pub(super) struct Cached<T> {
    life: Duration,
    slot: Mutex<Slot<T>>,
    fetching: tokio::sync::Mutex<()>,
}

struct Slot<T> {
    value: Option<Arc<T>>,
    good_until: Timestamp,
    tried_at: Option<Timestamp>,
    /// Counts tries, so that who waited for one knows it took place.
    tries: u64,
    fault: Option<CallFault>,
}

impl<T> Cached<T> {
    /// Empty; documents live `life`.
    pub(super) fn new(life: Duration) -> Self {
        Self {
            life,
            slot: Mutex::new(Slot {
                value: None,
                good_until: Timestamp::from_millis(0),
                tried_at: None,
                tries: 0,
                fault: None,
            }),
            fetching: tokio::sync::Mutex::new(()),
        }
    }

    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document, fetched when it is too old; the old one when that fails.
    pub(super) async fn get<F>(&self, now: Timestamp, fetch: F) -> Result<Arc<T>, CallFault>
    where
        F: Future<Output = Result<T, CallFault>>,
    {
        let old = {
            let slot = self.slot();
            if let Some(value) = &slot.value {
                let too_soon = slot.tried_at.is_some_and(|at| now < at.plus(RETRY));
                if now < slot.good_until || too_soon {
                    return Ok(Arc::clone(value));
                }
            }
            slot.value.clone()
        };
        match (self.refresh(now, fetch).await, old) {
            (Err(cause), Some(old)) => {
                tracing::warn!(%cause, "an old document of a provider serves on");
                Ok(old)
            }
            (fetched, _) => fetched,
        }
    }

    /// The document fetched anew. Who arrives while another fetches waits for that one's outcome
    /// and takes it, good or bad: a provider that does not answer holds everybody once only.
    pub(super) async fn refresh<F>(&self, now: Timestamp, fetch: F) -> Result<Arc<T>, CallFault>
    where
        F: Future<Output = Result<T, CallFault>>,
    {
        let tries = self.slot().tries;
        let _alone = self.fetching.lock().await;
        {
            let slot = self.slot();
            if slot.tries != tries {
                return match (&slot.fault, &slot.value) {
                    (None, Some(value)) => Ok(Arc::clone(value)),
                    (Some(fault), _) => Err(fault.clone()),
                    (None, None) => Err(CallFault::Document("nothing was fetched")),
                };
            }
        }
        let fetched = fetch.await;
        let mut slot = self.slot();
        slot.tries = slot.tries.wrapping_add(1);
        slot.tried_at = Some(now);
        match fetched {
            Ok(value) => {
                let value = Arc::new(value);
                slot.value = Some(Arc::clone(&value));
                slot.good_until = now.plus(self.life);
                slot.fault = None;
                Ok(value)
            }
            Err(fault) => {
                slot.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn good(value: u32) -> std::future::Ready<Result<u32, CallFault>> {
        std::future::ready(Ok(value))
    }

    fn bad() -> std::future::Ready<Result<u32, CallFault>> {
        std::future::ready(Err(CallFault::Document("bad")))
    }

    #[tokio::test]
    async fn a_document_is_kept_for_its_life_and_then_fetched_anew() {
        let cached = Cached::new(Duration::from_mins(1));
        assert_eq!(*cached.get(START, good(1)).await.expect("first"), 1);
        assert_eq!(*cached.get(after(59), good(2)).await.expect("kept"), 1);
        assert_eq!(*cached.get(after(60), good(3)).await.expect("anew"), 3);
    }

    #[tokio::test]
    async fn an_old_document_serves_while_none_can_be_fetched() {
        let cached = Cached::new(Duration::from_mins(1));
        assert!(cached.get(START, bad()).await.is_err(), "there is none yet");
        assert_eq!(*cached.get(START, good(1)).await.expect("first"), 1);
        assert_eq!(*cached.get(after(100), bad()).await.expect("old"), 1);
        assert_eq!(
            *cached.get(after(129), good(2)).await.expect("old"),
            1,
            "not tried again yet"
        );
        assert_eq!(*cached.get(after(130), good(2)).await.expect("anew"), 2);
    }

    #[tokio::test]
    async fn who_arrives_while_another_fetches_takes_its_outcome() {
        let cached = Cached::new(Duration::from_mins(1));
        let (send, wait) = tokio::sync::oneshot::channel();
        let slow = cached.refresh(START, async { wait.await.expect("an outcome") });
        let second = cached.refresh(START, async { panic!("fetched twice") });
        let outcome = async {
            tokio::task::yield_now().await;
            send.send(bad().await).expect("somebody waits");
        };
        let (first, second, ()) = tokio::join!(slow, second, outcome);
        assert!(first.is_err() && second.is_err());
    }
}
