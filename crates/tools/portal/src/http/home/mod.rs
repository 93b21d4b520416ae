//! `/api/v1/home`.

pub(crate) mod get;
