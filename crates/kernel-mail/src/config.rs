//! Where mail goes.

use std::net::IpAddr;

use kernel::Secret;

use crate::{MailError, Mailbox};

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314), usually port 465.
    Tls,
    /// In clear, then TLS before anything is said (RFC 3207), usually port 587; a server that
    /// does not offer it gets no mail.
    StartTls,
    /// In clear, on this machine only.
    None,
}

impl Security {
    /// The port that goes with it.
    pub const fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// The mail server, and who writes.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// Its name, which its certificate bears.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The account there, with its password; none: no authentication.
    pub credentials: Option<(String, Secret)>,
    /// Who writes.
    pub from: Mailbox,
    /// Authorities believed beside the system's, each in PEM.
    pub extra_roots_pem: Vec<String>,
}

impl MailConfig {
    /// Whether mail may leave so.
    ///
    /// # Errors
    /// [`MailError::PlainBeyondLoopback`] for a distant server without TLS.
    pub(crate) fn check(&self) -> Result<(), MailError> {
        if self.security == Security::None && !is_loopback(&self.host) {
            return Err(MailError::PlainBeyondLoopback);
        }
        Ok(())
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(host: &str, security: Security) -> MailConfig {
        MailConfig {
            host: host.to_owned(),
            port: security.port(),
            security,
            credentials: None,
            from: Mailbox::parse(None, "besace@besace.example").expect("an address"),
            extra_roots_pem: Vec::new(),
        }
    }

    #[test]
    fn mail_in_clear_stays_on_this_machine() {
        for host in ["localhost", "127.0.0.1", "::1", "[::1]", "127.8.0.1"] {
            assert_eq!(config(host, Security::None).check(), Ok(()), "{host}");
        }
        for host in ["mail.example", "localhost.example", "10.0.0.1", ""] {
            assert_eq!(
                config(host, Security::None).check(),
                Err(MailError::PlainBeyondLoopback),
                "{host}"
            );
            assert_eq!(config(host, Security::StartTls).check(), Ok(()));
            assert_eq!(config(host, Security::Tls).check(), Ok(()));
        }
    }
}
