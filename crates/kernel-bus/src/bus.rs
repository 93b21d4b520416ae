//! The handle that everybody keeps.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};

use crate::exchange::Exchange;
use crate::figures::{self, Dropped};
use crate::{BusError, MAX_PAYLOAD, NatsConfig, NodeId, Subject, nats};

/// Messages that a slow listener may be behind, and that may wait to be sent.
pub const RECENT: usize = 1_024;

/// The bus as one node holds it. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    node: NodeId,
    ear: Ear,
    way: Way,
}

/// How messages leave.
enum Way {
    /// There is no other node.
    Alone,
    /// Other nodes in this process.
    Exchange(Exchange),
    /// A NATS server; the receiver is the task that holds the connection.
    Nats(mpsc::Sender<Message>),
}

/// A message from another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is about.
    pub subject: Subject,
    /// What it says.
    pub payload: Bytes,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Message(Message),
    /// Messages may have been missed before this.
    Missed,
}

/// Where the messages of other nodes come in.
#[derive(Clone)]
pub(crate) struct Ear {
    heard: broadcast::Sender<Heard>,
    connected: Arc<watch::Sender<bool>>,
}

/// What one listener has not heard yet.
pub struct Subscription(broadcast::Receiver<Heard>);

impl Bus {
    /// The bus of the only node: nobody hears, nobody speaks.
    pub fn alone() -> Self {
        Self(Arc::new(Inner {
            node: NodeId::from_bytes([0; 16]),
            ear: Ear::new(false),
            way: Way::Alone,
        }))
    }

    /// A node of an exchange within this process.
    pub(crate) fn within(node: NodeId, ear: Ear, exchange: Exchange) -> Self {
        Self(Arc::new(Inner {
            node,
            ear,
            way: Way::Exchange(exchange),
        }))
    }

    /// A node of a NATS server. Does not wait for the server: while it is down, everything else
    /// works.
    ///
    /// # Errors
    /// When the configuration cannot be.
    pub async fn nats(config: &NatsConfig, node: NodeId) -> Result<Self, BusError> {
        let ear = Ear::new(false);
        let out = nats::start(config, node, ear.clone()).await?;
        Ok(Self(Arc::new(Inner {
            node,
            ear,
            way: Way::Nats(out),
        })))
    }

    /// Tells the other nodes. Never waits; what cannot be sent now is dropped.
    pub fn publish(&self, subject: Subject, payload: impl Into<Bytes>) {
        let message = Message {
            subject,
            payload: payload.into(),
        };
        if message.payload.len() > MAX_PAYLOAD {
            tracing::error!(subject = %message.subject, "a hint is too long and is not sent");
            figures::dropped(Dropped::Large, 1);
            return;
        }
        match &self.0.way {
            Way::Alone => {}
            Way::Exchange(exchange) => exchange.pass_on(self.0.node, &message),
            Way::Nats(out) => {
                if !self.is_connected() {
                    figures::dropped(Dropped::Down, 1);
                } else if out.try_send(message).is_err() {
                    figures::dropped(Dropped::Full, 1);
                }
            }
        }
    }

    /// Hears the other nodes from now on.
    pub fn subscribe(&self) -> Subscription {
        Subscription(self.0.ear.heard.subscribe())
    }

    /// Whether what is published now reaches who is there; never, for the only node.
    pub fn is_connected(&self) -> bool {
        *self.0.ear.connected.borrow()
    }

    /// Whether there is no way to other nodes at all.
    pub fn is_alone(&self) -> bool {
        matches!(self.0.way, Way::Alone)
    }

    /// Waits until the bus is up, or down.
    pub async fn until_connected(&self, up: bool) {
        let mut connected = self.0.ear.connected.subscribe();
        // The sender lives as long as this handle.
        let _ = connected.wait_for(|is| *is == up).await;
    }
}

impl Subscription {
    /// What is heard next; none: the bus is gone.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(heard) => Some(heard),
            Err(RecvError::Lagged(count)) => {
                figures::dropped(Dropped::Slow, count);
                Some(Heard::Missed)
            }
            Err(RecvError::Closed) => None,
        }
    }
}

impl Ear {
    pub(crate) fn new(connected: bool) -> Self {
        Self {
            heard: broadcast::Sender::new(RECENT),
            connected: Arc::new(watch::Sender::new(connected)),
        }
    }

    /// A message of another node has come.
    pub(crate) fn hear(&self, message: Message) {
        figures::received(&message.subject);
        self.tell(Heard::Message(message));
    }

    /// The line is up, or down. Once it is up again, listeners are told that they may have missed
    /// something.
    pub(crate) fn connected(&self, is: bool) {
        figures::connected(is);
        let changed = self.connected.send_if_modified(|was| {
            let changed = std::mem::replace(was, is) != is;
            if changed && is {
                // Before anybody sees the line up: who listens from then on has missed nothing.
                self.tell(Heard::Missed);
            }
            changed
        });
        if changed && is {
            tracing::info!("the bus between nodes is up");
        } else if changed {
            tracing::warn!("the bus between nodes is down: changes are found by comparing");
        }
    }

    fn tell(&self, heard: Heard) {
        // Nobody listening is no fault.
        let _nobody = self.heard.send(heard);
    }
}
