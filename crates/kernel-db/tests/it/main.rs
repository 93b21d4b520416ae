//! The store suite: each test on SQLite, and on PostgreSQL when there is a server.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod backup;
mod common;
mod concurrency;
mod crash;
mod dead_letters;
mod durability;
mod idempotency;
mod jobs;
mod journal;
mod migrations;
mod outbox;
mod reading;
mod revised;
mod transactions;
mod workers;
