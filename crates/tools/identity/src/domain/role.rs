//! Roles that agents hold for administrations, and who may give or take one.
//!
//! Invariants
//! - Nobody gives more than they hold: neither a role, nor a reach, nor a time.
//! - The last administrator of an administration cannot take themselves away.

use kernel::{AgentId, Caller, Grant, OrganisationId, Role, Scope, Timestamp};

kernel::define_id!(
    /// One role held by one agent.
    RoleId
);
kernel_db::id_values!(RoleId);

/// A role as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    /// Its name.
    pub id: RoleId,
    /// Who holds it.
    pub agent: AgentId,
    /// What may be done.
    pub role: Role,
    /// For whom.
    pub scope: Scope,
    /// Until when; none: until taken back.
    pub until: Option<Timestamp>,
    /// Who gave it; none: the configuration or the command line.
    pub by: Option<AgentId>,
    /// When it was given.
    pub at: Timestamp,
}

impl HeldRole {
    /// The administration it is for; none: the operator's.
    pub const fn organisation(&self) -> Option<OrganisationId> {
        root(self.scope)
    }
}

/// The administration at the root of a reach; none: everything.
pub const fn root(scope: Scope) -> Option<OrganisationId> {
    match scope {
        Scope::Everything => None,
        Scope::Organisation { root, .. } => Some(root),
    }
}

/// Whether a reach takes in the administrations below its root.
pub const fn subtree(scope: Scope) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Organisation { subtree, .. } => subtree,
    }
}

/// A role that the configuration gives to whoever proves an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredGrant {
    /// The professional address; compared without regard to case.
    pub email: String,
    /// What may be done.
    pub role: Role,
    /// For whom.
    pub scope: Scope,
}

impl ConfiguredGrant {
    /// The same at each start and on each node.
    pub fn id(&self) -> RoleId {
        let of = root(self.scope).map(|id| id.to_string());
        RoleId::from_digest(&super::session::hash(&format!(
            "role:{}:{}:{}:{}",
            self.email_key(),
            self.role.word(),
            of.unwrap_or_default(),
            subtree(self.scope),
        )))
    }

    /// The form in which addresses are compared.
    pub fn email_key(&self) -> String {
        email_key(&self.email)
    }
}

/// The form in which addresses are compared: without regard to the case of ASCII letters.
pub fn email_key(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

/// A role and its reach as an administrator writes them: only the operator's has no root.
///
/// # Errors
/// [`RoleRefusal::NoOrganisation`] for a role without the administration that it needs,
/// [`RoleRefusal::OperatorEverywhere`] for an operator of one administration.
pub fn reach(
    role: Role,
    organisation: Option<OrganisationId>,
    subtree: bool,
) -> Result<Scope, RoleRefusal> {
    match (role, organisation) {
        (Role::Operator, None) => Ok(Scope::Everything),
        (Role::Operator, Some(_)) => Err(RoleRefusal::OperatorEverywhere),
        (Role::Administrator | Role::Announcer, None) => Err(RoleRefusal::NoOrganisation),
        (Role::Administrator | Role::Announcer, Some(root)) => {
            Ok(Scope::Organisation { root, subtree })
        }
    }
}

/// Why a role is neither given nor taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    /// The caller administers nothing there.
    #[error("the caller does not administer this administration")]
    NotAdministrator,
    /// More than the caller holds.
    #[error("more than the caller holds")]
    MoreThanHeld,
    /// A role without the administration it needs.
    #[error("this role is for an administration")]
    NoOrganisation,
    /// An operator runs the whole instance.
    #[error("an operator runs the whole instance")]
    OperatorEverywhere,
    /// It ends before it begins.
    #[error("the end is past")]
    EndIsPast,
    /// No administration of this id.
    #[error("no such administration")]
    UnknownOrganisation,
    /// Nobody who may sign in, or an agent of another administration.
    #[error("no such agent in the caller's administrations")]
    UnknownAgent,
    /// The agent holds it already.
    #[error("the agent holds this role already")]
    HeldAlready,
    /// Nobody would be left.
    #[error("the last one cannot go by themselves")]
    Last,
}

/// Whether `caller` may give `role` with this reach; `ancestors` are those of its root.
///
/// # Errors
/// Why not.
pub fn may_give(
    caller: &Caller,
    role: Role,
    scope: Scope,
    until: Option<Timestamp>,
    ancestors: &[OrganisationId],
    now: Timestamp,
) -> Result<(), RoleRefusal> {
    if until.is_some_and(|until| until <= now) {
        return Err(RoleRefusal::EndIsPast);
    }
    let holds = |grant: &&Grant| grant.until.is_none_or(|end| now < end);
    let reaches = |grant: &&Grant| match scope {
        Scope::Everything => grant.scope == Scope::Everything,
        Scope::Organisation { root, .. } => grant.scope.contains(root, ancestors),
    };
    let administers = |grant: &&Grant| grant.role.implies(Role::Administrator);
    let mut held = caller
        .grants
        .iter()
        .filter(holds)
        .filter(administers)
        .filter(reaches)
        .peekable();
    if held.peek().is_none() {
        return Err(RoleRefusal::NotAdministrator);
    }
    let covers = held.any(|grant| {
        let as_deep = subtree(grant.scope) || !subtree(scope);
        let as_long = match (grant.until, until) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(given)) => given <= own,
        };
        grant.role.implies(role) && as_deep && as_long
    });
    covers.then_some(()).ok_or(RoleRefusal::MoreThanHeld)
}

