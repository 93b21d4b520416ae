//! Besace with tools to share and a post office: agents invite, guests read their mail.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use identity::Guests;
use kernel::port::{BoxFuture, Notice, Notify, PortError, SharedTool, Sharing};
use kernel::{AgentId, Caller, OsRng, Text, ToolId};
use kernel_db::testing::TestDb;
use kernel_db::{DbError, JobError, JobHandler, Row, Tx, Value};
use kernel_mail::{MailConfig, Mailbox, Mailer, QueuedMail, Security};
use serde_json::json;
use testkit::{Answer, FakeNotify};

use super::person::{Person, Place};
use super::state::{Someone, State};

/// A tool that is open to guests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) number: u128,
    /// The application that signs people in through us.
    pub(crate) client: Option<&'static str>,
}

impl Tool {
    pub(crate) const MISSION: Self = Self {
        number: 1,
        client: Some("mission"),
    };
    pub(crate) const MAP: Self = Self {
        number: 2,
        client: Some("basic"),
    };

    pub(crate) fn id(self) -> ToolId {
        ToolId::from_u128(self.number)
    }
}

type Meanwhile = BoxFuture<'static, ()>;

#[derive(Clone)]
struct FakeSharing {
    open: Arc<Mutex<Vec<Tool>>>,
    /// Happens while somebody waits for what they may share.
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
}

impl FakeSharing {
    fn open(&self) -> Vec<SharedTool> {
        let tools = self.open.lock().expect("tools");
        let shared = |tool: &Tool| SharedTool {
            id: tool.id(),
            name: Text::made(
                format!("Outil {}", tool.number),
                format!("Tool {}", tool.number),
            ),
            description: Text::fixed("Pour essayer", "To try"),
            client_id: tool.client.map(str::to_owned),
        };
        tools.iter().map(shared).collect()
    }
}

impl Sharing for FakeSharing {
    fn shareable(&self, _: Caller) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>> {
        Box::pin(async {
            let meanwhile = self.meanwhile.lock().expect("what happens").take();
            if let Some(meanwhile) = meanwhile {
                meanwhile.await;
            }
            Ok(self.open())
        })
    }

    fn shared(&self, tools: Vec<ToolId>) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>> {
        Box::pin(async move {
            let mut open = self.open();
            open.retain(|tool| tools.contains(&tool.id));
            Ok(open)
        })
    }
}

/// Inboxes that answer or do not.
#[derive(Clone, Default)]
struct Inboxes {
    down: Arc<AtomicBool>,
    inboxes: FakeNotify,
}

impl Notify for Inboxes {
    fn notify(&self, notice: Notice) -> BoxFuture<'_, Result<(), PortError>> {
        if self.down.load(Ordering::SeqCst) {
            let down = PortError::Unavailable("the inboxes are down".to_owned());
            return Box::pin(async { Err(down) });
        }
        self.inboxes.notify(notice)
    }
}

/// A State whose agents may invite.
pub(crate) struct Hosts {
    pub(crate) state: State,
    pub(crate) notify: FakeNotify,
    inboxes: Inboxes,
    tools: FakeSharing,
}

impl Hosts {
    pub(crate) async fn new(test: &TestDb) -> Self {
        let state = State::new(test).await;
        let tools = FakeSharing {
            open: Arc::new(Mutex::new(vec![Tool::MISSION, Tool::MAP])),
            meanwhile: Arc::default(),
        };
        let inboxes = Inboxes::default();
        let config = MailConfig {
            host: "127.0.0.1".to_owned(),
            port: 1,
            security: Security::None,
            credentials: None,
            from: Mailbox::parse(Some("Besace"), "besace@besace.test").expect("an address"),
            extra_roots_pem: Vec::new(),
        };
        let clock = Arc::clone(&state.besace.house.clock);
        let mailer = Mailer::new(&config, clock, Arc::new(OsRng)).expect("a mailer");
        state.besace.identity.invite_with(Guests {
            sharing: Arc::new(tools.clone()),
            notify: Arc::new(inboxes.clone()),
            mailer,
            longest_days: 365,
        });
        Self {
            state,
            notify: inboxes.inboxes.clone(),
            inboxes,
            tools,
        }
    }

    /// Which tools are open to guests from now on.
    pub(crate) fn open_to_guests(&self, tools: &[Tool]) {
        *self.tools.open.lock().expect("tools") = tools.to_vec();
    }

    /// What happens while the next who asks waits for what they may share.
    pub(crate) fn meanwhile(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.tools.meanwhile.lock().expect("what happens") = Some(Box::pin(happens));
    }

    /// Whether the inboxes answer.
    pub(crate) fn inboxes_answer(&self, answer: bool) {
        self.inboxes.down.store(!answer, Ordering::SeqCst);
    }

    /// Somebody signed in who may write.
    pub(crate) async fn signed_in(&self, someone: Someone) -> Person {
        let mut person = self.state.person();
        person.sign_in(someone).await;
        let token = person.who().await["csrfToken"].as_str().map(str::to_owned);
        person.besace().set_csrf(token);
        person
    }

    /// An invitation to be sent.
    pub(crate) fn body(email: &str) -> serde_json::Value {
        json!({
            "email": email,
            "givenName": "Hélène",
            "usualName": "Castaing",
            "organisation": "SDIS 40",
            "purpose": "Appui logistique",
            "tools": [Tool::MISSION.id()],
        })
    }

    /// Sends one; its link's path and its id.
    pub(crate) async fn invite(&self, host: &mut Person, email: &str) -> (String, String) {
        self.invite_with(host, &Self::body(email)).await
    }

