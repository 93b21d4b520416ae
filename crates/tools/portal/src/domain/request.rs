//! What is asked of an administration: that a tool be published, or that its agents see one.

use kernel::{AgentId, Audience, OrganisationId, Timestamp};

use super::TileId;

kernel::define_id!(
    /// One request made to an administration.
    RequestId
);

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestKind {
    /// An agent asks that a tool be published.
    Tool {
        /// What for.
        purpose: String,
    },
    /// A published tool names agents of this administration.
    Audience {
        /// Whom, as a rule.
        audience: Audience,
        /// How many of this administration when it was asked.
        agents: u64,
    },
}

impl RequestKind {
    /// The stored word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Tool { .. } => "tool",
            Self::Audience { .. } => "audience",
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// Nobody has answered.
    Pending,
    /// Agreed to.
    Approved,
    /// Refused, with a reason.
    Refused,
    /// No longer asked.
    Withdrawn,
}

/// A request that was answered or withdrawn already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is {}", state.word())]
pub struct RequestStateError {
    /// What it is.
    pub state: RequestState,
}

impl RequestState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Pending,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stored word; none when it is unknown.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// After an agreement.
    ///
    /// # Errors
    /// When it was ended already.
    pub const fn approve(self) -> Result<Self, RequestStateError> {
        self.end(Self::Approved)
    }

    /// After a refusal.
    ///
    /// # Errors
    /// When it was ended already.
    pub const fn refuse(self) -> Result<Self, RequestStateError> {
        self.end(Self::Refused)
    }

    /// After the asker changed their mind.
    ///
    /// # Errors
    /// When it was ended already.
    pub const fn withdraw(self) -> Result<Self, RequestStateError> {
        self.end(Self::Withdrawn)
    }

    const fn end(self, to: Self) -> Result<Self, RequestStateError> {
        match self {
            Self::Pending => Ok(to),
            Self::Approved | Self::Refused | Self::Withdrawn => {
                Err(RequestStateError { state: self })
            }
        }
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Ours.
    pub id: RequestId,
    /// What is asked.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// Who decides: the administrators of this administration.
    pub organisation: OrganisationId,
    /// Who asks.
    pub asked_by: AgentId,
    /// When.
    pub asked_at: Timestamp,
    /// The published tool, or the draft that an agreement made.
    pub tool: Option<TileId>,
    /// The tool's name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Who answered.
    pub decided_by: Option<AgentId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was refused.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_ended_once() {
        for end in [
            RequestState::approve,
            RequestState::refuse,
            RequestState::withdraw,
        ] {
            let ended = end(RequestState::Pending).expect("ended");
            assert_eq!(ended.approve(), Err(RequestStateError { state: ended }));
            assert!(ended.refuse().is_err());
            assert!(ended.withdraw().is_err());
        }
    }

    #[test]
    fn every_word_names_its_state_and_no_other_word_does() {
        for state in RequestState::ALL {
            assert_eq!(RequestState::from_word(state.word()), Some(*state));
        }
        assert_eq!(RequestState::from_word("lost"), None);
    }
}
