//! The application under test.

use std::sync::Arc;

use axum::Router;
use ipnet::IpNet;
use kernel::{Caller, Clock, CredentialId, Means, Rng, TokenScope};
use kernel_bus::Bus;
use kernel_db::{DatabaseConfig, Db};
use kernel_http::{
    Bearer, Bearers, House, MasterKey, Sessions, Site, Tokens, Tool, WebAssets, app,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::{
    Client, FakeBearers, FakeSessions, FakeTokens, FixedClock, SeededRng, install_tls_provider,
};

/// What a test composes with: the tools, and the sessions when a tool brings real ones.
type Composed = (Vec<Tool>, Option<Arc<dyn Sessions>>);

/// A running application, without a network.
pub struct TestApp {
    /// The house, as the tools got it.
    pub house: House,
    /// The whole router, middleware included.
    pub router: Router,
    /// Time, in the test's hand.
    pub clock: Arc<FixedClock>,
    /// Randomness.
    pub rng: Arc<SeededRng>,
    /// Sessions without a sign-in (unless a tool brought its own).
    pub sessions: Arc<FakeSessions>,
    /// Applications' tokens without a sign-in.
    pub bearers: Arc<FakeBearers>,
    /// Agents' tokens without a sign-in.
    pub tokens: Arc<FakeTokens>,
    /// The jobs of the tools.
    pub jobs: Vec<Arc<dyn kernel_db::JobHandler>>,
    /// The consumers of the tools.
    pub consumers: Vec<Arc<dyn kernel_db::Consumer>>,
    /// Hears the other nodes as long as the application lives.
    _following: DropGuard,
    _folder: Option<tempfile::TempDir>,
}

/// How to start one.
pub struct TestAppBuilder {
    site: Site,
    clock: Arc<FixedClock>,
    rng: Arc<SeededRng>,
    database: Option<DatabaseConfig>,
    web: Option<Arc<dyn WebAssets>>,
    trusted_proxies: Vec<IpNet>,
    bus: Bus,
}

impl TestApp {
    /// An application of these tools at `http://localhost:8080/`, on a fresh SQLite database.
    pub async fn with(tools: impl FnOnce(&House) -> Vec<Tool>) -> Self {
        Self::builder().start(tools).await
    }

    /// Something else than the usual.
    pub fn builder() -> TestAppBuilder {
        TestAppBuilder {
            site: Site::new(Url::parse("http://localhost:8080/").expect("an address")),
            clock: Arc::new(FixedClock::default()),
            rng: Arc::new(SeededRng::default()),
            database: None,
            web: None,
            trusted_proxies: Vec::new(),
            bus: Bus::alone(),
        }
    }

    /// A reader who is not signed in.
    pub fn client(&self) -> Client {
        Client::new(self.router.clone(), self.house.site.base_url.clone())
    }

    /// A reader signed in as this caller, who sends the session's CSRF token with each write.
    pub fn sessions_for(&self, caller: Caller) -> Client {
        let mut client = self.client();
        let session = caller.session().expect("a session");
        client.set_csrf(Some(self.house.csrf_token(session)));
        let cookie = self.sessions.open(caller);
        client.set_cookie(self.house.cookies().session(), cookie.expose());
        client
    }

    /// An application that calls with its own token, given these scopes.
    pub fn application(&self, client_id: &str, scopes: &[&str]) -> Client {
        self.bearer(Bearer {
            client_id: client_id.to_owned(),
            agent: None,
            organisation: Some(crate::callers::MINISTRY),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        })
    }

    /// Whoever calls with a token that proves this.
    pub fn bearer(&self, bearer: Bearer) -> Client {
        let token = self.bearers.open(bearer);
        self.client()
            .with_header("authorization", &format!("Bearer {}", token.expose()))
    }

    /// A program that speaks for this caller by a token for these scopes.
    pub fn program(&self, caller: Caller, scopes: &[TokenScope]) -> Client {
        let by = Means::Token(CredentialId::from_u128(1));
        let token = self.tokens.open(Caller { by, ..caller }, scopes);
        self.client()
            .with_header("authorization", &format!("Bearer {}", token.expose()))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.house.db
    }
}

impl TestAppBuilder {
    /// With another site.
    pub fn site(mut self, site: Site) -> Self {
        self.site = site;
        self
    }

    /// With another seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.rng = Arc::new(SeededRng::new(seed));
        self
    }

    /// With a clock shared with another application.
    pub fn clock(mut self, clock: Arc<FixedClock>) -> Self {
        self.clock = clock;
        self
    }

    /// On another database.
    pub fn database(mut self, database: DatabaseConfig) -> Self {
        self.database = Some(database);
        self
    }

    /// With a web app.
    pub fn web(mut self, web: Arc<dyn WebAssets>) -> Self {
        self.web = Some(web);
        self
    }

    /// Believing these proxies.
    pub fn trusted_proxies(mut self, proxies: Vec<IpNet>) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// As one of several nodes.
    pub fn bus(mut self, bus: Bus) -> Self {
        self.bus = bus;
        self
    }

    /// Starts with fake sessions.
    pub async fn start(self, tools: impl FnOnce(&House) -> Vec<Tool>) -> TestApp {
        self.start_with_sessions(|house| (tools(house), None)).await
    }

    /// Starts with the sessions that a tool brings.
    pub async fn start_with_sessions(self, compose: impl FnOnce(&House) -> Composed) -> TestApp {
        install_tls_provider();
        let (folder, database) = self.database.map_or_else(throw_away, |at| (None, at));
        let db = Db::open(&database).await.expect("a database");
        let sessions = Arc::new(FakeSessions::default());
        let bearers = Arc::new(FakeBearers::default());
        let tokens = Arc::new(FakeTokens::default());
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let rng: Arc<dyn Rng> = Arc::clone(&self.rng) as Arc<dyn Rng>;
        let keys = Arc::new(MasterKey::from_bytes([0x42; 32]));
        let house = House::new(Arc::new(self.site), clock, rng, db, keys)
            .with_bus(self.bus)
            .with_trusted_proxies(self.trusted_proxies)
            .with_sessions(Arc::clone(&sessions) as Arc<dyn Sessions>)
            .with_bearers(Arc::clone(&bearers) as Arc<dyn Bearers>)
            .with_tokens(Arc::clone(&tokens) as Arc<dyn Tokens>);
        let (mut tools, real) = compose(&house);
        let house = match real {
            Some(real) => house.with_sessions(real),
            None => house,
        };
        let sets: Vec<_> = tools.iter().map(|tool| tool.migrations).collect();
        house
            .db
            .migrate(&sets, self.clock.now())
            .await
            .expect("migrations");
        let mut jobs = Vec::new();
        let mut consumers = Vec::new();
        for tool in &mut tools {
            jobs.append(&mut tool.jobs);
            consumers.append(&mut tool.consumers);
        }
        let router = app(house.clone(), tools, self.web);
        let stop = CancellationToken::new();
        drop(kernel_http::nodes::follow(house.clone(), stop.clone()).await);
        TestApp {
            house,
            router,
            clock: self.clock,
            rng: self.rng,
            sessions,
            bearers,
            tokens,
            jobs,
            consumers,
            _following: stop.drop_guard(),
            _folder: folder,
        }
    }
}

