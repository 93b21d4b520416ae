//! An audience said as people say it: « Tous les agents de la préfecture des Landes et des
//! services rattachés, sauf les stagiaires ».
//!
//! The sentence is what an administrator reads before publishing, so it says all that the rule
//! says: an administration or a person that is not known is called so, never left out.

use std::collections::BTreeMap;

use kernel::{AgentId, Audience, Locale, OrganisationId, Population};

use super::{Organisations, french::of_organisation};

/// The names that a rule's ids stand for.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Labels of the administrations.
    pub organisations: &'a Organisations,
    /// Display names of the agents.
    pub agents: &'a BTreeMap<AgentId, String>,
}

/// The rule as a sentence without its full stop.
pub fn sentence(audience: &Audience, names: Names<'_>, locale: Locale) -> String {
    let said = Writer { names, locale }.phrase(audience);
    let mut characters = said.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => said,
    }
}

/// What somebody is, in the singular.
pub const fn population_label(population: Population, locale: Locale) -> &'static str {
    match (population, locale) {
        (Population::Agent, Locale::Fr) => "agent public",
        (Population::Agent, Locale::En) => "public agent",
        (Population::Prestataire, Locale::Fr) => "prestataire",
        (Population::Prestataire, Locale::En) => "contractor",
        (Population::Partenaire, Locale::Fr) => "partenaire",
        (Population::Partenaire, Locale::En) => "partner",
        (Population::Stagiaire, Locale::Fr) => "stagiaire",
        (Population::Stagiaire, Locale::En) => "trainee",
    }
}

struct Writer<'a> {
    names: Names<'a>,
    locale: Locale,
}

