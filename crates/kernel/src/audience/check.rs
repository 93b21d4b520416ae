//! How large a rule may be: deep or wide ones are refused before they are kept or compiled.

use super::Audience;
use crate::AgentId;

/// The most levels of a rule within a rule.
pub const DEEPEST: usize = 8;
/// The most rules in one, itself and all within it.
pub const LARGEST: usize = 200;

/// Why a rule is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// Rules within rules, too often.
    #[error("the rule has more than {DEEPEST} levels")]
    TooDeep,
    /// Too many rules.
    #[error("the rule is made of more than {LARGEST} rules")]
    TooLarge,
}

impl Audience {
    /// Whether the rule keeps its limits: [`DEEPEST`] levels, [`LARGEST`] rules.
    ///
    /// # Errors
    /// The limit that it breaks.
    pub fn check(&self) -> Result<(), AudienceError> {
        let mut left = LARGEST;
        measure(self, 1, &mut left)
    }

    /// The agents that the rule names, in or out, in no order and perhaps several times.
    pub fn named_agents(&self) -> Vec<AgentId> {
        let mut named = Vec::new();
        gather(self, &mut named);
        named
    }

    /// The rule as it is for whoever it does not name.
    #[must_use]
    pub fn for_the_unnamed(&self) -> Self {
        let each = |rules: &[Self]| rules.iter().map(Self::for_the_unnamed).collect();
        match self {
            Self::Agent(_) => Self::Any(Vec::new()),
            Self::All(rules) => Self::All(each(rules)),
            Self::Any(rules) => Self::Any(each(rules)),
            Self::Not(rule) => Self::Not(Box::new(rule.for_the_unnamed())),
            Self::Everyone | Self::Organisation { .. } | Self::Population(_) => self.clone(),
        }
    }
}

fn measure(rule: &Audience, level: usize, left: &mut usize) -> Result<(), AudienceError> {
    if level > DEEPEST {
        return Err(AudienceError::TooDeep);
    }
    *left = left.checked_sub(1).ok_or(AudienceError::TooLarge)?;
    match rule {
        Audience::All(rules) | Audience::Any(rules) => rules
            .iter()
            .try_for_each(|rule| measure(rule, level + 1, left)),
        Audience::Not(rule) => measure(rule, level + 1, left),
        Audience::Everyone
        | Audience::Organisation { .. }
        | Audience::Population(_)
        | Audience::Agent(_) => Ok(()),
    }
}

fn gather(rule: &Audience, named: &mut Vec<AgentId>) {
    match rule {
        Audience::Agent(agent) => named.push(*agent),
        Audience::All(rules) | Audience::Any(rules) => {
            for rule in rules {
                gather(rule, named);
            }
        }
        Audience::Not(rule) => gather(rule, named),
        Audience::Everyone | Audience::Organisation { .. } | Audience::Population(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Audience {
        (1..levels).fold(Audience::Everyone, |rule, _| Audience::Not(Box::new(rule)))
    }

    #[test]
    fn a_rule_at_its_limits_is_taken_and_one_beyond_is_refused_by_name() {
        assert_eq!(nested(DEEPEST).check(), Ok(()));
        assert_eq!(nested(DEEPEST + 1).check(), Err(AudienceError::TooDeep));
        let wide = |rules| Audience::Any(vec![Audience::Everyone; rules]);
        assert_eq!(wide(LARGEST - 1).check(), Ok(()));
        assert_eq!(wide(LARGEST).check(), Err(AudienceError::TooLarge));
        assert_eq!(
            AudienceError::TooDeep.to_string(),
            "the rule has more than 8 levels"
        );
    }

    #[test]
    fn whoever_is_not_named_is_judged_as_if_nobody_were() {
        let agent = AgentId::from_u128(1);
        let rule = Audience::All(vec![
            Audience::Not(Box::new(Audience::Agent(agent))),
            Audience::Any(vec![Audience::Everyone, Audience::Agent(agent)]),
        ]);
        assert_eq!(rule.named_agents(), [agent, agent]);
        let nobody = Audience::Any(Vec::new());
        assert_eq!(
            rule.for_the_unnamed(),
            Audience::All(vec![
                Audience::Not(Box::new(nobody.clone())),
                Audience::Any(vec![Audience::Everyone, nobody]),
            ])
        );
    }
}
