//! The bus: hints from each node of an installation to the others.
//!
//! A hint says that something changed, never what: whoever misses one finds the change by
//! reading the database, a little later. So the bus may be down, and nothing but time is lost.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("runtime").block_on(async {
//! use kernel::OsRng;
//! use kernel_bus::{Exchange, Heard, NodeId, Subject};
//!
//! const CATALOGUE: Subject = Subject::fixed("catalogue");
//! let exchange = Exchange::new();
//! let (here, there) = (exchange.join(NodeId::new(&OsRng)), exchange.join(NodeId::new(&OsRng)));
//! let mut hints = there.subscribe();
//! here.publish(CATALOGUE, "7");
//! let Some(Heard::Message(hint)) = hints.next().await else { panic!("a hint") };
//! assert_eq!((hint.subject, &hint.payload[..]), (CATALOGUE, &b"7"[..]));
//! # });
//! ```
//!
//! Invariants
//! - [`Bus::publish`] never waits and never fails: what cannot be sent is dropped and counted.
//! - A message arrives at most once, and those of one node in their order, whatever their
//!   subjects.
//! - A node never hears itself: each message carries the id of its node.
//! - Whoever listens is told when messages may have been missed ([`Heard::Missed`]): the line was
//!   cut, or the listener was too slow.
//! - A bus that says that it is connected has heard its own probe come back within the last six
//!   seconds.

mod bus;
mod envelope;
mod error;
mod exchange;
mod figures;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod nats;
mod node;
mod subject;
#[cfg(feature = "testing")]
pub mod testing;

pub use bus::{Bus, Heard, Message, RECENT, Subscription};
pub use envelope::MAX_PAYLOAD;
pub use error::BusError;
pub use exchange::Exchange;
pub use figures::describe;
pub use nats::{Credentials, NatsConfig, Tls, look};
pub use node::NodeId;
pub use subject::Subject;
