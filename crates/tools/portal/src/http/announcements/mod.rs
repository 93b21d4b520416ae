//! `/api/v1/announcements`.

pub(crate) mod body;
pub(crate) mod list;
pub(crate) mod read;