    /// The same, with another body.
    pub(crate) async fn invite_with(
        &self,
        host: &mut Person,
        body: &serde_json::Value,
    ) -> (String, String) {
        let answer = host.besace().post_json("/api/v1/invitations", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        let email = body["email"].as_str().expect("an address");
        let mail = self.last_mail(email).await.expect("a mail");
        (link_in(&mail), id)
    }

    /// The texts of the mails in the queue, with whom they are for, the latest last.
    pub(crate) async fn mails(&self) -> Vec<QueuedMail> {
        let db = &self.state.besace.house.db;
        let kind = kernel_mail::JOB;
        let rows = db
            .read(move |tx: &mut Tx| {
                Box::pin(async move {
                    let sql = "SELECT payload FROM job WHERE kind = $1 ORDER BY id";
                    let rows = tx.query(sql, &[Value::from(kind)]).await?;
                    rows.iter()
                        .map(|row| row.get::<String>("payload"))
                        .collect::<Result<Vec<_>, _>>()
                })
            })
            .await
            .expect("mails");
        let read = |text: &String| serde_json::from_str(text).expect("a mail");
        rows.iter().map(read).collect()
    }

    /// The text of the last mail to an address.
    pub(crate) async fn last_mail(&self, email: &str) -> Option<String> {
        let mails = self.mails().await;
        let to = |queued: &&QueuedMail| queued.mail.to.email().eq_ignore_ascii_case(email);
        mails.iter().rev().find(to).map(|one| one.mail.text.clone())
    }

    /// Does what the background does: codes that were asked for are sent, or not.
    pub(crate) async fn send_codes(&self) -> usize {
        let done = self.run_jobs("identity.guest.code").await;
        assert!(done.iter().all(Result::is_ok), "{done:?}");
        done.len()
    }

    /// The same for guests who asked to come back; how often that was told.
    pub(crate) async fn tell_demands(&self) -> usize {
        let done = self.run_jobs("identity.guest.ask").await;
        done.iter().filter(|done| done.is_ok()).count()
    }

    /// Does what the background does with what is kept of the erased.
    pub(crate) async fn erase(&self) -> usize {
        self.run_jobs("identity.erase").await.len()
    }

    /// Does the jobs of a kind that wait; those that fail go on waiting.
    async fn run_jobs(&self, kind: &'static str) -> Vec<Result<(), JobError>> {
        let db = &self.state.besace.house.db;
        let waiting: Vec<(i64, String)> = db
            .read(move |tx: &mut Tx| {
                Box::pin(async move {
                    let sql = "SELECT id, payload FROM job WHERE kind = $1 ORDER BY id";
                    let rows = tx.query(sql, &[Value::from(kind)]).await?;
                    let job = |row: &Row| Ok((row.get("id")?, row.get("payload")?));
                    rows.iter().map(job).collect::<Result<_, DbError>>()
                })
            })
            .await
            .expect("jobs");
        let tool = identity::tool(&self.state.besace.identity);
        let job = tool.jobs.iter().find(|job| job.kind() == kind);
        let job: &Arc<dyn JobHandler> = job.expect("a handler");
        let mut all = Vec::new();
        for (id, payload) in waiting {
            let payload = serde_json::from_str(&payload).expect("JSON");
            let done = job.run(db, &payload).await;
            if done.is_ok() {
                let sql = "DELETE FROM job WHERE id = $1";
                self.state.besace.execute(sql, vec![Value::from(id)]).await;
            }
            all.push(done);
        }
        all
    }

    /// The digits of the last mail to an address.
    pub(crate) async fn last_code(&self, email: &str) -> Option<String> {
        let text = self.last_mail(email).await?;
        let behind = text.split_once("entrer sur")?.1;
        let behind = behind.split_once(": ")?.1;
        Some(behind.chars().take(7).collect())
    }

    /// A browser on the page of the code that it asked for by the link.
    pub(crate) async fn ask_by_link(&self, guest: &mut Person, link: &str) -> Place {
        let page = guest.open(link).await;
        let csrf = page.field("csrf");
        let place = post(guest, &page, &format!("{link}/code"), &[("csrf", &csrf)]).await;
        self.send_codes().await;
        place
    }

    /// A guest who entered by their link.
    pub(crate) async fn guest(&self, link: &str, email: &str) -> Person {
        let mut guest = self.state.person();
        let place = self.ask_by_link(&mut guest, link).await;
        let code = self.last_code(email).await.expect("a code");
        enter(&mut guest, &place, &code).await;
        let who = guest.who().await;
        assert!(!who.is_null(), "signed in");
        let token = who["csrfToken"].as_str().map(str::to_owned);
        guest.besace().set_csrf(token);
        guest
    }
}

/// Types digits on the page of a code.
pub(crate) async fn enter(guest: &mut Person, place: &Place, digits: &str) -> Place {
    let csrf = place.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("code", digits)];
    guest.submit(&place.url, &fields).await
}

/// Posts a form to a path of ours.
pub(crate) async fn post(
    person: &mut Person,
    place: &Place,
    path: &str,
    fields: &[(&str, &str)],
) -> Place {
    let url = place.url.join(path).expect("an address");
    person.submit(&url, fields).await
}

/// The path of the link in a mail.
fn link_in(mail: &str) -> String {
    let start = mail
        .find("https://besace.test/invitation/")
        .expect("a link");
    let link: String = mail[start..]
        .chars()
        .take_while(|c| !c.is_whitespace())
        .collect();
    link.trim_start_matches("https://besace.test").to_owned()
}

/// The id of who is signed in.
pub(crate) async fn agent_of(person: &mut Person) -> AgentId {
    let who = person.who().await;
    AgentId::parse(who["agent"]["id"].as_str().expect("an id")).expect("an id")
}

/// What an answer of the API refuses with.
pub(crate) fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}
