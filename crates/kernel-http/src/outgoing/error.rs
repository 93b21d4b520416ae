//! Why an outgoing request failed.

/// Why the guard said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Neither http nor https.
    #[error("only http and https go out")]
    Scheme,
    /// A user name in the address.
    #[error("an address with a user name does not go out")]
    UserName,
    /// No host.
    #[error("the address has no host")]
    NoHost,
    /// A private, loopback, link-local or otherwise special address.
    #[error("the address is not public and not in outgoing.allow")]
    Address,
}

/// An outgoing request failed.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The guard refused it: it never left.
    #[error("refused: {reason}")]
    Refused {
        /// Why.
        reason: Reason,
    },
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// The name does not resolve, nobody listens, or TLS failed.
    #[error("unreachable: {cause}")]
    Unreachable {
        /// For the log; may hold the address, never a secret.
        cause: String,
    },
    /// The answer is larger than the limit.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// An answer other than 2xx, where only a success is of use ([`super::Answer::success`]).
    #[error("answered with status {0}")]
    Status(u16),
    /// The answer broke off or is no HTTP.
    #[error("the answer broke off: {cause}")]
    Broken {
        /// For the log.
        cause: String,
    },
    /// The client cannot be built from its configuration.
    #[error("the outgoing client is badly configured: {0}")]
    Configuration(String),
}

/// What the resolver says when no address of a name may be reached.
#[derive(Debug, thiserror::Error)]
#[error("no address of this name may be reached")]
pub(super) struct NoAllowedAddress;

impl OutgoingError {
    /// The cause in our words, from the library's error.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        let mut last = String::new();
        while let Some(cause) = source {
            if cause.is::<NoAllowedAddress>() {
                return Self::Refused {
                    reason: Reason::Address,
                };
            }
            last = cause.to_string();
            source = cause.source();
        }
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::Unreachable { cause: last }
        } else {
            Self::Broken { cause: last }
        }
    }
}