impl Writer<'_> {
    const fn pick(&self, fr: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::Fr => fr,
            Locale::En => en,
        }
    }

    /// The people of a rule.
    fn phrase(&self, rule: &Audience) -> String {
        match rule {
            Audience::Everyone => self.pick("tous les agents", "all agents").to_owned(),
            Audience::Organisation { id, subtree } => {
                let all = self.pick("tous les agents", "all agents");
                format!("{all} {}", self.of(*id, *subtree))
            }
            Audience::Population(population) => self.population(*population).to_owned(),
            Audience::Agent(agent) => self.agent(*agent),
            Audience::Any(rules) => match rules.as_slice() {
                [] => self.pick("personne", "nobody").to_owned(),
                [one] => self.phrase(one),
                many => self.list(many.iter().map(|rule| self.item(rule))),
            },
            Audience::All(rules) => self.all(rules, false),
            Audience::Not(_) => self.all(std::slice::from_ref(rule), false),
        }
    }

    /// The same inside a list: exceptions stand in brackets, so that they hold for it alone.
    fn item(&self, rule: &Audience) -> String {
        match rule {
            Audience::All(rules) => self.all(rules, true),
            Audience::Not(_) => self.all(std::slice::from_ref(rule), true),
            _ => self.phrase(rule),
        }
    }

    /// The same after « parmi » or « sauf »: without its « tous ».
    fn among(&self, rule: &Audience) -> String {
        let item = self.item(rule);
        match self.locale {
            Locale::Fr => item
                .strip_prefix("tous ")
                .map(str::to_owned)
                .unwrap_or(item),
            Locale::En => item,
        }
    }

    fn all(&self, rules: &[Audience], in_list: bool) -> String {
        let (mut wanted, mut exceptions) = (Vec::new(), Vec::new());
        for rule in rules {
            match rule {
                Audience::Not(inner) => exceptions.push(inner.as_ref()),
                other => wanted.push(other),
            }
        }
        let people = match wanted.as_slice() {
            [] => self.phrase(&Audience::Everyone),
            [one] if in_list => self.item(one),
            [one] => self.phrase(one),
            [one, other] => self
                .populations_of(one, other)
                .or_else(|| self.populations_of(other, one))
                .unwrap_or_else(|| self.meeting(&wanted)),
            _ => self.meeting(&wanted),
        };
        if exceptions.is_empty() {
            return people;
        }
        let exceptions = self.list(exceptions.into_iter().map(|rule| self.exception(rule)));
        let but = self.pick("sauf", "except");
        if in_list {
            format!("{people} ({but} {exceptions})")
        } else {
            format!("{people}, {but} {exceptions}")
        }
    }

    /// « les stagiaires de la préfecture »: populations within one administration.
    fn populations_of(&self, organisation: &Audience, populations: &Audience) -> Option<String> {
        let Audience::Organisation { id, subtree } = organisation else {
            return None;
        };
        let named: Vec<_> = match populations {
            Audience::Population(one) => vec![*one],
            Audience::Any(rules) => rules
                .iter()
                .map(|rule| match rule {
                    Audience::Population(population) => Some(*population),
                    _ => None,
                })
                .collect::<Option<_>>()?,
            _ => return None,
        };
        if named.is_empty() {
            return None;
        }
        let named = self.list(named.into_iter().map(|one| self.population(one).to_owned()));
        Some(format!("{named} {}", self.of(*id, *subtree)))
    }

    /// Who is in several groups at once.
    fn meeting(&self, rules: &[&Audience]) -> String {
        let who = self.pick(
            "les personnes qui sont à la fois parmi ",
            "the people who are at once among ",
        );
        let and = self.pick(" et parmi ", " and among ");
        let groups: Vec<_> = rules.iter().map(|rule| self.among(rule)).collect();
        format!("{who}{}", groups.join(and))
    }

    fn exception(&self, rule: &Audience) -> String {
        match rule {
            Audience::Organisation { id, subtree } => {
                let those = self.pick("ceux", "those");
                format!("{those} {}", self.of(*id, *subtree))
            }
            other => self.among(other),
        }
    }

    /// « de la préfecture des Landes et des services rattachés ».
    fn of(&self, id: OrganisationId, subtree: bool) -> String {
        let label = self.names.organisations.label(id);
        let of = match (label, self.locale) {
            (Some(label), Locale::Fr) => of_organisation(label),
            (Some(label), Locale::En) => format!("of {label}"),
            (None, Locale::Fr) => "d’une administration inconnue".to_owned(),
            (None, Locale::En) => "of an unknown administration".to_owned(),
        };
        let below = self.pick(" et des services rattachés", " and the services below it");
        if subtree { of + below } else { of }
    }

    const fn population(&self, population: Population) -> &'static str {
        match population {
            Population::Agent => self.pick("les agents publics", "public agents"),
            Population::Prestataire => self.pick("les prestataires", "contractors"),
            Population::Partenaire => self.pick("les partenaires", "partners"),
            Population::Stagiaire => self.pick("les stagiaires", "trainees"),
        }
    }

    fn agent(&self, agent: AgentId) -> String {
        self.names.agents.get(&agent).cloned().unwrap_or_else(|| {
            self.pick("une personne inconnue", "an unknown person")
                .to_owned()
        })
    }

    /// « un, deux et trois ».
    fn list(&self, items: impl Iterator<Item = String>) -> String {
        let mut items: Vec<_> = items.collect();
        let Some(last) = items.pop() else {
            return String::new();
        };
        if items.is_empty() {
            return last;
        }
        let and = self.pick(" et ", " and ");
        format!("{}{and}{last}", items.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::port::OrganisationFacts;
    use proptest::prelude::*;

    use super::*;

    const LANDES: OrganisationId = OrganisationId::from_u128(1);
    const DDPP: OrganisationId = OrganisationId::from_u128(2);
    const INES: AgentId = AgentId::from_u128(7);

    fn organisations() -> Organisations {
        let facts = |id, label: &str| OrganisationFacts {
            id,
            siret: String::new(),
            label: label.to_owned(),
            ancestors: Vec::new(),
        };
        Organisations::new(Arc::new(vec![
            facts(LANDES, "Préfecture des Landes"),
            facts(DDPP, "DDPP des Landes"),
        ]))
    }

    fn said(audience: &Audience, locale: Locale) -> String {
        let organisations = organisations();
        let agents = BTreeMap::from([(INES, "Inès Fofana".to_owned())]);
        let names = Names {
            organisations: &organisations,
            agents: &agents,
        };
        sentence(audience, names, locale)
    }

    const fn of(id: OrganisationId, subtree: bool) -> Audience {
        Audience::Organisation { id, subtree }
    }

    fn not(rule: Audience) -> Audience {
        Audience::Not(Box::new(rule))
    }

    const TRAINEES: Audience = Audience::Population(Population::Stagiaire);

    #[test]
    fn the_usual_rules_read_as_people_would_say_them() {
        for (rule, fr, en) in [
            (Audience::Everyone, "Tous les agents", "All agents"),
            (Audience::Any(Vec::new()), "Personne", "Nobody"),
            (
                Audience::All(vec![of(LANDES, true), not(TRAINEES)]),
                "Tous les agents de la préfecture des Landes et des services rattachés, sauf les \
                 stagiaires",
                "All agents of Préfecture des Landes and the services below it, except trainees",
            ),
            (
                Audience::All(vec![of(LANDES, false), TRAINEES]),
                "Les stagiaires de la préfecture des Landes",
                "Trainees of Préfecture des Landes",
            ),
            (
                Audience::All(vec![
                    Audience::Any(vec![
                        of(LANDES, false),
                        Audience::All(vec![
                            Audience::Any(vec![
                                Audience::Population(Population::Agent),
                                Audience::Population(Population::Prestataire),
                            ]),
                            of(DDPP, false),
                        ]),
                        Audience::Agent(INES),
                    ]),
                    not(TRAINEES),
                ]),
                "Tous les agents de la préfecture des Landes, les agents publics et les \
                 prestataires de la DDPP des Landes et Inès Fofana, sauf les stagiaires",
                "All agents of Préfecture des Landes, public agents and contractors of DDPP des \
                 Landes and Inès Fofana, except trainees",
            ),
            (
                not(of(DDPP, false)),
                "Tous les agents, sauf ceux de la DDPP des Landes",
                "All agents, except those of DDPP des Landes",
            ),
        ] {
            assert_eq!(said(&rule, Locale::Fr), fr);
            assert_eq!(said(&rule, Locale::En), en);
        }
    }

    #[test]
    fn an_exception_of_one_group_stands_in_brackets() {
        let rule = Audience::Any(vec![
            Audience::All(vec![of(LANDES, false), not(TRAINEES)]),
            Audience::Agent(INES),
        ]);
        assert_eq!(
            said(&rule, Locale::Fr),
            "Tous les agents de la préfecture des Landes (sauf les stagiaires) et Inès Fofana"
        );
    }

    #[test]
    fn who_must_be_in_two_groups_is_said_so() {
        let rule = Audience::All(vec![of(LANDES, true), of(DDPP, false)]);
        assert_eq!(
            said(&rule, Locale::Fr),
            "Les personnes qui sont à la fois parmi les agents de la préfecture des Landes et \
             des services rattachés et parmi les agents de la DDPP des Landes"
        );
    }

    #[test]
    fn what_is_not_known_is_called_so() {
        let rule = Audience::Any(vec![
            of(OrganisationId::from_u128(99), false),
            Audience::Agent(AgentId::from_u128(99)),
        ]);
        assert_eq!(
            said(&rule, Locale::Fr),
            "Tous les agents d’une administration inconnue et une personne inconnue"
        );
        assert_eq!(
            said(&rule, Locale::En),
            "All agents of an unknown administration and an unknown person"
        );
    }

    fn audiences() -> impl Strategy<Value = Audience> {
        let leaf = prop_oneof![
            Just(Audience::Everyone),
            (1_u128..4, any::<bool>())
                .prop_map(|(id, subtree)| of(OrganisationId::from_u128(id), subtree)),
            Just(TRAINEES),
            (6_u128..9).prop_map(|id| Audience::Agent(AgentId::from_u128(id))),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Audience::All),
                prop::collection::vec(inner.clone(), 0..4).prop_map(Audience::Any),
                inner.prop_map(not),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_rule_has_a_sentence_that_names_all_it_names_and_shows_no_id(rule in audiences()) {
            for locale in [Locale::Fr, Locale::En] {
                let said = said(&rule, locale);
                prop_assert!(!said.is_empty());
                prop_assert!(!said.contains("00000000-"));
                prop_assert!(!said.contains("  "));
                for organisation in super::super::organisations_of(&rule) {
                    let name = match organisation {
                        LANDES => "préfecture des landes",
                        DDPP => "ddpp des landes",
                        _ => "administration",
                    };
                    prop_assert!(said.to_lowercase().contains(name), "{}", said);
                }
                if super::super::agents_of(&rule).contains(&INES) {
                    prop_assert!(said.contains("Inès Fofana"));
                }
            }
        }
    }
}
