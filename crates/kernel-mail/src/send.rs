//! The job that sends one mail.

use std::time::Duration;

use kernel_db::{BoxFuture, Db, JobError, JobHandler};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Severity;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::{MailConfig, MailError, Mailbox, QueuedMail, Security, compose};

/// The kind of the job, whose payload is a [`QueuedMail`].
pub const JOB: &str = "mail.send";

/// How long the server may take for each answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How much of a server's words is kept.
const WORDS: usize = 200;

/// Sends.
pub(crate) struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Sender {
    /// A sender through this server; connects with each mail.
    pub(crate) fn new(config: &MailConfig) -> Result<Self, MailError> {
        config.check()?;
        let tls = match config.security {
            Security::None => Tls::None,
            Security::Tls => Tls::Wrapper(tls(config)?),
            Security::StartTls => Tls::Required(tls(config)?),
        };
        let domain = config
            .from
            .email()
            .rsplit_once('@')
            .map(|(_, domain)| domain);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .hello_name(ClientId::Domain(domain.unwrap_or("localhost").to_owned()));
        if let Some((user, password)) = &config.credentials {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self {
            transport: builder.build(),
            from: config.from.clone(),
        })
    }
}

fn tls(config: &MailConfig) -> Result<TlsParameters, MailError> {
    let failed = |cause: lettre::transport::smtp::Error| MailError::Tls(cause.to_string());
    let mut builder = TlsParameters::builder(config.host.clone());
    for pem in &config.extra_roots_pem {
        builder =
            builder.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(failed)?);
    }
    builder.build().map_err(failed)
}

impl JobHandler for Sender {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let hopeless = |cause: MailError| JobError::Hopeless(cause.to_string());
            let queued: QueuedMail = serde_json::from_value(payload.clone())
                .map_err(|_| JobError::Hopeless("not a mail of this release".to_owned()))?;
            let message = compose(&queued, &self.from).map_err(hopeless)?;
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(cause) => Err(failure(&cause)),
            }
        })
    }
}

/// What a refusal means for the mail. A server's permanent refusal ends it, but one of our own
/// account there (RFC 4954 §6) does not: that is the operator's to mend, and no mail is lost.
fn failure(cause: &lettre::transport::smtp::Error) -> JobError {
    let words = words(&cause.to_string());
    let ours = cause.status().is_some_and(|code| {
        code.severity == Severity::PermanentNegativeCompletion
            && matches!(u16::from(code), 530 | 534 | 535 | 538)
    });
    if cause.is_permanent() && !ours {
        JobError::Hopeless(words)
    } else {
        JobError::Failed(words)
    }
}

/// A server's words without the addresses that it repeats.
fn words(said: &str) -> String {
    let kept: Vec<&str> = said
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect();
    kept.join(" ").chars().take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_s_words_are_kept_without_addresses() {
        assert_eq!(
            words("permanent error (550): 5.1.1 <claire@interieur.example> unknown\r\n user"),
            "permanent error (550): 5.1.1 … unknown user"
        );
        assert_eq!(words(&"a".repeat(500)).len(), WORDS);
    }
}
