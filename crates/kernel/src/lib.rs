//! The words the whole house speaks: ids, time, randomness, callers, audiences, problems,
//! journal entries, events, and the ports through which tools meet.
//!
//! Invariants
//! - No I/O and no async runtime: everything here is a value or a trait.
//! - Only what two tools already use comes in; a kernel edit rebuilds every tool.
//! - Time and randomness are parameters ([`Clock`], [`Rng`]); nothing here reads them itself
//!   but [`SystemClock`] and [`OsRng`], which exist to be handed over once, in `main`.

mod acts;
pub mod audience;
mod caller;
mod clock;
mod event;
mod fold;
mod id;
mod journal;
mod locale;
mod page;
pub mod port;
mod problem;
mod rng;
mod scope;
mod secret;
mod token_scope;

pub use acts::{ACTS, acts_named};
pub use audience::{Audience, AudienceError, Profile};
pub use caller::{Actor, Caller, Grant, Means, Population, Role};
pub use clock::{Clock, SystemClock, Timestamp};
pub use event::Event;
pub use fold::fold;
pub use id::{
    AgentId, CredentialId, EventId, IdError, OrganisationId, RequestId, SessionId, ToolId,
};
pub use journal::{Act, JournalEntry, Outcome};
pub use locale::{Locale, Text};
pub use page::{Cursor, CursorError, Limit, Page};
pub use port::BoxFuture;
pub use problem::Problem;
pub use rng::{OsRng, Rng, RngExt};
pub use scope::Scope;
pub use secret::Secret;
pub use token_scope::TokenScope;

#[doc(hidden)]
pub mod __id {
    pub use crate::id::{uuid_v7, uuid_v8};
}
#[doc(hidden)]
pub use serde as __serde;
#[doc(hidden)]
pub use uuid as __uuid;
