//! Which organisations' rows a store function may touch.

use crate::OrganisationId;

/// The reach of a right. Store functions of rows that belong to an organisation take one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every organisation: the operator, and the program itself.
    Everything,
    /// One organisation, with those below it when `subtree`.
    Organisation {
        /// Its root.
        root: OrganisationId,
        /// Whether those below are reached too.
        subtree: bool,
    },
}

impl Scope {
    /// Whether `organisation`, whose parents are `ancestors`, lies within.
    pub fn contains(self, organisation: OrganisationId, ancestors: &[OrganisationId]) -> bool {
        match self {
            Self::Everything => true,
            Self::Organisation { root, subtree } => {
                organisation == root || (subtree && ancestors.contains(&root))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: OrganisationId = OrganisationId::from_u128(1);
    const CHILD: OrganisationId = OrganisationId::from_u128(2);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(3);

    #[test]
    fn a_subtree_reaches_down_and_never_sideways() {
        let scope = Scope::Organisation {
            root: ROOT,
            subtree: true,
        };
        assert!(scope.contains(ROOT, &[]));
        assert!(scope.contains(CHILD, &[ROOT]));
        assert!(!scope.contains(NEIGHBOUR, &[]));
    }

    #[test]
    fn without_subtree_a_child_is_out_of_reach() {
        let scope = Scope::Organisation {
            root: ROOT,
            subtree: false,
        };
        assert!(!scope.contains(CHILD, &[ROOT]));
    }
}
