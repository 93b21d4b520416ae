//! Announcements: written by announcers, shown to their audience, read and confirmed.

mod cache;
mod edit;
mod reach;
mod read;
mod readers;
mod search;

use kernel::{AgentId, OrganisationId, Timestamp};

use crate::domain::news::Announcement;

pub(crate) use cache::AnnouncementCache;
pub(crate) use readers::Readers;
pub(crate) use search::AnnouncementSearch;

/// The topic of the hint that announcements changed.
pub(crate) const TOPIC: &str = "announcements";

/// An announcement as its reader finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// What it says.
    pub(crate) announcement: Announcement,
    /// Since when it is shown.
    pub(crate) since: Timestamp,
    /// Whose it is.
    pub(crate) organisation_label: String,
    /// When the reader read it.
    pub(crate) read_at: Option<Timestamp>,
}

/// An announcement as its authors find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// What it says.
    pub(crate) announcement: Announcement,
    /// Whose it is.
    pub(crate) organisation_label: String,
}

/// The label of an administration; its id when it is gone.
fn label(organisations: &[kernel::port::OrganisationFacts], id: OrganisationId) -> String {
    organisations
        .iter()
        .find(|facts| facts.id == id)
        .map_or_else(|| id.to_string(), |facts| facts.label.clone())
}

/// The subject of journal entries and events.
fn subject(announcement: &Announcement) -> String {
    format!("announcement:{}", announcement.id)
}

/// The smallest id of all.
const FIRST_AGENT: AgentId = AgentId::from_u128(0);
