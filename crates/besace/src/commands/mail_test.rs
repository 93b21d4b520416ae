//! `besace admin mail-test`: a mail handed to the mail server now, each step told.

use std::path::Path;

use kernel::{Clock as _, OsRng, SystemClock};
use kernel_mail::{Mail, Mailbox, Outcome, QueuedMail, Step, trial};

use super::{configuration, say};
use crate::compose::{StartError, mail_settings};
use crate::config::{Config, ConfigError};

/// The subject: French first, with accents, since that is what must arrive.
const SUBJECT: &str = "Besace\u{a0}: courriel d’essai demandé par l’exploitation";
const TEXT: &str = "Bonjour,\n\nCe courriel d’essai a été demandé par l’équipe d’exploitation de \
    Besace. S’il se lit avec ses accents (é, ç, œ), les courriels de Besace vous parviennent. Il \
    n’appelle aucune réponse.\n\n\
    Hello,\n\nThis trial mail was asked for by the team that runs Besace. If its accents can be \
    read (é, ç, œ), Besace’s mails reach you. No answer is needed.\n";

/// Speaks to the mail server, and sends a mail when there is an address; whether all went well.
pub(crate) async fn run(path: &Path, to: Option<&str>) -> Result<bool, StartError> {
    let config = configuration(path)?;
    let mail = to.map(|to| mail(&config, to)).transpose()?;
    let Some(section) = &config.mail else {
        let what = "no mail server is configured: no mail is sent";
        return Err(ConfigError::value("mail", what).into());
    };
    let settings = mail_settings(&config, section)?;
    let security = match settings.security {
        kernel_mail::Security::Tls => "tls",
        kernel_mail::Security::StartTls => "starttls",
        kernel_mail::Security::None => "none",
    };
    say(format!(
        "{}, port {}, security \"{security}\"",
        settings.host, settings.port
    ));
    let told = trial(&settings, mail.as_ref()).await;
    let told = told.map_err(|cause| ConfigError::value("mail", cause))?;
    let good = told.iter().all(|one| one.said.is_ok());
    for outcome in &told {
        tell(outcome);
    }
    if good && mail.is_some() {
        say("the server has the mail; whether it arrives is seen in the mailbox");
    } else if mail.is_some() {
        say("no mail was sent, and none is tried again");
    } else if good {
        say("no mail was sent: give an address with --to to send one");
    }
    Ok(good)
}

fn mail(config: &Config, to: &str) -> Result<QueuedMail, StartError> {
    let to = Mailbox::parse_text(to).map_err(|cause| ConfigError::value("--to", cause))?;
    let site = config.site.name.as_deref().unwrap_or("Besace");
    let mail = Mail {
        to,
        subject: SUBJECT.replacen("Besace", site, 1),
        text: TEXT.to_owned(),
        html: None,
        list_unsubscribe: None,
    };
    Ok(QueuedMail::new(mail, SystemClock::default().now(), &OsRng))
}

fn tell(outcome: &Outcome) {
    let step = word(outcome.step);
    match &outcome.said {
        Ok(said) => say(format!("ok   {step}: {said}")),
        Err(cause) => {
            say(format!("BAD  {step}: {cause}"));
            say(format!("     to mend: {}", mend(outcome.step)));
        }
    }
}

/// The step, for people.
pub(crate) const fn word(step: Step) -> &'static str {
    match step {
        Step::Connection => "connection",
        Step::Encryption => "encryption",
        Step::Account => "account",
        Step::Sender => "sender",
        Step::Recipient => "recipient",
        Step::Message => "message",
    }
}

/// What to look at when a step is refused.
pub(crate) const fn mend(step: Step) -> &'static str {
    match step {
        Step::Connection => {
            "check mail.host, mail.port and the network to them; with security = \"tls\" mail.host \
             is a name of the certificate, whose authority the system or outgoing.extra_roots knows"
        }
        Step::Encryption => {
            "use the server's submission port with STARTTLS, or security = \"tls\"; mail.host is a \
             name of the certificate, whose authority the system or outgoing.extra_roots knows"
        }
        Step::Account => {
            "check mail.user and its password, and that the server offers AUTH PLAIN or LOGIN"
        }
        Step::Sender => "check mail.from: the server must let this account write as this address",
        Step::Recipient => {
            "check the address; the server must relay for this account to other domains"
        }
        Step::Message => "ask whoever runs the mail server why it refuses such messages",
    }
}
