//! A provider of one realm, for tests.

use std::sync::Arc;

use kernel::{Clock, Secret};
use kernel_db::Db;
use kernel_http::{House, MasterKey, Sessions as _, Site};
use testkit::{Client, FixedClock, SeededRng};
use url::Url;

use super::{Attributes, LocalAccount, LocalSubject, Login, NewAccount, Realm};
use crate::domain::organisation::{Organisation, id_of_siret};
use crate::service::Identity;
use crate::upstream::Siret;
use crate::{IdentityConfig, SignIn};

const SIRET: &str = "11001401600015";

/// The password of every account.
pub(crate) const PASSWORD: &str = "sésame";

/// A running provider of the realm `interieur`.
pub(crate) struct Provider {
    pub(crate) identity: Identity,
    pub(crate) clock: Arc<FixedClock>,
    router: axum::Router,
}

impl Provider {
    /// Starts on this database, which may hold what an earlier start left.
    pub(crate) async fn start(db: &Db, clock: &Arc<FixedClock>) -> Self {
        testkit::install_tls_provider();
        let site = Site::new(Url::parse("https://interieur.test/").expect("an address"));
        let house = House::new(
            Arc::new(site),
            Arc::clone(clock) as Arc<dyn Clock>,
            Arc::new(SeededRng::new(clock.now().millis().unsigned_abs())),
            db.clone(),
            Arc::new(MasterKey::from_bytes([1; 32])),
        );
        let migrated = db.migrate(&[crate::MIGRATIONS], clock.now()).await;
        migrated.expect("migrations");
        let config = IdentityConfig {
            organisations: vec![Organisation {
                id: id_of_siret(SIRET),
                siret: Siret::parse(SIRET).expect("a SIRET"),
                label: "Ministère de l’Intérieur".to_owned(),
                legal_category: None,
                parent: None,
            }],
            clients: Vec::new(),
            sign_in: SignIn::Local {
                realm: Realm::parse("interieur").expect("a realm"),
                organisation: id_of_siret(SIRET),
                exempt: Vec::new(),
            },
            key_period: crate::domain::signing::PERIOD,
            administration_level: None,
            grants: Vec::new(),
        };
        let identity = Identity::start(house.clone(), config).await;
        let identity = identity.expect("started");
        let house = house
            .with_sessions(Arc::new(identity.clone()))
            .with_sign_in("/connexion");
        let router = kernel_http::app(house, vec![crate::tool(&identity)], None);
        Self {
            identity,
            clock: Arc::clone(clock),
            router,
        }
    }

    /// What the program does at each start with the accounts of its configuration.
    pub(crate) async fn configure(&self, accounts: &[(&str, u128)]) {
        let named = accounts.iter().map(|(name, _)| login(name)).collect();
        let removed = self.identity.remove_local_accounts_but(named).await;
        removed.expect("removed");
        for (name, subject) in accounts {
            let written = self.identity.write_local_account(account(name, *subject));
            written.await.expect("written");
        }
    }

    /// A browser with nothing in it.
    pub(crate) fn browser(&self) -> Browser {
        let base = self.identity.house.site.base_url.clone();
        Browser(Client::new(self.router.clone(), base))
    }

    /// Whether a session's cookie opens anything.
    pub(crate) async fn is_alive(&self, cookie: &str) -> bool {
        let caller = self.identity.caller(&Secret::new(cookie)).await;
        caller.expect("a read").is_some()
    }
}

/// Somebody's browser.
pub(crate) struct Browser(pub(crate) Client);

impl Browser {
    /// Fills in the form of a new sign-in.
    pub(crate) async fn attempt(&mut self, login: &str, password: &str) -> testkit::Answer {
        let begun = self.0.get("/connexion").await;
        let page = self.0.get(begun.location()).await;
        let csrf = page.field("csrf").expect("a token");
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", login),
            ("password", password),
        ];
        let action = format!("{}/mot-de-passe", begun.location());
        self.0.post_form(&action, &fields).await
    }
}

/// The address of somebody.
pub(crate) fn login(name: &str) -> Login {
    Login::parse(&format!("{name}@interieur.gouv.fr")).expect("a login")
}

fn account(name: &str, subject: u128) -> NewAccount {
    NewAccount {
        account: somebody(name, subject),
        password: Secret::new(PASSWORD),
    }
}

/// Somebody's account.
pub(crate) fn somebody(name: &str, subject: u128) -> LocalAccount {
    LocalAccount {
        realm: Realm::parse("interieur").expect("a realm"),
        login: login(name),
        subject: LocalSubject::from_u128(subject),
        attributes: Attributes {
            given_name: name.to_owned(),
            usual_name: "Martin".to_owned(),
            uid: name.to_owned(),
            siret: None,
            organizational_unit: None,
            population: None,
            phone: None,
        },
    }
}
