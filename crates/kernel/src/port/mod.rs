//! The ports through which tools meet: traits and the values they exchange. A tool implements
//! one, another calls it, and only the program that composes them knows both.

mod applications;
mod directory;
mod erase;
mod names;
mod notify;
mod now;
mod search;
mod sharing;

use std::pin::Pin;

pub use applications::{Applications, KnownApplication, NewApplication, RegisteredApplication};
pub use directory::{Directory, Membership, OrganisationFacts, Person};
pub use erase::{AgentColumn, Erase, Fate};
pub use names::Names;
pub use notify::{Notice, Notify, Urgency};
pub use now::{Badges, Now, NowItem};
pub use search::{Hit, SearchProvider, SearchQuery};
pub use sharing::{SharedTool, Sharing};

/// What a port answers with, later.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why another tool did not answer. The cause is for the log, never for the reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// It cannot answer now; trying again may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// It understood and refuses.
    #[error("refused: {0}")]
    Refused(String),
    /// It failed.
    #[error("failed: {0}")]
    Failed(String),
}
