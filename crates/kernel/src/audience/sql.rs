//! A rule as a predicate of SQL, in the subset that SQLite and PostgreSQL share.
//!
//! Invariants
//! - The text is made of the columns' names (ours, `'static`) and `$n`: nothing of the rule but its
//!   shape is in it, every value is a parameter.
//! - It is true of a row exactly when [`Audience::includes`] is of the row's profile, and never
//!   unknown: an empty population counts as `agent`, as it does for a caller. The rows are agents':
//!   whoever asks leaves the guests out, as no rule says it.

use super::Audience;
use crate::{AgentId, OrganisationId, Population};

/// Where the predicate finds what a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct AudienceColumns {
    /// The column of the agent's id; never empty.
    pub agent: &'static str,
    /// The column of the agent's administration; never empty.
    pub organisation: &'static str,
    /// The column of the agent's population ([`Population::claim`]); empty: an agent.
    pub population: &'static str,
    /// The table of each administration (`organisation`) with each of those above it (`above`).
    pub above: &'static str,
}

/// A value of a compiled rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudienceValue {
    /// An administration's id.
    Organisation(OrganisationId),
    /// A population's claim.
    Population(Population),
    /// An agent's id.
    Agent(AgentId),
}

/// A compiled rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceSql {
    /// A predicate, to be put behind `WHERE` or `AND`.
    pub predicate: String,
    /// The values of its parameters, in their order.
    pub values: Vec<AudienceValue>,
}

impl Audience {
    /// Compiles the rule. Its parameters are `$first`, `$first+1`, …
    pub fn to_sql(&self, columns: &AudienceColumns, first: usize) -> AudienceSql {
        let mut made = Made {
            columns,
            first,
            sql: AudienceSql {
                predicate: String::new(),
                values: Vec::new(),
            },
        };
        made.rule(self);
        made.sql
    }
}

struct Made<'a> {
    columns: &'a AudienceColumns,
    first: usize,
    sql: AudienceSql,
}

impl Made<'_> {
    fn rule(&mut self, rule: &Audience) {
        match rule {
            Audience::Everyone => self.say("1 = 1"),
            Audience::Organisation { id, subtree } => self.organisation(*id, *subtree),
            Audience::Population(population) => {
                let place = self.value(AudienceValue::Population(*population));
                let column = self.columns.population;
                self.say(&format!("COALESCE({column}, 'agent') = {place}"));
            }
            Audience::Agent(agent) => {
                let place = self.value(AudienceValue::Agent(*agent));
                let column = self.columns.agent;
                self.say(&format!("{column} = {place}"));
            }
            Audience::All(rules) => self.several(rules, " AND ", "1 = 1"),
            Audience::Any(rules) => self.several(rules, " OR ", "1 = 0"),
            Audience::Not(rule) => {
                self.say("NOT (");
                self.rule(rule);
                self.say(")");
            }
        }
    }

    fn organisation(&mut self, id: OrganisationId, subtree: bool) {
        let place = self.value(AudienceValue::Organisation(id));
        let AudienceColumns {
            organisation,
            above,
            ..
        } = *self.columns;
        if subtree {
            self.say(&format!(
                "({organisation} = {place} OR {organisation} IN \
                 (SELECT organisation FROM {above} WHERE above = {place}))"
            ));
        } else {
            self.say(&format!("{organisation} = {place}"));
        }
    }

    fn several(&mut self, rules: &[Audience], between: &str, of_nothing: &str) {
        if rules.is_empty() {
            self.say(of_nothing);
            return;
        }
        self.say("(");
        for (place, rule) in rules.iter().enumerate() {
            if place > 0 {
                self.say(between);
            }
            self.rule(rule);
        }
        self.say(")");
    }

    fn value(&mut self, value: AudienceValue) -> String {
        let place = self.first + self.sql.values.len();
        self.sql.values.push(value);
        format!("${place}")
    }

    fn say(&mut self, text: &str) {
        self.sql.predicate.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: AudienceColumns = AudienceColumns {
        agent: "a.id",
        organisation: "a.organisation",
        population: "a.population",
        above: "organisation_above",
    };
    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);

    fn predicate(rule: &Audience) -> String {
        rule.to_sql(&COLUMNS, 1).predicate
    }

    #[test]
    fn a_rule_is_a_predicate_whose_values_are_parameters() {
        let rule = Audience::All(vec![
            Audience::Organisation {
                id: MINISTRY,
                subtree: true,
            },
            Audience::Not(Box::new(Audience::Population(Population::Stagiaire))),
            Audience::Agent(AgentId::from_u128(9)),
        ]);
        let sql = rule.to_sql(&COLUMNS, 3);
        assert_eq!(
            sql.predicate,
            "((a.organisation = $3 OR a.organisation IN (SELECT organisation FROM \
             organisation_above WHERE above = $3)) AND NOT (COALESCE(a.population, 'agent') = $4) \
             AND a.id = $5)"
        );
        assert_eq!(
            sql.values,
            [
                AudienceValue::Organisation(MINISTRY),
                AudienceValue::Population(Population::Stagiaire),
                AudienceValue::Agent(AgentId::from_u128(9)),
            ]
        );
    }

    #[test]
    fn all_of_nothing_is_everybody_and_any_of_nothing_is_nobody() {
        assert_eq!(predicate(&Audience::Everyone), "1 = 1");
        assert_eq!(predicate(&Audience::All(Vec::new())), "1 = 1");
        assert_eq!(predicate(&Audience::Any(Vec::new())), "1 = 0");
    }
}
