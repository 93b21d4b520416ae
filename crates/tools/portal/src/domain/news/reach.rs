//! Whether an audience stays within what somebody may speak for.

use std::collections::HashMap;

use kernel::port::OrganisationFacts;
use kernel::{AgentId, Audience, OrganisationId, Scope};

/// Whether a rule takes in nobody outside `scopes`, whoever comes later. It decides by the rule
/// alone, so what excludes (`not`) or crosses administrations (a population) must stand beside an
/// administration in an `all`.
///
/// `homes` says where the single agents belong whom the rule names.
pub(crate) fn lies_within(
    audience: &Audience,
    scopes: &[Scope],
    organisations: &[OrganisationFacts],
    homes: &HashMap<AgentId, OrganisationId>,
) -> bool {
    if scopes.contains(&Scope::Everything) {
        return true;
    }
    let within = |rule: &Audience| lies_within(rule, scopes, organisations, homes);
    match audience {
        Audience::Everyone | Audience::Population(_) | Audience::Not(_) => false,
        Audience::Organisation { id, subtree } => covers(scopes, organisations, *id, *subtree),
        Audience::Agent(agent) => homes
            .get(agent)
            .is_some_and(|home| covers(scopes, organisations, *home, false)),
        Audience::All(rules) => rules.iter().any(within),
        Audience::Any(rules) => rules.iter().all(within),
    }
}

/// Whether one scope holds an administration, with those below it when `subtree`.
fn covers(
    scopes: &[Scope],
    organisations: &[OrganisationFacts],
    id: OrganisationId,
    subtree: bool,
) -> bool {
    let Some(facts) = organisations.iter().find(|facts| facts.id == id) else {
        return false;
    };
    let has_children = || {
        organisations
            .iter()
            .any(|other| other.ancestors.contains(&id))
    };
    scopes.iter().any(|scope| {
        let deep = match scope {
            Scope::Everything => true,
            Scope::Organisation { subtree, .. } => *subtree,
        };
        scope.contains(id, &facts.ancestors) && (deep || !subtree || !has_children())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Population, Profile};
    use proptest::prelude::*;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(3);
    const ALL: [OrganisationId; 3] = [MINISTRY, PREFECTURE, NEIGHBOUR];

    fn facts() -> Vec<OrganisationFacts> {
        let of = |id, ancestors: &[OrganisationId]| OrganisationFacts {
            id,
            siret: String::new(),
            label: String::new(),
            ancestors: ancestors.to_vec(),
        };
        vec![
            of(MINISTRY, &[]),
            of(PREFECTURE, &[MINISTRY]),
            of(NEIGHBOUR, &[]),
        ]
    }

    fn homes() -> HashMap<AgentId, OrganisationId> {
        (0_u128..)
            .zip(ALL)
            .map(|(number, home)| (AgentId::from_u128(number), home))
            .collect()
    }

    fn scope(root: OrganisationId, subtree: bool) -> Vec<Scope> {
        vec![Scope::Organisation { root, subtree }]
    }

    fn rule(id: OrganisationId, subtree: bool) -> Audience {
        Audience::Organisation { id, subtree }
    }

    #[test]
    fn an_announcer_speaks_to_their_own_and_not_to_neighbours() {
        let may = |audience: &Audience, scopes: &[Scope]| {
            lies_within(audience, scopes, &facts(), &homes())
        };
        let ministry = scope(MINISTRY, true);
        assert!(may(&rule(MINISTRY, true), &ministry));
        assert!(may(&rule(PREFECTURE, true), &ministry));
        assert!(!may(&rule(NEIGHBOUR, false), &ministry));
        assert!(!may(&Audience::Everyone, &ministry));
        assert!(!may(&Audience::Population(Population::Agent), &ministry));
        let agents = Audience::All(vec![
            rule(MINISTRY, true),
            Audience::Population(Population::Agent),
        ]);
        assert!(may(&agents, &ministry));
        let not_neighbours = Audience::Not(Box::new(rule(NEIGHBOUR, true)));
        assert!(!may(&not_neighbours, &ministry));
        assert!(may(&rule(MINISTRY, false), &scope(MINISTRY, false)));
        assert!(!may(&rule(MINISTRY, true), &scope(MINISTRY, false)));
        assert!(
            may(&rule(PREFECTURE, true), &scope(PREFECTURE, false)),
            "nothing lies below"
        );
        assert!(may(&Audience::Everyone, &[Scope::Everything]));
        assert!(!may(&rule(MINISTRY, true), &[]));
    }

    fn audiences() -> impl Strategy<Value = Audience> {
        let leaf = prop_oneof![
            Just(Audience::Everyone),
            (0_usize..3, any::<bool>()).prop_map(|(place, subtree)| rule(ALL[place], subtree)),
            Just(Audience::Population(Population::Agent)),
            (0_u128..5).prop_map(|id| Audience::Agent(AgentId::from_u128(id))),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Audience::All),
                prop::collection::vec(inner.clone(), 0..3).prop_map(Audience::Any),
                inner.prop_map(|rule| Audience::Not(Box::new(rule))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_lies_within_takes_in_nobody_outside(
            audience in audiences(),
            root in 0_usize..3,
            subtree in any::<bool>(),
        ) {
            let scopes = scope(ALL[root], subtree);
            if lies_within(&audience, &scopes, &facts(), &homes()) {
                for (number, organisation) in facts().iter().enumerate() {
                    let profile = Profile {
                        agent: AgentId::from_u128(number as u128),
                        organisation: organisation.id,
                        ancestors: &organisation.ancestors,
                        population: Population::Agent,
                        guest: false,
                    };
                    if audience.includes(&profile) {
                        prop_assert!(scopes[0].contains(organisation.id, &organisation.ancestors));
                    }
                }
            }
        }
    }
}
