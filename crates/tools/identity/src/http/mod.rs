//! One endpoint a file. `/api/v2` is ProConnect's OpenID Connect, for ever; `/connexion` and
//! `/deconnexion` are pages that work without JavaScript.

pub(crate) mod account;
pub(crate) mod admin;
#[cfg(feature = "bench")]
mod approve;
mod authorize;
mod choose_password;
mod client_form;
mod connexion;
mod deconnexion;
mod discovery;
mod forgotten;
pub(crate) mod form;
mod introspection;
mod invitation;
pub(crate) mod invitations;
mod jwks;
mod local_account;
mod oidc_callback;
pub(crate) mod organisations;
pub(crate) mod people;
mod protocol;
mod providers;
mod revocation;
pub(crate) mod routes;
mod session_end;
mod session_get;
mod token;
mod userinfo;
mod view;

use axum::Router;

use crate::service::{Identity, Method};

#[cfg(feature = "bench")]
pub use approve::approve;
pub(crate) use providers::ProvidersDoc;
pub(crate) use session_get::ApiDoc;

/// Every endpoint of the tool.
pub(crate) fn router(identity: Identity) -> Router {
    // A provider of ours has no portal.
    let own: &[routes::Route] = match &identity.method {
        Method::Local { .. } => routes::LOCAL,
        Method::Upstream(_) => &[],
    };
    routes::router(routes::ROUTES.iter().chain(own)).with_state(identity)
}
