//! A provider run here with a few accounts, for tests.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use kernel::{AgentId, OsRng, Secret, SessionId};
use kernel_db::Tx;
use kernel_db::testing::TestDb;
use kernel_mail::{MailConfig, Mailbox, Mailer, Security};
use serde_json::{Value, json};

use crate::domain::acr::Acr;
use crate::domain::browser::Browser;
use crate::domain::session::{Session, hash};
use crate::http::admin::testing::{
    AGENT, AGRICULTURE, Admin, INTERIOR, LANDES, OPERATOR, Somebody,
};
use crate::local::{Attributes, LocalAccount, LocalSubject, Login, NewAccount, Realm, TotpSecret};
use crate::service::local_office::Invitation;
use crate::store;

pub(super) const ACCOUNTS: &str = "/api/v1/admin/local-accounts";
/// Invited, and has not chosen a password.
pub(super) const NADIA: &str = "nadia.benhamou@interieur.gouv.fr";
/// Of no account.
pub(super) const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// The path of an account, and what comes after it.
pub(super) fn path(account: &str, after: &str) -> String {
    format!("{ACCOUNTS}/{account}{after}")
}

/// The addresses of a list, in its order.
pub(super) fn addresses(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("a list");
    let address = |item: &Value| item["email"].as_str().expect("an address").to_owned();
    items.iter().map(address).collect()
}

/// The people, four accounts of the configuration, and Nadia's.
pub(super) async fn provider(test: &TestDb) -> Admin {
    let admin = Admin::of_provider(test).await;
    let louis = (
        20,
        "",
        "louis@agriculture.gouv.fr",
        "Louis",
        "Abadie",
        AGRICULTURE,
    );
    let mathieu = (
        21,
        "",
        "mathieu@landes.gouv.fr",
        "Mathieu",
        "Abadie",
        LANDES,
    );
    for who in [AGENT, OPERATOR, louis, mathieu] {
        let written = admin.identity.write_local_account(account(who)).await;
        written.expect("written");
    }
    let desk = admin.identity.desk().expect("a provider");
    let invited = desk.invite(Invitation {
        address: NADIA.to_owned(),
        given_name: "Nadia".to_owned(),
        usual_name: "Benhamou".to_owned(),
        siret: None,
        organizational_unit: None,
        population: None,
    });
    invited.await.expect("invited");
    admin
}

/// Somebody to invite for an administration.
pub(super) fn paul(siret: &str) -> Value {
    json!({
        "email": "paul.roux@interieur.gouv.fr", "givenName": "Paul", "usualName": "Roux",
        "organisation": Admin::organisation(siret).to_string(),
    })
}

/// The secret of a link.
pub(super) fn secret_of(link: &str) -> Secret {
    Secret::new(link.rsplit('/').next().expect("a secret").to_owned())
}

pub(super) fn account((number, _, email, given_name, usual_name, siret): Somebody) -> NewAccount {
    NewAccount {
        account: LocalAccount {
            realm: Realm::parse("interieur").expect("a realm"),
            login: Login::parse(email).expect("a login"),
            subject: LocalSubject::from_u128(number),
            attributes: Attributes {
                given_name: given_name.to_owned(),
                usual_name: usual_name.to_owned(),
                uid: format!("u{number}"),
                // Without one of its own, an account is the provider's administration's.
                siret: (siret != INTERIOR).then(|| siret.to_owned()),
                organizational_unit: None,
                population: None,
                phone: None,
            },
        },
        password: Secret::new("sésame"),
    }
}

impl Admin {
    /// The id of somebody's account: their agent's.
    pub(super) fn account(who: Somebody) -> String {
        Self::id(who).to_string()
    }

    /// The id of the account of an address.
    pub(super) async fn account_id(&self, email: &str) -> String {
        let mut operator = self.as_agent(OPERATOR);
        let listed = operator.get(&format!("{ACCOUNTS}?q={email}")).await.json();
        let id = listed["items"][0]["id"].as_str();
        id.expect("an account").to_owned()
    }

    /// A link that is good for an account: a new one.
    pub(super) async fn link_of(&self, email: &str) -> String {
        let again = path(&self.account_id(email).await, "/invite");
        let sent = self.as_agent(OPERATOR).call(Method::POST, &again).await;
        sent.json()["link"].as_str().expect("a link").to_owned()
    }

    /// Whether a link leads to the choice of a password.
    pub(super) async fn opens_link(&self, link: &str) -> bool {
        let page = self.stranger().get(link).await;
        !page.text().contains("Ce lien ne sert plus")
    }

    /// From here on mails leave, to a server that nobody runs.
    pub(super) fn mails_leave(&self) {
        let config = MailConfig {
            host: "127.0.0.1".to_owned(),
            port: 1,
            security: Security::None,
            credentials: None,
            from: Mailbox::parse(Some("Comptes"), "comptes@interieur.test").expect("an address"),
            extra_roots_pem: Vec::new(),
        };
        let clock = Arc::clone(&self.identity.house.clock);
        let mailer = Mailer::new(&config, clock, Arc::new(OsRng)).expect("a mailer");
        self.identity.mail_by(mailer);
    }

    /// Gives the holder of an account a second factor and a session.
    pub(super) async fn with_factor_and_session(&self, email: &str, account: &str) {
        let agent = AgentId::parse(account).expect("the id of an account");
        let login = Login::parse(email).expect("a login");
        let secret = TotpSecret::parse("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").expect("a secret");
        let given = self.identity.give_local_factor(&login, &secret).await;
        given.expect("given");
        let now = self.identity.house.clock.now();
        let session = Session {
            id: SessionId::from_u128(77),
            agent,
            provider: "interieur".to_owned(),
            acr: Acr::Eidas1,
            amr: vec!["pwd".to_owned()],
            auth_time: now,
            created_at: now,
            expires_at: now.plus(Duration::from_hours(12)),
            upstream_id_token: None,
            browser: Browser::default(),
        };
        let written = self.identity.house.db.write(move |tx: &mut Tx| {
            let session = session.clone();
            Box::pin(async move { store::session::insert(tx, &session, hash("cookie")).await })
        });
        let written: Result<(), kernel_db::DbError> = written.await;
        written.expect("written");
    }
}
