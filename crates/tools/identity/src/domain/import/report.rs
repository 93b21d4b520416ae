//! What a dry run found, kept until it is applied.

use serde::{Deserialize, Serialize};

use super::plan::Said;
use super::{Encoding, Separator};

kernel::define_id!(
    /// One file, from its dry run to its end.
    ImportId
);
kernel_db::id_values!(ImportId);

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Read, waiting for an agreement.
    Ready,
    /// Being written.
    Running,
    /// Written.
    Done,
    /// Stopped; what was written stays.
    Failed,
}

impl ImportState {
    /// The stored word, which is the wire's.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ready, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// What a dry run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Lines below the header, good and faulty.
    pub total: u64,
    /// Agents to make.
    pub created: u64,
    /// Agents to change.
    pub updated: u64,
    /// Agents who are as the file says.
    pub unchanged: u64,
    /// Lines left aside.
    pub faulty: u64,
    /// Agents there who are not in the file; nothing happens to them.
    pub absent: u64,
    /// How the bytes were understood.
    pub encoding: Encoding,
    /// What parts the fields.
    pub separator: Separator,
    /// Headers that are understood, as written.
    pub columns: Vec<String>,
    /// Headers left aside, as written.
    pub ignored: Vec<String>,
    /// All headers, in their order.
    pub headers: Vec<String>,
}

impl Report {
    /// Lines that an agreement imports.
    pub const fn ready(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }
}

/// A line that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The providers that may vouch for the address, best first.
    pub providers: Vec<String>,
    /// The agent to make, should none be known.
    pub agent: kernel::AgentId,
    /// What the line says.
    pub said: Said,
}
