//! A small State for administrators' endpoints: two ministries and a prefecture, an agent in each
//! role, sessions for any of them.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use jose::Algorithm;
use kernel::{
    AgentId, Caller, Clock, CredentialId, Grant, Means, OrganisationId, Role, Scope, Secret,
    SessionId, TokenScope,
};
use kernel_db::testing::TestDb;
use kernel_db::{JobHandler as _, JournalConfig, JournalKey, Retention};
use kernel_http::outgoing::{Answer, Options};
use kernel_http::{BoxFuture, House, MasterKey, OutgoingError, Sessions, Site};
use serde_json::{Value, json};
use testkit::{Client, FakeSessions, FixedClock, SeededRng};
use url::Url;

use crate::domain::acr::Acr;
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::domain::credential::{Token, new_secret};
use crate::domain::organisation::{LegalCategory, Organisation, id_of_siret};
use crate::domain::role::ConfiguredGrant;
use crate::local::Realm;
use crate::service::imports::apply::Apply;
use crate::service::people::KnownAgent;
use crate::service::{self, Identity};
use crate::store::credential;
use crate::upstream::{
    Fetch, Preset, ProviderConfig, ProviderCredentials, ProviderId, ProviderKind, ProviderSupport,
    Siret,
};
use crate::{IdentityConfig, SignIn};

pub(crate) const INTERIOR: &str = "11001401600015";
pub(crate) const AGRICULTURE: &str = "11007001800012";
pub(crate) const LANDES: &str = "17400001000010";

/// (number, provider, address, first name, name, administration).
pub(crate) type Somebody = (
    u128,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Administers the ministry of the interior and what is below.
pub(crate) const ADMINISTRATOR: Somebody = (
    1,
    "interieur",
    "claire.delmas@interieur.gouv.fr",
    "Claire",
    "Delmas",
    INTERIOR,
);
/// An agent of the same ministry.
pub(crate) const AGENT: Somebody = (
    2,
    "interieur",
    "yann.kerbrat@interieur.gouv.fr",
    "Yann",
    "Kerbrat",
    INTERIOR,
);
/// Runs the instance.
pub(crate) const OPERATOR: Somebody = (
    3,
    "interieur",
    "ines.fofana@interieur.gouv.fr",
    "Inès",
    "Fofana",
    INTERIOR,
);
/// Administers the ministry of agriculture.
pub(crate) const NEIGHBOUR: Somebody = (
    4,
    "agriculture",
    "hugo.castaing@agriculture.gouv.fr",
    "Hugo",
    "Castaing",
    AGRICULTURE,
);
/// An agent of the prefecture, below the ministry of the interior.
pub(crate) const BELOW: Somebody = (
    5,
    "landes",
    "mathieu.lacaze@landes.gouv.fr",
    "Mathieu",
    "Lacaze",
    LANDES,
);

/// Providers are not reached here.
struct Nowhere;

impl Fetch for Nowhere {
    fn get<'a>(
        &'a self,
        url: &'a Url,
        _: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        let cause = url.to_string();
        Box::pin(async move { Err(OutgoingError::Unreachable { cause }) })
    }

    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        _: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        self.get(url, options)
    }
}

/// The State.
pub(crate) struct Admin {
    pub(crate) identity: Identity,
    sessions: Arc<FakeSessions>,
    router: axum::Router,
}

impl Admin {
    pub(crate) async fn start(test: &TestDb) -> Self {
        Self::with(test, settings()).await
    }

    /// The same people, who sign in here with a password: a provider run by this program.
    pub(crate) async fn of_provider(test: &TestDb) -> Self {
        let sign_in = SignIn::Local {
            realm: Realm::parse("interieur").expect("a realm"),
            organisation: id_of_siret(INTERIOR),
            exempt: Vec::new(),
        };
        let mut config = IdentityConfig {
            sign_in,
            ..settings()
        };
        // Nobody has come yet with this address.
        config.grants.push(ConfiguredGrant {
            email: "exploitation@interieur.gouv.fr".to_owned(),
            role: Role::Operator,
            scope: Scope::Everything,
        });
        Self::with(test, config).await
    }

