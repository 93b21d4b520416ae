//! What the security officer must be able to prove later.

use crate::{Actor, AgentId, OrganisationId, Timestamp};

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

impl JournalEntry {
    /// The same, done by this actor: when a program spoke for them, the id of its token is the
    /// member `token` of the data, so that its acts are told from those of its agent.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = Some(actor.agent);
        let members = self.data.as_object_mut();
        if let (Some(token), Some(members)) = (actor.token, members) {
            members.insert("token".to_owned(), token.to_string().into());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::CredentialId;

    #[test]
    fn an_act_by_a_token_is_told_from_one_by_its_agent() {
        let agent = AgentId::from_u128(1);
        let entry = JournalEntry {
            at: Timestamp::from_millis(0),
            organisation: None,
            actor: None,
            act: Act("tool.noun.verb"),
            subject: "noun:1".to_owned(),
            outcome: Outcome::Done,
            data: json!({ "level": "down" }),
            personal: None,
        };
        let by_hand = entry.clone().by(Actor { agent, token: None });
        assert_eq!(by_hand.actor, Some(agent));
        assert_eq!(by_hand.data, json!({ "level": "down" }));
        let token = CredentialId::from_u128(2);
        let by_program = entry.by(Actor {
            agent,
            token: Some(token),
        });
        assert_eq!(by_program.actor, Some(agent));
        let told = json!({ "level": "down", "token": token.to_string() });
        assert_eq!(by_program.data, told);
    }
}
