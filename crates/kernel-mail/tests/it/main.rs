//! Mails on their way to a server of the test's own, on the loopback.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken test stops at once"
)]

mod sending;
mod server;
