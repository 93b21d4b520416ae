//! The instances and what is configured of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use identity::Identity;
use identity::config::{IdentityConfig, SignIn};
use identity::domain::acr::Acr;
use identity::domain::client::{AuthMethod, Client, ClientAudience, ClientId, ClientSecret};
use identity::domain::organisation::{LegalCategory, Organisation, id_of_siret};
use identity::domain::role::ConfiguredGrant;
use identity::domain::scope::{Scope, ScopeSet};
use identity::local::{Attributes, LocalAccount, LocalSubject, Login, NewAccount, Realm};
use identity::upstream::{
    Fetch, Preset, ProviderConfig, ProviderCredentials, ProviderId, ProviderKind, ProviderSupport,
    Siret,
};
use jose::Algorithm;
use kernel::{Clock, Population, Secret, Timestamp};
use kernel_db::testing::TestDb;
use kernel_db::{DatabaseConfig, Db, Value};
use kernel_http::outgoing::{Answer, Options};
use kernel_http::{BoxFuture, House, MasterKey, OutgoingError, Sessions, Site};
use testkit::{Client as Browser, FixedClock, SeededRng};
use tower::ServiceExt as _;
use url::Url;

use super::person::Person;

pub(crate) const BESACE: &str = "https://besace.test/";
pub(crate) const INTERIOR: &str = "https://interieur.test/";
pub(crate) const AGRICULTURE: &str = "https://agriculture.test/";

const SIRET_INTERIOR: &str = "11001401600015";
const SIRET_AGRICULTURE: &str = "11007001800012";
const SIRET_COMPANY: &str = "55208131700026";
const PASSWORD: &str = "un mot de passe de démonstration";
pub(crate) const SHARED_SECRET: &str = "secret-shared-with-the-ministry-0001";

/// How long a signing key signs, in the tests.
const KEY_PERIOD: Duration = Duration::from_hours(25);

/// A person with an account at a ministry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Someone {
    pub(crate) realm: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) subject: u128,
    given_name: &'static str,
    usual_name: &'static str,
    siret: Option<&'static str>,
}

const fn someone(
    realm: &'static str,
    subject: u128,
    email: &'static str,
    given_name: &'static str,
    usual_name: &'static str,
    siret: Option<&'static str>,
) -> Someone {
    Someone {
        realm,
        email,
        password: PASSWORD,
        subject,
        given_name,
        usual_name,
        siret,
    }
}

pub(crate) const CLAIRE: Someone = someone(
    "interieur",
    1,
    "claire.delmas@interieur.gouv.fr",
    "Claire",
    "Delmas",
    Some(SIRET_INTERIOR),
);
pub(crate) const HUGO: Someone = someone(
    "interieur",
    2,
    "hugo.martin@interieur.gouv.fr",
    "Hugo",
    "Martin",
    None,
);
/// Works for a company.
pub(crate) const PAUL: Someone = someone(
    "interieur",
    3,
    "paul.noir@interieur.gouv.fr",
    "Paul",
    "Noir",
    Some(SIRET_COMPANY),
);
pub(crate) const COMMON_INTERIOR: Someone = someone(
    "interieur",
    4,
    "accueil@partage.gouv.fr",
    "Accueil",
    "Intérieur",
    None,
);
pub(crate) const KARIM: Someone = someone(
    "agriculture",
    5,
    "karim.benali@agriculture.gouv.fr",
    "Karim",
    "Benali",
    Some(SIRET_AGRICULTURE),
);
pub(crate) const COMMON_AGRICULTURE: Someone = someone(
    "agriculture",
    6,
    "accueil@partage.gouv.fr",
    "Accueil",
    "Agriculture",
    None,
);

/// Has an account at a ministry that does not hold their address.
pub(crate) const INTRUDER: Someone = someone(
    "interieur",
    7,
    "intrus@agriculture.gouv.fr",
    "In",
    "Trus",
    None,
);

/// Answers the relying party's calls from routers of this process.
#[derive(Default)]
struct InProcess(Mutex<BTreeMap<String, Router>>);

impl InProcess {
    fn open(&self, base: &str, router: Router) {
        let origin = Url::parse(base).expect("an address").origin();
        self.0
            .lock()
            .expect("routers")
            .insert(origin.ascii_serialization(), router);
    }

