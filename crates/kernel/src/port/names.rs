//! What things are called, for who reads of them by id: in the journal.

use super::{BoxFuture, PortError};
use crate::Text;

/// A tool that has things of its own.
pub trait Names: Send + Sync {
    /// The names of these subjects (`tool:…`), in no order; those that are not this tool's, or no
    /// more, are absent. At most 1,000.
    fn names(&self, subjects: Vec<String>)
    -> BoxFuture<'_, Result<Vec<(String, Text)>, PortError>>;
}
