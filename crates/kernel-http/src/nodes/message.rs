//! What nodes tell each other, as JSON.

use kernel::{AgentId, Caller, SessionId};
use kernel_bus::{MAX_PAYLOAD, Subject};
use serde::{Deserialize, Serialize};

use crate::live::Reached;

/// Hints of open pages.
pub const LIVE: Subject = Subject::fixed("live");
/// Names of rows kept in memory that have changed ([`kernel_db::Revision`]).
pub const REVISED: Subject = Subject::fixed("revised");
/// Whose sessions have ended ([`Ended`]): for whatever stays open between requests.
pub const REVOKED: Subject = Subject::fixed("identity.revoked");

/// The longest topic, in bytes.
const LONGEST_TOPIC: usize = 64;

/// Whose sessions have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// One session.
    Session(SessionId),
    /// All of an agent's.
    Agent(AgentId),
}

impl Ended {
    /// Whether this caller's session is one of them.
    pub fn is_of(self, caller: &Caller) -> bool {
        match self {
            Self::Session(session) => Some(session) == caller.session(),
            Self::Agent(agent) => agent == caller.agent,
        }
    }

    /// What a node sent under [`REVOKED`]; none: it is no such thing.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }
}

/// A hint as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) topic: String,
    pub(super) version: i64,
    pub(super) to: Reached,
}

impl Told {
    /// What a node sent under [`LIVE`]; none: it is no hint, or its topic is none that may be
    /// written to a page.
    pub(super) fn parse(payload: &[u8]) -> Option<Self> {
        let told: Self = serde_json::from_slice(payload).ok()?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.' | b'_');
        let is_topic = !told.topic.is_empty()
            && told.topic.len() <= LONGEST_TOPIC
            && told.topic.bytes().all(plain);
        is_topic.then_some(told)
    }
}

/// The bytes of a hint. One for a rule too long to be sent goes to everyone: what each may see is
/// decided when their page asks.
pub(crate) fn hint(topic: &str, version: i64, to: &Reached) -> Vec<u8> {
    let bytes = |to: &Reached| {
        let told = Told {
            topic: topic.to_owned(),
            version,
            to: to.clone(),
        };
        serde_json::to_vec(&told).unwrap_or_default()
    };
    let exact = bytes(to);
    if exact.len() <= MAX_PAYLOAD {
        exact
    } else {
        bytes(&Reached::Everyone)
    }
}

/// The topic of a payload that is a hint, and the bytes that tell it again; for `fuzz/`.
#[cfg(feature = "fuzz")]
pub fn told_again(payload: &[u8]) -> Option<(String, Vec<u8>)> {
    let told = Told::parse(payload)?;
    let again = hint(&told.topic, told.version, &told.to);
    Some((told.topic, again))
}

/// The bytes of an end.
pub(crate) fn ended(ended: Ended) -> Vec<u8> {
    serde_json::to_vec(&ended).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::{Audience, OrganisationId, Population, Role};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{SESSION, caller};

    #[test]
    fn each_kind_of_hint_comes_out_as_it_went_in() {
        let organisation = OrganisationId::from_u128(3);
        for to in [
            Reached::Everyone,
            Reached::Agent(AgentId::from_u128(1)),
            Reached::Audience(Audience::Any(vec![
                Audience::Population(Population::Agent),
                Audience::Organisation {
                    id: organisation,
                    subtree: true,
                },
            ])),
            Reached::Holders {
                role: Role::Administrator,
                organisation,
                ancestors: vec![OrganisationId::from_u128(4)],
            },
        ] {
            let told = Told::parse(&hint("home", 7, &to)).expect("a hint");
            assert_eq!(
                (told.topic.as_str(), told.version, told.to),
                ("home", 7, to)
            );
        }
    }

    #[test]
    fn a_rule_too_long_to_be_sent_reaches_everyone() {
        let agents = (0..2_000).map(|id| Audience::Agent(AgentId::from_u128(id)));
        let to = Reached::Audience(Audience::Any(agents.collect()));
        let told = Told::parse(&hint("home", 7, &to)).expect("a hint");
        assert_eq!(told.to, Reached::Everyone);
    }

    #[test]
    fn an_end_is_of_its_session_and_of_its_agent() {
        let me = caller();
        for (end, mine) in [
            (Ended::Session(SESSION), true),
            (Ended::Agent(me.agent), true),
            (Ended::Session(SessionId::from_u128(99)), false),
            (Ended::Agent(AgentId::from_u128(99)), false),
        ] {
            assert_eq!(Ended::parse(&ended(end)), Some(end));
            assert_eq!(end.is_of(&me), mine);
        }
    }

    #[test]
    fn a_topic_that_could_leave_its_quotes_is_refused() {
        for topic in ["", "a\"b", "a\nb", "A", "é"] {
            assert_eq!(Told::parse(&hint(topic, 1, &Reached::Everyone)), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_nothing(bytes: Vec<u8>) {
            prop_assert!(Told::parse(&bytes).is_none());
            prop_assert!(Ended::parse(&bytes).is_none());
        }
    }
}
