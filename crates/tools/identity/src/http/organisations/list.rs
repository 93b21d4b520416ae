//! `GET /api/v1/organisations`: the administrations, by name.

use axum::Json;
use axum::extract::State;
use kernel::OrganisationId;
use kernel::port::OrganisationFacts;
use kernel_http::{ApiError, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Identity;

/// All administrations.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OrganisationsView {
    /// In the order of their labels.
    items: Vec<OrganisationLine>,
}

/// An administration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OrganisationLine {
    #[schema(value_type = String)]
    id: OrganisationId,
    label: String,
    /// Fourteen digits.
    siret: String,
    /// The administration above it.
    #[schema(nullable = false, required = false, value_type = String)]
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<OrganisationId>,
}

/// The administrations of this instance.
#[utoipa::path(
    get,
    path = "/api/v1/organisations",
    tag = "identity",
    security(("session" = []), ("token" = [kernel::TokenScope::PeopleRead.word()])),
    operation_id = "listOrganisations",
    responses(
        (status = 200, description = "All administrations", body = OrganisationsView),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(_): Signed,
) -> Result<Json<OrganisationsView>, ApiError> {
    let all = identity.organisations().await?;
    Ok(Json(OrganisationsView {
        items: all.iter().map(line).collect(),
    }))
}

fn line(organisation: &OrganisationFacts) -> OrganisationLine {
    OrganisationLine {
        id: organisation.id,
        label: organisation.label.clone(),
        siret: organisation.siret.clone(),
        parent: organisation.ancestors.first().copied(),
    }
}
