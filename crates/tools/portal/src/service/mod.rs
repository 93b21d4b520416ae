//! Use cases of the portal.

mod catalogue_cache;
mod home;
mod publish;

pub use catalogue_cache::{CatalogueCache, FRESH_FOR};
pub use home::{Home, Portal};
pub use publish::publish;
