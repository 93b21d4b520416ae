//! Running claimed jobs, a few at a time, each apart: one that panics fails alone.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Rng};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

use super::{
    JobError, JobHandler,
    queue::{self, Claimed},
};
use crate::{Backend, Db, DbError, backoff};

/// Jobs of this process at once.
const AT_ONCE: usize = 8;
/// What a handler may take.
const MOST: Duration = Duration::from_mins(9);
/// How often a running job's lease is renewed: several times before it would lapse.
const RENEW: Duration = Duration::from_secs(15);

/// Claims and runs jobs.
pub(crate) struct Runner {
    db: Db,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    handlers: Vec<Known>,
    running: JoinSet<()>,
}

/// A handler, and the room that its jobs have in this process.
struct Known {
    handler: Arc<dyn JobHandler>,
    room: Arc<Semaphore>,
}

impl Runner {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        handlers: Vec<Arc<dyn JobHandler>>,
    ) -> Self {
        let handlers = handlers.into_iter().map(Known::new).collect();
        Self {
            db,
            clock,
            rng,
            handlers,
            running: JoinSet::new(),
        }
    }

    /// Sees to it that every periodic job waits.
    pub(crate) async fn keep_periodic(&self) -> Result<(), DbError> {
        for Known { handler, .. } in &self.handlers {
            if let Some(every) = handler.every() {
                queue::keep_periodic(&self.db, handler.kind(), every, self.clock.now()).await?;
            }
        }
        Ok(())
    }

    /// Takes up what a process had begun that was killed, at once where this one is alone with the
    /// database (SQLite); elsewhere its lease lapses.
    pub(crate) async fn take_up(&self) -> Result<(), DbError> {
        if self.db.backend() == Backend::Sqlite {
            let jobs = queue::release_all(&self.db).await?;
            if jobs > 0 {
                tracing::info!(jobs, "taken up again after an end without a stop");
            }
        }
        Ok(())
    }

    /// Claims what is due, as far as there is room, and starts it; how many.
    pub(crate) async fn start_due(&mut self) -> Result<usize, DbError> {
        while self.running.try_join_next().is_some() {}
        let room = AT_ONCE.saturating_sub(self.running.len());
        if room == 0 {
            return Ok(0);
        }
        let known: Vec<_> = self.handlers.iter().map(Known::has_room).collect();
        let claimed = queue::claim(&self.db, &known, room, self.clock.now()).await?;
        let count = claimed.len();
        for job in claimed {
            let known = self
                .handlers
                .iter()
                .find(|one| one.handler.kind() == job.kind);
            // There is room: nobody else takes of it between the claim and here.
            if let Some(known) = known
                && let Ok(place) = Arc::clone(&known.room).try_acquire_owned()
            {
                let (db, clock, rng) = (
                    self.db.clone(),
                    Arc::clone(&self.clock),
                    Arc::clone(&self.rng),
                );
                let handler = Arc::clone(&known.handler);
                self.running.spawn(run(db, clock, rng, handler, job, place));
            }
        }
        Ok(count)
    }

    /// Waits for one running job to end; for ever when none runs.
    pub(crate) async fn one_ended(&mut self) {
        if self.running.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits for all that runs, `most` long; the rest is stopped and its lease lapses.
    pub(crate) async fn all_ended(&mut self, most: Duration) {
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(most, all).await.is_err() {
            tracing::warn!(jobs = self.running.len(), "jobs were cut short");
            self.running.shutdown().await;
        }
    }
}

impl Known {
    fn new(handler: Arc<dyn JobHandler>) -> Self {
        let room = handler.at_once().clamp(1, AT_ONCE);
        Self {
            handler,
            room: Arc::new(Semaphore::new(room)),
        }
    }

    fn has_room(&self) -> (&'static str, usize) {
        (self.handler.kind(), self.room.available_permits())
    }
}

/// Does a job in its place, which is free again at the end.
async fn run(
    db: Db,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    handler: Arc<dyn JobHandler>,
    job: Claimed,
    _place: OwnedSemaphorePermit,
) {
    let outcome = tokio::select! {
        outcome = attempt(&db, &handler, &job) => outcome,
        () = keep(&db, clock.as_ref(), &job) => {
            Err(JobError::Failed("another worker has it".to_owned()))
        }
    };
    let now = clock.now();
    let next_at = handler.every().map(|every| now.plus(every));
    let noted = match outcome {
        Ok(()) => queue::done(&db, &job, next_at).await,
        Err(error) => {
            let mut pause = backoff::pause(job.attempts, rng.as_ref());
            if let Some(every) = handler.every() {
                pause = pause.min(every);
            }
            let failure = queue::Failure {
                error: error.to_string(),
                gives_up: error.is_hopeless() || job.attempts >= backoff::MAX_ATTEMPTS,
                pause,
                next_at,
            };
            queue::failed(&db, &job, failure, now).await
        }
    };
    if let Err(error) = noted {
        // The lease lapses and the job is done again.
        tracing::error!(kind = job.kind, %error, "a job's end could not be noted");
    }
}

/// Renews the lease of a job; ends when somebody else has it.
async fn keep(db: &Db, clock: &dyn Clock, job: &Claimed) {
    loop {
        tokio::time::sleep(RENEW).await;
        match queue::renew(db, job, clock.now()).await {
            Ok(true) => {}
            Ok(false) => return,
            // There is time for another try before it lapses.
            Err(error) => tracing::warn!(kind = job.kind, %error, "a lease was not renewed"),
        }
    }
}

/// Runs the handler in a task of its own, so that a panic stays there.
async fn attempt(db: &Db, handler: &Arc<dyn JobHandler>, job: &Claimed) -> Result<(), JobError> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload)
        .map_err(|cause| JobError::Failed(format!("the payload is not JSON: {cause}")))?;
    let (db, handler) = (db.clone(), Arc::clone(handler));
    let mut task = JoinSet::new();
    task.spawn(async move { handler.run(&db, &payload).await });
    match tokio::time::timeout(MOST, task.join_next()).await {
        Ok(Some(Ok(outcome))) => outcome,
        Ok(Some(Err(_))) => Err(JobError::Failed("the handler panicked".to_owned())),
        Ok(None) => Err(JobError::Failed("the handler did not start".to_owned())),
        Err(_) => Err(JobError::Failed("the handler took too long".to_owned())),
    }
}
