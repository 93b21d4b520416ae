//! Figures for the operator.

use crate::Subject;

const CONNECTED: &str = "besace_bus_connected";
const PUBLISHED: &str = "besace_bus_published_total";
const RECEIVED: &str = "besace_bus_received_total";
const DROPPED: &str = "besace_bus_dropped_total";

/// Why a message went nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// The bus is down.
    Down,
    /// Too many wait.
    Full,
    /// Longer than [`MAX_PAYLOAD`](crate::MAX_PAYLOAD).
    Large,
    /// Not a message of ours.
    Malformed,
    /// A listener was too slow.
    Slow,
}

impl Dropped {
    const fn word(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Full => "full",
            Self::Large => "large",
            Self::Malformed => "malformed",
            Self::Slow => "slow",
        }
    }
}

/// Says what the figures are, once the recorder stands.
pub fn describe() {
    metrics::describe_gauge!(CONNECTED, "Whether the bus between nodes is up");
    metrics::describe_counter!(PUBLISHED, "Hints sent to the other nodes");
    metrics::describe_counter!(RECEIVED, "Hints heard from the other nodes");
    metrics::describe_counter!(DROPPED, "Hints that were not sent or not heard, by reason");
}

pub(crate) fn connected(is: bool) {
    metrics::gauge!(CONNECTED).set(if is { 1.0 } else { 0.0 });
}

pub(crate) fn published(subject: &Subject) {
    metrics::counter!(PUBLISHED, "subject" => subject.to_string()).increment(1);
}

pub(crate) fn received(subject: &Subject) {
    metrics::counter!(RECEIVED, "subject" => subject.to_string()).increment(1);
}

pub(crate) fn dropped(why: Dropped, count: u64) {
    metrics::counter!(DROPPED, "reason" => why.word()).increment(count);
}
