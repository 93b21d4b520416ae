//! The portal through the router, on SQLite always and on PostgreSQL when there is a server.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken test stops at once"
)]

mod announcements;
mod audience;
mod digest;
mod home;
mod inbox;
mod inbox_post;
mod launcher;
mod names;
mod news_support;
mod nodes;
mod own;
mod plugins;
mod publishing;
mod requests;
mod scripts;
mod search;
mod states;
mod support;
mod tools;
