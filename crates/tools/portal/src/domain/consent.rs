//! Whose agents may see a tool: publishing to another administration's agents asks that
//! administration.

use kernel::{Audience, OrganisationId, Profile, Scope};

/// What one administrator agreed to: for the agents within their scope, this audience. An
/// audience that grows later reaches newcomers only after a new agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whose agents.
    pub scope: Scope,
    /// Which of them.
    pub audience: Audience,
}

/// What stands between an audience and the people it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consents {
    /// The operator's own tile: nobody else is asked.
    NotNeeded,
    /// Only where an administrator agreed.
    Given(Vec<Consent>),
}

impl Consents {
    /// Whether somebody who may agreed that this person sees it.
    pub fn cover(&self, profile: &Profile<'_>) -> bool {
        match self {
            Self::NotNeeded => true,
            Self::Given(consents) => consents.iter().any(|consent| {
                consent
                    .scope
                    .contains(profile.organisation, profile.ancestors)
                    && consent.audience.includes(profile)
            }),
        }
    }
}

/// A scope as stored: `*`, an organisation's id, or that id with `/*` for what lies below.
pub fn scope_text(scope: Scope) -> String {
    match scope {
        Scope::Everything => "*".to_owned(),
        Scope::Organisation { root, subtree } => {
            let below = if subtree { "/*" } else { "" };
            format!("{root}{below}")
        }
    }
}

/// The scope of a stored text; none when it is another text.
pub fn scope_from_text(text: &str) -> Option<Scope> {
    if text == "*" {
        return Some(Scope::Everything);
    }
    let (root, subtree) = match text.strip_suffix("/*") {
        Some(root) => (root, true),
        None => (text, false),
    };
    OrganisationId::parse(root)
        .ok()
        .map(|root| Scope::Organisation { root, subtree })
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, Population};

    use super::*;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(2);

    fn profile(organisation: OrganisationId, population: Population) -> Profile<'static> {
        Profile {
            agent: AgentId::from_u128(9),
            organisation,
            ancestors: &[],
            population,
            guest: false,
        }
    }

    #[test]
    fn a_consent_covers_the_agents_of_its_scope_that_it_names_and_no_newcomer() {
        let consents = Consents::Given(vec![Consent {
            scope: Scope::Organisation {
                root: MINISTRY,
                subtree: true,
            },
            audience: Audience::Population(Population::Agent),
        }]);
        assert!(consents.cover(&profile(MINISTRY, Population::Agent)));
        assert!(!consents.cover(&profile(MINISTRY, Population::Stagiaire)));
        assert!(!consents.cover(&profile(NEIGHBOUR, Population::Agent)));
        assert!(!Consents::Given(Vec::new()).cover(&profile(MINISTRY, Population::Agent)));
        assert!(Consents::NotNeeded.cover(&profile(NEIGHBOUR, Population::Agent)));
    }

    #[test]
    fn a_scope_survives_its_text_and_another_text_is_none() {
        for scope in [
            Scope::Everything,
            Scope::Organisation {
                root: MINISTRY,
                subtree: true,
            },
            Scope::Organisation {
                root: MINISTRY,
                subtree: false,
            },
        ] {
            assert_eq!(scope_from_text(&scope_text(scope)), Some(scope));
        }
        assert_eq!(scope_from_text(""), None);
        assert_eq!(scope_from_text("**"), None);
    }
}
