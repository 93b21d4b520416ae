//! `/api/v1/inbox`.

pub(crate) mod list;
pub(crate) mod post;
pub(crate) mod read;
pub(crate) mod read_all;
pub(crate) mod sources;
pub(crate) mod undo;
pub(crate) mod unread;
