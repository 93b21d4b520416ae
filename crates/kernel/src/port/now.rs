//! What a tool has for an agent at this very moment.

use super::{BoxFuture, PortError};
use crate::{Caller, Text, Timestamp};

/// One line under *Maintenant*: what has an action and an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NowItem {
    /// Stable within its source.
    pub id: String,
    /// Which tool says it.
    pub source: String,
    /// When it begins or began; none: it is simply due.
    pub at: Option<Timestamp>,
    /// When it ends, and leaves the page.
    pub until: Timestamp,
    /// What, one line.
    pub title: Text,
    /// Who, or what about.
    pub detail: Option<Text>,
    /// A DSFR icon's name without prefix.
    pub icon: String,
    /// The label of the one action.
    pub action: Text,
    /// Where the action leads: a path of ours, or `https`.
    pub link: String,
}

/// A tool that has such lines.
pub trait Now: Send + Sync {
    /// The lines of this caller, in no order, 20 at most.
    fn now(&self, caller: Caller) -> BoxFuture<'_, Result<Vec<NowItem>, PortError>>;
}

/// A tool that counts something for each agent, without being loaded.
pub trait Badges: Send + Sync {
    /// The tool's name, as in the rail.
    fn tool(&self) -> &'static str;

    /// What waits for this caller.
    fn count(&self, caller: Caller) -> BoxFuture<'_, Result<u32, PortError>>;
}
