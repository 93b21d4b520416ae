//! `DELETE /api/v1/admin/grants/{id}`: a role is taken back.

use axum::extract::State;
use http::StatusCode;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::role::RoleId;
use crate::service::Identity;

/// Takes a role back; it holds no longer from the next request on.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/grants/{id}",
    operation_id = "deleteGrant",
    tag = "administration",
    params(("id" = String, Path, description = "the role")),
    responses(
        (status = 204, description = "taken back"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "there is none", content_type = "application/problem+json"),
        (status = 409, description = "`last-administrator`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<RoleId>,
) -> Result<StatusCode, ApiError> {
    if identity.take_role(caller, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;
    use http::Method;
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_role_taken_back_is_gone_and_journalled,
        a_stranger_a_neighbour_and_the_agent_take_nothing,
        the_last_administrator_cannot_go_and_an_operator_can_take_them_away,
        two_administrators_who_leave_at_once_leave_one,
    );

    async fn a_role_taken_back_is_gone_and_journalled(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = admin.given(AGENT, "announcer", INTERIOR).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(claire.call(Method::DELETE, &path).await.status, 204);
        assert_eq!(claire.call(Method::DELETE, &path).await.status, 404);
        let journal =
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.role.revoke'";
        assert_eq!(admin.count(journal).await, 1);
    }

    async fn a_stranger_a_neighbour_and_the_agent_take_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = admin.given(AGENT, "announcer", INTERIOR).await;
        assert_eq!(
            admin.stranger().call(Method::DELETE, &path).await.status,
            401
        );
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin.as_agent(who).call(Method::DELETE, &path).await;
            assert_eq!(refused.status, 403);
        }
    }

    async fn the_last_administrator_cannot_go_and_an_operator_can_take_them_away(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let own = admin.role_path(ADMINISTRATOR).await;
        let refused = claire.call(Method::DELETE, &own).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "last-administrator")
        );
        admin.given(AGENT, "administrator", INTERIOR).await;
        assert_eq!(claire.call(Method::DELETE, &own).await.status, 204);
        let last = admin.role_path(AGENT).await;
        let mut operator = admin.as_agent(OPERATOR);
        assert_eq!(operator.call(Method::DELETE, &last).await.status, 204);
        let itself = admin.role_path(OPERATOR).await;
        assert_eq!(operator.call(Method::DELETE, &itself).await.status, 409);
    }

    async fn two_administrators_who_leave_at_once_leave_one(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.given(AGENT, "administrator", INTERIOR).await;
        let paths = (
            admin.role_path(ADMINISTRATOR).await,
            admin.role_path(AGENT).await,
        );
        let (mut claire, mut yann) = (admin.as_agent(ADMINISTRATOR), admin.administrator(AGENT));
        let (one, other) = join(
            claire.call(Method::DELETE, &paths.0),
            yann.call(Method::DELETE, &paths.1),
        )
        .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }
}
