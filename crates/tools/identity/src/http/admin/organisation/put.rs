//! `PUT /api/v1/admin/organisation/{id}`.

use axum::Json;
use axum::extract::State;
use kernel::{OrganisationId, Problem, Text};
use kernel_http::etag::{EntityTag, IfMatch, precondition_failed};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::AdministrationView;
use crate::service::Identity;
use crate::service::administration::{Edited, OrganisationEdit, Place};

/// The longest label, in characters.
const LONGEST: usize = 200;

/// What becomes of an administration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct AdministrationInput {
    /// Shown to people, 1 to 200 characters.
    label: String,
    /// The one above it, for the operator to change; null: none; absent: left as it is.
    #[schema(value_type = Option<String>, required = false)]
    #[serde(default, deserialize_with = "said")]
    parent: Place,
    /// Whether it asks its guests for a second factor; absent: as it does. While it does, what
    /// its guests opened by the code of a mail alone is refused.
    #[schema(nullable = false, required = false)]
    #[serde(default)]
    guests_second_factor: Option<bool>,
}

/// What is said, null included, apart from what is not said.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
    Option::deserialize(deserializer).map(Place::Below)
}

/// Changes the label of an administration, whether it asks its guests for a second factor and, for
/// the operator, its place.
#[utoipa::path(
    put,
    path = "/api/v1/admin/organisation/{id}",
    operation_id = "putOrganisation",
    tag = "administration",
    params(
        ("id" = String, Path, description = "the administration"),
        ("If-Match" = String, Header, description = "the entity tag that was read")
    ),
    request_body = AdministrationInput,
    responses(
        (status = 200, description = "as it stands now", body = AdministrationView, headers(("ETag" = String))),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 412, description = "`precondition-failed`: `current` is what stands", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-label`, `unknown-organisation`, `circle`", content_type = "application/problem+json"),
        (status = 428, description = "`precondition-required`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<OrganisationId>,
    if_match: IfMatch,
    ApiJson(body): ApiJson<AdministrationInput>,
) -> Result<(EntityTag, Json<AdministrationView>), ApiError> {
    let read = if_match.require()?.version();
    let edit = OrganisationEdit {
        label: label(&body.label)?,
        place: body.parent,
        guest_factor: body.guests_second_factor,
    };
    match identity.edit_organisation(caller, id, edit, read).await? {
        None => Err(ApiError(Problem::not_found())),
        Some(Edited::Stale(stands)) => {
            let current = serde_json::to_value(AdministrationView::from(stands));
            Err(precondition_failed(current.unwrap_or_default()))
        }
        Some(Edited::Done(stands)) => {
            let tag = EntityTag::of(stands.version);
            Ok((tag, Json(AdministrationView::from(stands))))
        }
    }
}

fn label(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let fits = (1..=LONGEST).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(ApiError(Problem::new(
        422,
        "invalid-label",
        Text::fixed(
            "Le nom tient sur une ligne, en 1 à 200 caractères.",
            "The name is one line of 1 to 200 characters.",
        ),
    )))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;
    use serde_json::{Value, json};
    use testkit::{Answer, Client};

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_label_is_changed_once_and_a_late_edit_sees_what_stands,
        a_second_factor_is_asked_of_guests_when_its_administrator_says_so,
        the_place_is_the_operator_s_to_change,
        a_stranger_a_neighbour_and_an_agent_change_nothing,
    );

    async fn put(client: Client, path: &str, tag: &str, body: &Value) -> Answer {
        let mut client = client.with_header("if-match", tag);
        client.json(Method::PUT, path, body).await
    }

    async fn a_label_is_changed_once_and_a_late_edit_sees_what_stands(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        let claire = || admin.as_agent(ADMINISTRATOR);
        let body = json!({ "label": " Intérieur et outre-mer " });
        let without = claire().json(Method::PUT, &path, &body).await;
        assert_eq!(
            (without.status, without.problem().as_str()),
            (428, "precondition-required")
        );
        let done = put(claire(), &path, "\"v0\"", &body).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.json()["label"], "Intérieur et outre-mer");
        assert_eq!(done.header("etag"), "\"v1\"");
        let late = put(claire(), &path, "\"v0\"", &json!({ "label": "Autre" })).await;
        assert_eq!(late.status, 412);
        assert_eq!(late.json()["current"]["label"], "Intérieur et outre-mer");
        let same = put(
            claire(),
            &path,
            "\"v1\"",
            &json!({ "label": "Intérieur et outre-mer" }),
        )
        .await;
        assert_eq!(same.header("etag"), "\"v1\"", "nothing changed");
        for label in ["", "  ", "deux\nlignes", &"a".repeat(201)] {
            let refused = put(claire(), &path, "\"v1\"", &json!({ "label": label })).await;
            assert_eq!(refused.problem(), "invalid-label", "{label}");
        }
        let journal =
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.organisation.edit'";
        assert_eq!(admin.count(journal).await, 1);
        let restarted = Admin::start(&test).await;
        let kept = restarted.as_agent(ADMINISTRATOR).get(&path).await;
        assert_eq!(
            kept.json()["label"],
            "Intérieur et outre-mer",
            "a restart keeps it"
        );
    }

    async fn a_second_factor_is_asked_of_guests_when_its_administrator_says_so(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        let claire = || admin.as_agent(ADMINISTRATOR);
        let seen = claire().get(&path).await.json();
        assert_eq!(seen["guestsSecondFactor"], false, "unless somebody says so");
        let label = seen["label"].as_str().expect("a label").to_owned();
        let asks = json!({ "label": label, "guestsSecondFactor": true });
        for who in [NEIGHBOUR, AGENT] {
            let refused = put(admin.as_agent(who), &path, "\"v0\"", &asks).await;
            assert_eq!(refused.status, 403);
        }
        let done = put(claire(), &path, "\"v0\"", &asks).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.json()["guestsSecondFactor"], true);
        assert_eq!(done.header("etag"), "\"v1\"");
        let late = json!({ "label": label, "guestsSecondFactor": false });
        let late = put(claire(), &path, "\"v0\"", &late).await;
        assert_eq!(late.status, 412);
        assert_eq!(late.json()["current"]["guestsSecondFactor"], true);
        let unsaid = put(claire(), &path, "\"v1\"", &json!({ "label": "Intérieur" })).await;
        assert_eq!(unsaid.json()["guestsSecondFactor"], true, "it was not said");
        let below = format!("/api/v1/admin/organisation/{}", Admin::organisation(LANDES));
        let below = claire().get(&below).await.json();
        assert_eq!(
            below["guestsSecondFactor"], false,
            "each says so for itself"
        );
        let restarted = Admin::start(&test).await;
        let kept = restarted.as_agent(ADMINISTRATOR).get(&path).await.json();
        assert_eq!(kept["guestsSecondFactor"], true, "a restart keeps it");
        let journal =
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.organisation.edit'";
        assert_eq!(admin.count(journal).await, 2);
    }

    async fn the_place_is_the_operator_s_to_change(test: TestDb) {
        let admin = Admin::start(&test).await;
        let landes = format!("/api/v1/admin/organisation/{}", Admin::organisation(LANDES));
        let body = json!({ "label": "Préfecture des Landes", "parent": null });
        let refused = put(admin.as_agent(ADMINISTRATOR), &landes, "\"v0\"", &body).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "more-than-held")
        );
        let interior = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        let circle = json!({ "label": "Intérieur", "parent": Admin::organisation(LANDES) });
        let refused = put(admin.as_agent(OPERATOR), &interior, "\"v0\"", &circle).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "circle")
        );
        let done = put(admin.as_agent(OPERATOR), &landes, "\"v0\"", &body).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert!(done.json()["parent"].is_null());
    }

    async fn a_stranger_a_neighbour_and_an_agent_change_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        let body = json!({ "label": "À nous" });
        assert_eq!(
            put(admin.stranger(), &path, "\"v0\"", &body).await.status,
            401
        );
        for who in [NEIGHBOUR, AGENT] {
            assert_eq!(
                put(admin.as_agent(who), &path, "\"v0\"", &body)
                    .await
                    .status,
                403
            );
        }
    }
}
