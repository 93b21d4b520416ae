//! How an audience lies on both sides of what its writer administers.

use kernel::{OrganisationId, Scope};

use super::Organisations;

/// The heads of an audience, on each side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Within the writer's scopes.
    pub here: u64,
    /// Elsewhere, by the administration that answers for them, in the order of their labels.
    pub elsewhere: Vec<(OrganisationId, u64)>,
}

impl Spread {
    /// Everybody.
    pub fn count(&self) -> u64 {
        let elsewhere: u64 = self.elsewhere.iter().map(|(_, count)| count).sum();
        self.here.saturating_add(elsewhere)
    }
}

/// Sorts heads, given by administration, by whether `scopes` contain it.
pub fn spread(
    counts: &[(OrganisationId, u64)],
    organisations: &Organisations,
    scopes: &[Scope],
) -> Spread {
    let mut sorted = Spread {
        here: 0,
        elsewhere: Vec::new(),
    };
    for (organisation, count) in counts {
        let ancestors = organisations.ancestors(*organisation);
        if scopes
            .iter()
            .any(|scope| scope.contains(*organisation, ancestors))
        {
            sorted.here = sorted.here.saturating_add(*count);
            continue;
        }
        let top = organisations.top(*organisation);
        match sorted.elsewhere.iter_mut().find(|(known, _)| *known == top) {
            Some((_, sum)) => *sum = sum.saturating_add(*count),
            None => sorted.elsewhere.push((top, *count)),
        }
    }
    sorted.elsewhere.sort_by_key(|(organisation, _)| {
        organisations
            .label(*organisation)
            .map(kernel::fold)
            .unwrap_or_default()
    });
    sorted
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::port::OrganisationFacts;

    use super::*;

    const HOME: OrganisationId = OrganisationId::from_u128(1);
    const BELOW: OrganisationId = OrganisationId::from_u128(2);
    const AGRICULTURE: OrganisationId = OrganisationId::from_u128(3);
    const DDPP: OrganisationId = OrganisationId::from_u128(4);

    #[test]
    fn what_is_elsewhere_is_summed_at_the_administration_that_answers_for_it() {
        let facts = |id, label: &str, ancestors: &[OrganisationId]| OrganisationFacts {
            id,
            siret: String::new(),
            label: label.to_owned(),
            ancestors: ancestors.to_vec(),
        };
        let all = Organisations::new(Arc::new(vec![
            facts(HOME, "Intérieur", &[]),
            facts(BELOW, "Préfecture", &[HOME]),
            facts(AGRICULTURE, "Agriculture", &[]),
            facts(DDPP, "DDPP", &[AGRICULTURE]),
        ]));
        let counts = [(HOME, 400), (BELOW, 12), (AGRICULTURE, 8), (DDPP, 30)];
        let scope = |subtree| Scope::Organisation {
            root: HOME,
            subtree,
        };
        let seen = spread(&counts, &all, &[scope(true)]);
        assert_eq!(seen.here, 412);
        assert_eq!(seen.elsewhere, [(AGRICULTURE, 38)]);
        assert_eq!(seen.count(), 450);
        let narrow = spread(&counts, &all, &[scope(false)]);
        assert_eq!(narrow.elsewhere, [(AGRICULTURE, 38), (HOME, 12)]);
        let operator = spread(&counts, &all, &[Scope::Everything]);
        assert_eq!((operator.here, operator.elsewhere.len()), (450, 0));
    }
}