/// A database that goes with the test.
fn throw_away() -> (Option<tempfile::TempDir>, DatabaseConfig) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = DatabaseConfig::Sqlite {
        folder: folder.path().to_path_buf(),
    };
    (Some(folder), database)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callers;
    use axum::routing::{get, post};
    use kernel_db::MigrationSet;
    use kernel_http::Signed;

    fn tool() -> Tool {
        let me = |Signed(caller): Signed| async move { caller.agent.to_string() };
        Tool {
            name: "probe",
            router: Router::new()
                .route("/api/v1/probe", get(me))
                .route("/api/v1/probe", post(me)),
            openapi: kernel_http::merged_openapi("0", []),
            migrations: MigrationSet {
                tool: "probe",
                migrations: &[],
            },
            jobs: Vec::new(),
            consumers: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_signed_in_client_reads_and_writes_and_a_stranger_does_neither() {
        let app = TestApp::with(|_| vec![tool()]).await;
        let caller = callers::agent(1);
        let mut claire = app.sessions_for(caller.clone());
        assert_eq!(
            claire.get("/api/v1/probe").await.text(),
            caller.agent.to_string()
        );
        assert_eq!(claire.post_form("/api/v1/probe", &[]).await.status, 200);
        claire.set_csrf(None);
        assert_eq!(
            claire.post_form("/api/v1/probe", &[]).await.problem(),
            "csrf"
        );
        let mut stranger = app.client();
        assert_eq!(
            stranger.get("/api/v1/probe").await.problem(),
            "sign-in-required"
        );
        app.sessions.close(caller.session().expect("a session"));
        assert_eq!(claire.get("/api/v1/probe").await.status, 401);
    }

    #[tokio::test]
    async fn a_client_keeps_cookies_and_follows_nothing_by_itself() {
        let app = TestApp::with(|_| Vec::new()).await;
        let mut client = app.client();
        let switched = client.get("/mentions-legales?lang=en").await;
        assert_eq!(
            (switched.status, switched.location()),
            (303, "/mentions-legales")
        );
        assert_eq!(client.cookie("besace-lang"), Some("en"));
        assert!(
            client
                .get(switched.location())
                .await
                .text()
                .contains("Legal notice")
        );
        client.forget();
        assert!(
            client
                .get("/mentions-legales")
                .await
                .text()
                .contains("Mentions légales")
        );
    }
}
