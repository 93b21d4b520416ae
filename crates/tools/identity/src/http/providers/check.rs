//! `POST /api/v1/admin/providers/check`.

use axum::Json;
use axum::extract::State;
use kernel::Locale;
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::Identity;
use crate::texts::providers as texts;
use crate::upstream::{Discovered, DiscoveryFacts};

/// Whose discovery to read.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct IssuerBody {
    /// The issuer, or the address of its metadata.
    issuer: String,
}

/// What an issuer says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CheckView {
    /// Whether nothing keeps us from signing in there.
    ok: bool,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<FactsView>,
    /// What does, each in a sentence in the reader's language.
    problems: Vec<String>,
}

/// What its metadata says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FactsView {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    end_session_endpoint: Option<String>,
    /// Algorithms of id tokens that are verified here.
    algs: Vec<String>,
    scopes: Vec<String>,
    claims: Vec<String>,
    /// How many keys it publishes.
    keys: usize,
}

impl From<DiscoveryFacts> for FactsView {
    fn from(facts: DiscoveryFacts) -> Self {
        Self {
            issuer: facts.issuer,
            authorization_endpoint: facts.authorization_endpoint.into(),
            token_endpoint: facts.token_endpoint.into(),
            userinfo_endpoint: facts.userinfo_endpoint.into(),
            end_session_endpoint: facts.end_session_endpoint.map(Into::into),
            algs: facts.algs,
            scopes: facts.scopes,
            claims: facts.claims,
            keys: facts.keys,
        }
    }
}

fn view(found: Discovered, locale: Locale) -> CheckView {
    let said = found.problems.iter();
    let said = said.map(|problem| texts::discovery(problem).get(locale).to_owned());
    CheckView {
        ok: found.problems.is_empty(),
        problems: said.collect(),
        facts: found.facts.map(FactsView::from),
    }
}

/// Reads an issuer's metadata and keys, as a sign-in there would.
#[utoipa::path(
    post,
    path = "/api/v1/admin/providers/check",
    operation_id = "checkProvider",
    tag = "administration",
    request_body = IssuerBody,
    responses(
        (status = 200, description = "what it says, or what is wrong", body = CheckView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-provider`: not an address", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(body): ApiJson<IssuerBody>,
) -> Result<Json<CheckView>, ApiError> {
    let found = identity.check_issuer(&caller, &body.issuer).await;
    Ok(Json(view(found?, locale)))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin};
    use crate::http::providers::testing::ROOT;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_issuer_that_does_not_answer_is_said_in_a_sentence,
        a_stranger_and_an_agent_make_us_call_nobody,
    );

    fn path() -> String {
        format!("{ROOT}/check")
    }

    async fn an_issuer_that_does_not_answer_is_said_in_a_sentence(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let asked = json!({ "issuer": "https://nowhere.test/" });
        let found = claire.post_json(&path(), &asked).await;
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!(found.json()["ok"], false);
        let said = json!(["Personne ne répond à cette adresse."]);
        assert_eq!(found.json()["problems"], said);
        let none = json!({ "issuer": "nowhere" });
        let refused = claire.post_json(&path(), &none).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["field"], "issuer");
    }

    async fn a_stranger_and_an_agent_make_us_call_nobody(test: TestDb) {
        let admin = Admin::start(&test).await;
        let asked = json!({ "issuer": "https://nowhere.test/" });
        let stranger = admin.stranger().post_json(&path(), &asked).await;
        assert_eq!(stranger.status, 401);
        let agent = admin.as_agent(AGENT).post_json(&path(), &asked).await;
        assert_eq!(agent.status, 403);
    }
}
