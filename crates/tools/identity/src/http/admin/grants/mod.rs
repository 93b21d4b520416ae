//! `/api/v1/admin/grants`: who may do what for which administration.

pub(in crate::http) mod create;
pub(in crate::http) mod delete;
pub(in crate::http) mod list;

use kernel::Timestamp;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{NamedAgent, NamedOrganisation};
use crate::domain::role::{RoleId, root, subtree};
use crate::store::role::RoleInFull;

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(list::handle, create::handle, delete::handle),
    components(schemas(GrantView, GrantList, create::GrantBody))
)]
pub(super) struct ApiDoc;

/// A role held by an agent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct GrantView {
    #[schema(value_type = String)]
    id: RoleId,
    agent: NamedAgent,
    /// `operator`, `administrator` or `announcer`.
    role: &'static str,
    /// None: the operator's, for the whole instance.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<NamedOrganisation>,
    /// Whether the administrations below are reached too.
    subtree: bool,
    /// UTC milliseconds; none: until taken back.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// The agent who gave it; none: the configuration or the command line.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// UTC milliseconds.
    at: i64,
}

/// Roles.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct GrantList {
    items: Vec<GrantView>,
}

impl From<RoleInFull> for GrantView {
    fn from(role: RoleInFull) -> Self {
        let held = role.held;
        Self {
            id: held.id,
            agent: NamedAgent::new(held.agent, &role.given_name, &role.usual_name, &role.email),
            role: held.role.word(),
            organisation: root(held.scope).map(|id| NamedOrganisation {
                id,
                label: role.organisation_label.unwrap_or_default(),
            }),
            subtree: subtree(held.scope),
            until: held.until.map(Timestamp::millis),
            by: held.by.map(|by| by.to_string()),
            at: held.at.millis(),
        }
    }
}
