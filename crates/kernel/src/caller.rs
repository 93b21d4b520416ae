//! Who is asking: the proof that handlers take as an argument.

use crate::{AgentId, Locale, OrganisationId, Profile, Scope, SessionId, Timestamp};

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

/// A signed-in agent, proved by a live session.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub agent: AgentId,
    /// By which session.
    pub session: SessionId,
    /// The agent's administration.
    pub organisation: OrganisationId,
    /// The administrations above it, nearest first.
    pub ancestors: Vec<OrganisationId>,
    /// What the agent is there.
    pub population: Population,
    /// Roles that hold now.
    pub grants: Vec<Grant>,
    /// Language of the interface, when chosen.
    pub locale: Option<Locale>,
}

impl Caller {
    /// What an audience rule looks at.
    pub fn profile(&self) -> Profile<'_> {
        Profile {
            agent: self.agent,
            organisation: self.organisation,
            ancestors: &self.ancestors,
            population: self.population,
        }
    }
}
