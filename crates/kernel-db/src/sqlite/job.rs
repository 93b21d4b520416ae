//! A waiting job without its types, so that one thread can serve them all.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, Waker},
};

use tokio::sync::oneshot;

use crate::{BoxFuture, DbError, Tx};

/// What the writer and the readers run.
pub(super) trait Job: Send {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Runs the job; whether its writes may stay.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Answers who waits; `lost` says why the commit failed, if it did.
    fn answer(self: Box<Self>, lost: Option<&DbError>);
}

/// A job, its outcome once it ran, and who waits for it.
pub(super) struct Waiting<T, E, F> {
    job: F,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Waiting<T, E, F> {
    pub(super) const fn new(job: F, answer: oneshot::Sender<Result<T, E>>) -> Self {
        Self {
            job,
            outcome: None,
            answer,
        }
    }
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
    T: Send,
    E: From<DbError> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(&mut self, tx: &mut Tx) -> bool {
        tx.begin_job();
        // Every statement of SQLite is ready at once, so one poll ends the job. What is still
        // pending then waits for something that the writer must not wait for.
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let mut future = (self.job)(tx);
            future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
        }));
        let outcome = match polled {
            Ok(Poll::Ready(Ok(value))) => match tx.failure() {
                None => Ok(value),
                Some(error) => Err(E::from(error.clone())),
            },
            Ok(Poll::Ready(Err(error))) => Err(error),
            Ok(Poll::Pending) => Err(E::from(DbError::Suspended)),
            Err(_) => Err(E::from(DbError::Panicked)),
        };
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, lost: Option<&DbError>) {
        let answer = match (self.outcome, lost) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(error)) => Err(E::from(error.clone())),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(E::from(DbError::Closed)),
        };
        // Who no longer waits needs no answer.
        drop(self.answer.send(answer));
    }
}
