//! `GET /api/v1/session`: who is signed in, for the web app.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Grant, OrganisationId, Problem};
use kernel_db::{DbError, Tx};
use kernel_http::{ApiError, SignedOrGuest};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::domain::acr::Acr;
use crate::domain::invitation::Invitation;
use crate::domain::role::{root, subtree};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::guests::Inviter;
use crate::store;

/// The tool's part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(handle),
    components(schemas(
        SessionView,
        AgentView,
        OrganisationView,
        HeldGrant,
        GuestView,
        HostView
    ))
)]
pub(crate) struct ApiDoc;

/// The session of this browser.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionView {
    agent: AgentView,
    /// The roles that hold now.
    grants: Vec<HeldGrant>,
    /// Present: the agent holds roles of which this session may use none, since it was opened below
    /// this level (`/connexion?renforcer&retour=…` opens a stronger one).
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    roles_need: Option<&'static str>,
    /// Sent back in `x-besace-csrf` with each write, and in the field `csrf` of forms.
    csrf_token: String,
    /// UTC milliseconds.
    expires_at: i64,
    /// Present: somebody's guest, who finds what is shared with them and nothing else.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<GuestView>,
}

/// What a guest is here by.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuestView {
    /// Where they work, as their inviter says.
    organisation: String,
    /// The invitations that hold, the oldest first.
    hosts: Vec<HostView>,
}

/// An invitation that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HostView {
    /// Who invited; absent: the account was erased.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Their service and administration.
    place: String,
    /// What for.
    purpose: String,
    /// UTC milliseconds.
    until: i64,
}

/// The agent signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentView {
    #[schema(value_type = String)]
    id: AgentId,
    given_name: String,
    usual_name: String,
    display_name: String,
    initials: String,
    email: String,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<&'static str>,
    organisation: OrganisationView,
}

/// An administration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganisationView {
    #[schema(value_type = String)]
    id: OrganisationId,
    label: String,
}

/// A role of the agent signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HeldGrant {
    /// `operator`, `administrator` or `announcer`.
    role: &'static str,
    /// For which administration; absent: the operator's, for the whole instance.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<OrganisationView>,
    /// Whether the administrations below are reached too.
    subtree: bool,
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    operation_id = "getSession",
    tag = "identity",
    responses(
        (status = 200, description = "the session of this browser", body = SessionView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(super) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Json<SessionView>, ApiError> {
    let view = view(&identity, &caller).await.map_err(|cause| {
        tracing::error!(%cause, "session");
        ApiError(cause.problem())
    })?;
    view.map(Json).ok_or(ApiError(Problem::sign_in_required()))
}

async fn view(
    identity: &Identity,
    caller: &kernel::Caller,
) -> Result<Option<SessionView>, IdentityError> {
    let agent_id = caller.agent;
    let Some(session) = caller.session() else {
        return Ok(None);
    };
    let held = Arc::new(caller.grants.clone());
    let now = identity.house.clock.now();
    let guest = if caller.is_guest() {
        identity.hosts_of(agent_id).await?
    } else {
        Vec::new()
    };
    let is_guest = caller.is_guest();
    let found = identity
        .house
        .db
        .read(move |tx| {
            let held = Arc::clone(&held);
            Box::pin(async move {
                let session = store::session::by_id(tx, session, now).await?;
                let agent = store::agent::with_organisation(tx, agent_id).await?;
                let holds_some = store::role::holds_some(tx, agent_id, now).await?;
                let mut grants = Vec::new();
                for grant in held.iter() {
                    grants.push(named(tx, grant).await?);
                }
                Ok::<_, IdentityError>(session.zip(agent).map(|found| (found, grants, holds_some)))
            })
        })
        .await?;
    Ok(found.map(
        |((session, (agent, organisation)), grants, holds_some)| SessionView {
            grants,
            roles_need: identity
                .administration_level
                .filter(|level| holds_some && session.acr < *level)
                .map(Acr::value),
            csrf_token: identity.house.csrf_token(session.id),
            expires_at: session.expires_at.millis(),
            guest: is_guest.then(|| GuestView {
                organisation: agent
                    .attributes
                    .organizational_unit
                    .clone()
                    .unwrap_or_default(),
                hosts: guest.into_iter().map(HostView::from).collect(),
            }),
            agent: AgentView {
                id: agent.id,
                display_name: agent.attributes.display_name(),
                initials: agent.attributes.initials(),
                population: agent.attributes.population.map(kernel::Population::claim),
                given_name: agent.attributes.given_name,
                usual_name: agent.attributes.usual_name,
                email: agent.attributes.email,
                organisation: OrganisationView {
                    id: organisation.id,
                    label: organisation.label,
                },
            },
        },
    ))
}

impl From<(Invitation, Inviter)> for HostView {
    fn from((one, inviter): (Invitation, Inviter)) -> Self {
        Self {
            place: inviter.place(),
            name: inviter.name,
            purpose: one.purpose.as_str().to_owned(),
            until: one.until.millis(),
        }
    }
}

/// A role with the name of its administration.
async fn named(tx: &mut Tx, grant: &Grant) -> Result<HeldGrant, DbError> {
    let organisation = match root(grant.scope) {
        Some(id) => Some(OrganisationView {
            id,
            label: store::organisation::label(tx, id)
                .await?
                .unwrap_or_default(),
        }),
        None => None,
    };
    Ok(HeldGrant {
        role: grant.role.word(),
        organisation,
        subtree: subtree(grant.scope),
    })
}
