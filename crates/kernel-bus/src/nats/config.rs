//! How a NATS server is reached.

use std::path::PathBuf;
use std::time::Duration;

use async_nats::{ConnectOptions, ServerAddr};
use kernel::Secret;
use url::Url;

use crate::{BusError, Subject};

/// The server asks for a sign of life, and we of it, this often.
const PING: Duration = Duration::from_secs(5);
/// A connection takes no longer than this.
const CONNECTION: Duration = Duration::from_secs(3);
/// After a failure each further try waits this much longer…
const STEP: Duration = Duration::from_millis(100);
/// … and never longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How a NATS server, or a cluster of them, is reached.
#[derive(Debug, Clone)]
pub struct NatsConfig {
    /// Addresses: `nats://host:port`, or `tls://host:port`. Several: the servers of one cluster.
    pub servers: Vec<Url>,
    /// Who we are there; none: the server lets everybody in.
    pub credentials: Option<Credentials>,
    /// TLS beyond what `tls://` asks: our own authority, our own certificate.
    pub tls: Option<Tls>,
    /// The word before all subjects: two installations at one server have two.
    pub prefix: String,
}

/// Who we are at the server.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A name and a password.
    User {
        /// The name.
        name: String,
        /// The password.
        password: Secret,
    },
    /// A token.
    Token(Secret),
}

/// TLS towards the server.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// A PEM file of authorities, believed instead of the system's.
    pub authorities: Option<PathBuf>,
    /// Our own certificate and its key, PEM files, for a server that asks for one.
    pub identity: Option<(PathBuf, PathBuf)>,
}

impl NatsConfig {
    /// What the client is told; each part is looked at first.
    pub(super) fn options(&self) -> Result<ConnectOptions, BusError> {
        if Subject::parse(&self.prefix).is_none() {
            return Err(BusError::Prefix);
        }
        let mut options = ConnectOptions::new()
            .name("besace")
            .ping_interval(PING)
            .connection_timeout(CONNECTION)
            .reconnect_delay_callback(wait_before);
        options = match &self.credentials {
            None => options,
            Some(Credentials::User { name, password }) => {
                options.user_and_password(name.clone(), password.expose().to_owned())
            }
            Some(Credentials::Token(token)) => options.token(token.expose().to_owned()),
        };
        if let Some(tls) = &self.tls {
            options = options.require_tls(true);
            if let Some(path) = &tls.authorities {
                options = options.add_root_certificates(readable(path)?);
            }
            if let Some((certificate, key)) = &tls.identity {
                options = options.add_client_certificate(readable(certificate)?, readable(key)?);
            }
        }
        Ok(options)
    }

    /// The servers' addresses.
    pub(super) fn addresses(&self) -> Result<Vec<ServerAddr>, BusError> {
        if self.servers.is_empty() {
            return Err(BusError::NoServer);
        }
        self.servers.iter().map(address).collect()
    }

    /// Connects under these options.
    pub(super) async fn connect(
        &self,
        options: ConnectOptions,
    ) -> Result<async_nats::Client, BusError> {
        options
            .connect(self.addresses()?)
            .await
            .map_err(|cause| BusError::Refused(cause.to_string()))
    }
}

fn address(url: &Url) -> Result<ServerAddr, BusError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BusError::CredentialsInAddress);
    }
    let wrong = || BusError::Address(url.to_string());
    if !matches!(url.scheme(), "nats" | "tls") || url.host_str().is_none() {
        return Err(wrong());
    }
    url.as_str().parse().map_err(|_| wrong())
}

/// A file that can be read now; the client itself would only say so in its own log, later.
fn readable(path: &std::path::Path) -> Result<PathBuf, BusError> {
    std::fs::File::open(path)
        .map(|_| path.to_owned())
        .map_err(|cause| BusError::File {
            path: path.to_owned(),
            cause,
        })
}

fn wait_before(attempt: usize) -> Duration {
    let steps = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    STEP.saturating_mul(steps).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(server: &str) -> NatsConfig {
        NatsConfig {
            servers: vec![Url::parse(server).expect("an address")],
            credentials: Some(Credentials::Token(Secret::new("sesame"))),
            tls: None,
            prefix: "besace".to_owned(),
        }
    }

    #[test]
    fn an_address_is_of_nats_and_holds_no_credentials() {
        let of = |server: &str| config(server).addresses().map(|all| all.len());
        assert!(matches!(of("nats://bus.example:4222"), Ok(1)));
        assert!(matches!(of("tls://bus.example"), Ok(1)));
        assert!(matches!(
            of("http://bus.example"),
            Err(BusError::Address(_))
        ));
        let held = of("nats://u:hunter2@bus.example").expect_err("refused");
        assert!(!held.to_string().contains("hunter2"), "{held}");
        let none = NatsConfig {
            servers: Vec::new(),
            ..config("nats://bus.example")
        };
        assert!(matches!(none.addresses(), Err(BusError::NoServer)));
    }

    #[test]
    fn a_prefix_with_a_wildcard_and_a_file_that_is_not_there_are_refused() {
        let mut wide = config("nats://bus.example");
        wide.prefix = "besace.>".to_owned();
        assert!(matches!(wide.options(), Err(BusError::Prefix)));
        let mut lost = config("tls://bus.example");
        lost.tls = Some(Tls {
            authorities: Some("/nowhere/ca.pem".into()),
            identity: None,
        });
        let error = lost.options().expect_err("refused").to_string();
        assert!(error.contains("/nowhere/ca.pem"), "{error}");
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert!(!format!("{:?}", config("nats://bus.example")).contains("sesame"));
    }

    #[test]
    fn tries_come_further_apart_and_never_further_than_two_seconds() {
        assert_eq!(wait_before(0), Duration::ZERO);
        assert_eq!(wait_before(1), Duration::ZERO);
        assert_eq!(wait_before(6), Duration::from_millis(500));
        assert_eq!(wait_before(usize::MAX), LONGEST_WAIT);
    }
}
