//! The bus suite: each test in process, and on NATS when there is a server.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken test stops at once"
)]

mod nats;
mod suite;
