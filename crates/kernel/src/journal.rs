//! What the security officer must be able to prove later.

use crate::{AgentId, OrganisationId, Timestamp};

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused by a rule.
    Refused,
    /// Tried and failed.
    Failed,
}

impl Outcome {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// The outcome of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "done" => Some(Self::Done),
            "refused" => Some(Self::Refused),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// A stable name `tool.noun.verb` of a journalled act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Act(pub &'static str);

/// One entry: ids only; what must be erasable (names) is a salted digest whose clear text lies
/// in a side table.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// When.
    pub at: Timestamp,
    /// In whose chain; none: the system's.
    pub organisation: Option<OrganisationId>,
    /// Who acted; none: nobody known.
    pub actor: Option<AgentId>,
    /// What.
    pub act: Act,
    /// On what, an id as text (`client:mission`, `agent:…`).
    pub subject: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Ids, figures and reason codes.
    pub data: serde_json::Value,
    /// What may have to be erased (an address, a name): kept aside, only its digest is chained.
    pub personal: Option<String>,
}
