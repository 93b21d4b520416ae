//! What other applications of the State bring: a count on their tile, hits in the search.
//!
//! Invariants
//! - An application speaks of its own tile only, and only to agents who see it: whether somebody
//!   else exists, it does not learn.
//! - Its search is asked with a secret of its own, that leaves once and is kept sealed.

mod badge;
mod error;
mod hints;
mod registry;
mod source;

pub(crate) use error::PluginError;
pub(crate) use hints::Hints;
pub(crate) use registry::{Answering, Plugins};
pub(crate) use source::{PURPOSE as SEARCH_SOURCE, ask};