    async fn with(test: &TestDb, config: IdentityConfig) -> Self {
        testkit::install_tls_provider();
        let clock = Arc::new(FixedClock::default());
        let house = House::new(
            Arc::new(Site::new(
                Url::parse("https://besace.test/").expect("an address"),
            )),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(SeededRng::new(1)),
            test.db.clone(),
            Arc::new(MasterKey::from_bytes([1; 32])),
        );
        let house = house.with_journal(Self::checkpoints(test));
        let identity = Identity::start(house.clone(), config)
            .await
            .expect("started");
        let agents = [ADMINISTRATOR, AGENT, OPERATOR, NEIGHBOUR, BELOW];
        let known = |who: Somebody| match &identity.method {
            service::Method::Upstream(_) => known(who),
            // An account has the id of its agent.
            service::Method::Local { realm, .. } => KnownAgent {
                provider: realm.as_str().to_owned(),
                subject: Self::id(who).to_string(),
                ..known(who)
            },
        };
        let known = identity.know(agents.into_iter().map(known).collect()).await;
        known.expect("known");
        let sessions = Arc::new(FakeSessions::default());
        let house = house
            .with_sessions(Arc::clone(&sessions) as Arc<dyn Sessions>)
            .with_tokens(Arc::new(identity.clone()));
        let router = kernel_http::app(house, vec![crate::tool(&identity)], None);
        Self {
            identity,
            sessions,
            router,
        }
    }

    /// Where the journal's checkpoints go.
    pub(crate) fn checkpoints(test: &TestDb) -> JournalConfig {
        JournalConfig {
            checkpoint_file: test.file("journal.checkpoint"),
            key: JournalKey::new(&[1; 32]),
            retention: Retention::default(),
        }
    }

    /// Gives the journal's entries their places and writes a checkpoint.
    pub(crate) async fn settled(&self, test: &TestDb) {
        let house = &self.identity.house;
        let checkpoints = Self::checkpoints(test);
        let done = kernel_db::workers::run_once(
            &house.db,
            &house.clock,
            &house.rng,
            &[],
            &[],
            &checkpoints,
        );
        done.await.expect("a round");
    }

    pub(crate) fn id(who: Somebody) -> AgentId {
        AgentId::from_u128(who.0)
    }

    pub(crate) fn organisation(siret: &str) -> OrganisationId {
        id_of_siret(siret)
    }

    pub(crate) fn stranger(&self) -> Client {
        let base = self.identity.house.site.base_url.clone();
        Client::new(self.router.clone(), base)
    }

    /// A browser of somebody, with the roles that their first start gave.
    pub(crate) fn as_agent(&self, who: Somebody) -> Client {
        let grants = match who {
            ADMINISTRATOR => vec![administrator(INTERIOR)],
            NEIGHBOUR => vec![administrator(AGRICULTURE)],
            OPERATOR => vec![Grant {
                role: Role::Operator,
                scope: Scope::Everything,
                until: None,
            }],
            _ => Vec::new(),
        };
        self.browser(who, grants)
    }

    /// The same as an administrator of their administration.
    pub(crate) fn administrator(&self, who: Somebody) -> Client {
        self.browser(who, vec![administrator(who.5)])
    }

    /// The same as somebody who publishes announcements of their administration.
    pub(crate) fn announcer(&self, who: Somebody) -> Client {
        let announcer = Grant {
            role: Role::Announcer,
            ..administrator(who.5)
        };
        self.browser(who, vec![announcer])
    }

