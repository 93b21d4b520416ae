//! `POST /api/v1/admin/tools/check-address`: whether a tool answers there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::Locale;
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::AddressError;
use crate::service::{Checked, Portal};
use crate::texts;

/// Where.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AddressInput {
    /// An address as typed.
    url: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddressBody {
    /// Whether a tool answers there.
    ok: bool,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    /// Why not: `malformed`, `scheme`, `credentials`, `not-reachable-from-here`, `silent`,
    /// `unreachable` or `fails`.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    /// The same as a sentence, in the language of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The status that the tool answered, when it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

/// Asks an address once, for five seconds at most.
#[utoipa::path(
    post,
    path = "/api/v1/admin/tools/check-address",
    tag = "portal",
    operation_id = "checkToolAddress",
    request_body = AddressInput,
    responses(
        (status = 200, description = "What came of it", body = AddressBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "The caller administers nothing (problem `forbidden`)"),
    )
)]
pub(crate) async fn check_address(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(input): ApiJson<AddressInput>,
) -> Result<Json<AddressBody>, ApiError> {
    let checked = portal.check_address(&caller, &input.url).await?;
    Ok(Json(body(checked, locale)))
}

fn body(checked: Checked, locale: Locale) -> AddressBody {
    let (problem, status) = match checked {
        Checked::Answers(milliseconds) => {
            return AddressBody {
                ok: true,
                milliseconds: Some(milliseconds),
                problem: None,
                detail: None,
                status: None,
            };
        }
        Checked::NotAnAddress(AddressError::Malformed) => ("malformed", None),
        Checked::NotAnAddress(AddressError::Scheme) => ("scheme", None),
        Checked::NotAnAddress(AddressError::Credentials) => ("credentials", None),
        Checked::NotReachedFromHere => ("not-reachable-from-here", None),
        Checked::Silent => ("silent", None),
        Checked::Unreachable => ("unreachable", None),
        Checked::Fails(status) => ("fails", Some(status)),
    };
    AddressBody {
        ok: false,
        milliseconds: None,
        problem: Some(problem),
        detail: Some(texts::tool::checked(problem).get(locale).to_owned()),
        status,
    }
}
