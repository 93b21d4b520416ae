//! What a tool hands to whoever composes the program.

use std::sync::Arc;

/// A tool, ready to be merged: its router already holds its state.
pub struct Tool {
    /// Its name, as in the crate and the migrations.
    pub name: &'static str,
    /// Its endpoints, at absolute paths.
    pub router: axum::Router,
    /// Their description.
    pub openapi: utoipa::openapi::OpenApi,
    /// Its tables.
    pub migrations: kernel_db::MigrationSet,
    /// Its background work.
    pub jobs: Vec<Arc<dyn kernel_db::JobHandler>>,
    /// What it wants to know of the other tools.
    pub consumers: Vec<Arc<dyn kernel_db::Consumer>>,
}
