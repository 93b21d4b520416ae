//! Use cases of the portal.

mod catalogue_cache;
mod home;
mod launcher;
mod plugins;
mod portal;
mod publish;
mod search;

pub(crate) use catalogue_cache::CatalogueCache;
pub(crate) use home::Home;
pub(crate) use launcher::{Launcher, LauncherError, Place};
pub(crate) use portal::Portal;
pub use publish::publish;
pub(crate) use search::{Found, SourceState};
