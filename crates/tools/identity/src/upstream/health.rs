//! Whether a provider answers, for the pages.

use kernel::Timestamp;

use super::config::ProviderId;

/// How a provider does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderHealth {
    /// Which.
    pub id: ProviderId,
    /// Its name for people.
    pub title: String,
    /// Since when it has not answered; none: it is up.
    pub since: Option<Timestamp>,
    /// How many calls in a row got no answer.
    pub failures: u32,
}
