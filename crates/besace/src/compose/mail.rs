//! The mailer.

use std::sync::Arc;

use kernel::{Clock, Rng, Secret};
use kernel_http::{MasterKeys, Sealer};
use kernel_mail::{MailConfig, Mailbox, Mailer, Seal, Security};

use super::{StartError, read, read_public};
use crate::config::{Config, ConfigError, MailSection, MailSecurity};

const PURPOSE: &str = "mail/queued/1";

/// Seals the mails that wait under the master key.
struct UnderMasterKey {
    sealer: Sealer,
    rng: Arc<dyn Rng>,
}

impl Seal for UnderMasterKey {
    fn seal(&self, bytes: &[u8]) -> String {
        self.sealer.seal(PURPOSE, bytes, self.rng.as_ref())
    }

    fn open(&self, text: &str) -> Option<Vec<u8>> {
        self.sealer.open(PURPOSE, text)
    }
}

/// The mailer of a configuration; one that sends nothing when it names no server.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(super) fn mailer(
    config: &Config,
    keys: &MasterKeys,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<Mailer, StartError> {
    let Some(section) = &config.mail else {
        return Ok(Mailer::none());
    };
    let settings = settings(config, section)?;
    let seal = UnderMasterKey {
        sealer: keys.sealer(),
        rng: Arc::clone(&rng),
    };
    let mailer = Mailer::sealing(&settings, clock, rng, Arc::new(seal));
    mailer.map_err(|cause| ConfigError::value("mail", cause).into())
}

/// What the section says of the mail server.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(crate) fn settings(config: &Config, section: &MailSection) -> Result<MailConfig, StartError> {
    let security = match section.security {
        MailSecurity::StartTls => Security::StartTls,
        MailSecurity::Tls => Security::Tls,
        MailSecurity::None => Security::None,
    };
    let mut extra_roots_pem = Vec::new();
    for path in &config.outgoing.extra_roots {
        extra_roots_pem.push(read_public(path)?);
    }
    Ok(MailConfig {
        host: section.host.clone(),
        port: section.port.unwrap_or(security.port()),
        security,
        credentials: credentials(section)?,
        from: Mailbox::parse_text(&section.from)
            .map_err(|cause| ConfigError::value("mail.from", cause))?,
        extra_roots_pem,
    })
}

fn credentials(section: &MailSection) -> Result<Option<(String, Secret)>, StartError> {
    let password = match (&section.password, &section.password_file) {
        (Some(password), _) => Some(password.clone()),
        (None, Some(path)) => Some(read(path)?),
        (None, None) => None,
    };
    match (&section.user, password) {
        (Some(user), Some(password)) => Ok(Some((user.clone(), password))),
        (None, None) => Ok(None),
        _ => {
            let what = "a user and a password go together";
            Err(ConfigError::value("mail.user", what).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        toml::from_str(text).expect("a configuration")
    }

    fn refused(text: &str) -> String {
        let config = config(text);
        let section = config.mail.as_ref().expect("a section");
        let settings = settings(&config, section);
        settings.expect_err("refused").to_string()
    }

    #[test]
    fn the_port_follows_the_protection_and_a_password_its_user() {
        let config = config(
            "[mail]\nhost = \"mail.example\"\nfrom = \"Besace <a@b.example>\"\nuser = \"u\"\npassword = \"p\"",
        );
        let section = config.mail.as_ref().expect("a section");
        let read = settings(&config, section).expect("settings");
        assert_eq!((read.port, read.security), (587, Security::StartTls));
        assert!(read.credentials.is_some());
        assert_eq!(read.from.name(), Some("Besace"));
        assert!(
            !format!("{read:?}").contains("\"p\""),
            "the password is not shown"
        );
    }

    #[test]
    fn what_cannot_be_is_named_by_its_key() {
        let of = |rest: &str| refused(&format!("[mail]\nhost = \"h\"\n{rest}"));
        assert!(of("from = \"nobody\"").contains("mail.from"));
        let half = of("from = \"a@b.example\"\nuser = \"u\"");
        assert!(half.contains("mail.user"), "{half}");
    }
}
