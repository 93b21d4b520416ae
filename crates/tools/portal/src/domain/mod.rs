//! Types and decisions of the portal: what a tile is, and who sees it.
//!
//! Nothing here reads a database, a clock or a request.

mod address;
mod catalogue;
mod category;
mod icon;
mod look;
mod tile;

pub use address::{AddressError, TileAddress};
pub use catalogue::{Catalogue, Shelf};
pub use category::{Category, CategoryId, NewCategory};
pub use icon::{IconError, IconName};
pub use look::{Badge, Family, Publication, Reach};
pub use tile::{NewTile, Tile, TileId};
