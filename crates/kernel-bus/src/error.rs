//! Why there is no bus.

/// Why a bus cannot be made or reached. What is down comes back by itself and is no error of
/// [`Bus::nats`](crate::Bus::nats).
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// No server is named.
    #[error("no server is named")]
    NoServer,
    /// An address that leads to no server.
    #[error("{0} is no address of a NATS server: nats://host:port, or tls://host:port")]
    Address(String),
    /// An address with a name and a password in it.
    #[error("the address of a server holds credentials: they would be shown; give them apart")]
    CredentialsInAddress,
    /// The word before all subjects.
    #[error("the prefix must be words of small letters, digits and hyphens, joined by dots")]
    Prefix,
    /// A file of certificates or keys.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// What the system answered.
        #[source]
        cause: std::io::Error,
    },
    /// The server is not there, or refuses.
    #[error("the server does not let us in: {0}")]
    Refused(String),
    /// The server let us in, and what was published did not come back.
    #[error(
        "connected, but what is published does not come back: check the account's rights to publish and subscribe below {0}.>"
    )]
    NoEcho(String),
    /// No answer in time.
    #[error("the server does not answer")]
    Silent,
}
