//! Types and decisions of the provider: no I/O, no clock, no database.

pub mod acr;
pub mod agent;
pub mod authorize;
pub mod browser;
pub mod claims;
pub mod client;
pub mod code;
pub mod credential;
pub mod guest_code;
pub mod guest_factor;
pub mod import;
pub mod interaction;
pub mod invitation;
pub mod life;
pub mod local_account;
pub mod organisation;
pub mod pkce;
pub mod provider;
pub mod refresh;
pub mod registration;
pub mod role;
pub mod scope;
pub mod session;
pub mod signing;
pub mod trial;
pub mod words;
