//! What the tests of this room plug in.

use kernel::AgentId;
use kernel_db::{DbError, values};
use serde_json::{Value, json};

use crate::domain::organisation::id_of_siret;
use crate::http::admin::testing::{Admin, Somebody};

pub(super) const ROOT: &str = "/api/v1/admin/providers";
pub(super) const SECRET: &str = "the-secret-of-besace-at-keycloak";

/// A Keycloak of an administration.
pub(super) fn body(title: &str, siret: &str) -> Value {
    json!({
        "title": title,
        "preset": "keycloak",
        "organisation": id_of_siret(siret),
        "issuer": "https://keycloak.test/realms/agents",
        "clientId": "besace",
        "clientSecret": SECRET,
        "domains": ["keycloak.gouv.fr"],
        "support": { "label": "Assistance" },
    })
}

/// Plugs a provider in; its path.
pub(super) async fn create(admin: &Admin, who: Somebody, body: &Value) -> String {
    let made = admin.as_agent(who).post_json(ROOT, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    format!("{ROOT}/{id}")
}

impl Admin {
    /// Changes the address of an agent.
    pub(super) async fn set_email(&self, agent: u128, email: &'static str) {
        let agent = AgentId::from_u128(agent);
        let written = self.identity.house.db.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE identity_agent SET email = $2 WHERE id = $1";
                tx.execute(sql, &values![agent, email]).await?;
                Ok::<_, DbError>(())
            })
        });
        written.await.expect("written");
    }
}
