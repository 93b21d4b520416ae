//! `/api/v1/tiles`.

pub(crate) mod opened;
