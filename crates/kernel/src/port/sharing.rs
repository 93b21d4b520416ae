//! What agents may share with their guests.

use super::{BoxFuture, PortError};
use crate::{Caller, Text, ToolId};

/// A tool that may be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTool {
    /// Which.
    pub id: ToolId,
    /// Its name.
    pub name: Text,
    /// What it is for, in one line.
    pub description: Text,
    /// The application that signs people in through us, when there is one.
    pub client_id: Option<String>,
}

/// The tools, as far as guests are concerned.
pub trait Sharing: Send + Sync {
    /// The tools that this agent may share, in the order of the home page: those that they find
    /// there themselves, and that are open to guests.
    fn shareable(&self, by: Caller) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>>;

    /// These tools as they stand now, in the order of the home page; those that are not open to
    /// guests, or no more, are absent.
    fn shared(&self, tools: Vec<ToolId>) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>>;
}
