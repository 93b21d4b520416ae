//! The live stream: hints that something changed, so that open pages fetch it again.
//!
//! A hint names a topic and a version, never the content: who may see what is decided when the
//! page asks. A stream carries only the hints meant for its agent. Each process has its hub; what
//! one says the others say again ([`crate::nodes`]).
//!
//! Invariants
//! - A hint is said after the commit of what it tells.
//! - A reader that is too slow, or comes back too late, is told to fetch everything (`resync`);
//!   the hub never waits for anybody and keeps [`RECENT`] hints at most.
//! - A stream ends with its session or its agent's right to sign in, on whichever node either ends,
//!   and when the process drains.
//! - Where hints of other nodes may have been missed, each reader fetches everything once.

mod get;
mod hub;
mod stream;

pub(crate) use get::{__path_get, get};
pub use hub::{AGENT_STREAMS, Live, RECENT, Reached};
