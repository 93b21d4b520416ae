//! Use cases of the portal.

mod act;
mod audience;
mod catalogue_cache;
mod home;
mod launcher;
mod now;
mod own;
mod plugins;
mod portal;
mod publish;
mod requests;
mod rights;
mod search;
mod status;
mod tools;

pub(crate) use audience::{Described, Elsewhere, KnownNames};
pub(crate) use catalogue_cache::CatalogueCache;
pub(crate) use home::Home;
pub(crate) use launcher::{Launcher, LauncherError, Place};
pub(crate) use own::{Forgetting, Own};
pub(crate) use portal::Portal;
pub use publish::publish;
pub(crate) use requests::{NewToolRequest, RequestNotices, Requests};
pub(crate) use search::{Found, SourceState};
pub(crate) use status::Service;
pub use status::{ServiceStatus, StatusSource};
pub(crate) use tools::{Checked, Edit, Listed, Sheet, Warning};
