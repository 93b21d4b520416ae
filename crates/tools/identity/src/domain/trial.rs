//! A trial of a provider: an administrator signs in there, and sees what it gives. Nobody is
//! signed in here by it, and no agent is written.

use std::time::Duration;

use kernel::{AgentId, Text, Timestamp};

use crate::upstream::{ProviderId, TrialClaim};

/// How long somebody may take at the provider: as long as a sign-in.
pub const LIFETIME: Duration = super::interaction::LIFETIME;
/// How long what came is kept.
pub const KEPT: Duration = Duration::from_hours(7 * 24);

kernel::define_id!(
    /// A trial.
    TrialId
);

/// A trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Which.
    pub id: TrialId,
    /// Of which provider.
    pub provider: ProviderId,
    /// By whom.
    pub agent: AgentId,
    /// When it began.
    pub started_at: Timestamp,
    /// No answer counts from then on.
    pub expires_at: Timestamp,
    /// When and how it ended.
    pub ended: Option<(Timestamp, Outcome)>,
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// What came and what did not; empty: nothing that may be believed.
    pub(crate) claims: Vec<TrialClaim>,
    /// What nobody signs in without.
    pub(crate) missing: Vec<String>,
    /// A SIRET for who is without one.
    pub(crate) proposed_siret: Option<String>,
    /// Why a sign-in would be refused; none: it would not.
    pub(crate) problem: Option<Text>,
}

/// Where a trial stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialState {
    /// Somebody is at the provider.
    Waiting,
    /// A sign-in would succeed.
    Done,
    /// It would not, or nobody came back in time.
    Failed,
}

impl TrialState {
    /// The wire's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl Trial {
    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> TrialState {
        match &self.ended {
            Some((_, outcome)) if outcome.problem.is_none() => TrialState::Done,
            None if now < self.expires_at => TrialState::Waiting,
            Some(_) | None => TrialState::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_waits_until_its_time_is_over_and_then_has_failed() {
        let mut trial = Trial {
            id: TrialId::from_u128(1),
            provider: ProviderId::parse("a").expect("an id"),
            agent: AgentId::from_u128(2),
            started_at: Timestamp::from_millis(0),
            expires_at: Timestamp::from_millis(10),
            ended: None,
        };
        let at = Timestamp::from_millis;
        assert_eq!(trial.state(at(9)), TrialState::Waiting);
        assert_eq!(trial.state(at(10)), TrialState::Failed);
        let mut outcome = Outcome {
            claims: Vec::new(),
            missing: Vec::new(),
            proposed_siret: None,
            problem: None,
        };
        trial.ended = Some((at(5), outcome.clone()));
        assert_eq!(trial.state(at(20)), TrialState::Done);
        outcome.problem = Some(Text::fixed("a", "b"));
        trial.ended = Some((at(5), outcome));
        assert_eq!(trial.state(at(20)), TrialState::Failed);
    }
}
