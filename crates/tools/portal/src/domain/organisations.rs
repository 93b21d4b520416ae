//! All administrations at one moment, and what lies above each.

use std::sync::Arc;

use kernel::port::OrganisationFacts;
use kernel::{Caller, OrganisationId, Role, Timestamp};

/// The administrations as the directory told them.
#[derive(Debug, Clone)]
pub struct Organisations(Arc<Vec<OrganisationFacts>>);

impl Organisations {
    /// From the directory's answer.
    pub const fn new(facts: Arc<Vec<OrganisationFacts>>) -> Self {
        Self(facts)
    }

    /// One administration; none: unknown.
    pub fn get(&self, id: OrganisationId) -> Option<&OrganisationFacts> {
        self.0.iter().find(|facts| facts.id == id)
    }

    /// Its name; none: unknown.
    pub fn label(&self, id: OrganisationId) -> Option<&str> {
        self.get(id).map(|facts| facts.label.as_str())
    }

    /// Those above it, nearest first; none above an unknown one.
    pub fn ancestors(&self, id: OrganisationId) -> &[OrganisationId] {
        self.get(id).map_or(&[], |facts| facts.ancestors.as_slice())
    }

    /// The administration that answers for it: the topmost above it, or itself.
    pub fn top(&self, id: OrganisationId) -> OrganisationId {
        self.ancestors(id).last().copied().unwrap_or(id)
    }

    /// Whether a caller may act in `role` for this administration. Nobody but an operator may
    /// for an unknown one.
    pub fn may(&self, caller: &Caller, role: Role, id: OrganisationId, now: Timestamp) -> bool {
        caller.may(role, id, self.ancestors(id), now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);
    const SERVICE: OrganisationId = OrganisationId::from_u128(3);

    #[test]
    fn the_topmost_administration_answers_for_those_below() {
        let facts = |id, label: &str, ancestors: &[OrganisationId]| OrganisationFacts {
            id,
            siret: String::new(),
            label: label.to_owned(),
            ancestors: ancestors.to_vec(),
        };
        let all = Organisations::new(Arc::new(vec![
            facts(MINISTRY, "Ministère", &[]),
            facts(PREFECTURE, "Préfecture", &[MINISTRY]),
            facts(SERVICE, "Service", &[PREFECTURE, MINISTRY]),
        ]));
        assert_eq!(all.top(SERVICE), MINISTRY);
        assert_eq!(all.top(MINISTRY), MINISTRY);
        assert_eq!(all.label(PREFECTURE), Some("Préfecture"));
        let unknown = OrganisationId::from_u128(9);
        assert_eq!(all.top(unknown), unknown);
        assert_eq!(all.label(unknown), None);
    }
}
