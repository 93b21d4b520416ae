//! The nodes of one installation: what each tells the others, and what it does with what it hears.
//!
//! Three subjects, in one order for each node: [`REVISED`] names rows kept in memory that have
//! changed, [`LIVE`] carries the hints of open pages, [`REVOKED`] says whose sessions have ended.
//!
//! Invariants
//! - What is heard is never said again: it goes to this node's own readers only.
//! - Rows are doubted before the hint that tells of them is passed on, so that the page which
//!   fetches them finds the change.
//! - No hint carries content. While the bus is down the rows that pages show are compared every
//!   two seconds, and a session is looked up at each request: nothing but time is lost.

mod follow;
mod message;

pub use follow::follow;
#[cfg(feature = "fuzz")]
pub use message::told_again;
pub use message::{Ended, LIVE, REVISED, REVOKED};
pub(crate) use message::{ended, hint};
