//! The life of an account: what is done to it, by whom, and what it becomes.
//!
//! Invariants
//! - Nobody does it to themselves, and nobody to somebody who holds more than they do: who acts is
//!   always left, so the last administrator and the last operator stay.
//! - An account is erased only once it is closed: two acts, so that no slip of the hand erases.

use kernel::{Act, AgentId, Caller, OrganisationId, Role, Timestamp};

use super::agent::AgentState;
use super::role::{HeldRole, may_take};

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Refused everywhere until resumed.
    Suspend,
    /// As it was before the suspension, or before the departure; roles do not come back.
    Resume,
    /// The agent left: roles end too.
    Depart,
    /// Everything that is kept of the agent goes, but a tombstone.
    Erase,
}

impl Step {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Suspend, Self::Resume, Self::Depart, Self::Erase];

    /// The word of the JSON API and of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Depart => "depart",
            Self::Erase => "erase",
        }
    }

    /// The act in the journal.
    pub const fn act(self) -> Act {
        match self {
            Self::Suspend => Act("identity.agent.suspend"),
            Self::Resume => Act("identity.agent.resume"),
            Self::Depart => Act("identity.agent.depart"),
            Self::Erase => Act("identity.agent.erase"),
        }
    }

    /// The kind of the event.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Suspend => "identity.agent.suspended",
            Self::Resume => "identity.agent.resumed",
            Self::Depart => "identity.agent.departed",
            Self::Erase => "identity.agent.erased",
        }
    }
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Its state.
    pub state: AgentState,
    /// What it comes back to; none: it has never left.
    pub before: Option<AgentState>,
    /// Since when; none: since it is known.
    pub since: Option<Timestamp>,
    /// Who did it; none: nobody, or the command line.
    pub by: Option<AgentId>,
}

impl Life {
    /// Whether the account is a guest's, or was one's before it was suspended or closed.
    pub fn is_guest(&self) -> bool {
        self.state == AgentState::Guest || self.before == Some(AgentState::Guest)
    }
}

/// Why nothing is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeRefusal {
    /// The caller does not administer the agent's administration.
    #[error("the caller does not administer this agent")]
    NotAdministrator,
    /// The caller's own account.
    #[error("nobody does this to themselves")]
    Oneself,
    /// The agent holds a role that the caller could not take.
    #[error("the agent holds more than the caller")]
    HoldsMore,
    /// The account is not in a state that allows it.
    #[error("an account that is {} cannot be {}", .from.word(), .step.event())]
    State {
        /// What was asked.
        step: Step,
        /// Where the account stands.
        from: AgentState,
    },
    /// An account merged into itself.
    #[error("an account cannot be merged into itself")]
    Same,
    /// One of two accounts is suspended, erased, a guest's, or (that which stays) closed.
    #[error("these accounts cannot be merged as they stand")]
    Unmergeable,
    /// A suspension without its reason.
    #[error("a reason is needed")]
    NoReason,
    /// Longer than a reason may be.
    #[error("the reason is too long")]
    LongReason,
}

impl Life {
    /// The account after a step.
    ///
    /// # Errors
    /// [`LifeRefusal::State`] when the state does not allow it.
    pub const fn after(
        self,
        step: Step,
        by: Option<AgentId>,
        now: Timestamp,
    ) -> Result<Self, LifeRefusal> {
        use AgentState::{Active, Departed, Erased, Guest, PreCreated, Suspended};
        let (state, before) = match (step, self.state) {
            (Step::Suspend, PreCreated | Active | Guest) => (Suspended, Some(self.state)),
            (Step::Resume, Suspended | Departed) => match self.before {
                Some(PreCreated) => (PreCreated, None),
                // Who was a guest never becomes an agent.
                Some(Guest) => (Guest, None),
                Some(_) | None => (Active, None),
            },
            (Step::Depart, PreCreated | Active | Guest) => (Departed, Some(self.state)),
            (Step::Depart, Suspended) => (Departed, self.before),
            (Step::Erase, Departed) => (Erased, None),
            (step, from) => return Err(LifeRefusal::State { step, from }),
        };
        Ok(Self {
            state,
            before,
            since: Some(now),
            by,
        })
    }

