//! One endpoint a file. `/api/v2` is ProConnect's OpenID Connect, for ever; `/connexion` and
//! `/deconnexion` are pages that work without JavaScript.

mod authorize;
mod connexion;
mod deconnexion;
mod discovery;
mod form;
mod jwks;
mod oidc_callback;
mod protocol;
mod session_end;
mod session_get;
mod token;
mod userinfo;
mod view;

use axum::Router;
use axum::routing::get;

use crate::service::{Identity, Method};

pub(crate) use session_get::ApiDoc;

/// Every endpoint of the tool.
pub(crate) fn router(identity: Identity) -> Router {
    let router = match &identity.method {
        Method::Upstream(_) => Router::new(),
        // A provider of ours has no web app: its home says who is signed in, and lets them out.
        Method::Local { .. } => Router::new().route("/", get(deconnexion::page)),
    };
    router
        .route("/.well-known/openid-configuration", get(discovery::handle))
        .route(
            "/api/v2/.well-known/openid-configuration",
            get(discovery::handle),
        )
        .route(
            "/.well-known/oauth-authorization-server/api/v2",
            get(discovery::handle),
        )
        .route("/api/v2/jwks", get(jwks::handle))
        .route(
            "/api/v2/authorize",
            get(authorize::by_query).post(authorize::by_form),
        )
        .route("/api/v2/token", axum::routing::post(token::handle))
        .route(
            "/api/v2/userinfo",
            get(userinfo::handle)
                .post(userinfo::handle)
                .options(protocol::preflight),
        )
        .route(
            "/api/v2/session/end",
            get(session_end::by_query).post(session_end::by_form),
        )
        .route(
            "/api/v2/session/end/confirm",
            axum::routing::post(session_end::confirm),
        )
        .route(
            "/api/v2/client/logout-callback",
            get(session_end::came_back),
        )
        .route("/api/v2/oidc-callback", get(oidc_callback::handle))
        .route("/api/v1/session", get(session_get::handle))
        .route("/connexion", get(connexion::begin))
        .route(
            "/connexion/{interaction}",
            get(connexion::page).post(connexion::email::handle),
        )
        .route(
            "/connexion/{interaction}/administrations",
            get(connexion::administrations::page).post(connexion::administrations::choose),
        )
        .route(
            "/connexion/{interaction}/mot-de-passe",
            axum::routing::post(connexion::password::handle),
        )
        .route(
            "/connexion/{interaction}/retour",
            axum::routing::post(connexion::silent::handle),
        )
        .route(
            "/deconnexion",
            get(deconnexion::page).post(deconnexion::handle),
        )
        .with_state(identity)
}