    /// The same with these roles.
    pub(crate) fn browser(&self, who: Somebody, grants: Vec<Grant>) -> Client {
        let above = if who.5 == LANDES {
            vec![id_of_siret(INTERIOR)]
        } else {
            Vec::new()
        };
        let session = SessionId::from_u128(who.0);
        let caller = Caller {
            agent: Self::id(who),
            by: Means::Session(session),
            organisation: id_of_siret(who.5),
            ancestors: above,
            population: kernel::Population::Agent,
            grants,
            guest: None,
            locale: None,
        };
        let mut client = self.stranger();
        client.set_csrf(Some(self.identity.house.csrf_token(session)));
        let cookie = self.sessions.open(caller);
        client.set_cookie(self.identity.house.cookies().session(), cookie.expose());
        client
    }

    pub(crate) fn grant_body(who: Somebody, role: &str, siret: Option<&str>) -> Value {
        let mut body = json!({ "agent": Self::id(who), "role": role, "subtree": true });
        if let Some(siret) = siret {
            body["organisation"] = Self::organisation(siret).to_string().into();
        }
        body
    }

    /// Gives a role as the operator; its path.
    pub(crate) async fn given(&self, who: Somebody, role: &str, siret: &str) -> String {
        let body = Self::grant_body(who, role, Some(siret));
        let given = self
            .as_agent(OPERATOR)
            .post_json("/api/v1/admin/grants", &body)
            .await;
        assert_eq!(given.status, 201, "{}", given.text());
        let id = given.json()["id"].as_str().expect("an id").to_owned();
        format!("/api/v1/admin/grants/{id}")
    }

    /// A dry run of a file for the ministry of the interior, by its administrator.
    pub(crate) async fn dry_run(&self, file: &[u8]) -> testkit::Answer {
        self.as_agent(ADMINISTRATOR)
            .send_bytes(Method::POST, &Self::imports(INTERIOR), "text/csv", file)
            .await
    }

    /// Where files for an administration are sent.
    pub(crate) fn imports(siret: &str) -> String {
        let organisation = Self::organisation(siret);
        format!("/api/v1/admin/imports?organisation={organisation}")
    }

    /// The path of the import that an answer tells.
    pub(crate) fn import_path(answer: &testkit::Answer) -> String {
        assert!(answer.status < 300, "{}", answer.text());
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        format!("/api/v1/admin/imports/{id}")
    }

    /// Agrees to a dry run and does the work of the background; the import afterwards.
    pub(crate) async fn applied(&self, path: &str) -> Value {
        let mut claire = self.as_agent(ADMINISTRATOR);
        let agreed = claire.call(Method::POST, &format!("{path}/apply")).await;
        assert_eq!(agreed.status, 202, "{}", agreed.text());
        let id = agreed.json()["id"].as_str().expect("an id").to_owned();
        let job = Apply::new(self.identity.clone());
        let done = job
            .run(&self.identity.house.db, &json!({ "import": id }))
            .await;
        done.expect("done");
        claire.get(path).await.json()
    }

    /// The path of the one role somebody holds.
    pub(crate) async fn role_path(&self, who: Somebody) -> String {
        let listed = self
            .as_agent(OPERATOR)
            .get("/api/v1/admin/grants")
            .await
            .json();
        let items = listed["items"].as_array().expect("a list");
        let own = Self::id(who).to_string();
        let role = items
            .iter()
            .find(|item| item["agent"]["id"] == own.as_str());
        format!(
            "/api/v1/admin/grants/{}",
            role.expect("a role")["id"].as_str().expect("an id")
        )
    }

    /// Makes a token of somebody; its id, and what a program sends by it.
    pub(crate) async fn token(&self, who: Somebody, number: u128) -> (String, String) {
        let house = &self.identity.house;
        let now = house.clock.now();
        let (secret, hash) = new_secret(house.rng.as_ref());
        let token = Token {
            id: CredentialId::from_u128(number),
            name: "Sauvegarde".to_owned(),
            scopes: TokenScope::ALL.to_vec(),
            provider: who.1.to_owned(),
            created_at: now,
            expires_at: now.plus(Duration::from_hours(24)),
            last_used_at: None,
        };
        let id = token.id.to_string();
        let written = house.db.write(move |tx| {
            let token = token.clone();
            Box::pin(async move {
                credential::insert(tx, Self::id(who), &token, Acr::Eidas1, hash).await
            })
        });
        let written: Result<(), kernel_db::DbError> = written.await;
        written.expect("written");
        (id, format!("Bearer {}", secret.expose()))
    }