    async fn call(
        &self,
        method: Method,
        url: &Url,
        body: Option<String>,
        options: Options<'_>,
    ) -> Result<Answer, OutgoingError> {
        let origin = url.origin().ascii_serialization();
        let router = self.0.lock().expect("routers").get(&origin).cloned();
        let router = router.ok_or_else(|| OutgoingError::Unreachable {
            cause: format!("nobody listens at {origin}"),
        })?;
        let mut request = Request::builder().method(method).uri(url.path());
        if let Some(bearer) = options.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", bearer.expose()));
        }
        if body.is_some() {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let body = Body::from(body.unwrap_or_default());
        let answer = router
            .oneshot(request.body(body).expect("a request"))
            .await
            .expect("an answer");
        let (parts, body) = answer.into_parts();
        let text = |name| {
            let value = parts.headers.get(name);
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let mime = text(header::CONTENT_TYPE);
        let mime = mime.split(';').next().unwrap_or_default().trim().to_owned();
        let (cache_control, date) = (text(header::CACHE_CONTROL), text(header::DATE));
        let body = body.collect().await.expect("a body").to_bytes();
        Ok(Answer {
            status: parts.status.as_u16(),
            mime,
            cache_control,
            date,
            body,
        })
    }
}

impl Fetch for InProcess {
    fn get<'a>(
        &'a self,
        url: &'a Url,
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        Box::pin(self.call(Method::GET, url, None, options))
    }

    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        form: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        Box::pin(self.call(Method::POST, url, Some(body), options))
    }
}

/// One instance.
pub(crate) struct Instance {
    pub(crate) house: House,
    pub(crate) router: Router,
    pub(crate) identity: Identity,
    /// Where a ministry keeps its database; it leaves with the instance.
    folder: Option<tempfile::TempDir>,
}

impl Instance {
    /// A browser that knows this instance only.
    pub(crate) fn client(&self) -> Browser {
        Browser::new(self.router.clone(), self.house.site.base_url.clone())
    }

    /// Runs one statement on the database, as a neighbour or an administrator would.
    pub(crate) async fn execute(&self, sql: &'static str, values: Vec<Value>) -> u64 {
        let values = Arc::new(values);
        self.house
            .db
            .write(move |tx| {
                let values = Arc::clone(&values);
                Box::pin(async move { tx.execute(sql, &values).await })
            })
            .await
            .expect("a write")
    }

    /// One number from the database.
    pub(crate) async fn count(&self, sql: &'static str, values: Vec<Value>) -> i64 {
        let values = Arc::new(values);
        self.house
            .db
            .read(move |tx| {
                let values = Arc::clone(&values);
                Box::pin(async move {
                    let row = tx.query_optional(sql, &values).await?.expect("a row");
                    row.get::<i64>("n")
                })
            })
            .await
            .expect("a read")
    }
}

/// Everybody.
pub(crate) struct State {
    pub(crate) besace: Instance,
    pub(crate) interior: Instance,
    pub(crate) agriculture: Instance,
    pub(crate) clock: Arc<FixedClock>,
    ministries: Arc<InProcess>,
}

impl State {
    /// Besace on the test's database, the ministries on their own.
    pub(crate) async fn new(test: &TestDb) -> Self {
        Self::with_providers(test, |_| ()).await
    }

    /// The same, with something else in the configuration of the providers.
    pub(crate) async fn with_providers(
        test: &TestDb,
        change: impl FnOnce(&mut Vec<ProviderConfig>),
    ) -> Self {
        Self::with(test, change, Vec::new()).await
    }

    /// The same, with roles given to addresses.
    pub(crate) async fn with_grants(test: &TestDb, grants: Vec<ConfiguredGrant>) -> Self {
        Self::with(test, |_| (), grants).await
    }

    /// The same, with both.
    pub(crate) async fn with(
        test: &TestDb,
        change: impl FnOnce(&mut Vec<ProviderConfig>),
        grants: Vec<ConfiguredGrant>,
    ) -> Self {
        Self::demanding(test, change, grants, None).await
    }

