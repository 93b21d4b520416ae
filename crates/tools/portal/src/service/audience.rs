//! What an audience says and whom it takes in, before anything is published.

use std::collections::BTreeMap;

use kernel::port::Person;
use kernel::{AgentId, Audience, Caller, Locale, OrganisationId, Role, Scope};

use super::Portal;
use crate::domain::{
    Names, Organisations, Spread, agents_of, check_rule, population_label, sentence, spread,
};
use crate::error::PortalError;
use crate::texts;

/// The names that sentences need, kept.
#[derive(Debug, Clone)]
pub(crate) struct KnownNames {
    organisations: Organisations,
    agents: BTreeMap<AgentId, String>,
}

impl KnownNames {
    /// A rule as a sentence.
    pub(crate) fn sentence(&self, audience: &Audience, locale: Locale) -> String {
        let names = Names {
            organisations: &self.organisations,
            agents: &self.agents,
        };
        sentence(audience, names, locale)
    }

    /// An administration's label; its id when it is not known any more.
    pub(crate) fn organisation(&self, id: OrganisationId) -> String {
        self.organisations
            .label(id)
            .map_or_else(|| id.to_string(), str::to_owned)
    }

    /// An agent's name; none: not in the directory any more.
    pub(crate) fn agent(&self, id: AgentId) -> Option<&str> {
        self.agents.get(&id).map(String::as_str)
    }
}

/// An audience with its heads counted.
#[derive(Debug, Clone)]
pub(super) struct Weighed {
    /// On both sides of the writer's scopes.
    pub(super) spread: Spread,
    /// Whether it takes in all there are.
    pub(super) everybody: bool,
    /// The writer's scopes.
    pub(super) scopes: Vec<Scope>,
}

/// Another administration whose agents an audience names.
#[derive(Debug, Clone)]
pub(crate) struct Elsewhere {
    pub(crate) organisation: OrganisationId,
    pub(crate) count: u64,
    /// Who may agree, by name.
    pub(crate) administrators: Vec<String>,
}

/// What is to be known of an audience before publishing.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) names: KnownNames,
    pub(crate) here: u64,
    pub(crate) elsewhere: Vec<Elsewhere>,
    pub(crate) count: u64,
    pub(crate) everybody: bool,
}

impl Portal {
    /// Describes an audience for something of `organisation`.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] when the caller neither administers nor announces there.
    pub(crate) async fn describe_audience(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
        audience: &Audience,
    ) -> Result<Described, PortalError> {
        let organisations = self.organisations().await?;
        self.must_act_for(caller, Role::Announcer, organisation, &organisations)?;
        let is_administrator = self
            .must_act_for(caller, Role::Administrator, organisation, &organisations)
            .is_ok();
        let role = if is_administrator {
            Role::Administrator
        } else {
            Role::Announcer
        };
        let weighed = self.weigh(caller, role, &organisations, audience).await?;
        let mut elsewhere = Vec::new();
        for (organisation, count) in &weighed.spread.elsewhere {
            elsewhere.push(Elsewhere {
                organisation: *organisation,
                count: *count,
                administrators: self.administrators(*organisation).await?,
            });
        }
        Ok(Described {
            names: self.names(organisations, agents_of(audience)).await?,
            here: weighed.spread.here,
            count: weighed.spread.count(),
            elsewhere,
            everybody: weighed.everybody,
        })
    }

    /// Whether an audience takes in an agent, and what that agent is.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] for an unknown agent; [`PortalError::Forbidden`] when the
    /// caller neither administers nor announces anywhere.
    pub(crate) async fn try_audience(
        &self,
        caller: &Caller,
        audience: &Audience,
        agent: AgentId,
        locale: Locale,
    ) -> Result<(bool, String), PortalError> {
        self.must_hold(caller, Role::Announcer)?;
        checked(audience)?;
        let membership = self
            .directory
            .membership(agent)
            .await?
            .ok_or(PortalError::NotFound)?;
        let organisations = self.organisations().await?;
        let included = audience.includes(&membership.profile());
        let what = population_label(membership.population, locale);
        let place = organisations
            .label(membership.organisation)
            .unwrap_or_default();
        Ok((
            included,
            texts::audience::tried(included, what, place)
                .get(locale)
                .to_owned(),
        ))
    }

    /// Counts an audience on both sides of the caller's scopes.
    pub(super) async fn weigh(
        &self,
        caller: &Caller,
        role: Role,
        organisations: &Organisations,
        audience: &Audience,
    ) -> Result<Weighed, PortalError> {
        checked(audience)?;
        let scopes = caller.scopes(role, self.clock.now());
        let counts = self.directory.head_counts(audience.clone()).await?;
        let all = self.directory.head_count(Audience::Everyone).await?;
        let spread = spread(&counts, organisations, &scopes);
        Ok(Weighed {
            everybody: spread.count() > 0 && spread.count() >= all,
            spread,
            scopes,
        })
    }

    /// The names behind ids. At most 1,000 agents, the directory's own limit.
    pub(super) async fn names(
        &self,
        organisations: Organisations,
        mut agents: Vec<AgentId>,
    ) -> Result<KnownNames, PortalError> {
        agents.sort_unstable();
        agents.dedup();
        agents.truncate(1_000);
        let people = if agents.is_empty() {
            Vec::new()
        } else {
            self.directory.people(agents).await?
        };
        let named = people.iter().map(|one| (one.id, one.display_name()));
        Ok(KnownNames {
            organisations,
            agents: named.collect(),
        })
    }

    /// The names of an administration's administrators, five at most.
    async fn administrators(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<String>, PortalError> {
        let mut holders = self
            .directory
            .holders(Role::Administrator, organisation)
            .await?;
        holders.truncate(5);
        let mut people = self.directory.people(holders).await?;
        people.sort_by_key(|person| kernel::fold(&person.usual_name));
        Ok(people.iter().map(Person::display_name).collect())
    }
}

fn checked(audience: &Audience) -> Result<(), PortalError> {
    check_rule(audience).map_err(|_| PortalError::Invalid {
        field: "audience",
        said: texts::audience::TOO_LARGE,
    })
}
