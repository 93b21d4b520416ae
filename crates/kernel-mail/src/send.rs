//! The job that sends one mail.

use std::sync::Arc;

use kernel_db::{BoxFuture, Db, JobError, JobHandler};
use lettre::Message;

use crate::idle::Idle;
use crate::refusal::Refusal;
use crate::seal::{self, Seal};
use crate::server::{self, Connection, Server};
use crate::{MailConfig, MailError, Mailbox, compose};

/// The kind of the job, whose payload is a [`QueuedMail`](crate::QueuedMail), sealed.
pub const JOB: &str = "mail.send";

/// Mails of this process on their way at once: half of the jobs, so that a slow mail server never
/// keeps the others from their work.
const AT_ONCE: usize = 4;

/// Sends.
pub(crate) struct Sender {
    server: Server,
    idle: Arc<Idle>,
    from: Mailbox,
    seal: Option<Arc<dyn Seal>>,
}

impl Sender {
    /// A sender through this server; it connects with the first mail.
    pub(crate) fn new(config: &MailConfig, seal: Option<Arc<dyn Seal>>) -> Result<Self, MailError> {
        Ok(Self {
            seal,
            server: Server::new(config)?,
            idle: Arc::default(),
            from: config.from.clone(),
        })
    }

    async fn send(&self, message: &Message) -> Result<(), Refusal> {
        let bytes = message.formatted();
        let mut connection = self.begin(message, &bytes).await?;
        match hand_over(&mut connection, message, &bytes).await {
            Ok(()) => {
                self.idle.park(connection);
                Ok(())
            }
            Err(refusal) => {
                leave(connection, &refusal).await;
                Err(refusal)
            }
        }
    }

    /// A connection on which the mail has begun. One that was kept may be too old, or have had as
    /// many mails as the server allows: what it says is no answer to this mail.
    async fn begin(&self, message: &Message, bytes: &[u8]) -> Result<Connection, Refusal> {
        if let Some(mut kept) = self.idle.take() {
            match server::sender(&mut kept, message.envelope(), bytes).await {
                Ok(_) => return Ok(kept),
                Err(refusal) => leave(kept, &refusal).await,
            }
        }
        let mut fresh = self.server.open().await?;
        match server::sender(&mut fresh, message.envelope(), bytes).await {
            Ok(_) => Ok(fresh),
            Err(refusal) => {
                leave(fresh, &refusal).await;
                Err(refusal)
            }
        }
    }
}

async fn hand_over(
    connection: &mut Connection,
    message: &Message,
    bytes: &[u8],
) -> Result<(), Refusal> {
    server::recipients(connection, message.envelope()).await?;
    server::message(connection, bytes).await?;
    Ok(())
}

/// Leaves a connection: with a goodbye where the server still answers.
async fn leave(connection: Connection, refusal: &Refusal) {
    if refusal.was_answered() {
        server::close(connection).await;
    }
}

impl JobHandler for Sender {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let hopeless = |cause: MailError| JobError::Hopeless(cause.to_string());
            let queued = seal::open(payload, self.seal.as_ref()).map_err(hopeless)?;
            let message = compose(&queued, &self.from).map_err(hopeless)?;
            self.send(&message).await.map_err(|refusal| {
                if refusal.is_hopeless() {
                    JobError::Hopeless(refusal.to_string())
                } else {
                    JobError::Failed(refusal.to_string())
                }
            })
        })
    }
}