    /// The same, with a level below which no role may be used.
    pub(crate) async fn demanding(
        test: &TestDb,
        change: impl FnOnce(&mut Vec<ProviderConfig>),
        grants: Vec<ConfiguredGrant>,
        level: Option<Acr>,
    ) -> Self {
        testkit::install_tls_provider();
        let clock = Arc::new(FixedClock::default());
        let ministries = Arc::new(InProcess::default());
        let interior = ministry(INTERIOR, "interieur", SIRET_INTERIOR, &clock, 2).await;
        let agriculture = ministry(AGRICULTURE, "agriculture", SIRET_AGRICULTURE, &clock, 3).await;
        for someone in [CLAIRE, HUGO, PAUL, COMMON_INTERIOR] {
            write(&interior, someone).await;
        }
        for someone in [KARIM, COMMON_AGRICULTURE] {
            write(&agriculture, someone).await;
        }
        ministries.open(INTERIOR, interior.router.clone());
        ministries.open(AGRICULTURE, agriculture.router.clone());
        let mut providers = vec![
            provider(
                "interieur",
                "Ministère de l’Intérieur",
                INTERIOR,
                SIRET_INTERIOR,
            ),
            provider(
                "agriculture",
                "Ministère de l’Agriculture",
                AGRICULTURE,
                SIRET_AGRICULTURE,
            ),
        ];
        change(&mut providers);
        let settings = (providers, grants, level);
        let besace = besace(test.db.clone(), settings, &clock, &ministries, 1).await;
        Self {
            besace,
            interior,
            agriculture,
            clock,
            ministries,
        }
    }

    /// A second process of Besace on the same database, with these providers.
    pub(crate) async fn restarted(
        &self,
        change: impl FnOnce(&mut Vec<ProviderConfig>),
    ) -> Instance {
        let mut providers = vec![provider(
            "interieur",
            "Ministère de l’Intérieur",
            INTERIOR,
            SIRET_INTERIOR,
        )];
        change(&mut providers);
        let db = self.besace.house.db.clone();
        let settings = (providers, Vec::new(), None);
        besace(db, settings, &self.clock, &self.ministries, 77).await
    }

    /// Another node of Besace on the same database, with a clock of its own.
    pub(crate) async fn node_at(&self, clock: FixedClock) -> Instance {
        let interior = provider(
            "interieur",
            "Ministère de l’Intérieur",
            INTERIOR,
            SIRET_INTERIOR,
        );
        let db = self.besace.house.db.clone();
        let settings = (vec![interior], Vec::new(), None);
        besace(db, settings, &Arc::new(clock), &self.ministries, 79).await
    }

    /// Another node of Besace on the same database, that holds back who asks too often.
    pub(crate) async fn fenced_node(&self) -> Instance {
        let interior = provider(
            "interieur",
            "Ministère de l’Intérieur",
            INTERIOR,
            SIRET_INTERIOR,
        );
        let db = self.besace.house.db.clone();
        let house = house(BESACE, db, &self.clock, 80).with_rate_exceptions(Vec::new());
        let settings = (vec![interior], Vec::new(), None);
        compose(house, besace_config(settings, &self.ministries)).await
    }

    /// A second process of Besace on the same database, with these roles given to addresses.
    pub(crate) async fn restarted_with_grants(&self, grants: Vec<ConfiguredGrant>) -> Instance {
        let interior = provider(
            "interieur",
            "Ministère de l’Intérieur",
            INTERIOR,
            SIRET_INTERIOR,
        );
        let db = self.besace.house.db.clone();
        let settings = (vec![interior], grants, None);
        besace(db, settings, &self.clock, &self.ministries, 78).await
    }

    /// Makes a ministry's provider unreachable.
    pub(crate) fn cut(&self, base: &str) {
        let origin = Url::parse(base).expect("an address").origin();
        let mut routers = self.ministries.0.lock().expect("routers");
        routers.remove(&origin.ascii_serialization());
    }

    /// A browser with nothing in it.
    pub(crate) fn person(&self) -> Person {
        Person::new([&self.besace, &self.interior, &self.agriculture])
    }

    /// Writes an account anew at its ministry.
    pub(crate) async fn rewrite(&self, someone: Someone, change: impl FnOnce(&mut LocalAccount)) {
        let mut account = account(someone);
        change(&mut account.account);
        let ministry = match someone.realm {
            "interieur" => &self.interior,
            _ => &self.agriculture,
        };
        let written = ministry.identity.write_local_account(account).await;
        written.expect("written");
    }
}

