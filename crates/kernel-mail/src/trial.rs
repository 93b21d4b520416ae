//! One mail handed over at once, every step told: for whoever sets a mail server up.

use lettre::Message;

use crate::refusal::{Refusal, Step};
use crate::server::{self, Connection, Server};
use crate::{MailConfig, MailError, QueuedMail, Security, compose};

/// What a step of a trial gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which step.
    pub step: Step,
    /// What came of it; an error ends the trial. Without addresses.
    pub said: Result<String, String>,
}

/// Speaks to the server of a configuration, and hands it a mail when there is one; nothing is
/// queued, nothing tried again. What was told, in order: the last outcome is the one that failed,
/// if one did.
///
/// # Errors
/// [`MailError`] when the configuration or the mail cannot be.
pub async fn trial(
    config: &MailConfig,
    mail: Option<&QueuedMail>,
) -> Result<Vec<Outcome>, MailError> {
    let server = Server::new(config)?;
    let message = mail.map(|mail| compose(mail, &config.from)).transpose()?;
    let mut told = Vec::new();
    if let Err(refusal) = talk(&server, config.security, message.as_ref(), &mut told).await {
        told.push(Outcome {
            step: refusal.step(),
            said: Err(refusal.to_string()),
        });
    }
    Ok(told)
}

async fn talk(
    server: &Server,
    security: Security,
    message: Option<&Message>,
    told: &mut Vec<Outcome>,
) -> Result<(), Refusal> {
    let mut tell = |step, said: String| {
        told.push(Outcome {
            step,
            said: Ok(said),
        });
    };
    let mut connection = server.connect().await?;
    tell(Step::Connection, greeting(&connection, security));
    if security == Security::StartTls {
        server.encrypt(&mut connection).await?;
        let what = "STARTTLS, and the certificate is trusted";
        tell(Step::Encryption, what.to_owned());
    }
    let signed_in = server.sign_in(&mut connection).await?;
    if signed_in {
        tell(Step::Account, "signed in".to_owned());
    }
    if let Some(message) = message {
        let bytes = message.formatted();
        let envelope = message.envelope();
        let said = server::sender(&mut connection, envelope, &bytes).await?;
        tell(Step::Sender, said);
        tell(
            Step::Recipient,
            server::recipients(&mut connection, envelope).await?,
        );
        tell(
            Step::Message,
            server::message(&mut connection, &bytes).await?,
        );
    }
    server::close(connection).await;
    Ok(())
}

fn greeting(connection: &Connection, security: Security) -> String {
    let name = crate::refusal::words(connection.server_info().name());
    match security {
        Security::Tls => format!("{name} answers, by TLS, and its certificate is trusted"),
        Security::StartTls | Security::None => format!("{name} answers"),
    }
}
