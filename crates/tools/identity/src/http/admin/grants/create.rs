//! `POST /api/v1/admin/grants`: a role is given.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::{AgentId, OrganisationId, Role, Timestamp};
use kernel_http::{ApiError, ApiJson, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::GrantView;
use crate::domain::role::reach;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::roles::Wanted;

/// A role to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct GrantBody {
    /// To whom.
    #[schema(value_type = String)]
    agent: AgentId,
    /// `operator`, `administrator` or `announcer`.
    #[schema(value_type = String)]
    role: Role,
    /// For which administration; absent for an operator.
    #[schema(value_type = String, nullable = false)]
    #[serde(default)]
    organisation: Option<OrganisationId>,
    /// Whether the administrations below are reached too.
    #[serde(default)]
    subtree: bool,
    /// UTC milliseconds; absent: until taken back.
    #[schema(nullable = false)]
    #[serde(default)]
    until: Option<i64>,
}

/// Gives a role. Nobody gives more than they hold.
#[utoipa::path(
    post,
    path = "/api/v1/admin/grants",
    operation_id = "createGrant",
    tag = "administration",
    request_body = GrantBody,
    responses(
        (status = 201, description = "given", body = GrantView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 409, description = "`held-already`", content_type = "application/problem+json"),
        (status = 422, description = "`unknown-agent`, `unknown-organisation`, `organisation-required`, `operator-everywhere`, `end-is-past`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiJson(body): ApiJson<GrantBody>,
) -> Result<(StatusCode, Json<GrantView>), ApiError> {
    let scope = reach(body.role, body.organisation, body.subtree).map_err(IdentityError::from)?;
    let wanted = Wanted {
        agent: body.agent,
        role: body.role,
        scope,
        until: body.until.map(Timestamp::from_millis),
    };
    let given = identity.give_role(caller, wanted).await?;
    Ok((StatusCode::CREATED, Json(GrantView::from(given))))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_role_given_is_journalled_told_and_not_given_twice,
        a_stranger_a_neighbour_and_an_agent_give_nothing,
        what_cannot_be_given_is_said_by_name,
    );

    const GRANTS: &str = "/api/v1/admin/grants";

    async fn a_role_given_is_journalled_told_and_not_given_twice(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let body = Admin::grant_body(AGENT, "announcer", Some(LANDES));
        let given = claire.post_json(GRANTS, &body).await;
        assert_eq!(given.status, 201, "{}", given.text());
        assert_eq!(
            given.json()["organisation"]["label"],
            "Préfecture des Landes"
        );
        let again = claire.post_json(GRANTS, &body).await;
        assert_eq!(
            (again.status, again.problem().as_str()),
            (409, "held-already")
        );
        // Three were given by the configuration.
        for sql in [
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.role.grant'",
            "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.role.granted'",
        ] {
            assert_eq!(admin.count(sql).await, 4, "{sql}");
        }
    }

    async fn a_stranger_a_neighbour_and_an_agent_give_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let body = Admin::grant_body(AGENT, "announcer", Some(INTERIOR));
        assert_eq!(admin.stranger().post_json(GRANTS, &body).await.status, 401);
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin.as_agent(who).post_json(GRANTS, &body).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
    }

    async fn what_cannot_be_given_is_said_by_name(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let mut body = Admin::grant_body(NEIGHBOUR, "announcer", Some(INTERIOR));
        let refused = claire.post_json(GRANTS, &body).await;
        assert_eq!(
            refused.problem(),
            "unknown-agent",
            "of another administration"
        );
        body = Admin::grant_body(AGENT, "announcer", None);
        assert_eq!(
            claire.post_json(GRANTS, &body).await.problem(),
            "organisation-required"
        );
        body = Admin::grant_body(AGENT, "operator", None);
        assert_eq!(claire.post_json(GRANTS, &body).await.problem(), "forbidden");
        body = Admin::grant_body(AGENT, "operator", Some(INTERIOR));
        assert_eq!(
            claire.post_json(GRANTS, &body).await.problem(),
            "operator-everywhere"
        );
        body = Admin::grant_body(AGENT, "announcer", Some(INTERIOR));
        body["until"] = 1.into();
        assert_eq!(
            claire.post_json(GRANTS, &body).await.problem(),
            "end-is-past"
        );
        body["organisation"] = kernel::OrganisationId::from_u128(9).to_string().into();
        assert_eq!(
            claire.post_json(GRANTS, &body).await.problem(),
            "unknown-organisation"
        );
        assert_eq!(
            admin
                .as_agent(AGENT)
                .post_json(GRANTS, &body)
                .await
                .problem(),
            "forbidden"
        );
        body = Admin::grant_body(NEIGHBOUR, "administrator", Some(AGRICULTURE));
        body["subtree"] = false.into();
        let mut operator = admin.as_agent(OPERATOR);
        assert_eq!(
            operator.post_json(GRANTS, &body).await.problem(),
            "held-already"
        );
    }
}