    /// Whether the state allows a step.
    pub const fn allows(self, step: Step) -> bool {
        self.after(step, None, Timestamp::from_millis(0)).is_ok()
    }
}

/// Whether the account of `old` may be merged into that of `new`. A suspension cannot be left by a
/// merge, nor be widened by one; and who is or was a guest never becomes an agent, nor an agent a
/// guest.
///
/// # Errors
/// Why not.
pub fn mergeable(
    (old, old_life): (AgentId, &Life),
    (new, new_life): (AgentId, &Life),
) -> Result<(), LifeRefusal> {
    use AgentState::{Active, Departed, PreCreated};
    if old == new {
        return Err(LifeRefusal::Same);
    }
    let leaves = matches!(old_life.state, PreCreated | Active | Departed);
    let stays = matches!(new_life.state, PreCreated | Active);
    let guests = old_life.is_guest() || new_life.is_guest();
    if leaves && stays && !guests {
        Ok(())
    } else {
        Err(LifeRefusal::Unmergeable)
    }
}

/// A role of the agent, with the administrations above the one it is for.
pub type RoleAndAbove = (HeldRole, Vec<OrganisationId>);

/// Whether `caller` may act on the account of `agent`, who is of `organisation` (below `above`) and
/// holds `roles`.
///
/// # Errors
/// Why not.
pub fn may_act(
    caller: &Caller,
    agent: AgentId,
    (organisation, above): (OrganisationId, &[OrganisationId]),
    roles: &[RoleAndAbove],
    now: Timestamp,
) -> Result<(), LifeRefusal> {
    if !caller.may(Role::Administrator, organisation, above, now) {
        return Err(LifeRefusal::NotAdministrator);
    }
    if agent == caller.agent {
        return Err(LifeRefusal::Oneself);
    }
    let holds = |held: &HeldRole| held.until.is_none_or(|end| now < end);
    let reached = roles
        .iter()
        .filter(|(held, _)| holds(held))
        .all(|(held, above)| {
            // Who could take each of these roles holds as much; they themselves are among the others.
            may_take(caller, held, above, &[caller.agent], now).is_ok()
        });
    if reached {
        Ok(())
    } else {
        Err(LifeRefusal::HoldsMore)
    }
}

