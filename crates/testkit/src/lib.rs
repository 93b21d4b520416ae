//! A whole application in the test's own process: a throw-away SQLite database, a clock and a
//! seed that the test holds, sessions for anybody, and a client with a cookie jar.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("runtime").block_on(async {
//! use testkit::{TestApp, callers};
//!
//! let app = TestApp::with(|_house| Vec::new()).await;
//! let mut stranger = app.client();
//! assert_eq!(stranger.get("/api/v1/nowhere").await.status, 404);
//! let mut claire = app.sessions_for(callers::agent(1));
//! assert_eq!(claire.get("/healthz").await.status, 200);
//! # });
//! ```
//!
//! Invariants
//! - Depends on the kernel's rooms only, never on a tool.
//! - Nothing waits for real time: tests move [`FixedClock`].

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "this crate is for tests: a broken harness must stop the test at once"
)]

mod answer;
mod app;
mod bearers;
pub mod callers;
mod client;
mod clock;
mod directory;
mod notify;
mod rng;
mod sessions;
mod tokens;

pub use answer::Answer;
pub use app::{TestApp, TestAppBuilder};
pub use bearers::FakeBearers;
pub use client::Client;
pub use clock::FixedClock;
pub use directory::FakeDirectory;
pub use notify::FakeNotify;
pub use rng::SeededRng;
pub use sessions::FakeSessions;
pub use tokens::FakeTokens;

/// Makes aws-lc-rs the process's TLS provider; harmless when there is one already.
pub fn install_tls_provider() {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
}
