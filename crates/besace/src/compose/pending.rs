//! The ports that no tool answers yet: a name to greet with, and otherwise "not available", so
//! that what needs more says so and is tried again.

use std::sync::Arc;

use identity::Identity;
use kernel::port::{Directory, Membership, OrganisationFacts, Person, PortError};
use kernel::{AgentId, Audience, BoxFuture, Caller, Limit, OrganisationId, Role};

/// Answers what the sign-in tool can be asked today.
pub(super) struct Pending(pub(super) Identity);

type Answer<'a, T> = BoxFuture<'a, Result<T, PortError>>;

fn unavailable<'a, T: Send + 'a>() -> Answer<'a, T> {
    Box::pin(async { Err(PortError::Unavailable("no tool answers this".to_owned())) })
}

impl Directory for Pending {
    fn people(&self, agents: Vec<AgentId>) -> Answer<'_, Vec<Person>> {
        Box::pin(async move {
            let mut people = Vec::new();
            for agent in agents {
                let name = self.0.given_name(agent).await;
                let name = name.map_err(|cause| PortError::Failed(cause.to_string()))?;
                people.extend(name.map(|given_name| Person {
                    id: agent,
                    given_name,
                    usual_name: String::new(),
                    email: String::new(),
                    organisation: OrganisationId::from_u128(0),
                    organisation_label: String::new(),
                    organizational_unit: None,
                    population: None,
                    phone: None,
                    locale: None,
                }));
            }
            Ok(people)
        })
    }

    fn search(&self, _: String, _: Caller, _: Limit) -> Answer<'_, Vec<Person>> {
        unavailable()
    }

    fn by_email(&self, _: String) -> Answer<'_, Option<Person>> {
        unavailable()
    }

    fn membership(&self, _: AgentId) -> Answer<'_, Option<Membership>> {
        unavailable()
    }

    fn head_count(&self, _: Audience) -> Answer<'_, u64> {
        unavailable()
    }

    fn head_counts(&self, _: Audience) -> Answer<'_, Vec<(OrganisationId, u64)>> {
        unavailable()
    }

    fn members(&self, _: Audience, _: Option<AgentId>, _: u16) -> Answer<'_, Vec<AgentId>> {
        unavailable()
    }

    fn organisations(&self) -> Answer<'_, Arc<Vec<OrganisationFacts>>> {
        unavailable()
    }

    fn holders(&self, _: Role, _: OrganisationId) -> Answer<'_, Vec<AgentId>> {
        unavailable()
    }
}
