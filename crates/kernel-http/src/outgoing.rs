//! The one way out: a guarded HTTP client.
//!
//! Addresses come from administrators and from other servers' metadata; a request to them must
//! not become a request to our own machines. So
//! - only `http` and `https`, without user name in the address;
//! - every address that a name resolves to is judged ([`address`]), by the resolver itself, so
//!   that nothing changes between the look and the connection; literal addresses are judged too;
//! - no redirect is followed;
//! - time and size are bounded, and nothing is decompressed.
//!
//! What must be reached inside (ministries' providers live on private networks) is named in
//! [`OutgoingConfig::allow`]. Through a configured proxy, names are resolved by the proxy, which
//! then has the last word; literal addresses are judged here all the same.

pub mod address;
mod allow;
mod client;
mod error;
mod resolver;

pub use client::{Answer, Options, Outgoing, OutgoingConfig};
pub use error::{OutgoingError, Reason};
