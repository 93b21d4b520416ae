//! Bounds of the audience rules that people write, and what they name.

use kernel::{AgentId, Audience, OrganisationId};

/// How deep rules may be nested.
const MOST_DEEP: usize = 8;
/// How many rules one audience may hold.
const MOST_RULES: usize = 200;

/// Why a rule is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Nested more than 8 deep.
    #[error("rules nested over {MOST_DEEP} deep")]
    TooDeep,
    /// Over 200 rules.
    #[error("over {MOST_RULES} rules")]
    TooMany,
}

/// Whether a rule is within bounds.
///
/// # Errors
/// When it is nested too deep or holds too many rules.
pub fn check_rule(audience: &Audience) -> Result<(), RuleError> {
    let mut rules = 0;
    check(audience, 1, &mut rules)
}

fn check(audience: &Audience, depth: usize, rules: &mut usize) -> Result<(), RuleError> {
    *rules += 1;
    if depth > MOST_DEEP {
        return Err(RuleError::TooDeep);
    }
    if *rules > MOST_RULES {
        return Err(RuleError::TooMany);
    }
    for inner in inner(audience) {
        check(inner, depth + 1, rules)?;
    }
    Ok(())
}

fn inner(audience: &Audience) -> &[Audience] {
    match audience {
        Audience::All(rules) | Audience::Any(rules) => rules,
        Audience::Not(rule) => std::slice::from_ref(rule.as_ref()),
        Audience::Everyone
        | Audience::Organisation { .. }
        | Audience::Population(_)
        | Audience::Agent(_) => &[],
    }
}

/// The agents that a rule names one by one.
pub fn agents_of(audience: &Audience) -> Vec<AgentId> {
    let mut found = Vec::new();
    visit(audience, &mut |rule| {
        if let Audience::Agent(agent) = rule
            && !found.contains(agent)
        {
            found.push(*agent);
        }
    });
    found
}

/// The organisations that a rule names.
pub fn organisations_of(audience: &Audience) -> Vec<OrganisationId> {
    let mut found = Vec::new();
    visit(audience, &mut |rule| {
        if let Audience::Organisation { id, .. } = rule
            && !found.contains(id)
        {
            found.push(*id);
        }
    });
    found
}

fn visit(audience: &Audience, see: &mut dyn FnMut(&Audience)) {
    see(audience);
    for rule in inner(audience) {
        visit(rule, see);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_within_bounds_is_taken_and_a_monster_is_not() {
        let mut rule = Audience::Everyone;
        for _ in 0..7 {
            rule = Audience::Not(Box::new(rule));
        }
        assert_eq!(check_rule(&rule), Ok(()));
        assert_eq!(
            check_rule(&Audience::Not(Box::new(rule))),
            Err(RuleError::TooDeep)
        );
        let wide = |count| Audience::Any(vec![Audience::Everyone; count]);
        assert_eq!(check_rule(&wide(199)), Ok(()));
        assert_eq!(check_rule(&wide(200)), Err(RuleError::TooMany));
    }

    #[test]
    fn whom_a_rule_names_is_found_once_each() {
        let one = AgentId::from_u128(1);
        let ministry = OrganisationId::from_u128(2);
        let rule = Audience::All(vec![
            Audience::Any(vec![Audience::Agent(one), Audience::Agent(one)]),
            Audience::Not(Box::new(Audience::Organisation {
                id: ministry,
                subtree: false,
            })),
        ]);
        assert_eq!(agents_of(&rule), [one]);
        assert_eq!(organisations_of(&rule), [ministry]);
    }
}
