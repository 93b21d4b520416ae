//! `/api/v1/admin/agents/{id}/tokens`: what an agent made for programs, for who administers them.
//! No token opens these.

pub(in crate::http) mod delete;
pub(in crate::http) mod list;
