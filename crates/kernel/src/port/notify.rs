//! Telling agents something they must know, wherever they are.

use super::{BoxFuture, PortError};
use crate::{AgentId, Text, Timestamp};

/// How much something presses.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Can wait for the next digest.
    Low,
    /// Shown at once, silent in quiet hours.
    Normal,
    /// Passes quiet hours when the person allows it.
    Urgent,
}

/// Something to tell one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whom.
    pub to: AgentId,
    /// Which tool says it: a tool's name (`portal`) or an application's `client_id`.
    pub source: String,
    /// What kind of thing, `tool.noun.verb`.
    pub kind: String,
    /// How much it presses.
    pub urgency: Urgency,
    /// A second notice of one source with the same key replaces the first, and is unread again.
    pub dedup: Option<String>,
    /// One line, 140 characters at most.
    pub title: Text,
    /// More, 500 characters at most.
    pub detail: Option<Text>,
    /// Where it leads: a path of ours, or `https`.
    pub link: Option<String>,
    /// The label of what is to be done there; with `until` it stands under *Maintenant*.
    pub action: Option<Text>,
    /// When it no longer matters.
    pub until: Option<Timestamp>,
}

/// The inbox of every agent.
pub trait Notify: Send + Sync {
    /// Puts a notice in an inbox. Saying it again with its dedup key does no harm.
    fn notify(&self, notice: Notice) -> BoxFuture<'_, Result<(), PortError>>;
}
