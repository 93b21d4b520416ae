//! The work that goes on behind the requests: the journal's sequencer and its checkpoints, the
//! outbox's dispatcher, the jobs.
//!
//! Each loop is woken by a hint from the transaction that made work for it, and looks by itself
//! twice a second: a lost hint costs half a second and nothing else.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Rng, RngExt, Timestamp};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    CheckpointError, Consumer, Db, DbError, JobHandler, JournalConfig, jobs::Runner, journal,
    lease::Lease, outbox, retention,
};

/// How long a loop waits for a hint.
const IDLE: Duration = Duration::from_millis(500);
/// How long it waits after an error.
const AFTER_ERROR: Duration = Duration::from_secs(2);
/// Rounds under load are at least this far apart, so that each takes many entries at once.
const GATHER: Duration = Duration::from_millis(50);
/// What one batch takes; a full one means that more waits.
const BATCH: usize = 500;
/// A checkpoint comes after so many entries…
const CHECKPOINT_ENTRIES: usize = 1_000;
/// … or so long after the last one.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(1);
/// What running jobs get when the program stops.
const LAST_CALL: Duration = Duration::from_secs(10);

/// The running loops.
pub struct Workers {
    stop: CancellationToken,
    loops: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts the loops. The retention of this crate's own tables is among the jobs.
    pub fn start(
        db: Db,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        mut handlers: Vec<Arc<dyn JobHandler>>,
        consumers: Vec<Arc<dyn Consumer>>,
        journal: JournalConfig,
    ) -> Self {
        handlers.extend(retention::handlers(&clock, &journal));
        let stop = CancellationToken::new();
        let node: [u8; 16] = rng.bytes();
        let runner = Runner::new(db.clone(), Arc::clone(&clock), Arc::clone(&rng), handlers);
        let loops = vec![
            tokio::spawn(sequence_loop(
                db.clone(),
                Arc::clone(&clock),
                journal,
                Lease::new("journal", node),
                stop.clone(),
            )),
            tokio::spawn(dispatch_loop(
                db.clone(),
                clock,
                rng,
                consumers,
                Lease::new("outbox", node),
                stop.clone(),
            )),
            tokio::spawn(job_loop(db, runner, stop.clone())),
        ];
        Self { stop, loops }
    }

    /// Stops the loops: what is in hand ends, running jobs get ten seconds, the journal is
    /// sequenced to its end and a last checkpoint written.
    pub async fn stop(self) {
        self.stop.cancel();
        for one in self.loops {
            if one.await.is_err() {
                tracing::error!("a worker panicked");
            }
        }
    }
}

/// Waits for a hint, the next look, or the end; whether to go on.
async fn wait(hint: &Notify, pause: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        // No hint within the pause: look anyway.
        _ = timeout(pause, hint.notified()) => true,
    }
}

async fn sequence_loop(
    db: Db,
    clock: Arc<dyn Clock>,
    config: JournalConfig,
    mut lease: Lease,
    stop: CancellationToken,
) {
    let mut since_checkpoint = 0;
    // A node that has no file yet begins it with the first entry there is.
    let mut last_checkpoint = config.checkpoint_file.exists().then(|| clock.now());
    loop {
        let pause = match sequence_round(&db, &mut lease, clock.now()).await {
            Ok(count) => {
                since_checkpoint += count.unwrap_or_default();
                let now = clock.now();
                // Each node keeps a file of its own, whoever sequences: each is a witness.
                if since_checkpoint >= CHECKPOINT_ENTRIES
                    || last_checkpoint.is_none_or(|last| now.since(last) >= CHECKPOINT_EVERY)
                {
                    let begun = checkpoint(&db, &config, now).await;
                    since_checkpoint = 0;
                    last_checkpoint = (begun || last_checkpoint.is_some()).then_some(now);
                }
                if count.is_some_and(|count| count >= BATCH) {
                    continue;
                }
                IDLE
            }
            Err(error) => {
                tracing::error!(%error, "the journal's sequencer");
                AFTER_ERROR
            }
        };
        if !wait(&db.hints().journal, pause, &stop).await {
            break;
        }
        sleep(GATHER).await;
    }
    if matches!(lease.is_held(&db, clock.now()).await, Ok(true)) {
        while matches!(journal::sequence(&db).await, Ok(BATCH)) {}
    }
    checkpoint(&db, &config, clock.now()).await;
    release(&mut lease, &db).await;
}

