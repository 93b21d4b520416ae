//! SQLite: one writer thread that groups what waits under one commit, a few reader threads.

mod copy;
mod group;
mod inspect;
mod job;
mod open;
mod statement;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    thread::JoinHandle,
};

use tokio::sync::{mpsc, oneshot};

pub(crate) use copy::Copied;
pub(crate) use inspect::inspect;
pub(crate) use rusqlite::Connection;
pub(crate) use statement::{batch, execute, query, query_made};

use crate::{BoxFuture, DbError, Tx, db::Hints, watched};
use job::{Job, Waiting};

/// Jobs that may wait before callers wait to hand theirs in.
const QUEUE: usize = 4_096;

/// The file in its folder.
pub(crate) const FILE: &str = "besace.sqlite";

/// Takes a data folder for this process as long as what is answered lives.
pub(crate) fn lock_folder(folder: &Path) -> Result<File, DbError> {
    open::lock_folder(folder)
}

/// The threads and the ways to them.
pub(crate) struct Engine {
    file: PathBuf,
    queues: Mutex<Option<Queues>>,
    threads: Mutex<Threads>,
}

#[derive(Default)]
struct Threads {
    writer: Option<JoinHandle<()>>,
    readers: Vec<JoinHandle<()>>,
}

#[derive(Clone)]
struct Queues {
    writes: mpsc::Sender<Box<dyn Job>>,
    reads: mpsc::Sender<Box<dyn Job>>,
}

impl Engine {
    /// Locks the folder, opens the file, starts the threads. Blocks.
    pub(crate) fn open(folder: &Path, hints: &Arc<Hints>) -> Result<Self, DbError> {
        let lock = open::lock_folder(folder)?;
        let file = folder.join(FILE);
        open::make_file(&file)?;
        let writer = open::writer(&file)?;
        let (writes, waiting_writes) = mpsc::channel(QUEUE);
        let (reads, waiting_reads) = mpsc::channel(QUEUE);
        let hints = Arc::clone(hints);
        let mut threads = Threads {
            writer: Some(spawn("besace-writer", move || {
                group::serve_writes(writer, waiting_writes, &hints);
                drop(lock);
            })?),
            readers: Vec::new(),
        };
        let waiting_reads = Arc::new(Mutex::new(waiting_reads));
        for _ in 0..readers() {
            let reader = open::reader(&file)?;
            let queue = Arc::clone(&waiting_reads);
            threads.readers.push(spawn("besace-reader", move || {
                group::serve_reads(reader, &queue);
            })?);
        }
        Ok(Self {
            file,
            queues: Mutex::new(Some(Queues { writes, reads })),
            threads: Mutex::new(threads),
        })
    }

    fn queues(&self) -> Result<Queues, DbError> {
        self.queues
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or(DbError::Closed)
    }

    pub(crate) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let queue = self.queues()?.writes;
        hand_in(queue, job).await
    }

    pub(crate) async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let queue = self.queues()?.reads;
        hand_in(queue, job).await
    }

    /// Copies the file as it is at this moment, beside the writer.
    pub(crate) async fn copy(
        &self,
        target: PathBuf,
        stop: Arc<AtomicBool>,
        seen: Arc<dyn Fn(u64, u64) + Send + Sync>,
    ) -> Result<Copied, DbError> {
        let file = self.file.clone();
        tokio::task::spawn_blocking(move || copy::copy(&file, &target, &stop, seen.as_ref()))
            .await
            .map_err(|cause| DbError::Driver(cause.to_string()))
            .flatten()
    }

    /// Takes no more jobs and waits for those that wait. The file is then whole by itself: the
    /// writer's connection is the last to close, and empties the log. A reader's could not.
    pub(crate) async fn close(&self) {
        let queues = self
            .queues
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = tokio::task::spawn_blocking(move || {
            let (writes, reads) = queues.map(|queues| (queues.writes, queues.reads)).unzip();
            drop(reads);
            for reader in threads.readers {
                join(reader);
            }
            drop(writes);
            if let Some(writer) = threads.writer {
                join(writer);
            }
        });
        if joined.await.is_err() {
            tracing::error!("closing the database was cut short");
        }
    }
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!("a database thread panicked");
    }
}

async fn hand_in<T, E, F>(queue: mpsc::Sender<Box<dyn Job>>, job: F) -> Result<T, E>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let waiting: Box<dyn Job> = Box::new(Waiting::new(job, answer));
    queue.send(waiting).await.map_err(|_| DbError::Closed)?;
    drop(queue);
    answered.await.unwrap_or_else(|_| {
        // The thread ended with the job in hand.
        watched::begun();
        Err(E::from(DbError::Closed))
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|cause| DbError::Driver(format!("no thread: {cause}")))
}

fn readers() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4))
}
