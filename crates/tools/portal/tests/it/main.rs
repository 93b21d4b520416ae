//! The portal through the router, on SQLite always and on PostgreSQL when there is a server.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken test stops at once"
)]

mod home;
mod launcher;
mod plugins;
mod publishing;
mod search;
mod support;
