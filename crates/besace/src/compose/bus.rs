//! The bus between nodes.
//!
//! Its servers are the operator's own, named in the configuration and nowhere else: the guard of
//! outgoing requests (`outgoing.allow`) does not stand before them.

use kernel::{Rng, Secret};
use kernel_bus::{Bus, Credentials, NatsConfig, NodeId, Tls};

use super::{StartError, read};
use crate::config::{BusSection, Config, ConfigError};

/// The bus of a configuration; that of the only node when it names none. Does not wait for it.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(super) async fn bus(config: &Config, rng: &dyn Rng) -> Result<Bus, StartError> {
    let Some(section) = &config.bus else {
        return Ok(Bus::alone());
    };
    let settings = settings(section)?;
    // Boxed: what a start waits for once is not carried along by all of it.
    let bus = Box::pin(Bus::nats(&settings, NodeId::new(rng))).await;
    bus.map_err(|cause| ConfigError::value("bus", cause).into())
}

/// How the servers of a section are reached.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(crate) fn settings(section: &BusSection) -> Result<NatsConfig, StartError> {
    let tls = match &section.tls {
        None => None,
        Some(tls) => Some(Tls {
            authorities: tls.authorities.clone(),
            identity: match (&tls.certificate, &tls.key) {
                (None, None) => None,
                (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
                _ => {
                    let what = "a certificate and its key go together";
                    return Err(ConfigError::value("bus.tls.certificate", what).into());
                }
            },
        }),
    };
    Ok(NatsConfig {
        servers: section.servers.clone(),
        credentials: credentials(section)?,
        tls,
        prefix: section.prefix.clone(),
    })
}

fn credentials(section: &BusSection) -> Result<Option<Credentials>, StartError> {
    let given = |inline: &Option<Secret>, file: &Option<std::path::PathBuf>| match (inline, file) {
        (Some(secret), _) => Ok(Some(secret.clone())),
        (None, Some(path)) => read(path).map(Some),
        (None, None) => Ok(None),
    };
    let password = given(&section.password, &section.password_file)?;
    let token = given(&section.token, &section.token_file)?;
    match (&section.user, password, token) {
        (None, None, None) => Ok(None),
        (None, None, Some(token)) => Ok(Some(Credentials::Token(token))),
        (Some(name), Some(password), None) => Ok(Some(Credentials::User {
            name: name.clone(),
            password,
        })),
        _ => {
            let what = "a user and a password go together, and a token alone";
            Err(ConfigError::value("bus.user", what).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(rest: &str) -> Result<NatsConfig, String> {
        let text = format!("[bus]\nservers = [\"nats://bus.example:4222\"]\n{rest}");
        let config: Config = toml::from_str(&text).expect("a configuration");
        let section = config.bus.as_ref().expect("a section");
        settings(section).map_err(|cause| cause.to_string())
    }

    #[test]
    fn credentials_are_an_account_a_token_or_none() {
        assert!(read_as("").expect("none").credentials.is_none());
        let account = read_as("user = \"u\"\npassword = \"hunter2\"").expect("an account");
        assert!(matches!(
            account.credentials,
            Some(Credentials::User { .. })
        ));
        assert!(!format!("{account:?}").contains("hunter2"));
        let token = read_as("token = \"t\"").expect("a token");
        assert!(matches!(token.credentials, Some(Credentials::Token(_))));
        for half in [
            "user = \"u\"",
            "password = \"p\"",
            "user = \"u\"\ntoken = \"t\"",
            "user = \"u\"\npassword = \"p\"\ntoken = \"t\"",
        ] {
            let error = read_as(half).expect_err("refused");
            assert!(error.contains("bus.user"), "{error}");
        }
    }

    #[test]
    fn a_certificate_needs_its_key() {
        let error = read_as("[bus.tls]\ncertificate = \"c.pem\"").expect_err("refused");
        assert!(error.contains("bus.tls.certificate"), "{error}");
        let whole = read_as("[bus.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"");
        assert!(
            whole
                .expect("both")
                .tls
                .is_some_and(|tls| tls.identity.is_some())
        );
    }
}