    /// A program that sends this.
    pub(crate) fn program(&self, bearer: &str) -> Client {
        self.stranger().with_header("authorization", bearer)
    }

    /// What a program that sends this is answered about itself.
    pub(crate) async fn opens(&self, bearer: &str) -> u16 {
        let mut program = self.program(bearer);
        program.get("/api/v1/account/token").await.status
    }

    /// One number from the database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let read = self.identity.house.db.read(move |tx: &mut kernel_db::Tx| {
            Box::pin(async move {
                let row = tx.query_optional(sql, &[]).await?.expect("a row");
                row.get::<i64>("n")
            })
        });
        read.await.expect("a number")
    }
}

fn administrator(siret: &str) -> Grant {
    Grant {
        role: Role::Administrator,
        scope: Scope::Organisation {
            root: id_of_siret(siret),
            subtree: true,
        },
        until: None,
    }
}

fn settings() -> IdentityConfig {
    let configured = |who: Somebody, role, scope| ConfiguredGrant {
        email: who.2.to_uppercase(),
        role,
        scope,
    };
    let of = |siret: &str| Scope::Organisation {
        root: id_of_siret(siret),
        subtree: true,
    };
    IdentityConfig {
        organisations: vec![
            organisation(INTERIOR, "Ministère de l’Intérieur", None),
            organisation(AGRICULTURE, "Ministère de l’Agriculture", None),
            organisation(LANDES, "Préfecture des Landes", Some(INTERIOR)),
        ],
        clients: Vec::new(),
        sign_in: SignIn::Upstream {
            providers: vec![
                provider("interieur", INTERIOR),
                provider("agriculture", AGRICULTURE),
                provider("landes", LANDES),
            ],
            outgoing: Arc::new(Nowhere),
        },
        key_period: crate::domain::signing::PERIOD,
        administration_level: None,
        grants: vec![
            configured(ADMINISTRATOR, Role::Administrator, of(INTERIOR)),
            configured(NEIGHBOUR, Role::Administrator, of(AGRICULTURE)),
            configured(OPERATOR, Role::Operator, Scope::Everything),
        ],
    }
}

fn organisation(siret: &str, label: &str, parent: Option<&str>) -> Organisation {
    Organisation {
        id: id_of_siret(siret),
        siret: Siret::parse(siret).expect("a SIRET"),
        label: label.to_owned(),
        legal_category: LegalCategory::parse("7113"),
        parent: parent.map(id_of_siret),
    }
}

fn provider(id: &str, siret: &str) -> ProviderConfig {
    ProviderConfig {
        id: ProviderId::parse(id).expect("an id"),
        title: id.to_owned(),
        issuer: Url::parse(&format!("https://{id}.test/")).expect("an address"),
        client_id: "besace".to_owned(),
        credentials: ProviderCredentials::Post(Secret::new("0123456789abcdef0123456789abcdef")),
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
            phone: None,
            email: None,
            hours: None,
        },
        id_token_alg: Algorithm::Es256,
        mfa_capable: false,
        enabled: true,
    }
}

pub(crate) fn known(who: Somebody) -> KnownAgent {
    let (number, provider, email, given_name, usual_name, siret) = who;
    KnownAgent {
        provider: provider.to_owned(),
        subject: format!("s{number}"),
        agent: Agent {
            id: AgentId::from_u128(number),
            state: AgentState::Active,
            organisation: id_of_siret(siret),
            attributes: Attributes {
                given_name: given_name.to_owned(),
                usual_name: usual_name.to_owned(),
                email: email.to_owned(),
                uid: format!("u{number}"),
                organizational_unit: Some("Cabinet".to_owned()),
                population: Some(kernel::Population::Agent),
                phone: None,
                chorusdt: None,
                custom: serde_json::Map::new(),
            },
        },
    }
}
