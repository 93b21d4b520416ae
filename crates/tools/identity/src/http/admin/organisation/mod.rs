//! `/api/v1/admin/organisation/{id}`: an administration as its administrators see it.

pub(in crate::http) mod get;
pub(in crate::http) mod put;

use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{NamedAgent, NamedOrganisation};
use crate::domain::organisation::LegalCategory;
use crate::store::administration::OrganisationInFull;

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(get::handle, put::handle),
    components(schemas(AdministrationView, put::AdministrationInput))
)]
pub(super) struct ApiDoc;

/// An administration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AdministrationView {
    id: String,
    label: String,
    /// 14 digits.
    siret: String,
    /// INSEE's four digits.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_category: Option<String>,
    /// The one above it.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<NamedOrganisation>,
    /// Agents who may sign in, there and below.
    agents: u64,
    /// Who administers it, by a role on it or above it; operators are not among them.
    administrators: Vec<NamedAgent>,
    /// Whether it asks its guests for a second factor.
    guests_second_factor: bool,
}

impl From<OrganisationInFull> for AdministrationView {
    fn from(full: OrganisationInFull) -> Self {
        let organisation = full.organisation;
        let label = full.parent_label.unwrap_or_default();
        Self {
            id: organisation.id.to_string(),
            siret: organisation.siret.as_str().to_owned(),
            legal_category: organisation
                .legal_category
                .as_ref()
                .map(LegalCategory::as_str)
                .map(str::to_owned),
            parent: organisation
                .parent
                .map(|id| NamedOrganisation { id, label }),
            label: organisation.label,
            guests_second_factor: full.guest_factor,
            agents: full.agents,
            administrators: full
                .administrators
                .iter()
                .map(|(id, given, usual, email)| NamedAgent::new(*id, given, usual, email))
                .collect(),
        }
    }
}
