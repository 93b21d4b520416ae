//! A hint to somebody once a second at most, and never lost.

use std::collections::HashMap;
use std::time::Duration;

use kernel::{AgentId, Timestamp};

/// Between two hints to one agent.
const PAUSE: Duration = Duration::from_secs(1);
/// Agents remembered before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// When a hint is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// After this long; what changes until then is told with it.
    After(Duration),
    /// One is on its way already.
    Planned,
}

/// The last or next hint of each agent. A machine without clock or lock: the time comes in.
#[derive(Debug, Default)]
pub struct Throttle(HashMap<AgentId, Timestamp>);

impl Throttle {
    /// Something changed for this agent: when to say so. The answer is taken as done.
    pub fn ask(&mut self, agent: AgentId, now: Timestamp) -> When {
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, said| said.plus(PAUSE) > now);
        }
        match self.0.get(&agent).copied() {
            Some(planned) if planned > now => When::Planned,
            Some(said) if said.plus(PAUSE) > now => {
                let next = said.plus(PAUSE);
                self.0.insert(agent, next);
                When::After(next.since(now))
            }
            Some(_) | None => {
                self.0.insert(agent, now);
                When::Now
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIRE: AgentId = AgentId::from_u128(1);
    const HUGO: AgentId = AgentId::from_u128(2);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_first_is_said_at_once_and_those_of_the_next_second_together() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.ask(CLAIRE, at(5_000)), When::Now);
        assert_eq!(
            throttle.ask(CLAIRE, at(5_400)),
            When::After(Duration::from_millis(600))
        );
        assert_eq!(throttle.ask(CLAIRE, at(5_900)), When::Planned);
        assert_eq!(
            throttle.ask(CLAIRE, at(6_000)),
            When::After(PAUSE),
            "the planned one was said at this moment"
        );
        assert_eq!(throttle.ask(CLAIRE, at(8_000)), When::Now);
    }

    #[test]
    fn one_agent_never_waits_for_another() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.ask(CLAIRE, at(0)), When::Now);
        assert_eq!(throttle.ask(HUGO, at(0)), When::Now);
    }

    #[test]
    fn agents_at_rest_are_forgotten() {
        let mut throttle = Throttle::default();
        for (agent, millis) in (0_u128..).zip(0..i64::try_from(REMEMBERED).expect("small")) {
            throttle.ask(AgentId::from_u128(agent), at(millis));
        }
        throttle.ask(AgentId::from_u128(u128::MAX), at(100_000));
        assert_eq!(throttle.0.len(), 1);
    }
}
