//! A directory in memory, for tools that ask who the agents are.
//!
//! It decides by [`Audience::includes`] itself, so that what it counts is what a reader is shown.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::port::{Directory, Membership, OrganisationFacts, Person, PortError};
use kernel::{
    AgentId, Audience, BoxFuture, Caller, Limit, OrganisationId, Population, Role, Scope, fold,
};

use crate::callers;

/// An agent of the directory with the roles they hold.
#[derive(Debug, Clone)]
struct Entry {
    person: Person,
    membership: Membership,
    roles: Vec<(Role, Scope)>,
}

#[derive(Debug, Default)]
struct State {
    organisations: Vec<OrganisationFacts>,
    agents: Vec<Entry>,
    fails: bool,
}

/// Administrations and agents that a test writes. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct FakeDirectory(Arc<Mutex<State>>);

impl FakeDirectory {
    /// A directory of nobody.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The people of [`callers`]: `Ministère de l’Intérieur` ([`callers::MINISTRY`]) with agents
    /// 1 (Claire Delmas), 2 (Hugo Castaing) and 3 (Inès Fofana), `Ministère de l’Agriculture`
    /// ([`callers::NEIGHBOUR_MINISTRY`]) with neighbours 1 (Lucie Anselme) and 2 (Jean Astier).
    /// Nobody holds a role.
    pub fn of_callers() -> Self {
        let directory = Self::empty();
        directory.organisation(
            callers::MINISTRY,
            "11000000000017",
            "Ministère de l’Intérieur",
            &[],
        );
        directory.organisation(
            callers::NEIGHBOUR_MINISTRY,
            "11000000000025",
            "Ministère de l’Agriculture",
            &[],
        );
        for (number, given, usual) in [
            (1, "Claire", "Delmas"),
            (2, "Hugo", "Castaing"),
            (3, "Inès", "Fofana"),
        ] {
            directory.agent(&callers::agent(number), given, usual);
        }
        for (number, given, usual) in [(1, "Lucie", "Anselme"), (2, "Jean", "Astier")] {
            directory.agent(&callers::neighbour(number), given, usual);
        }
        directory
    }

    /// Adds an administration; `ancestors` nearest first.
    pub fn organisation(
        &self,
        id: OrganisationId,
        siret: &str,
        label: &str,
        ancestors: &[OrganisationId],
    ) {
        let mut state = self.state();
        state.organisations.retain(|known| known.id != id);
        state.organisations.push(OrganisationFacts {
            id,
            siret: siret.to_owned(),
            label: label.to_owned(),
            ancestors: ancestors.to_vec(),
        });
        state.organisations.sort_by_key(|known| fold(&known.label));
    }

    /// Adds the agent behind a caller, with the roles of the caller's grants. Their address is
    /// `given.usual@example.gouv.fr`, folded.
    pub fn agent(&self, caller: &Caller, given_name: &str, usual_name: &str) {
        let mut state = self.state();
        let facts = state
            .organisations
            .iter()
            .find(|known| known.id == caller.organisation);
        let ancestors =
            facts.map_or_else(|| caller.ancestors.clone(), |facts| facts.ancestors.clone());
        let organisation_label = facts.map(|facts| facts.label.clone()).unwrap_or_default();
        let address = fold(&format!("{given_name}.{usual_name}")).replace(' ', "-");
        state.agents.retain(|known| known.person.id != caller.agent);
        state.agents.push(Entry {
            person: Person {
                id: caller.agent,
                given_name: given_name.to_owned(),
                usual_name: usual_name.to_owned(),
                email: format!("{address}@example.gouv.fr"),
                organisation: caller.organisation,
                organisation_label,
                organizational_unit: None,
                population: Some(caller.population),
                phone: None,
                locale: caller.locale,
            },
            membership: Membership {
                agent: caller.agent,
                organisation: caller.organisation,
                ancestors,
                population: caller.population,
            },
            roles: caller
                .grants
                .iter()
                .map(|grant| (grant.role, grant.scope))
                .collect(),
        });
        state.agents.sort_by_key(|known| known.person.id);
    }