fn house(base: &str, db: Db, clock: &Arc<FixedClock>, seed: u64) -> House {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    let site = Site::new(Url::parse(base).expect("an address"));
    // Besace's processes share their master key; a ministry's is its own.
    let key = if base == BESACE {
        1
    } else {
        u8::try_from(seed).expect("small")
    };
    House::new(
        Arc::new(site),
        clock,
        Arc::new(SeededRng::new(seed)),
        db,
        Arc::new(MasterKey::from_bytes([key; 32])),
    )
    .with_rate_exceptions(vec!["0.0.0.0/0".parse().expect("a network")])
}

async fn compose(house: House, config: IdentityConfig) -> Instance {
    let now = house.clock.now();
    let migrated = house.db.migrate(&[identity::MIGRATIONS], now).await;
    migrated.expect("migrations");
    let identity = Identity::start(house.clone(), config)
        .await
        .expect("started");
    let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
    let house = house
        .with_sessions(sessions)
        .with_tokens(Arc::new(identity.clone()))
        .with_sign_in("/connexion");
    let router = kernel_http::app(house.clone(), vec![identity::tool(&identity)], None);
    Instance {
        house,
        router,
        identity,
        folder: None,
    }
}

/// The providers, the roles given to addresses, and the level below which no role may be used.
type Settings = (Vec<ProviderConfig>, Vec<ConfiguredGrant>, Option<Acr>);

async fn besace(
    db: Db,
    settings: Settings,
    clock: &Arc<FixedClock>,
    fetch: &Arc<InProcess>,
    seed: u64,
) -> Instance {
    compose(
        house(BESACE, db, clock, seed),
        besace_config(settings, fetch),
    )
    .await
}

fn besace_config(
    (providers, grants, administration_level): Settings,
    fetch: &Arc<InProcess>,
) -> IdentityConfig {
    IdentityConfig {
        organisations: vec![
            organisation(SIRET_INTERIOR, "Ministère de l’Intérieur", "7113"),
            organisation(SIRET_AGRICULTURE, "Ministère de l’Agriculture", "7113"),
            organisation(SIRET_COMPANY, "Une entreprise", "5510"),
        ],
        clients: clients(),
        sign_in: SignIn::Upstream {
            providers,
            outgoing: Arc::clone(fetch) as Arc<dyn Fetch>,
        },
        key_period: KEY_PERIOD,
        administration_level,
        grants,
    }
}

async fn ministry(
    base: &str,
    realm: &str,
    siret: &str,
    clock: &Arc<FixedClock>,
    seed: u64,
) -> Instance {
    let folder = tempfile::tempdir().expect("a folder");
    let database = DatabaseConfig::Sqlite {
        folder: folder.path().to_path_buf(),
    };
    let db = Db::open(&database).await.expect("a database");
    let mut besace = client("besace", BESACE);
    besace.name = String::from("Besace");
    besace.secret = ClientSecret::Clear(Secret::new(SHARED_SECRET));
    besace.redirect_uris = vec![at(BESACE, "api/v2/oidc-callback")];
    besace.post_logout_redirect_uris = vec![at(BESACE, "api/v2/client/logout-callback")];
    let config = IdentityConfig {
        organisations: vec![
            organisation(siret, realm, "7113"),
            organisation(SIRET_COMPANY, "Une entreprise", "5510"),
        ],
        clients: vec![besace],
        sign_in: SignIn::Local {
            realm: Realm::parse(realm).expect("a realm"),
            organisation: id_of_siret(siret),
            exempt: Vec::new(),
        },
        key_period: KEY_PERIOD,
        administration_level: None,
        grants: Vec::new(),
    };
    let mut instance = compose(house(base, db, clock, seed), config).await;
    instance.folder = Some(folder);
    instance
}

async fn write(ministry: &Instance, someone: Someone) {
    let written = ministry.identity.write_local_account(account(someone));
    written.await.expect("written");
}

