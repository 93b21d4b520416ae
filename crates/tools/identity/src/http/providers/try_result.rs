//! `GET /api/v1/admin/providers/{id}/try`.

use axum::Json;
use axum::extract::State;
use kernel::{Locale, Timestamp};
use kernel_http::{ApiError, ApiPath, Lang, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::provider_id;
use crate::domain::trial::{Trial, TrialState};
use crate::service::Identity;
use crate::texts::providers as texts;
use crate::upstream::TrialClaim;

/// What the caller's last trial brought.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TrialView {
    /// `waiting`, `done` (a sign-in would succeed) or `failed`.
    state: &'static str,
    /// When it ended, UTC milliseconds.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    claims: Vec<ClaimView>,
    /// What nobody signs in without, and `siret` when no default stands for it.
    missing: Vec<String>,
    /// A default SIRET for who comes without one.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed_siret: Option<String>,
    /// Why a sign-in would be refused, in the reader's language.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// One claim.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ClaimView {
    name: String,
    received: bool,
    required: bool,
    /// What came; of a person's, its beginning only.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl From<TrialClaim> for ClaimView {
    fn from(claim: TrialClaim) -> Self {
        Self {
            name: claim.name,
            received: claim.received,
            required: claim.required,
            value: claim.value,
        }
    }
}

fn view(trial: Trial, now: Timestamp, locale: Locale) -> TrialView {
    let state = trial.state(now);
    let mut view = TrialView {
        state: state.word(),
        at: None,
        claims: Vec::new(),
        missing: Vec::new(),
        proposed_siret: None,
        problem: None,
    };
    match trial.ended {
        Some((at, outcome)) => {
            view.at = Some(at.millis());
            view.claims = outcome.claims.into_iter().map(ClaimView::from).collect();
            view.missing = outcome.missing;
            view.proposed_siret = outcome.proposed_siret;
            let problem = outcome.problem.as_ref();
            view.problem = problem.map(|text| text.get(locale).to_owned());
        }
        None if state == TrialState::Failed => {
            view.problem = Some(texts::TRIAL_EXPIRED.get(locale).to_owned());
        }
        None => {}
    }
    view
}

/// The caller's last trial of a provider.
#[utoipa::path(
    get,
    path = "/api/v1/admin/providers/{id}/try",
    operation_id = "getProviderTrial",
    tag = "administration",
    params(("id" = String, Path, description = "its name in the machine")),
    responses(
        (status = 200, description = "what it brought, or that it is waited for", body = TrialView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider, or `no-trial`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
    Lang(locale): Lang,
) -> Result<Json<TrialView>, ApiError> {
    let id = provider_id(&id)?;
    let trial = identity.last_trial(caller, id).await?;
    Ok(Json(view(trial, identity.house.clock.now(), locale)))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, LANDES, NEIGHBOUR};
    use crate::http::providers::testing::{body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_stranger_an_agent_and_a_neighbour_see_no_trial,
    );

    async fn a_stranger_an_agent_and_a_neighbour_see_no_trial(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let path = format!("{path}/try");
        assert_eq!(admin.stranger().get(&path).await.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            assert_eq!(admin.as_agent(who).get(&path).await.status, 403);
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let none = claire.get(&path).await;
        assert_eq!(none.json()["type"], "/problems/no-trial");
    }
}
