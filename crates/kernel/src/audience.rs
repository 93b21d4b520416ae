//! Whom something is meant for, as one typed rule: decided here for one person
//! ([`Audience::includes`]), and compiled to SQL for all of them ([`Audience::to_sql`]).

mod check;
mod sql;

pub use check::{AudienceError, DEEPEST, LARGEST};
pub use sql::{AudienceColumns, AudienceSql, AudienceValue};

use crate::{AgentId, OrganisationId, Population};

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    /// Who.
    pub agent: AgentId,
    /// Their administration.
    pub organisation: OrganisationId,
    /// The administrations above it.
    pub ancestors: &'a [OrganisationId],
    /// What they are there.
    pub population: Population,
    /// Whether they are somebody's guest: an audience is of agents.
    pub guest: bool,
}

/// A rule that says for which agents a thing is. Kept as JSON text.
///
/// Guests are in no audience, whatever the rule: what is shared with one is shared by name, in an
/// invitation. So a rule written before there were guests, or that excludes (`not`), lets none in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// Every agent.
    Everyone,
    /// The agents of an organisation and, with `subtree`, of those below it.
    Organisation {
        /// Which.
        id: OrganisationId,
        /// Whether those below belong too.
        subtree: bool,
    },
    /// A population, wherever.
    Population(Population),
    /// One person.
    Agent(AgentId),
    /// All of these; of nothing, everybody.
    All(Vec<Audience>),
    /// One of these at least; of nothing, nobody.
    Any(Vec<Audience>),
    /// Not these.
    Not(Box<Audience>),
}

impl Audience {
    /// Whether the rule takes in this person; never a guest.
    pub fn includes(&self, profile: &Profile<'_>) -> bool {
        !profile.guest && self.takes_in(profile)
    }

    fn takes_in(&self, profile: &Profile<'_>) -> bool {
        match self {
            Self::Everyone => true,
            Self::Organisation { id, subtree } => {
                *id == profile.organisation || (*subtree && profile.ancestors.contains(id))
            }
            Self::Population(population) => *population == profile.population,
            Self::Agent(agent) => *agent == profile.agent,
            Self::All(rules) => rules.iter().all(|rule| rule.takes_in(profile)),
            Self::Any(rules) => rules.iter().any(|rule| rule.takes_in(profile)),
            Self::Not(rule) => !rule.takes_in(profile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);

    fn profile(ancestors: &[OrganisationId], population: Population) -> Profile<'_> {
        Profile {
            agent: AgentId::from_u128(9),
            organisation: PREFECTURE,
            ancestors,
            population,
            guest: false,
        }
    }

    #[test]
    fn no_rule_takes_in_a_guest() {
        let guest = Profile {
            guest: true,
            ..profile(&[MINISTRY], Population::Partenaire)
        };
        let own = Audience::Agent(guest.agent);
        for rule in [
            Audience::Everyone,
            Audience::All(Vec::new()),
            Audience::Population(Population::Partenaire),
            Audience::Organisation {
                id: PREFECTURE,
                subtree: false,
            },
            Audience::Not(Box::new(own.clone())),
            Audience::Not(Box::new(Audience::Any(Vec::new()))),
            own,
        ] {
            assert!(!rule.includes(&guest), "{rule:?}");
        }
    }

    #[test]
    fn a_rule_takes_in_whom_it_names_and_nobody_else() {
        let agent = profile(&[MINISTRY], Population::Agent);
        let trainee = profile(&[MINISTRY], Population::Stagiaire);
        let below = Audience::Organisation {
            id: MINISTRY,
            subtree: true,
        };
        let only = Audience::Organisation {
            id: MINISTRY,
            subtree: false,
        };
        assert!(below.includes(&agent));
        assert!(!only.includes(&agent));
        let agents_below = Audience::All(vec![
            below,
            Audience::Not(Box::new(Audience::Population(Population::Stagiaire))),
        ]);
        assert!(agents_below.includes(&agent));
        assert!(!agents_below.includes(&trainee));
        assert!(!Audience::Any(Vec::new()).includes(&agent));
        assert!(Audience::All(Vec::new()).includes(&agent));
    }

    #[test]
    fn a_rule_survives_its_json_and_an_unknown_one_is_refused() {
        let rule = Audience::Any(vec![
            Audience::Everyone,
            Audience::Organisation {
                id: MINISTRY,
                subtree: true,
            },
        ]);
        let json = serde_json::to_string(&rule).expect("json");
        assert_eq!(serde_json::from_str::<Audience>(&json).expect("rule"), rule);
        assert!(serde_json::from_str::<Audience>(r#"{"planet":"mars"}"#).is_err());
    }
}
