//! What tools keep of an agent: shown to them, moved to the account that theirs is merged into,
//! erased.

use super::{BoxFuture, PortError};
use crate::AgentId;

/// What becomes of a column that names an agent when the agent is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Its rows leave, or name nobody any more.
    Erased,
    /// The id stays, which then names a tombstone only: why.
    Kept(&'static str),
}

/// A column in which a tool keeps agents' ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What becomes of it.
    pub fate: Fate,
}

/// A tool that keeps something of agents. Each of these may be called again after a failure, or
/// twice: the second time changes nothing.
pub trait Erase: Send + Sync {
    /// The tool's name, a key of the export.
    fn tool(&self) -> &'static str;

    /// Every column of the tool's tables that names an agent.
    fn columns(&self) -> &'static [AgentColumn];

    /// What the tool keeps of this agent, for them to read: texts, times, ids.
    fn export(&self, agent: AgentId) -> BoxFuture<'_, Result<serde_json::Value, PortError>>;

    /// Gives what `from` has to `into`, which keeps its own where there can be one only.
    fn merge(&self, from: AgentId, into: AgentId) -> BoxFuture<'_, Result<(), PortError>>;

    /// Erases what the tool keeps of this agent, in transactions of 500 rows at most.
    fn erase(&self, agent: AgentId) -> BoxFuture<'_, Result<(), PortError>>;
}
