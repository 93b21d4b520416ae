//! The mail server, spoken to step by step (RFC 5321 §3).
//!
//! Invariants
//! - No answer is waited for without an end.
//! - Where TLS is asked for, neither password nor address is said before the server's certificate
//!   was believed.

use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{
    ClientId, Extension, MailBodyParameter, MailParameter, ServerInfo,
};
use lettre::transport::smtp::response::Response;

use crate::refusal::{Refusal, Step};
use crate::{MailConfig, MailError, Security};

/// How long each of its addresses may take to accept the connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may take for each answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long it may take to say that it has the message: it may look into it first
/// (RFC 5321 §4.5.3.2.6). With the answers before it, less than a job may take.
const TAKEN: Duration = Duration::from_mins(5);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// A connection to the server. It is used for another mail only when the whole mail before it was
/// taken: dropped at any other moment it is closed, so that no late answer is taken for another's.
pub(crate) type Connection = AsyncSmtpConnection;

/// Where mails go.
pub(crate) struct Server {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    hello: ClientId,
    credentials: Option<Credentials>,
    /// [`ANSWER`].
    patience: Duration,
}

impl Server {
    /// The server of a configuration; nothing is connected yet.
    ///
    /// # Errors
    /// [`MailError`] when the configuration cannot be.
    pub(crate) fn new(config: &MailConfig) -> Result<Self, MailError> {
        config.check()?;
        let tls = match config.security {
            Security::None => None,
            Security::Tls | Security::StartTls => Some(tls(config)?),
        };
        let domain = config
            .from
            .email()
            .rsplit_once('@')
            .map_or("localhost", |(_, domain)| domain);
        let credentials = config
            .credentials
            .as_ref()
            .map(|(user, password)| Credentials::new(user.clone(), password.expose().to_owned()));
        Ok(Self {
            host: config.host.clone(),
            port: config.port,
            security: config.security,
            tls,
            hello: ClientId::Domain(domain.to_owned()),
            credentials,
            patience: ANSWER,
        })
    }

    /// A connection that is ready for a mail.
    ///
    /// # Errors
    /// The step that was refused.
    pub(crate) async fn open(&self) -> Result<Connection, Refusal> {
        let mut connection = self.connect().await?;
        self.encrypt(&mut connection).await?;
        self.sign_in(&mut connection).await?;
        Ok(connection)
    }

    /// Connects and greets; with [`Security::Tls`], through TLS.
    ///
    /// # Errors
    /// [`Step::Connection`].
    pub(crate) async fn connect(&self) -> Result<Connection, Refusal> {
        let wrapper = match self.security {
            Security::Tls => self.tls.clone(),
            Security::StartTls | Security::None => None,
        };
        let address = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &self.hello, wrapper, None);
        within(Step::Connection, self.patience, connecting).await
    }

    /// Turns to TLS where the configuration says `STARTTLS` (RFC 3207).
    ///
    /// # Errors
    /// [`Step::Encryption`], a server that does not offer it too.
    pub(crate) async fn encrypt(&self, connection: &mut Connection) -> Result<(), Refusal> {
        match (self.security, &self.tls) {
            (Security::StartTls, Some(tls)) => {
                if !connection.can_starttls() {
                    let what = "the server offers no STARTTLS";
                    return Err(Refusal::ours(Step::Encryption, what));
                }
                let turning = connection.starttls(tls.clone(), &self.hello);
                within(Step::Encryption, self.patience, turning).await
            }
            _ => Ok(()),
        }
    }

    /// Signs in where the configuration names an account (RFC 4954); whether it does.
    ///
    /// # Errors
    /// [`Step::Account`].
    pub(crate) async fn sign_in(&self, connection: &mut Connection) -> Result<bool, Refusal> {
        let Some(credentials) = &self.credentials else {
            return Ok(false);
        };
        let offered = connection.server_info();
        if offered.get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            let what = "the server offers neither AUTH PLAIN nor AUTH LOGIN";
            return Err(Refusal::ours(Step::Account, what));
        }
        let signing = connection.auth(DEFAULT_MECHANISMS, credentials);
        within(Step::Account, self.patience, signing).await?;
        Ok(true)
    }
}

fn tls(config: &MailConfig) -> Result<TlsParameters, MailError> {
    let failed = |cause: Error| MailError::Tls(cause.to_string());
    let mut builder = TlsParameters::builder(config.host.clone());
    for pem in &config.extra_roots_pem {
        builder =
            builder.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(failed)?);
    }
    builder.build().map_err(failed)
}

/// Says who writes: the first line of each mail.
///
/// # Errors
/// [`Step::Sender`].
pub(crate) async fn sender(
    connection: &mut Connection,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<String, Refusal> {
    let parameters = parameters(connection.server_info(), envelope, bytes)?;
    let command = connection.command(Mail::new(envelope.from().cloned(), parameters));
    let answer = within(Step::Sender, ANSWER, command).await?;
    Ok(said(&answer))
}

/// What the mail needs of the server beyond ASCII (RFC 6152, RFC 6531).
fn parameters(
    server: &ServerInfo,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<Vec<MailParameter>, Refusal> {
    let mut parameters = Vec::new();
    let plain = |address: &Address| address.to_string().is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(plain) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            let what = "the address has accents and the server takes none (SMTPUTF8)";
            return Err(Refusal::for_good(Step::Recipient, what));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            let what = "the message has accents and the server takes none (8BITMIME)";
            return Err(Refusal::for_good(Step::Message, what));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

/// Says to whom.
///
/// # Errors
/// [`Step::Recipient`].
pub(crate) async fn recipients(
    connection: &mut Connection,
    envelope: &Envelope,
) -> Result<String, Refusal> {
    let mut last = String::new();
    for address in envelope.to() {
        let command = connection.command(Rcpt::new(address.clone(), Vec::new()));
        last = said(&within(Step::Recipient, ANSWER, command).await?);
    }
    Ok(last)
}

/// Hands the message over; the server has it when this answers.
///
/// # Errors
/// [`Step::Message`].
pub(crate) async fn message(connection: &mut Connection, bytes: &[u8]) -> Result<String, Refusal> {
    within(Step::Message, ANSWER, connection.command(Data)).await?;
    let taken = within(Step::Message, TAKEN, connection.message(bytes)).await?;
    Ok(said(&taken))
}

/// Says goodbye. Only for a connection that waits for no answer.
pub(crate) async fn close(mut connection: Connection) {
    // Whether it is heard changes nothing.
    let _ = tokio::time::timeout(GOODBYE, connection.quit()).await;
}

async fn within<T>(
    step: Step,
    most: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Refusal> {
    match tokio::time::timeout(most, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(cause)) => Err(Refusal::of(step, &cause)),
        Err(_) => Err(Refusal::silence(step, most)),
    }
}

fn said(response: &Response) -> String {
    let first = response.first_line().unwrap_or_default();
    crate::refusal::words(&format!("{} {first}", response.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mailbox;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_that_says_nothing_is_left() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mut server = Server::new(&MailConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            credentials: None,
            from: Mailbox::parse(None, "besace@besace.example").expect("an address"),
            extra_roots_pem: Vec::new(),
        })
        .expect("a server");
        server.patience = Duration::from_millis(20);
        let refusal = server.open().await.err().expect("silence");
        assert_eq!(refusal.step(), Step::Connection);
        assert!(refusal.to_string().contains("no answer"), "{refusal}");
        assert!(!refusal.is_hopeless());
        drop(listener);
    }
}
