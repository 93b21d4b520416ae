//! From the transaction to the server.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, Secret};
use kernel_db::testing::TestDb;
use kernel_db::{DbError, JournalConfig, JournalKey, dead_letters, store_suite, workers};
use kernel_mail::{Mail, MailConfig, Mailbox, Mailer, Security};
use testkit::{FixedClock, SeededRng};

use crate::server::Script;

store_suite!(&[];
    a_mail_leaves_once_its_transaction_has_held,
    a_mail_of_an_act_that_failed_never_leaves,
    a_server_that_is_busy_gets_the_same_message_later,
    a_recipient_that_is_refused_for_good_is_a_dead_letter_without_an_address_in_its_error,
    a_server_that_is_away_is_asked_again,
    a_refused_password_loses_no_mail,
    a_refused_sender_loses_no_mail,
    mails_that_follow_each_other_share_a_connection,
    a_server_that_closed_the_connection_meanwhile_costs_no_try,
    without_a_server_nothing_is_queued,
);

struct Post {
    test: TestDb,
    clock: Arc<FixedClock>,
    mailer: Mailer,
}

impl Post {
    fn new(test: TestDb, port: u16, credentials: Option<(String, Secret)>) -> Self {
        let clock = Arc::new(FixedClock::default());
        let config = MailConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            credentials,
            from: Mailbox::parse_text("Besace <besace@besace.example>").expect("an address"),
            extra_roots_pem: Vec::new(),
        };
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::default());
        let mailer = Mailer::new(&config, clock.clone(), rng).expect("a mailer");
        Self {
            test,
            clock,
            mailer,
        }
    }

    async fn queue(&self) -> bool {
        queue(&self.test, &self.mailer, false)
            .await
            .expect("queued")
    }

    async fn round(&self) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::default());
        let journal = JournalConfig {
            checkpoint_file: self.test.file("checkpoint"),
            key: JournalKey::new(&[1; 32]),
            retention: kernel_db::Retention::default(),
        };
        workers::run_once(
            &self.test.db,
            &clock,
            &rng,
            &self.mailer.jobs(),
            &[],
            &journal,
        )
        .await
        .expect("a round");
    }

    async fn given_up(&self) -> Vec<String> {
        let letters = dead_letters(&self.test.db, 10).await.expect("letters");
        letters.into_iter().map(|letter| letter.error).collect()
    }
}

async fn queue(test: &TestDb, mailer: &Mailer, fails: bool) -> Result<bool, DbError> {
    let mailer = mailer.clone();
    test.db
        .write(move |tx| {
            let mailer = mailer.clone();
            Box::pin(async move {
                let mail = Mail {
                    to: Mailbox::parse(Some("Claire"), "claire@interieur.example")
                        .expect("an address"),
                    subject: "Bonjour".to_owned(),
                    text: "À bientôt.".to_owned(),
                    html: None,
                    list_unsubscribe: None,
                };
                let queued = mailer.queue(tx, &mail).await?;
                if fails {
                    return Err(DbError::Conflict);
                }
                Ok(queued)
            })
        })
        .await
}

fn message_id(mail: &str) -> &str {
    mail.lines()
        .find(|line| line.starts_with("Message-ID:"))
        .expect("an id")
}

async fn a_mail_leaves_once_its_transaction_has_held(test: TestDb) {
    let server = Script::default();
    let post = Post::new(test, server.start().await.port(), None);
    assert!(post.queue().await);
    post.round().await;
    post.round().await;
    let got = server.got();
    assert_eq!(got.len(), 1);
    assert!(got[0].contains("Subject: Bonjour"), "{}", got[0]);
    assert!(
        server
            .heard()
            .contains(&"RCPT TO:<claire@interieur.example>".to_owned())
    );
    assert!(server.heard().contains(&"EHLO besace.example".to_owned()));
}

async fn a_mail_of_an_act_that_failed_never_leaves(test: TestDb) {
    let server = Script::default();
    let post = Post::new(test, server.start().await.port(), None);
    let refused = queue(&post.test, &post.mailer, true).await;
    assert_eq!(refused, Err(DbError::Conflict));
    post.round().await;
    assert!(server.heard().is_empty());
}

async fn a_server_that_is_busy_gets_the_same_message_later(test: TestDb) {
    let server = Script::new(&["451 4.7.1 greylisted"]);
    let post = Post::new(test, server.start().await.port(), None);
    post.queue().await;
    post.queue().await;
    post.round().await;
    assert_eq!(server.got().len(), 1, "one of the two waits");
    post.clock.advance(Duration::from_mins(1));
    post.round().await;
    let got = server.got();
    assert_eq!(got.len(), 2);
    assert_ne!(message_id(&got[0]), message_id(&got[1]));
    assert!(post.given_up().await.is_empty());
}

async fn a_recipient_that_is_refused_for_good_is_a_dead_letter_without_an_address_in_its_error(
    test: TestDb,
) {
    let server = Script::new(&["550 5.1.1 <claire@interieur.example> unknown here"]);
    let post = Post::new(test, server.start().await.port(), None);
    post.queue().await;
    post.round().await;
    let given_up = post.given_up().await;
    assert_eq!(given_up.len(), 1);
    assert!(given_up[0].contains("550"), "{}", given_up[0]);
    assert!(!given_up[0].contains('@'), "{}", given_up[0]);
    post.clock.advance(Duration::from_hours(2));
    post.round().await;
    assert!(server.got().is_empty());
}

async fn a_server_that_is_away_is_asked_again(test: TestDb) {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let post = Post::new(test, port, None);
    post.queue().await;
    for _ in 0..9 {
        post.round().await;
        assert!(post.given_up().await.is_empty());
        post.clock.advance(Duration::from_hours(2));
    }
    post.round().await;
    assert_eq!(
        post.given_up().await.len(),
        1,
        "after three hours of trying"
    );
}

async fn a_refused_password_loses_no_mail(test: TestDb) {
    let server = Script::refusing_passwords();
    let credentials = ("besace".to_owned(), Secret::new("wrong"));
    let post = Post::new(test, server.start().await.port(), Some(credentials));
    post.queue().await;
    post.round().await;
    assert!(
        server
            .heard()
            .iter()
            .any(|line| line.starts_with("AUTH PLAIN"))
    );
    assert!(post.given_up().await.is_empty());
}

async fn a_refused_sender_loses_no_mail(test: TestDb) {
    let server = Script::refusing_senders("550 5.7.1 not from here");
    let post = Post::new(test, server.start().await.port(), None);
    post.queue().await;
    post.round().await;
    assert!(server.got().is_empty());
    assert!(post.given_up().await.is_empty());
}

async fn mails_that_follow_each_other_share_a_connection(test: TestDb) {
    let server = Script::default();
    let post = Post::new(test, server.start().await.port(), None);
    for _ in 0..5 {
        post.queue().await;
        post.round().await;
    }
    assert_eq!(server.got().len(), 5);
    assert_eq!(server.connections(), 1);
}

async fn a_server_that_closed_the_connection_meanwhile_costs_no_try(test: TestDb) {
    let server = Script::leaving_after(2);
    let post = Post::new(test, server.start().await.port(), None);
    for _ in 0..5 {
        post.queue().await;
        // The clock stands: a mail that failed would wait.
        post.round().await;
    }
    assert_eq!(server.got().len(), 5);
    assert_eq!(server.connections(), 3);
}

async fn without_a_server_nothing_is_queued(test: TestDb) {
    let mailer = Mailer::none();
    assert!(!mailer.is_configured());
    assert!(mailer.jobs().is_empty());
    assert_eq!(queue(&test, &mailer, false).await, Ok(false));
}
