//! The task that holds the connection.

use std::time::Duration;

use async_nats::{Event, Subscriber};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::Fuse;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Subjects, send};
use crate::bus::{Ear, Message};
use crate::figures::{self, Dropped};
use crate::{NodeId, Subject, envelope};

/// A probe goes out this often.
const PROBE: Duration = Duration::from_secs(2);
/// After so many without an answer the line is down: between four and six seconds.
const UNANSWERED: u32 = 2;
/// The client's own queue has room within this, or the line is down.
const PATIENCE: Duration = Duration::from_millis(500);

/// The connection of one node.
pub(super) struct Line {
    pub(super) client: async_nats::Client,
    pub(super) subjects: Subjects,
    pub(super) node: NodeId,
    pub(super) ear: Ear,
    pub(super) outgoing: mpsc::Receiver<Message>,
    pub(super) hints: Fuse<Subscriber>,
    pub(super) probes: Fuse<Subscriber>,
    pub(super) events: mpsc::Receiver<Event>,
    /// Probes sent since one was heard.
    pub(super) unanswered: u32,
}

impl Line {
    /// Sends and hears until nobody holds the bus any more.
    pub(super) async fn hold(mut self) {
        let mut tick = interval(PROBE);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        figures::connected(false);
        loop {
            tokio::select! {
                message = self.outgoing.recv() => match message {
                    Some(message) => self.publish(message).await,
                    None => return,
                },
                Some(message) = self.hints.next() => self.hear(&message.subject, message.payload),
                Some(_) = self.probes.next() => {
                    self.unanswered = 0;
                    self.ear.connected(true);
                }
                Some(event) = self.events.recv() => self.learn(event).await,
                _ = tick.tick() => {
                    if self.unanswered >= UNANSWERED {
                        self.ear.connected(false);
                    }
                    self.probe().await;
                }
            }
        }
    }

    async fn publish(&mut self, message: Message) {
        let subject = format!("{}{}", self.subjects.hints, message.subject);
        let sealed = envelope::seal(self.node, &message.payload);
        match timeout(PATIENCE, send(&self.client, subject, sealed)).await {
            Ok(true) => figures::published(&message.subject),
            Ok(false) => figures::dropped(Dropped::Down, 1),
            Err(_) => {
                figures::dropped(Dropped::Full, 1);
                self.ear.connected(false);
            }
        }
    }

    async fn probe(&mut self) {
        self.unanswered = self.unanswered.saturating_add(1);
        // While the server is away the client's queue would keep them all.
        if self.client.connection_state() == async_nats::connection::State::Connected {
            let sent = send(&self.client, self.subjects.probe.clone(), Bytes::new());
            let _ = timeout(PATIENCE, sent).await;
        }
    }

    async fn learn(&mut self, event: Event) {
        match event {
            Event::Connected => self.probe().await,
            Event::Disconnected | Event::Closed => self.ear.connected(false),
            Event::SlowConsumer(_) => {
                // What it dropped is unknown: as if the line had been cut.
                figures::dropped(Dropped::Slow, 1);
                self.ear.connected(false);
                self.probe().await;
            }
            Event::ServerError(error) => tracing::warn!(%error, "the bus's server complains"),
            Event::ClientError(error) => tracing::debug!(%error, "the bus's client complains"),
            Event::LameDuckMode | Event::Draining => {}
        }
    }

    fn hear(&self, subject: &str, bytes: Bytes) {
        let subject = subject
            .strip_prefix(&self.subjects.hints)
            .and_then(Subject::parse);
        match subject.zip(envelope::open(bytes)) {
            Some((_, (sender, _))) if sender == self.node => {}
            Some((subject, (_, payload))) => self.ear.hear(Message { subject, payload }),
            None => figures::dropped(Dropped::Malformed, 1),
        }
    }
}
