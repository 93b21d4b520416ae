//! The HTTP house: what every tool's endpoints have in common, written once.
//!
//! A tool gives a [`Tool`] (a router and its descriptions); [`app`] merges them, puts the
//! middleware around and answers what belongs to no tool: health, `OpenAPI`, the site's public
//! facts, the legal pages, the display settings and the embedded web app. [`serve`] carries the
//! result on a listener.
//!
//! Invariants
//! - A refusal is a [`kernel::Problem`] until the outermost layers: only there does it get a
//!   language and a form (JSON or page).
//! - The strictest Content-Security-Policy is the default; a response loosens it by name only
//!   ([`csp::Policy`]).
//! - Nothing is logged that names a person or an address: the request id, the route's template,
//!   the status, the duration and the agent's id.
//! - Outgoing requests leave through [`outgoing::Outgoing`] only.

pub mod accessibility;
mod app;
pub mod assets;
mod client_errors;
mod context;
pub mod cookies;
pub mod csp;
pub mod csrf;
pub mod etag;
pub mod extract;
mod health;
mod house;
mod idempotency;
pub mod keys;
pub mod live;
pub mod metrics;
mod middleware;
pub mod nodes;
mod openapi;
pub mod outgoing;
pub mod pages;
mod problem;
pub mod rate;
pub mod serve;
pub mod site;
#[cfg(test)]
mod testing;
pub mod tokens;
mod tool;

pub use accessibility::{Accessibility, Audit};
pub use app::app;
pub use assets::{Asset, ProviderWeb, WebAssets};
pub use context::RequestContext;
pub use etag::{EntityTag, IfMatch};
pub use extract::{
    ApiJson, ApiPath, ApiQuery, Application, ClientIp, Cookies, Lang, MaybeSigned, Signed,
    SignedOrGuest, ThemeChoice,
};
pub use house::{Bearer, Bearers, BoxFuture, House, Sessions, SessionsError};
pub use keys::{
    MasterKey, MasterKeyError, MasterKeys, Resealed, SealedCount, Sealer, count_sealed, reseal,
    set_empty,
};
pub use live::{Live, Reached};
pub use openapi::merged as merged_openapi;
pub use outgoing::{Outgoing, OutgoingConfig, OutgoingError};
pub use pages::{Look, Page};
pub use problem::ApiError;
pub use serve::{Limits, serve};
pub use site::{Legal, Site, Support, Theme};
pub use tokens::{TokenHolder, Tokens};
pub use tool::Tool;
