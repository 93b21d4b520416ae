//! `/api/v1/search`.

pub(crate) mod get;
