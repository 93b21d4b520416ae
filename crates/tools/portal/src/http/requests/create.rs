//! `POST /api/v1/requests`: asks that a tool be published.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::{OrganisationId, Problem};
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{RequestBody, RequestListBody};
use crate::domain::{Label, TileAddress, ToolFields};
use crate::error::PortalError;
use crate::service::{NewToolRequest, Portal};
use crate::texts;

/// Characters of a purpose.
const PURPOSE: usize = 500;

/// What is asked.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RequestInput {
    /// The tool's name, 40 characters at most.
    name: String,
    /// Where it is: `https`.
    url: String,
    /// What for, 500 characters at most.
    purpose: String,
    /// Of which administration: the caller's own (also when absent), or one above it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
}

/// Asks an administration that a tool be published.
#[utoipa::path(
    post,
    path = "/api/v1/requests",
    tag = "portal",
    operation_id = "createRequest",
    request_body = RequestInput,
    responses(
        (status = 201, description = "The request", body = RequestBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 422, description = "A value that cannot be (problem `invalid-value`, member `field`)"),
        (status = 429, description = "Twenty requests wait already (problem `too-many-requests`)"),
    )
)]
pub(crate) async fn create_request(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(input): ApiJson<RequestInput>,
) -> Result<(StatusCode, Json<RequestBody>), ApiError> {
    let requests = portal.ask_for_tool(&caller, asked(&input)?).await?;
    let body = RequestListBody::new(&requests, locale).one();
    let body = body.ok_or(ApiError(Problem::internal()))?;
    Ok((StatusCode::CREATED, Json(body)))
}

fn asked(input: &RequestInput) -> Result<NewToolRequest, PortalError> {
    let invalid = |field, said| PortalError::Invalid { field, said };
    let name = Label::parse(&input.name, None, ToolFields::NAME)
        .map_err(|_| invalid("name", texts::request::NAME))?;
    let purpose = input.purpose.trim();
    let is_broken = |c: char| c.is_control() && c != '\n';
    if purpose.is_empty() || purpose.chars().count() > PURPOSE || purpose.chars().any(is_broken) {
        return Err(invalid("purpose", texts::request::PURPOSE));
    }
    Ok(NewToolRequest {
        name: name.fr().to_owned(),
        address: TileAddress::parse(input.url.trim())
            .map_err(|_| invalid("url", texts::tool::ADDRESS))?,
        purpose: purpose.to_owned(),
        organisation: input.organisation,
    })
}