fn account(someone: Someone) -> NewAccount {
    NewAccount {
        account: LocalAccount {
            realm: Realm::parse(someone.realm).expect("a realm"),
            login: Login::parse(someone.email).expect("a login"),
            subject: LocalSubject::from_u128(someone.subject),
            attributes: Attributes {
                given_name: someone.given_name.to_owned(),
                usual_name: someone.usual_name.to_owned(),
                uid: format!("u{}", someone.subject),
                siret: someone.siret.map(str::to_owned),
                organizational_unit: Some("Sous-direction du numérique".to_owned()),
                population: Some(Population::Agent),
                phone: Some("+33 1 40 07 60 60".to_owned()),
            },
        },
        password: Secret::new(someone.password),
    }
}

fn at(base: &str, path: &str) -> Url {
    Url::parse(base)
        .and_then(|base| base.join(path))
        .expect("an address")
}

fn organisation(siret: &str, label: &str, category: &str) -> Organisation {
    Organisation {
        id: id_of_siret(siret),
        siret: Siret::parse(siret).expect("a SIRET"),
        label: label.to_owned(),
        legal_category: LegalCategory::parse(category),
        parent: None,
    }
}

fn provider(id: &str, title: &str, base: &str, siret: &str) -> ProviderConfig {
    ProviderConfig {
        id: ProviderId::parse(id).expect("an id"),
        title: title.to_owned(),
        issuer: at(base, "api/v2"),
        client_id: "besace".to_owned(),
        credentials: ProviderCredentials::Post(Secret::new(SHARED_SECRET)),
        preset: Preset::Standard,
        scopes: None,
        aliases: Vec::new(),
        kind: ProviderKind::Ministry {
            domains: vec![format!("{id}.gouv.fr"), "partage.gouv.fr".to_owned()],
        },
        organisation: id_of_siret(siret),
        confined: false,
        default_siret: Siret::parse(siret).ok(),
        support: ProviderSupport {
            label: "Assistance".to_owned(),
            phone: Some("01 02 03 04 05".to_owned()),
            email: None,
            hours: None,
        },
        id_token_alg: Algorithm::Es256,
        mfa_capable: false,
        enabled: true,
    }
}

/// A client that takes everything, with its secret in either way.
fn client(id: &str, base: &str) -> Client {
    Client {
        id: ClientId::parse(id).expect("an id"),
        name: format!("L’application {id}"),
        organisation: None,
        secret: ClientSecret::Clear(Secret::new(format!(
            "the-secret-of-{id}-is-long-enough-for-hs256"
        ))),
        redirect_uris: vec![at(base, "retour")],
        post_logout_redirect_uris: vec![at(base, "fin")],
        auth_method: AuthMethod::ClientSecret,
        id_token_alg: Algorithm::Es256,
        userinfo_alg: None,
        introspection_alg: None,
        refresh_tokens: true,
        scopes: ScopeSet::all(),
        audience: ClientAudience::Everyone,
        require_pkce: false,
        enabled: true,
        valid_from: Timestamp::from_millis(0),
    }
}

fn clients() -> Vec<Client> {
    let mut clients: Vec<Client> = [
        "mission", "basic", "post", "es", "rs", "hs", "page", "agents", "closed", "narrow", "brief",
    ]
    .into_iter()
    .map(|id| client(id, &format!("https://{id}.test/")))
    .collect();
    for client in &mut clients {
        match client.id.as_str() {
            "basic" => client.auth_method = AuthMethod::ClientSecretBasic,
            "post" => client.auth_method = AuthMethod::ClientSecretPost,
            "es" => {
                client.userinfo_alg = Some(Algorithm::Es256);
                client.introspection_alg = Some(Algorithm::Es256);
            }
            "rs" => {
                client.id_token_alg = Algorithm::Rs256;
                client.userinfo_alg = Some(Algorithm::Rs256);
                client.introspection_alg = Some(Algorithm::Rs256);
            }
            "hs" => {
                client.id_token_alg = Algorithm::Hs256;
                client.userinfo_alg = Some(Algorithm::Hs256);
                client.introspection_alg = Some(Algorithm::Hs256);
            }
            "brief" => {
                client.refresh_tokens = false;
                client.scopes = ScopeSet::registered();
            }
            "page" => {
                client.auth_method = AuthMethod::None;
                client.secret = ClientSecret::None;
            }
            "agents" => client.audience = ClientAudience::Public,
            "closed" => client.enabled = false,
            "narrow" => client.scopes = ScopeSet::new([Scope::Openid, Scope::Email]),
            _ => {}
        }
    }
    clients
}
