//! What extractors and middleware need, put in reach of every request.

use std::sync::Arc;

use ipnet::IpNet;
use kernel::{AgentId, Caller, Clock, OrganisationId, Rng, Secret, SessionId};
use kernel_bus::Bus;
use kernel_db::{Db, JournalConfig};
use tokio_util::sync::CancellationToken;

use crate::cookies::CookieNames;
use crate::csrf::CsrfKey;
use crate::keys::{MasterKey, MasterKeys, Sealer};
use crate::live::Live;
use crate::nodes;
use crate::rate::RateLimits;
use crate::site::Site;
use crate::tokens::Tokens;

pub use kernel_db::BoxFuture;

/// The sessions cannot be read now.
#[derive(Debug, thiserror::Error)]
pub enum SessionsError {
    /// The database does not answer.
    #[error("the sessions cannot be read")]
    Database(#[from] kernel_db::DbError),
    /// What else they depend on does not answer.
    #[error("the sessions depend on another tool: {0}")]
    Tool(String),
}

/// Who holds a session's cookie. The sign-in tool implements it.
pub trait Sessions: Send + Sync {
    /// The agent behind a live session; none: the cookie opens nothing (any more).
    fn caller<'a>(
        &'a self,
        cookie: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Caller>, SessionsError>>;
}

/// What an application's token proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Which application.
    pub client_id: String,
    /// For whom it calls; none: for itself.
    pub agent: Option<AgentId>,
    /// Whose application it is, when known.
    pub organisation: Option<OrganisationId>,
    /// What the token allows.
    pub scopes: Vec<String>,
}

/// What an access token proves. The sign-in tool implements it.
pub trait Bearers: Send + Sync {
    /// What a live token proves; none: it opens nothing (any more).
    fn bearer<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Bearer>, SessionsError>>;
}

/// The house's things. Cheap to clone; composed once at start.
#[derive(Clone)]
pub struct House {
    /// Public facts of the instance.
    pub site: Arc<Site>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Sessions; none: nobody is ever signed in.
    pub sessions: Option<Arc<dyn Sessions>>,
    /// Applications' tokens; none: no token opens anything.
    pub bearers: Option<Arc<dyn Bearers>>,
    /// Agents' own tokens; none: no token speaks for an agent.
    pub tokens: Option<Arc<dyn Tokens>>,
    /// Hints to open pages.
    pub live: Live,
    /// Hints to the other nodes.
    pub bus: Bus,
    /// The database, for readiness.
    pub db: Db,
    /// Where the journal's checkpoints are and what signs them; none: entries are shown without
    /// their proof.
    pub journal: Option<Arc<JournalConfig>>,
    /// Limits per address.
    pub rate: Arc<RateLimits>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Where who has no session is sent from the web app's pages; none: the pages are for all.
    pub sign_in: Option<&'static str>,
    /// Set while the process drains: readiness turns 503 so that no new work comes.
    pub draining: CancellationToken,
    /// Set once nothing is to stand any more under the master key that this process seals under:
    /// what it sealed other nodes could not open, so it is no longer ready.
    pub key_is_over: CancellationToken,
    keys: Arc<MasterKeys>,
    csrf: Arc<CsrfKey>,
    cookies: Arc<CookieNames>,
}

impl House {
    /// A house without sessions, without trusted proxies, with the default limits.
    pub fn new(
        site: Arc<Site>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        db: Db,
        keys: Arc<MasterKey>,
    ) -> Self {
        Self {
            rate: Arc::new(RateLimits::new(Arc::clone(&clock), Vec::new())),
            cookies: Arc::new(CookieNames::of(&site)),
            csrf: Arc::new(CsrfKey::derive(&keys, &[])),
            live: Live::new(rng.as_ref(), Bus::alone()),
            bus: Bus::alone(),
            site,
            clock,
            rng,
            sessions: None,
            bearers: None,
            tokens: None,
            sign_in: None,
            journal: None,
            db,
            trusted_proxies: Arc::from(Vec::new()),
            draining: CancellationToken::new(),
            key_is_over: CancellationToken::new(),
            keys: Arc::new(MasterKeys::new(Arc::unwrap_or_clone(keys))),
        }
    }

    /// With every master key of the instance, while it changes from one to the next; before any
    /// tool gets a sealer.
    pub fn with_master_keys(mut self, keys: Arc<MasterKeys>) -> Self {
        self.csrf = Arc::new(CsrfKey::derive(keys.current(), keys.accepted()));
        self.keys = keys;
        self
    }

    /// With other nodes, on this bus; before any tool gets the hub of hints.
    /// [`nodes::follow`] hears them.
    pub fn with_bus(mut self, bus: Bus) -> Self {
        self.live = Live::new(self.rng.as_ref(), bus.clone());
        let told = bus.clone();
        self.db
            .on_changed(move |name| told.publish(nodes::REVISED, name));
        self.bus = bus;
        self
    }

    /// With the sign-in tool's sessions.
    pub fn with_sessions(mut self, sessions: Arc<dyn Sessions>) -> Self {
        self.sessions = Some(sessions);
        self
    }

    /// With the sign-in tool's tokens of applications.
    pub fn with_bearers(mut self, bearers: Arc<dyn Bearers>) -> Self {
        self.bearers = Some(bearers);
        self
    }

    /// With the sign-in tool's tokens of agents.
    pub fn with_tokens(mut self, tokens: Arc<dyn Tokens>) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// With the journal's checkpoints.
    pub fn with_journal(mut self, journal: JournalConfig) -> Self {
        self.journal = Some(Arc::new(journal));
        self
    }

    /// With a page where one signs in: it gets `retour`, the path to come back to.
    pub fn with_sign_in(mut self, path: &'static str) -> Self {
        self.sign_in = Some(path);
        self
    }

    /// Believing `X-Forwarded-For` from these networks.
    pub fn with_trusted_proxies(mut self, proxies: Vec<IpNet>) -> Self {
        self.trusted_proxies = Arc::from(proxies);
        self
    }

    /// With addresses that no limit holds back (a ministry's shared exit, a bench).
    pub fn with_rate_exceptions(mut self, exempt: Vec<IpNet>) -> Self {
        self.rate = Arc::new(RateLimits::new(Arc::clone(&self.clock), exempt));
        self
    }

    /// With the token that announces the end.
    pub fn with_draining(mut self, draining: CancellationToken) -> Self {
        self.draining = draining;
        self
    }

    /// Every master key of the instance, to derive a tool's own.
    pub fn keys(&self) -> &MasterKeys {
        &self.keys
    }

    /// A sealer under the master key, which opens what those of before sealed.
    pub fn sealer(&self) -> Sealer {
        self.keys.sealer()
    }

    /// The names of this instance's cookies.
    pub fn cookies(&self) -> &CookieNames {
        &self.cookies
    }

    /// The token that proves a write comes from our own pages in this session.
    pub fn csrf_token(&self, session: SessionId) -> String {
        self.csrf.token(&session.to_string())
    }

    /// The same for a form before any session, bound to a cookie's value or another secret.
    pub fn form_token(&self, binding: &str) -> String {
        self.csrf.token(&format!("form:{binding}"))
    }

    /// Whether `token` is that of this session.
    pub fn is_csrf_token(&self, session: SessionId, token: &str) -> bool {
        self.csrf.is_token(&session.to_string(), token)
    }

    /// Whether `token` is that of this form.
    pub fn is_form_token(&self, binding: &str, token: &str) -> bool {
        self.csrf.is_token(&format!("form:{binding}"), token)
    }
}
