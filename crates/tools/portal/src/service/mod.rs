//! Use cases of the portal.

mod catalogue_cache;
mod home;
mod publish;

pub(crate) use catalogue_cache::CatalogueCache;
pub(crate) use home::{Home, Portal};
pub use publish::publish;
