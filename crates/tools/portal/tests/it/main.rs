//! The portal through the router, on SQLite always and on PostgreSQL when there is a server.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken test stops at once"
)]

mod announcements;
mod digest;
mod home;
mod inbox;
mod inbox_post;
mod launcher;
mod news_support;
mod plugins;
mod publishing;
mod search;
mod support;
