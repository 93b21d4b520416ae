//! What the server-rendered pages say: each a small typed view that gives a title, the content of
//! `<main>` and, for some, of the side panel. The layout around them is the house's.
//!
//! Invariants
//! - Everything works without JavaScript: forms post, buttons bear names.
//! - What comes from outside is escaped by the templates; only our own icons are marked safe.
//! - One `h1` a page; every field has its label; an error is announced and tied to its field.
//! - No sentence depends on whether an account exists.

pub mod administrations;
pub mod bad_client;
pub mod choose_password;
pub mod ended;
pub mod expired;
pub mod failure;
pub mod going_on;
pub mod guest_code;
pub mod guest_link;
pub mod guest_over;
mod icons;
pub mod local_account;
mod parts;
pub mod password;
pub mod provider_down;
mod qr;
pub mod second_factor;
pub mod sign_in;
pub mod sign_out;
pub mod silent;
#[cfg(test)]
mod testing;
pub mod trial;
mod when;

pub use parts::{Content, Form, Help, Interruption, Rendered, Services};
pub use when::Reader;
