//! Registering applications that sign agents in through us and call our API.

use super::{BoxFuture, PortError};
use crate::{Actor, AgentId, OrganisationId, Secret};

/// An application to register, or new facts of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// Its `client_id`: 1 to 128 letters, digits, dots, dashes, underscores.
    pub client_id: String,
    /// Shown to people.
    pub name: String,
    /// Whose application it is.
    pub organisation: OrganisationId,
    /// Where answers may go, compared to the character; `https`, or `http` on loopback.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may lead back.
    pub post_logout_redirect_uris: Vec<String>,
    /// Who registers it.
    pub by: Actor,
}

/// What a registration gives.
#[derive(Debug, Clone)]
pub struct RegisteredApplication {
    /// Its `client_id`.
    pub client_id: String,
    /// Its new secret, never shown again.
    pub secret: Secret,
}

/// An application in service that was registered while the program ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownApplication {
    /// Its `client_id`.
    pub client_id: String,
    /// Shown to people.
    pub name: String,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may lead back.
    pub post_logout_redirect_uris: Vec<String>,
}

/// The applications, kept by the sign-in tool.
pub trait Applications: Send + Sync {
    /// Registers an application, or gives one that this organisation registered before new facts
    /// and a new secret (the old one ends). It works at once, on every node within two seconds.
    ///
    /// [`PortError::Refused`] says which address or name cannot be, or that the id is another's.
    fn register(
        &self,
        application: NewApplication,
    ) -> BoxFuture<'_, Result<RegisteredApplication, PortError>>;

    /// An application that was registered and has not ended; its secret is not kept.
    fn find(&self, client_id: String)
    -> BoxFuture<'_, Result<Option<KnownApplication>, PortError>>;

    /// Changes name and addresses and keeps the secret.
    fn amend(&self, application: NewApplication) -> BoxFuture<'_, Result<(), PortError>>;

    /// Ends an application: its codes, tokens and secret open nothing any more.
    fn end(&self, client_id: String, by: AgentId) -> BoxFuture<'_, Result<(), PortError>>;
}
