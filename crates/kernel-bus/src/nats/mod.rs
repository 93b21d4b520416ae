//! NATS: core subjects only, so that any version of the server will do.
//!
//! Hints go to `PREFIX.hint.SUBJECT`; each node also sends itself a probe, `PREFIX.probe.NODE`,
//! every two seconds. What is believed is the probe that comes back, not the socket: a
//! connection that is open and dead, or an account that may not publish, is a bus that is down.

mod config;
mod line;
mod look;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;

pub use config::{Credentials, NatsConfig, Tls};
pub use look::look;

use crate::bus::{Ear, Message, RECENT};
use crate::{BusError, NodeId};

/// Starts the task that holds the connection; it ends when the last sender is gone.
///
/// # Errors
/// When the configuration cannot be.
pub(crate) async fn start(
    config: &NatsConfig,
    node: NodeId,
    ear: Ear,
) -> Result<mpsc::Sender<Message>, BusError> {
    let (tell, events) = mpsc::channel(16);
    let options = config
        .options()?
        .retry_on_initial_connect()
        .event_callback(move |event| {
            let tell = tell.clone();
            // One too many is not waited for: the next probe finds out.
            async move { drop(tell.try_send(event)) }
        });
    let client = config.connect(options).await?;
    let subjects = Subjects::new(config, node);
    // In this order: once the probe is heard, the hints are.
    let hints = subscribe(&client, subjects.all_hints()).await?;
    let probes = subscribe(&client, subjects.probe.clone()).await?;
    let (out, outgoing) = mpsc::channel(RECENT);
    let line = line::Line {
        client,
        subjects,
        node,
        ear,
        outgoing,
        hints: hints.fuse(),
        probes: probes.fuse(),
        events,
        unanswered: 0,
    };
    tokio::spawn(line.hold());
    Ok(out)
}

async fn subscribe(
    client: &async_nats::Client,
    subject: String,
) -> Result<async_nats::Subscriber, BusError> {
    client
        .subscribe(subject)
        .await
        .map_err(|cause| BusError::Refused(cause.to_string()))
}

/// The names of ours at the server.
pub(crate) struct Subjects {
    hints: String,
    probe: String,
}

impl Subjects {
    fn new(config: &NatsConfig, node: NodeId) -> Self {
        Self {
            hints: format!("{}.hint.", config.prefix),
            probe: format!("{}.probe.{node}", config.prefix),
        }
    }

    fn all_hints(&self) -> String {
        format!("{}>", self.hints)
    }
}

/// Sends one message, waiting for room in the client's queue.
pub(crate) async fn send(client: &async_nats::Client, subject: String, bytes: Bytes) -> bool {
    client.publish(subject, bytes).await.is_ok()
}
