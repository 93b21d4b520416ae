//! `POST /api/v1/admin/audience/describe`: an audience as a sentence and as figures.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{Audience, Locale, OrganisationId};
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::bodies::{AdministrationBody, AudienceSchema};
use crate::service::{Described, Elsewhere, KnownNames, Portal};

/// What is to be described.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DescribeInput {
    /// The rule.
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    /// For whom the caller publishes.
    #[schema(value_type = String)]
    organisation: OrganisationId,
}

/// Agents of another administration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElsewhereBody {
    /// Who must agree.
    organisation: AdministrationBody,
    /// How many of its agents.
    count: u64,
    /// The names of its administrators, five at most; empty: nobody administers it yet.
    administrators: Vec<String>,
}

/// An audience described.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudienceBody {
    /// A sentence without full stop, in the language of the answer.
    #[schema(example = "Tous les agents de la préfecture des Landes, sauf les stagiaires")]
    sentence: String,
    /// How many agents it takes in.
    count: u64,
    /// How many of these at once.
    here: u64,
    /// The others, after their administration agreed.
    elsewhere: Vec<ElsewhereBody>,
    /// `nobody`, `everybody`.
    warnings: Vec<&'static str>,
}

/// Describes an audience before anything is published.
#[utoipa::path(
    post,
    path = "/api/v1/admin/audience/describe",
    tag = "portal",
    operation_id = "describeAudience",
    request_body = DescribeInput,
    responses(
        (status = 200, description = "The audience", body = AudienceBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 422, description = "Too many rules (problem `invalid-value`)"),
    )
)]
pub(crate) async fn describe_audience(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(input): ApiJson<DescribeInput>,
) -> Result<Json<AudienceBody>, ApiError> {
    let described = portal
        .describe_audience(&caller, input.organisation, &input.audience)
        .await?;
    Ok(Json(body(&described, &input.audience, locale)))
}

fn body(described: &Described, audience: &Audience, locale: Locale) -> AudienceBody {
    let mut warnings = Vec::new();
    if described.count == 0 {
        warnings.push("nobody");
    }
    if described.everybody {
        warnings.push("everybody");
    }
    AudienceBody {
        sentence: described.names.sentence(audience, locale),
        count: described.count,
        here: described.here,
        elsewhere: described
            .elsewhere
            .iter()
            .map(|one| elsewhere(one, &described.names))
            .collect(),
        warnings,
    }
}

fn elsewhere(one: &Elsewhere, names: &KnownNames) -> ElsewhereBody {
    ElsewhereBody {
        organisation: AdministrationBody::new(
            one.organisation,
            names.organisation(one.organisation),
        ),
        count: one.count,
        administrators: one.administrators.clone(),
    }
}
