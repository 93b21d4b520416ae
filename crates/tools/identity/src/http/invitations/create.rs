//! `POST /api/v1/invitations`: a partner is invited, by mail.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::{Timestamp, ToolId};
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::InvitationView;
use crate::domain::invitation::{InvitationRefusal, Line, Name, Who};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::guests::Wanted;

/// An invitation to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct InvitationBody {
    /// An address of no administration.
    email: String,
    /// Letters, 60 at most.
    given_name: String,
    /// Letters, 60 at most.
    usual_name: String,
    /// Where they work, as they say it; 80 characters at most.
    organisation: String,
    /// One line, 200 characters at most, without a link.
    purpose: String,
    /// From 1 to 20 tools that the caller may share.
    #[schema(value_type = Vec<String>)]
    tools: Vec<ToolId>,
    /// UTC milliseconds; absent: in three months.
    #[schema(nullable = false)]
    #[serde(default)]
    until: Option<i64>,
}

impl InvitationBody {
    fn wanted(self) -> Result<Wanted, InvitationRefusal> {
        let name = |text: &str, field| Name::parse(text).ok_or(InvitationRefusal::Text(field));
        let line = |text: &str, longest, field| {
            Line::parse(text, longest).ok_or(InvitationRefusal::Text(field))
        };
        Ok(Wanted {
            who: Who {
                given_name: name(&self.given_name, "givenName")?,
                usual_name: name(&self.usual_name, "usualName")?,
                organisation: line(&self.organisation, Line::ORGANISATION, "organisation")?,
            },
            purpose: line(&self.purpose, Line::PURPOSE, "purpose")?,
            address: self.email,
            tools: self.tools,
            until: self.until.map(Timestamp::from_millis),
        })
    }
}

/// Invites somebody, in the name of the caller's administration.
#[utoipa::path(
    post,
    path = "/api/v1/invitations",
    operation_id = "createInvitation",
    tag = "guests",
    request_body = InvitationBody,
    responses(
        (status = 201, description = "sent", body = InvitationView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`: a guest invites nobody", content_type = "application/problem+json"),
        (status = 409, description = "`invited-already`, `guest-account`, `too-many-invitations`", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-address`, `address-of-agent`, `invalid-text`, `tools-not-shareable`, `invalid-end`", content_type = "application/problem+json"),
        (status = 429, description = "`too-many-invitations-today`", content_type = "application/problem+json"),
        (status = 503, description = "`invitations-unavailable`: no mail server is configured", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(body): ApiJson<InvitationBody>,
) -> Result<(StatusCode, Json<InvitationView>), ApiError> {
    let wanted = body.wanted().map_err(IdentityError::from)?;
    let one = identity.invite(&caller, wanted).await?;
    let listed = identity.listed(one).await?;
    let now = identity.house.clock.now();
    let view = InvitationView::of(&listed, now, locale);
    Ok((StatusCode::CREATED, Json(view)))
}