    /// Changes what an agent is where they belong.
    pub fn population(&self, agent: AgentId, population: Population) {
        for entry in &mut self.state().agents {
            if entry.person.id == agent {
                entry.person.population = Some(population);
                entry.membership.population = population;
            }
        }
    }

    /// Takes an agent out: departed or suspended.
    pub fn remove(&self, agent: AgentId) {
        self.state().agents.retain(|known| known.person.id != agent);
    }

    /// Whether every question from now on is answered with [`PortError::Unavailable`].
    pub fn set_failing(&self, fails: bool) {
        self.state().fails = fails;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer at once, unless the directory fails.
    fn answer<'a, T: Send + 'a>(
        &self,
        read: impl FnOnce(&State) -> T,
    ) -> BoxFuture<'a, Result<T, PortError>> {
        let state = self.state();
        let answer = if state.fails {
            Err(PortError::Unavailable("the directory is away".to_owned()))
        } else {
            Ok(read(&state))
        };
        drop(state);
        Box::pin(async move { answer })
    }
}

impl Directory for FakeDirectory {
    fn people(&self, agents: Vec<AgentId>) -> BoxFuture<'_, Result<Vec<Person>, PortError>> {
        self.answer(|state| {
            let wanted = state
                .agents
                .iter()
                .filter(|entry| agents.contains(&entry.person.id));
            wanted.map(|entry| entry.person.clone()).collect()
        })
    }

    fn search(
        &self,
        words: String,
        _seen_by: Caller,
        limit: Limit,
    ) -> BoxFuture<'_, Result<Vec<Person>, PortError>> {
        let words: Vec<String> = fold(&words).split_whitespace().map(str::to_owned).collect();
        let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
        self.answer(|state| {
            let found = state.agents.iter().filter(|entry| {
                let names = fold(&format!(
                    "{} {}",
                    entry.person.display_name(),
                    entry.person.email
                ));
                words
                    .iter()
                    .all(|word| names.split_whitespace().any(|name| name.starts_with(word)))
            });
            found.take(most).map(|entry| entry.person.clone()).collect()
        })
    }

    fn by_email(&self, email: String) -> BoxFuture<'_, Result<Option<Person>, PortError>> {
        let wanted = fold(&email);
        self.answer(|state| {
            let found = state
                .agents
                .iter()
                .find(|entry| fold(&entry.person.email) == wanted);
            found.map(|entry| entry.person.clone())
        })
    }

    fn membership(&self, agent: AgentId) -> BoxFuture<'_, Result<Option<Membership>, PortError>> {
        self.answer(|state| {
            let found = state.agents.iter().find(|entry| entry.person.id == agent);
            found.map(|entry| entry.membership.clone())
        })
    }

    fn head_count(&self, audience: Audience) -> BoxFuture<'_, Result<u64, PortError>> {
        self.answer(|state| {
            let included = state
                .agents
                .iter()
                .filter(|entry| audience.includes(&entry.membership.profile()));
            u64::try_from(included.count()).unwrap_or(u64::MAX)
        })
    }

    fn head_counts(
        &self,
        audience: Audience,
    ) -> BoxFuture<'_, Result<Vec<(OrganisationId, u64)>, PortError>> {
        self.answer(|state| {
            let mut counts = Vec::new();
            for organisation in &state.organisations {
                let included = state.agents.iter().filter(|entry| {
                    entry.person.organisation == organisation.id
                        && audience.includes(&entry.membership.profile())
                });
                let count = u64::try_from(included.count()).unwrap_or(u64::MAX);
                if count > 0 {
                    counts.push((organisation.id, count));
                }
            }
            counts
        })
    }

    fn members(
        &self,
        audience: Audience,
        after: Option<AgentId>,
        rows: u16,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>> {
        self.answer(|state| {
            let included = state.agents.iter().filter(|entry| {
                after.is_none_or(|after| entry.person.id > after)
                    && audience.includes(&entry.membership.profile())
            });
            included
                .take(usize::from(rows))
                .map(|entry| entry.person.id)
                .collect()
        })
    }

    fn organisations(&self) -> BoxFuture<'_, Result<Arc<Vec<OrganisationFacts>>, PortError>> {
        self.answer(|state| Arc::new(state.organisations.clone()))
    }

    fn holders(
        &self,
        role: Role,
        organisation: OrganisationId,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>> {
        self.answer(|state| {
            let facts = state
                .organisations
                .iter()
                .find(|known| known.id == organisation);
            let ancestors = facts
                .map(|facts| facts.ancestors.clone())
                .unwrap_or_default();
            let holds = |entry: &&Entry| {
                entry.roles.iter().any(|(held, scope)| {
                    *held != Role::Operator
                        && held.implies(role)
                        && scope.contains(organisation, &ancestors)
                })
            };
            state
                .agents
                .iter()
                .filter(holds)
                .map(|entry| entry.person.id)
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFECTURE: OrganisationId = OrganisationId::from_u128(0x300);

    #[tokio::test]
    async fn whom_an_audience_takes_in_is_counted_and_listed() {
        let directory = FakeDirectory::of_callers();
        assert_eq!(directory.head_count(Audience::Everyone).await, Ok(5));
        directory.population(callers::agent(2).agent, Population::Stagiaire);
        let agents = Audience::All(vec![
            Audience::Organisation {
                id: callers::MINISTRY,
                subtree: true,
            },
            Audience::Not(Box::new(Audience::Population(Population::Stagiaire))),
        ]);
        assert_eq!(
            directory.head_counts(agents.clone()).await,
            Ok(vec![(callers::MINISTRY, 2)])
        );
        let first = callers::agent(1).agent;
        assert_eq!(
            directory.members(agents.clone(), None, 1).await,
            Ok(vec![first])
        );
        assert_eq!(
            directory.members(agents, Some(first), 10).await,
            Ok(vec![callers::agent(3).agent])
        );
    }

    #[tokio::test]
    async fn people_are_found_by_the_beginnings_of_their_names_and_the_departed_are_not() {
        let directory = FakeDirectory::of_callers();
        let ask = async |words: &str| {
            directory
                .search(words.to_owned(), callers::agent(1), Limit::default())
                .await
                .expect("an answer")
        };
        assert_eq!(ask("ines fo").await.len(), 1);
        assert_eq!(ask("nes").await.len(), 0);
        let ines = callers::agent(3).agent;
        assert_eq!(
            directory
                .by_email("Ines.Fofana@example.gouv.fr".to_owned())
                .await
                .expect("an answer")
                .map(|person| person.id),
            Some(ines)
        );
        directory.remove(ines);
        assert_eq!(ask("ines fo").await.len(), 0);
        assert_eq!(directory.membership(ines).await, Ok(None));
    }

    #[tokio::test]
    async fn a_role_is_held_over_what_lies_below_and_an_operator_is_no_administrator() {
        let directory = FakeDirectory::of_callers();
        directory.organisation(
            PREFECTURE,
            "17400001000011",
            "Préfecture",
            &[callers::MINISTRY],
        );
        directory.agent(&callers::administrator(1), "Claire", "Delmas");
        directory.agent(&callers::operator(3), "Inès", "Fofana");
        let claire = vec![callers::agent(1).agent];
        for organisation in [callers::MINISTRY, PREFECTURE] {
            let held = directory.holders(Role::Administrator, organisation).await;
            assert_eq!(held, Ok(claire.clone()));
        }
        let elsewhere = directory
            .holders(Role::Administrator, callers::NEIGHBOUR_MINISTRY)
            .await;
        assert_eq!(elsewhere, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn a_failing_directory_says_so() {
        let directory = FakeDirectory::of_callers();
        directory.set_failing(true);
        assert!(directory.organisations().await.is_err());
        directory.set_failing(false);
        assert!(directory.organisations().await.is_ok());
    }
}
