//! Why a mail cannot be made or sent at all.

/// A mail or a configuration that cannot be. Never holds an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Not an address of RFC 5321.
    #[error("not a mail address")]
    Address,
    /// A link of a header that is not plain.
    #[error("the address of a list header is not a plain https or http address")]
    ListHeader,
    /// The message could not be put together.
    #[error("the message cannot be composed: {0}")]
    Compose(String),
    /// Mail in clear to another machine.
    #[error("without TLS only a mail server on this machine is spoken to")]
    PlainBeyondLoopback,
    /// The certificates or the client's TLS.
    #[error("TLS: {0}")]
    Tls(String),
    /// A user without a password, or the other way round.
    #[error("a user and a password go together")]
    Credentials,
    /// A mail that waits under a key that is not given any more.
    #[error("the mail waited under a master key that is not given any more")]
    Sealed,
    /// What waits is no mail.
    #[error("not a mail of this release")]
    NoMail,
}
