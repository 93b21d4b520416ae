//! Agents and the state of their accounts.

use kernel::{AgentId, OrganisationId, Population};

/// pre-created → active → suspended → departed → erased; of a guest, guest in the place of the first
/// two.
///
/// A guest has a state of their own so that what is asked about agents, who are pre-created or
/// active, finds none: neither the directory, nor heads, nor audiences, nor roles, nor what will be
/// written after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentState {
    /// Known from a directory, never signed in.
    PreCreated,
    /// May sign in.
    Active,
    /// Somebody whom an agent invited: lets in while an invitation holds.
    Guest,
    /// Refused everywhere, for now.
    Suspended,
    /// Left the administration.
    Departed,
    /// A tombstone.
    Erased,
}

/// A transition that the life of an agent does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an agent who is {} cannot sign in", .from.word())]
pub struct StateError {
    /// Where the agent stands.
    pub from: AgentState,
}

impl AgentState {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PreCreated => "pre-created",
            Self::Active => "active",
            Self::Guest => "guest",
            Self::Suspended => "suspended",
            Self::Departed => "departed",
            Self::Erased => "erased",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::PreCreated,
            Self::Active,
            Self::Guest,
            Self::Suspended,
            Self::Departed,
            Self::Erased,
        ]
        .into_iter()
        .find(|state| state.word() == word)
    }

    /// The word of the JSON API.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::PreCreated => "pre_created",
            other => other.word(),
        }
    }

    /// From the word of the JSON API.
    pub fn from_wire(word: &str) -> Option<Self> {
        let stored = if word == "pre_created" {
            Self::PreCreated.word()
        } else {
            word
        };
        Self::from_word(stored)
    }

    /// What a sign-in at a provider makes of the state; guests have none.
    ///
    /// # Errors
    /// When the agent is suspended, departed or erased, or is no agent.
    pub const fn signed_in(self) -> Result<Self, StateError> {
        match self {
            Self::PreCreated | Self::Active => Ok(Self::Active),
            Self::Guest | Self::Suspended | Self::Departed | Self::Erased => {
                Err(StateError { from: self })
            }
        }
    }
}

/// What a provider says of an agent, kept and refreshed at each sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes {
    /// First names.
    pub given_name: String,
    /// The name in use.
    pub usual_name: String,
    /// Address, domain in lower case.
    pub email: String,
    /// The provider's own id of the person.
    pub uid: String,
    /// Service, as the provider writes it.
    pub organizational_unit: Option<String>,
    /// What the person is there.
    pub population: Option<Population>,
    /// Free form.
    pub phone: Option<String>,
    /// `chorusdt:matricule`, `chorusdt:societe`.
    pub chorusdt: Option<(String, String)>,
    /// Everything the provider says beyond the contract.
    pub custom: serde_json::Map<String, serde_json::Value>,
}

/// An agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// The `sub` of every application, for ever.
    pub id: AgentId,
    /// Where the account stands.
    pub state: AgentState,
    /// The agent's administration.
    pub organisation: OrganisationId,
    /// What the provider says.
    pub attributes: Attributes,
}

impl Attributes {
    /// As people write it: first names, then name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.usual_name)
    }

    /// Two letters for a round picture.
    pub fn initials(&self) -> String {
        [&self.given_name, &self.usual_name]
            .into_iter()
            .filter_map(|name| name.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_activates_or_keeps_active() {
        assert_eq!(AgentState::PreCreated.signed_in(), Ok(AgentState::Active));
        assert_eq!(AgentState::Active.signed_in(), Ok(AgentState::Active));
    }

    #[test]
    fn who_is_suspended_departed_or_erased_cannot_sign_in() {
        for state in [
            AgentState::Guest,
            AgentState::Suspended,
            AgentState::Departed,
            AgentState::Erased,
        ] {
            assert!(state.signed_in().is_err(), "{state:?}");
            assert_eq!(AgentState::from_word(state.word()), Some(state));
        }
    }
}