/// Why it is done, for the journal: 1 to 500 characters on one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The most characters.
    pub const LONGEST: usize = 500;

    /// Reads what was typed; none when nothing was.
    ///
    /// # Errors
    /// [`LifeRefusal::LongReason`].
    pub fn parse(text: &str) -> Result<Option<Self>, LifeRefusal> {
        let text = text.trim();
        if text.chars().count() > Self::LONGEST {
            return Err(LifeRefusal::LongReason);
        }
        let clean = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        Ok((!text.is_empty()).then(|| Self(text.chars().map(clean).collect())))
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use kernel::Scope;
    use testkit::callers::{self, MINISTRY, NEIGHBOUR_MINISTRY};

    use super::*;
    use crate::domain::role::RoleId;

    const NOW: Timestamp = Timestamp::from_millis(1_000);
    const SOMEBODY: AgentId = AgentId::from_u128(77);

    fn life(state: AgentState) -> Life {
        Life {
            state,
            before: None,
            since: None,
            by: None,
        }
    }

    fn states(state: AgentState) -> [bool; 4] {
        Step::ALL.map(|step| life(state).allows(step))
    }

    #[test]
    fn each_state_allows_what_it_is_said_to_and_nothing_else() {
        // Suspend, resume, depart, erase.
        assert_eq!(states(AgentState::PreCreated), [true, false, true, false]);
        assert_eq!(states(AgentState::Active), [true, false, true, false]);
        assert_eq!(states(AgentState::Guest), [true, false, true, false]);
        assert_eq!(states(AgentState::Suspended), [false, true, true, false]);
        assert_eq!(states(AgentState::Departed), [false, true, false, true]);
        assert_eq!(states(AgentState::Erased), [false; 4]);
    }

    #[test]
    fn who_comes_back_is_what_they_were() {
        for first in [
            AgentState::PreCreated,
            AgentState::Active,
            AgentState::Guest,
        ] {
            let suspended = life(first).after(Step::Suspend, Some(SOMEBODY), NOW);
            let suspended = suspended.expect("suspended");
            assert_eq!((suspended.since, suspended.by), (Some(NOW), Some(SOMEBODY)));
            let departed = suspended.after(Step::Depart, None, NOW).expect("departed");
            for left in [suspended, departed] {
                let back = left.after(Step::Resume, None, NOW).expect("back");
                assert_eq!((back.state, back.before), (first, None));
            }
        }
    }

    #[test]
    fn whoever_is_or_was_a_guest_is_merged_with_nobody() {
        let other = AgentId::from_u128(78);
        let merged = |old: &Life, new: &Life| mergeable((SOMEBODY, old), (other, new));
        let (active, guest) = (life(AgentState::Active), life(AgentState::Guest));
        let gone = guest.after(Step::Depart, None, NOW).expect("departed");
        let left = active.after(Step::Depart, None, NOW).expect("departed");
        assert_eq!(merged(&left, &active), Ok(()));
        for (old, new) in [(&guest, &active), (&gone, &active), (&active, &guest)] {
            assert_eq!(merged(old, new), Err(LifeRefusal::Unmergeable));
        }
    }

    fn act(caller: &Caller, roles: &[RoleAndAbove]) -> Result<(), LifeRefusal> {
        may_act(caller, SOMEBODY, (MINISTRY, &[]), roles, NOW)
    }

    fn held(role: Role, scope: Scope) -> RoleAndAbove {
        let held = HeldRole {
            id: RoleId::from_u128(1),
            agent: SOMEBODY,
            role,
            scope,
            until: None,
            by: None,
            at: NOW,
        };
        (held, Vec::new())
    }

    #[test]
    fn administrators_act_at_home_and_an_operator_everywhere() {
        assert_eq!(act(&callers::administrator(1), &[]), Ok(()));
        assert_eq!(act(&callers::operator(1), &[]), Ok(()));
        for other in [callers::agent(1), callers::neighbour_administrator(1)] {
            assert_eq!(act(&other, &[]), Err(LifeRefusal::NotAdministrator));
        }
    }

    #[test]
    fn nobody_acts_on_themselves_nor_on_who_holds_more() {
        let claire = callers::administrator(1);
        let own = may_act(&claire, claire.agent, (MINISTRY, &[]), &[], NOW);
        assert_eq!(own, Err(LifeRefusal::Oneself));
        let at_home = Scope::Organisation {
            root: MINISTRY,
            subtree: true,
        };
        let elsewhere = Scope::Organisation {
            root: NEIGHBOUR_MINISTRY,
            subtree: false,
        };
        let operator = held(Role::Operator, Scope::Everything);
        let as_much = held(Role::Administrator, at_home);
        let more = held(Role::Announcer, elsewhere);
        assert_eq!(act(&claire, std::slice::from_ref(&as_much)), Ok(()));
        for roles in [vec![operator.clone()], vec![as_much, more.clone()]] {
            assert_eq!(act(&claire, &roles), Err(LifeRefusal::HoldsMore));
            assert_eq!(act(&callers::operator(2), &roles), Ok(()));
        }
        let mut ended = more;
        ended.0.until = Some(NOW);
        assert_eq!(act(&claire, &[ended]), Ok(()), "a role that has ended");
    }

    #[test]
    fn a_reason_is_what_was_typed_without_what_cannot_be_read() {
        let read = |text: &str| Reason::parse(text).map(|some| some.map(|reason| reason.0));
        assert_eq!(read("  \n "), Ok(None));
        assert_eq!(
            read(" Badge\tperdu\u{7}, hier "),
            Ok(Some("Badge perdu , hier".into()))
        );
        assert_eq!(read(&"é".repeat(500)), Ok(Some("é".repeat(500))));
        assert_eq!(read(&"é".repeat(501)), Err(LifeRefusal::LongReason));
    }
}
