//! What other sites are told of the portal's tools.

use kernel::port::OrganisationFacts;
use kernel::{Audience, Scope};

use super::{Badge, Consents, Publication, Tile};

/// How far a service is, in the words of the launcher's readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maturity {
    /// In use; shown without a word.
    Stable,
    /// On trial.
    Beta,
    /// Opened lately.
    New,
}

impl Maturity {
    /// Of what a tile says of its tool's age.
    pub const fn of(badge: Option<Badge>) -> Self {
        match badge {
            None => Self::Stable,
            Some(Badge::Trial) => Self::Beta,
            Some(Badge::New) => Self::New,
        }
    }

    /// The wire's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Beta => "beta",
            Self::New => "new",
        }
    }
}

/// Whether a tile may be told to a reader whom nothing proves, for an administration or for none.
pub fn is_public(tile: &Tile, organisation: Option<&OrganisationFacts>) -> bool {
    tile.publication == Publication::Published
        && takes_in_all(&tile.audience, organisation)
        && is_agreed_for_all(&tile.consents, organisation)
}

/// Whether who may agreed for every agent of an administration, or, without one, every agent.
fn is_agreed_for_all(consents: &Consents, organisation: Option<&OrganisationFacts>) -> bool {
    match consents {
        Consents::NotNeeded => true,
        Consents::Given(consents) => consents.iter().any(|consent| {
            let reaches = match organisation {
                Some(place) => consent.scope.contains(place.id, &place.ancestors),
                None => consent.scope == Scope::Everything,
            };
            reaches && takes_in_all(&consent.audience, organisation)
        }),
    }
}

/// Whether a rule takes in every agent of an administration, or, without one, every agent. Only
/// then may a reader whom nothing proves see a tile. A rule that names persons or populations,
/// or excludes somebody, says something of them: it is never public.
fn takes_in_all(audience: &Audience, organisation: Option<&OrganisationFacts>) -> bool {
    match audience {
        Audience::Everyone => true,
        Audience::Organisation { id, subtree } => organisation.is_some_and(|organisation| {
            *id == organisation.id || (*subtree && organisation.ancestors.contains(id))
        }),
        Audience::Any(rules) => rules.iter().any(|rule| takes_in_all(rule, organisation)),
        Audience::All(_) | Audience::Population(_) | Audience::Agent(_) | Audience::Not(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, OrganisationId, Population};

    use super::*;
    use crate::domain::Consent;
    use crate::sample;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(3);

    fn of(id: OrganisationId, subtree: bool) -> Audience {
        Audience::Organisation { id, subtree }
    }

    #[test]
    fn a_tool_that_a_place_has_not_agreed_to_is_not_public_there() {
        let neighbour = OrganisationFacts {
            id: NEIGHBOUR,
            siret: "13000000000002".into(),
            label: "Ministère".into(),
            ancestors: Vec::new(),
        };
        let agreed = |root| Consent {
            scope: Scope::Organisation {
                root,
                subtree: true,
            },
            audience: Audience::Everyone,
        };
        let mut tile = sample::tile(1, 1, 1, Audience::Everyone);
        tile.consents = Consents::Given(vec![agreed(MINISTRY)]);
        assert!(!is_public(&tile, Some(&neighbour)));
        assert!(!is_public(&tile, None));
        tile.consents = Consents::Given(vec![agreed(MINISTRY), agreed(NEIGHBOUR)]);
        assert!(is_public(&tile, Some(&neighbour)));
        assert!(!is_public(&tile, None));
    }

    #[test]
    fn a_tool_of_every_agent_of_a_place_is_public_there_and_nowhere_else() {
        let prefecture = OrganisationFacts {
            id: PREFECTURE,
            siret: "13000000000001".into(),
            label: "Préfecture".into(),
            ancestors: vec![MINISTRY],
        };
        for (audience, there, without) in [
            (Audience::Everyone, true, true),
            (of(PREFECTURE, false), true, false),
            (of(MINISTRY, true), true, false),
            (of(MINISTRY, false), false, false),
            (of(NEIGHBOUR, true), false, false),
            (
                Audience::Any(vec![of(NEIGHBOUR, true), of(PREFECTURE, true)]),
                true,
                false,
            ),
            (Audience::Any(Vec::new()), false, false),
            (Audience::Population(Population::Agent), false, false),
            (Audience::Agent(AgentId::from_u128(1)), false, false),
            (
                Audience::All(vec![
                    of(PREFECTURE, true),
                    Audience::Population(Population::Agent),
                ]),
                false,
                false,
            ),
            (Audience::Not(Box::new(of(NEIGHBOUR, true))), false, false),
        ] {
            let mut tile = sample::tile(1, 1, 1, audience.clone());
            assert_eq!(is_public(&tile, Some(&prefecture)), there, "{audience:?}");
            assert_eq!(is_public(&tile, None), without, "{audience:?}");
            tile.publication = Publication::Draft;
            assert!(!is_public(&tile, Some(&prefecture)), "{audience:?}");
        }
    }

    #[test]
    fn a_badge_says_how_far_a_service_is() {
        let word = |badge| Maturity::of(badge).word();
        assert_eq!(word(None), "stable");
        assert_eq!(word(Some(Badge::Trial)), "beta");
        assert_eq!(word(Some(Badge::New)), "new");
    }
}
