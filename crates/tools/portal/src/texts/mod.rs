//! What the portal tells people, in both languages: one file a noun.

pub(crate) mod audience;
pub(crate) mod home;
pub(crate) mod launcher;
pub(crate) mod news;
pub(crate) mod plugin;
pub(crate) mod request;
pub(crate) mod search;
pub(crate) mod tool;
