//! The handle that tools keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::{Clock, Rng};
use kernel_db::{DbError, JobHandler, NewJob, Tx};

use crate::seal::{self, Seal};
use crate::send::{JOB, Sender};
use crate::{Mail, MailConfig, MailError, QueuedMail};

/// Puts mails in the queue. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    outgoing: Option<Outgoing>,
    said: AtomicBool,
}

struct Outgoing {
    sender: Arc<Sender>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    seal: Option<Arc<dyn Seal>>,
}

impl Mailer {
    /// A mailer that sends through a server, and whose mails wait as they are: for what has no
    /// keys.
    ///
    /// # Errors
    /// [`MailError`] when the configuration cannot be.
    pub fn new(
        config: &MailConfig,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, MailError> {
        Self::with(config, clock, rng, None)
    }

    /// A mailer that sends through a server, and whose mails wait sealed.
    ///
    /// # Errors
    /// [`MailError`] when the configuration cannot be.
    pub fn sealing(
        config: &MailConfig,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        seal: Arc<dyn Seal>,
    ) -> Result<Self, MailError> {
        Self::with(config, clock, rng, Some(seal))
    }

    fn with(
        config: &MailConfig,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        seal: Option<Arc<dyn Seal>>,
    ) -> Result<Self, MailError> {
        let sender = Arc::new(Sender::new(config, seal.clone())?);
        Ok(Self::of(Some(Outgoing {
            sender,
            clock,
            rng,
            seal,
        })))
    }

    /// A mailer that sends nothing: mail is not configured.
    pub fn none() -> Self {
        Self::of(None)
    }

    fn of(outgoing: Option<Outgoing>) -> Self {
        Self(Arc::new(Inner {
            outgoing,
            said: AtomicBool::new(false),
        }))
    }

    /// Whether mail leaves at all. Where it does not, nothing is queued.
    pub fn is_configured(&self) -> bool {
        self.0.outgoing.is_some()
    }

    /// Puts a mail in the queue of this transaction; whether it was. Without a mail server it is
    /// not, which is logged once.
    ///
    /// # Errors
    /// What the database says.
    pub async fn queue(&self, tx: &mut Tx, mail: &Mail) -> Result<bool, DbError> {
        let Some(outgoing) = &self.0.outgoing else {
            if !self.0.said.swap(true, Ordering::Relaxed) {
                tracing::warn!("no mail server is configured ([mail]): mails are not sent");
            }
            return Ok(false);
        };
        let at = outgoing.clock.now();
        let queued = QueuedMail::new(mail.clone(), at, outgoing.rng.as_ref());
        let payload = seal::close(&queued, outgoing.seal.as_ref())
            .map_err(|cause| DbError::Parameter(cause.to_string()))?;
        tx.enqueue(NewJob {
            kind: JOB,
            payload,
            run_at: at,
            dedup: None,
        })
        .await?;
        Ok(true)
    }

    /// The jobs that send; none when nothing does.
    pub fn jobs(&self) -> Vec<Arc<dyn JobHandler>> {
        self.0
            .outgoing
            .iter()
            .map(|outgoing| Arc::clone(&outgoing.sender) as Arc<dyn JobHandler>)
            .collect()
    }
}
