//! Types and decisions of the portal: what a tile is, and who sees it.
//!
//! Nothing here reads a database, a clock or a request.

mod address;
mod audience_rule;
mod badge_count;
mod breaker;
mod catalogue;
mod category;
mod consent;
mod french;
mod icon;
mod label;
mod launcher;
mod look;
pub mod news;
mod organisations;
mod reaches;
mod request;
mod sentence;
mod source_answer;
mod spread;
mod throttle;
mod tile;
mod tool;
mod tool_index;

pub use address::{AddressError, TileAddress};
pub use audience_rule::{RuleError, agents_of, check_rule, organisations_of};
pub use badge_count::{BadgeCount, BadgeCountError};
pub use breaker::Breaker;
pub use catalogue::{Catalogue, Shelf};
pub use category::{Category, CategoryId, NewCategory};
pub use consent::{Consent, Consents, scope_from_text, scope_text};
pub use icon::{IconError, IconName};
pub use label::{Label, LabelError};
pub use launcher::{Maturity, is_public};
pub use look::{Badge, Family, Level, Origin, Publication, PublicationError, Reach};
pub use organisations::Organisations;
pub use reaches::{NoReach, Reaches};
pub use request::{Request, RequestId, RequestKind, RequestState, RequestStateError};
pub use sentence::{Names, population_label, sentence};
pub use source_answer::{ANSWER_BYTES, AnswerError, HITS, read_answer};
pub use spread::{Spread, spread};
pub use throttle::{Throttle, When};
pub use tile::{NEW_FOR, NewTile, Tile, TileId};
pub use tool::{Tool, ToolFields, ToolNotice, client_id_of};
pub use tool_index::ToolIndex;