/// Chains a batch; none when another node does it.
async fn sequence_round(
    db: &Db,
    lease: &mut Lease,
    now: Timestamp,
) -> Result<Option<usize>, DbError> {
    if !lease.is_held(db, now).await? {
        return Ok(None);
    }
    match journal::sequence(db).await {
        Ok(count) => Ok(Some(count)),
        Err(DbError::Busy) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a checkpoint; whether the next one may wait its time: this one was written, or failed.
async fn checkpoint(db: &Db, config: &JournalConfig, now: Timestamp) -> bool {
    match journal::write_checkpoint(db, config, now).await {
        Ok(written) => written,
        Err(error @ (CheckpointError::Forged | CheckpointError::Diverged { .. })) => {
            tracing::error!(target: "security", %error, "the journal may have been tampered with");
            true
        }
        Err(error) => {
            tracing::error!(%error, "no checkpoint of the journal");
            true
        }
    }
}

async fn dispatch_loop(
    db: Db,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    consumers: Vec<Arc<dyn Consumer>>,
    mut lease: Lease,
    stop: CancellationToken,
) {
    loop {
        let pause = match dispatch_round(&db, &consumers, rng.as_ref(), &mut lease, &*clock).await {
            Ok(true) => continue,
            Ok(false) => IDLE,
            Err(error) => {
                tracing::error!(%error, "the outbox's dispatcher");
                AFTER_ERROR
            }
        };
        if !wait(&db.hints().outbox, pause, &stop).await {
            break;
        }
        sleep(GATHER).await;
    }
    release(&mut lease, &db).await;
}

/// Hands out a batch; whether more waits.
async fn dispatch_round(
    db: &Db,
    consumers: &[Arc<dyn Consumer>],
    rng: &dyn Rng,
    lease: &mut Lease,
    clock: &dyn Clock,
) -> Result<bool, DbError> {
    let now = clock.now();
    if !lease.is_held(db, now).await? {
        return Ok(false);
    }
    let done = outbox::dispatch(db, consumers, rng, now).await?;
    Ok(done.seen >= BATCH && done.delivered > 0)
}

async fn job_loop(db: Db, mut runner: Runner, stop: CancellationToken) {
    let mut begun = false;
    loop {
        if !begun {
            match begin(&runner).await {
                Ok(()) => begun = true,
                Err(error) => tracing::error!(%error, "the job queue's beginning"),
            }
        }
        let pause = match runner.start_due().await {
            Ok(_) => IDLE,
            Err(error) => {
                tracing::error!(%error, "the job queue");
                AFTER_ERROR
            }
        };
        let go_on = tokio::select! {
            go_on = wait(&db.hints().jobs, pause, &stop) => go_on,
            // There may be room now.
            () = runner.one_ended() => true,
        };
        if !go_on {
            break;
        }
    }
    runner.all_ended(LAST_CALL).await;
}

/// What is done once, before the first job is claimed.
async fn begin(runner: &Runner) -> Result<(), DbError> {
    runner.take_up().await?;
    runner.keep_periodic().await
}

async fn release(lease: &mut Lease, db: &Db) {
    if let Err(error) = lease.release(db).await {
        tracing::debug!(%error, "a lease was not given back");
    }
}

/// What a round of [`run_once`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Journal entries that got their place.
    pub sequenced: usize,
    /// Events that every consumer has had.
    pub delivered: usize,
    /// Jobs that were tried.
    pub jobs: usize,
}

/// Does all the work that waits now, without sleeping, and writes a checkpoint: for tests and
/// for commands that run beside no server. What jobs and consumers add is done too, unless it is
/// due later. Where another program sequences the journal at this moment, that is left to it.
///
/// # Errors
/// What the database or the checkpoint file says.
pub async fn run_once(
    db: &Db,
    clock: &Arc<dyn Clock>,
    rng: &Arc<dyn Rng>,
    handlers: &[Arc<dyn JobHandler>],
    consumers: &[Arc<dyn Consumer>],
    journal: &JournalConfig,
) -> Result<Round, CheckpointError> {
    let mut all = handlers.to_vec();
    all.extend(retention::handlers(clock, journal));
    let mut runner = Runner::new(db.clone(), Arc::clone(clock), Arc::clone(rng), all);
    runner.keep_periodic().await?;
    let mut round = Round::default();
    loop {
        let jobs = runner.start_due().await?;
        runner.all_ended(LAST_CALL).await;
        let events =
            until_empty(|| outbox::dispatch(db, consumers, rng.as_ref(), clock.now())).await?;
        round.jobs += jobs;
        round.delivered += events;
        if jobs == 0 && events == 0 {
            break;
        }
    }
    loop {
        match journal::sequence(db).await {
            Ok(count) => {
                round.sequenced += count;
                if count < BATCH {
                    break;
                }
            }
            Err(DbError::Busy) => break,
            Err(error) => return Err(error.into()),
        }
    }
    journal::write_checkpoint(db, journal, clock.now()).await?;
    Ok(round)
}

/// Dispatches until nothing more is delivered; how many were.
async fn until_empty<F>(mut dispatch: impl FnMut() -> F) -> Result<usize, DbError>
where
    F: Future<Output = Result<outbox::Dispatched, DbError>>,
{
    let mut delivered = 0;
    loop {
        let done = dispatch().await?;
        delivered += done.delivered;
        if done.delivered == 0 {
            return Ok(delivered);
        }
    }
}