/// Whether `caller` may take this role back: who may give it may take it, whatever its end; the
/// last administrator (operator) stays. `others` hold the same over the same administration.
///
/// # Errors
/// Why not.
pub fn may_take(
    caller: &Caller,
    held: &HeldRole,
    ancestors: &[OrganisationId],
    others: &[AgentId],
    now: Timestamp,
) -> Result<(), RoleRefusal> {
    let administers = match held.scope {
        Scope::Everything => caller
            .scopes(Role::Operator, now)
            .contains(&Scope::Everything),
        Scope::Organisation { root, .. } => caller.may(Role::Administrator, root, ancestors, now),
    };
    if !administers {
        return Err(RoleRefusal::NotAdministrator);
    }
    let steers = matches!(held.role, Role::Operator | Role::Administrator);
    let alone = others.iter().all(|other| *other == held.agent);
    if steers && alone && held.agent == caller.agent {
        return Err(RoleRefusal::Last);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::callers::{self, MINISTRY, NEIGHBOUR_MINISTRY};

    const PREFECTURE: OrganisationId = OrganisationId::from_u128(7);
    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn over(root: OrganisationId, subtree: bool) -> Scope {
        Scope::Organisation { root, subtree }
    }

    fn give(
        caller: &Caller,
        role: Role,
        scope: Scope,
        above: &[OrganisationId],
    ) -> Result<(), RoleRefusal> {
        may_give(caller, role, scope, None, above, NOW)
    }

    #[test]
    fn an_administrator_gives_what_they_hold_at_home_and_below() {
        let claire = callers::administrator(1);
        for role in [Role::Administrator, Role::Announcer] {
            assert_eq!(give(&claire, role, over(MINISTRY, true), &[]), Ok(()));
            let below = over(PREFECTURE, true);
            assert_eq!(give(&claire, role, below, &[MINISTRY]), Ok(()));
        }
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let claire = callers::administrator(1);
        let elsewhere = over(NEIGHBOUR_MINISTRY, false);
        assert_eq!(
            give(&claire, Role::Announcer, elsewhere, &[]),
            Err(RoleRefusal::NotAdministrator)
        );
        assert_eq!(
            give(&claire, Role::Operator, Scope::Everything, &[]),
            Err(RoleRefusal::NotAdministrator)
        );
        assert_eq!(
            give(
                &callers::agent(1),
                Role::Announcer,
                over(MINISTRY, false),
                &[]
            ),
            Err(RoleRefusal::NotAdministrator)
        );
        let mut narrow = callers::administrator(1);
        for grant in &mut narrow.grants {
            grant.scope = over(MINISTRY, false);
            grant.until = Some(Timestamp::from_millis(5_000));
        }
        let given = |subtree, until| {
            let until = Some(Timestamp::from_millis(until));
            let scope = over(MINISTRY, subtree);
            may_give(&narrow, Role::Announcer, scope, until, &[], NOW)
        };
        assert_eq!(given(false, 5_000), Ok(()));
        assert_eq!(given(true, 5_000), Err(RoleRefusal::MoreThanHeld));
        assert_eq!(given(false, 5_001), Err(RoleRefusal::MoreThanHeld));
        assert_eq!(given(false, 1_000), Err(RoleRefusal::EndIsPast));
        let for_ever = give(&narrow, Role::Announcer, over(MINISTRY, false), &[]);
        assert_eq!(for_ever, Err(RoleRefusal::MoreThanHeld));
    }

    #[test]
    fn an_announcer_gives_nothing_and_an_operator_everything() {
        let mut announcer = callers::administrator(1);
        for grant in &mut announcer.grants {
            grant.role = Role::Announcer;
        }
        assert_eq!(
            give(&announcer, Role::Announcer, over(MINISTRY, false), &[]),
            Err(RoleRefusal::NotAdministrator)
        );
        let operator = callers::operator(1);
        assert_eq!(
            give(&operator, Role::Operator, Scope::Everything, &[]),
            Ok(())
        );
        let elsewhere = over(NEIGHBOUR_MINISTRY, true);
        assert_eq!(give(&operator, Role::Administrator, elsewhere, &[]), Ok(()));
    }

    fn held(agent: AgentId, role: Role, scope: Scope) -> HeldRole {
        HeldRole {
            id: RoleId::from_u128(1),
            agent,
            role,
            scope,
            until: None,
            by: None,
            at: NOW,
        }
    }

    #[test]
    fn the_last_administrator_stays_and_another_may_go() {
        let claire = callers::administrator(1);
        let own = held(claire.agent, Role::Administrator, over(MINISTRY, true));
        let other = AgentId::from_u128(99);
        let take = |others: &[AgentId]| may_take(&claire, &own, &[], others, NOW);
        assert_eq!(take(&[claire.agent]), Err(RoleRefusal::Last));
        assert_eq!(take(&[claire.agent, other]), Ok(()));
        let by_operator = may_take(&callers::operator(2), &own, &[], &[claire.agent], NOW);
        assert_eq!(by_operator, Ok(()));
        let by_neighbour = may_take(&callers::neighbour_administrator(1), &own, &[], &[], NOW);
        assert_eq!(by_neighbour, Err(RoleRefusal::NotAdministrator));
    }

    #[test]
    fn a_role_has_the_reach_it_needs() {
        assert_eq!(reach(Role::Operator, None, false), Ok(Scope::Everything));
        assert_eq!(
            reach(Role::Operator, Some(MINISTRY), true),
            Err(RoleRefusal::OperatorEverywhere)
        );
        assert_eq!(
            reach(Role::Announcer, None, true),
            Err(RoleRefusal::NoOrganisation)
        );
        assert_eq!(
            reach(Role::Administrator, Some(MINISTRY), true),
            Ok(over(MINISTRY, true))
        );
    }
}
