//! Callers ready made, for rights and their refusals: an agent, a neighbour, an administrator.

use kernel::{AgentId, Caller, Grant, Means, OrganisationId, Population, Role, Scope, SessionId};

/// The ministry of most tests.
pub const MINISTRY: OrganisationId = OrganisationId::from_u128(0x100);
/// Another one: its people are neighbours.
pub const NEIGHBOUR_MINISTRY: OrganisationId = OrganisationId::from_u128(0x200);

/// An agent of [`MINISTRY`]; `number` tells agents and their sessions apart.
pub fn agent(number: u32) -> Caller {
    of(MINISTRY, number)
}

/// An agent of [`NEIGHBOUR_MINISTRY`].
pub fn neighbour(number: u32) -> Caller {
    of(NEIGHBOUR_MINISTRY, number)
}

/// An administrator of [`MINISTRY`] and what lies below it.
pub fn administrator(number: u32) -> Caller {
    with_role(agent(number), Role::Administrator)
}

/// The same of [`NEIGHBOUR_MINISTRY`].
pub fn neighbour_administrator(number: u32) -> Caller {
    with_role(neighbour(number), Role::Administrator)
}

/// The operator of the instance.
pub fn operator(number: u32) -> Caller {
    let mut caller = agent(number);
    caller.grants.push(Grant {
        role: Role::Operator,
        scope: Scope::Everything,
        until: None,
    });
    caller
}

/// An agent of any organisation.
pub fn of(organisation: OrganisationId, number: u32) -> Caller {
    let number = u128::from(number);
    let place = organisation
        .as_bytes()
        .iter()
        .fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    Caller {
        agent: AgentId::from_u128((0xa << 120) | (place << 32) | number),
        by: Means::Session(SessionId::from_u128((0x5 << 120) | (place << 32) | number)),
        organisation,
        ancestors: Vec::new(),
        population: Population::Agent,
        grants: Vec::new(),
        guest: None,
        locale: None,
    }
}

fn with_role(mut caller: Caller, role: Role) -> Caller {
    caller.grants.push(Grant {
        role,
        scope: Scope::Organisation {
            root: caller.organisation,
            subtree: true,
        },
        until: None,
    });
    caller
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_other_people_elsewhere() {
        assert_ne!(agent(1).agent, neighbour(1).agent);
        assert_ne!(agent(1).session(), agent(2).session());
        assert_ne!(agent(1).organisation, neighbour(1).organisation);
        assert_eq!(administrator(1).grants.len(), 1);
    }
}
