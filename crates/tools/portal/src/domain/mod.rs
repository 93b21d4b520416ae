//! Types and decisions of the portal: what a tile is, and who sees it.
//!
//! Nothing here reads a database, a clock or a request.

mod address;
mod badge_count;
mod breaker;
mod catalogue;
mod category;
mod icon;
mod launcher;
mod look;
mod source_answer;
mod throttle;
mod tile;
mod tool_index;

pub use address::{AddressError, TileAddress};
pub use badge_count::{BadgeCount, BadgeCountError};
pub use breaker::Breaker;
pub use catalogue::{Catalogue, Shelf};
pub use category::{Category, CategoryId, NewCategory};
pub use icon::{IconError, IconName};
pub use launcher::{Maturity, is_public};
pub use look::{Badge, Family, Publication, Reach};
pub use source_answer::{ANSWER_BYTES, AnswerError, HITS, read_answer};
pub use throttle::{Throttle, When};
pub use tile::{NewTile, Tile, TileId};
pub use tool_index::ToolIndex;
