//! Who the agents are, and to which administrations they belong.

use std::sync::Arc;

use super::{BoxFuture, PortError};
use crate::{AgentId, Audience, Caller, Limit, Locale, OrganisationId, Population, Profile, Role};

/// An agent as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: AgentId,
    /// First name in use.
    pub given_name: String,
    /// Last name in use.
    pub usual_name: String,
    /// Professional address.
    pub email: String,
    /// Their administration.
    pub organisation: OrganisationId,
    /// Its label.
    pub organisation_label: String,
    /// Their service, as their administration writes it.
    pub organizational_unit: Option<String>,
    /// What they are there; none: not said.
    pub population: Option<Population>,
    /// Professional telephone.
    pub phone: Option<String>,
    /// Language of the interface, when chosen.
    pub locale: Option<Locale>,
}

impl Person {
    /// Given name and usual name.
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

/// An administration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationFacts {
    /// Which.
    pub id: OrganisationId,
    /// Fourteen digits.
    pub siret: String,
    /// Its name.
    pub label: String,
    /// The administrations above it, nearest first.
    pub ancestors: Vec<OrganisationId>,
}

/// What an audience looks at, kept: [`Profile`] borrows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub agent: AgentId,
    /// Their administration.
    pub organisation: OrganisationId,
    /// The administrations above it, nearest first.
    pub ancestors: Vec<OrganisationId>,
    /// What they are there.
    pub population: Population,
}

impl Membership {
    /// For [`Audience::includes`].
    pub fn profile(&self) -> Profile<'_> {
        Profile {
            agent: self.agent,
            organisation: self.organisation,
            ancestors: &self.ancestors,
            population: self.population,
            guest: false,
        }
    }
}

/// The directory of all administrations. Only agents who may sign in are in it (pre-created and
/// active); the suspended and the departed are as unknown.
pub trait Directory: Send + Sync {
    /// The persons of these ids, in no order; unknown ones are absent. At most 1,000 ids.
    fn people(&self, agents: Vec<AgentId>) -> BoxFuture<'_, Result<Vec<Person>, PortError>>;

    /// The persons whose name, address or service begins with each of the words, best first.
    fn search(
        &self,
        words: String,
        seen_by: Caller,
        limit: Limit,
    ) -> BoxFuture<'_, Result<Vec<Person>, PortError>>;

    /// The agent of this professional address. Where several administrations vouch for it, the one
    /// agent who has signed in; none when there are several.
    fn by_email(&self, email: String) -> BoxFuture<'_, Result<Option<Person>, PortError>>;

    /// Where an agent belongs; none: unknown, or may not sign in.
    fn membership(&self, agent: AgentId) -> BoxFuture<'_, Result<Option<Membership>, PortError>>;

    /// How many agents an audience takes in. This and the two below refuse a rule that breaks its
    /// limits ([`Audience::check`]).
    fn head_count(&self, audience: Audience) -> BoxFuture<'_, Result<u64, PortError>>;

    /// How many agents of each administration an audience takes in; those without any are absent.
    fn head_counts(
        &self,
        audience: Audience,
    ) -> BoxFuture<'_, Result<Vec<(OrganisationId, u64)>, PortError>>;

    /// The agents of an audience in the order of their ids, those after `after`, `rows` at most
    /// (1 to 1,000).
    fn members(
        &self,
        audience: Audience,
        after: Option<AgentId>,
        rows: u16,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>>;

    /// All administrations, in the order of their labels; at most two seconds old.
    fn organisations(&self) -> BoxFuture<'_, Result<Arc<Vec<OrganisationFacts>>, PortError>>;

    /// The agents who hold `role` over this administration now, by a grant on it or above it.
    /// Administrators are among its announcers, operators among neither.
    fn holders(
        &self,
        role: Role,
        organisation: OrganisationId,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>>;
}
