//! The demonstration's mail server: it takes what Besace sends, on the loopback, keeps the last
//! mails in memory and shows them on a page. Nothing leaves the machine.

mod conversation;
mod page;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use kernel::{Clock, Timestamp};
use kernel_db::MigrationSet;
use kernel_http::Tool;
use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use conversation::{Conversation, Reply};

/// Where the mails are shown.
pub(crate) const PAGE: &str = "/demonstration/courriels";
/// Mails that are kept.
const KEPT: usize = 200;
/// The longest line, in bytes.
const LINE: u64 = 4_096;
/// How long a client may say nothing.
const IDLE: Duration = Duration::from_mins(1);

/// One mail, read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Received {
    number: u64,
    at: Timestamp,
    to: String,
    subject: String,
    text: String,
}

/// The mails of the demonstration. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Mails {
    kept: Arc<Mutex<VecDeque<Received>>>,
    clock: Arc<dyn Clock>,
}

impl Mails {
    /// A server on this port of the loopback, until `ended`.
    ///
    /// # Errors
    /// When the port is held.
    pub(crate) async fn start(
        port: u16,
        clock: Arc<dyn Clock>,
        ended: CancellationToken,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let mails = Self {
            kept: Arc::default(),
            clock,
        };
        let server = mails.clone();
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = ended.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                if let Ok((stream, _)) = accepted {
                    let server = server.clone();
                    tokio::spawn(async move {
                        if let Err(cause) = server.talk(stream).await {
                            tracing::debug!(%cause, "a mail client went away");
                        }
                    });
                }
            }
        });
        Ok(mails)
    }

    /// The page of the mails.
    pub(crate) fn tool(&self) -> Tool {
        Tool {
            name: "demonstration-mails",
            router: Router::new()
                .route(PAGE, get(page::list))
                .with_state(self.clone()),
            openapi: utoipa::openapi::OpenApi::default(),
            migrations: MigrationSet {
                tool: "demonstration-mails",
                migrations: &[],
            },
            jobs: Vec::new(),
            consumers: Vec::new(),
        }
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut conversation = Conversation::default();
        stream
            .get_mut()
            .write_all(b"220 besace-demonstration\r\n")
            .await?;
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut stream).take(LINE);
            let read = tokio::time::timeout(IDLE, limited.read_until(b'\n', &mut line)).await;
            if !matches!(read, Ok(Ok(1..))) {
                return Ok(());
            }
            let answer = match conversation.line(&line) {
                Reply::Nothing => continue,
                Reply::Say(answer) => answer,
                Reply::Mail { to, message } => {
                    self.keep(&to, &message);
                    "250 taken"
                }
                Reply::Bye => {
                    stream.get_mut().write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
            };
            let answer = format!("{answer}\r\n");
            stream.get_mut().write_all(answer.as_bytes()).await?;
        }
    }

    fn keep(&self, to: &[String], message: &[u8]) {
        let parsed = MessageParser::default().parse(message);
        let said = parsed.as_ref();
        let subject = said.and_then(|one| one.subject()).unwrap_or_default();
        let text = said.and_then(|one| one.body_text(0)).unwrap_or_default();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let number = kept.front().map_or(1, |latest| latest.number + 1);
        kept.push_front(Received {
            number,
            at: self.clock.now(),
            to: to.join(", "),
            subject: subject.to_owned(),
            text: text.into_owned(),
        });
        kept.truncate(KEPT);
    }

    /// The latest first.
    fn all(&self) -> Vec<Received> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;
    use kernel_db::DatabaseConfig;
    use kernel_db::{Db, DbError, JournalConfig, JournalKey, Tx, workers};
    use kernel_mail::{Mail, MailConfig, Mailbox, Mailer, Security};
    use testkit::{FixedClock, TestApp};

    #[tokio::test]
    async fn a_mail_that_is_sent_is_shown_with_its_accents_and_without_markup() {
        let clock = Arc::new(FixedClock::default());
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mails = Mails::start(port, clock.clone(), CancellationToken::new());
        let mails = mails.await.expect("a server");
        let config = MailConfig {
            host: "127.0.0.1".into(),
            port,
            security: Security::None,
            credentials: None,
            from: Mailbox::parse(Some("Besace"), "besace@besace.example").expect("an address"),
            extra_roots_pem: Vec::new(),
        };
        let mailer = Mailer::new(&config, clock.clone(), Arc::new(OsRng)).expect("a mailer");
        let folder = tempfile::tempdir().expect("a folder");
        let config = DatabaseConfig::Sqlite {
            folder: folder.path().to_owned(),
        };
        let db = Db::open(&config).await.expect("a database");
        db.migrate(&[], clock.now()).await.expect("migrated");
        let queue = mailer.clone();
        db.write(move |tx: &mut Tx| {
            let mailer = queue.clone();
            Box::pin(async move {
                let mail = Mail {
                    to: Mailbox::parse(Some("Claire"), "claire@interieur.example")
                        .expect("an address"),
                    subject: "Été : à lire".into(),
                    text: "Bonjour,\n.\n<b>À bientôt</b>".into(),
                    html: Some("<p>x</p>".into()),
                    list_unsubscribe: None,
                };
                mailer.queue(tx, &mail).await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("queued");
        let journal = JournalConfig {
            checkpoint_file: folder.path().join("checkpoint"),
            key: JournalKey::new(&[1; 32]),
            retention: kernel_db::Retention::default(),
        };
        let (time, rng): (Arc<dyn Clock>, Arc<dyn kernel::Rng>) = (clock.clone(), Arc::new(OsRng));
        workers::run_once(&db, &time, &rng, &mailer.jobs(), &[], &journal)
            .await
            .expect("sent");
        let shown = mails.all();
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].subject, "Été : à lire");
        assert_eq!(shown[0].to, "claire@interieur.example");
        let app = TestApp::with(|_| vec![mails.tool()]).await;
        let page = app.client().get(PAGE).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Été : à lire"), "{}", page.text());
        assert!(
            page.text().contains("&lt;b&gt;À bientôt"),
            "{}",
            page.text()
        );
        let english = app
            .client()
            .with_header("accept-language", "en")
            .get(PAGE)
            .await;
        assert!(english.text().contains("Mails of the demonstration"));
    }
}
