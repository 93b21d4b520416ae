//! The journal: what the security officer must be able to prove later.

mod pending;

pub(crate) use pending::pending;
