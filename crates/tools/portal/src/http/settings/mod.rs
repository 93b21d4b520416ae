//! `/api/v1/settings`.

pub(crate) mod get;
pub(crate) mod put;
