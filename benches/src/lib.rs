//! What several benchmarks share.
#![expect(clippy::expect_used, reason = "a bench stops where it fails")]

#[cfg(feature = "sso")]
pub mod people;
pub mod process;
