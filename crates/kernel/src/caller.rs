//! Who is asking: the proof that handlers take as an argument.

use crate::{
    AgentId, CredentialId, Locale, OrganisationId, Profile, Scope, SessionId, Timestamp, ToolId,
};

/// What an agent is to the administration (ProConnect's `belonging_population`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Population {
    /// A public agent.
    Agent,
    /// A contractor.
    Prestataire,
    /// A partner.
    Partenaire,
    /// A trainee.
    Stagiaire,
}

impl Population {
    /// The claim's value.
    pub const fn claim(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Prestataire => "prestataire",
            Self::Partenaire => "partenaire",
            Self::Stagiaire => "stagiaire",
        }
    }

    /// The population a claim names; none when the value is unknown.
    pub fn from_claim(claim: &str) -> Option<Self> {
        match claim.trim().to_lowercase().as_str() {
            "agent" => Some(Self::Agent),
            "prestataire" => Some(Self::Prestataire),
            "partenaire" => Some(Self::Partenaire),
            "stagiaire" => Some(Self::Stagiaire),
            _ => None,
        }
    }
}

/// What a person may do for an organisation beyond using the tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the instance.
    Operator,
    /// Administers an administration.
    Administrator,
    /// Publishes announcements.
    Announcer,
}

impl Role {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Administrator => "administrator",
            Self::Announcer => "announcer",
        }
    }

    /// The role of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "operator" => Some(Self::Operator),
            "administrator" => Some(Self::Administrator),
            "announcer" => Some(Self::Announcer),
            _ => None,
        }
    }

    /// Whether who holds this role may do what `other` may.
    pub const fn implies(self, other: Self) -> bool {
        match self {
            Self::Operator => true,
            Self::Administrator => matches!(other, Self::Administrator | Self::Announcer),
            Self::Announcer => matches!(other, Self::Announcer),
        }
    }
}

/// A role held by an agent over an organisation and what lies below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// For whom.
    pub scope: Scope,
    /// Until when; none: until taken back.
    pub until: Option<Timestamp>,
}

/// By what an agent is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A browser's session.
    Session(SessionId),
    /// A token that the agent made for a program.
    Token(CredentialId),
}

/// Who did something, as the journal tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The agent.
    pub agent: AgentId,
    /// The token by which a program spoke for them; none: they did it themselves.
    pub token: Option<CredentialId>,
}

/// An agent, or a guest of one, proved by a live session or by a token of theirs.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub agent: AgentId,
    /// By what.
    pub by: Means,
    /// The agent's administration; of a guest, the one that answers for them.
    pub organisation: OrganisationId,
    /// The administrations above it, nearest first.
    pub ancestors: Vec<OrganisationId>,
    /// What the agent is there.
    pub population: Population,
    /// Roles that hold now; a guest has none.
    pub grants: Vec<Grant>,
    /// The tools shared with a guest, who finds nothing else; none: an agent.
    pub guest: Option<Vec<ToolId>>,
    /// Language of the interface, when chosen.
    pub locale: Option<Locale>,
}

impl Caller {
    /// The session; none: a token speaks.
    pub const fn session(&self) -> Option<SessionId> {
        match self.by {
            Means::Session(session) => Some(session),
            Means::Token(_) => None,
        }
    }

    /// The token; none: a session speaks.
    pub const fn token(&self) -> Option<CredentialId> {
        match self.by {
            Means::Session(_) => None,
            Means::Token(token) => Some(token),
        }
    }

    /// The caller as who did something.
    pub const fn actor(&self) -> Actor {
        Actor {
            agent: self.agent,
            token: self.token(),
        }
    }

    /// Whether a grant lets the caller act in `role` for an organisation whose parents are
    /// `ancestors`. An operator may all; an administrator may also announce.
    pub fn may(
        &self,
        role: Role,
        organisation: OrganisationId,
        ancestors: &[OrganisationId],
        now: Timestamp,
    ) -> bool {
        self.scopes(role, now)
            .iter()
            .any(|scope| scope.contains(organisation, ancestors))
    }

    /// The reaches of `role`: of the grants that hold at `now` and imply it. Empty: none at all.
    pub fn scopes(&self, role: Role, now: Timestamp) -> Vec<Scope> {
        self.grants
            .iter()
            .filter(|grant| grant.role.implies(role))
            .filter(|grant| grant.until.is_none_or(|until| now < until))
            .map(|grant| grant.scope)
            .collect()
    }

    /// Whether somebody was invited, and is no agent.
    pub const fn is_guest(&self) -> bool {
        self.guest.is_some()
    }

    /// What an audience rule looks at.
    pub fn profile(&self) -> Profile<'_> {
        Profile {
            agent: self.agent,
            organisation: self.organisation,
            ancestors: &self.ancestors,
            population: self.population,
            guest: self.is_guest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(3);
    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn caller(role: Role, scope: Scope, until: Option<Timestamp>) -> Caller {
        Caller {
            agent: AgentId::from_u128(9),
            by: Means::Session(SessionId::from_u128(8)),
            organisation: MINISTRY,
            ancestors: Vec::new(),
            population: Population::Agent,
            grants: vec![Grant { role, scope, until }],
            guest: None,
            locale: None,
        }
    }

    const OF_MINISTRY: Scope = Scope::Organisation {
        root: MINISTRY,
        subtree: true,
    };

    #[test]
    fn an_administrator_acts_below_and_never_for_a_neighbour() {
        let caller = caller(Role::Administrator, OF_MINISTRY, None);
        assert!(caller.may(Role::Administrator, MINISTRY, &[], NOW));
        assert!(caller.may(Role::Announcer, PREFECTURE, &[MINISTRY], NOW));
        assert!(!caller.may(Role::Administrator, NEIGHBOUR, &[], NOW));
        assert!(!caller.may(Role::Operator, MINISTRY, &[], NOW));
    }

    #[test]
    fn an_announcer_administers_nothing_and_an_operator_everything() {
        let announcer = caller(Role::Announcer, OF_MINISTRY, None);
        assert!(announcer.may(Role::Announcer, MINISTRY, &[], NOW));
        assert!(!announcer.may(Role::Administrator, MINISTRY, &[], NOW));
        let operator = caller(Role::Operator, Scope::Everything, None);
        assert!(operator.may(Role::Administrator, NEIGHBOUR, &[], NOW));
    }

    #[test]
    fn a_grant_that_has_ended_gives_nothing() {
        let ends = |millis| Some(Timestamp::from_millis(millis));
        let holds = caller(Role::Administrator, OF_MINISTRY, ends(1_001));
        let ended = caller(Role::Administrator, OF_MINISTRY, ends(1_000));
        assert!(holds.may(Role::Administrator, MINISTRY, &[], NOW));
        assert!(!ended.may(Role::Administrator, MINISTRY, &[], NOW));
    }
}
