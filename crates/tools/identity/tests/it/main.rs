//! Sign-ins through the routers: Besace, and two ministries' providers that are instances of the
//! same tool, reached in process. On SQLite always, on PostgreSQL when there is a server.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken test stops at once"
)]

mod account;
mod agents;
mod announced;
mod applications;
mod audiences;
mod authorize;
mod credentials;
mod factor_changes;
mod guest_factor;
mod guests;
mod guests_attacks;
mod guests_ends;
mod interactions;
mod introspection;
mod keys;
mod levels;
mod life;
mod local;
mod local_password;
mod people;
mod people_scale;
mod providers;
mod refresh;
mod revocation;
mod robustness;
mod roles;
mod routes;
mod second_factor;
mod sessions;
mod sign_in;
mod step_up;
mod support;
mod tokens;
mod two_writers;
