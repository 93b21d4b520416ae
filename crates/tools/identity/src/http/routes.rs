//! Every endpoint of the tool, in one table: the router is made of it, and a test asks each row what
//! it answers to a stranger, so that none is added unseen.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, delete, get, options, post, put};

use super::{
    account, admin, authorize, choose_password, connexion, deconnexion, discovery, forgotten,
    introspection, invitation, invitations, jwks, local_account, oidc_callback, organisations,
    people, protocol, providers, revocation, session_end, session_get, token, userinfo,
};
use crate::service::Identity;

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    handler: fn() -> MethodRouter<Identity>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    handler: fn() -> MethodRouter<Identity>,
) -> Route {
    Route {
        method,
        path,
        handler,
    }
}

/// What both kinds of instances serve.
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/.well-known/openid-configuration", || {
        get(discovery::handle)
    }),
    route("GET", "/api/v2/.well-known/openid-configuration", || {
        get(discovery::handle)
    }),
    route(
        "GET",
        "/.well-known/oauth-authorization-server/api/v2",
        || get(discovery::handle),
    ),
    route("GET", "/api/v2/jwks", || get(jwks::handle)),
    route("GET", "/api/v2/authorize", || get(authorize::by_query)),
    route("POST", "/api/v2/authorize", || post(authorize::by_form)),
    route("POST", "/api/v2/token", || post(token::handle)),
    route("POST", "/api/v2/token/introspection", || {
        post(introspection::handle)
    }),
    route("POST", "/api/v2/token/revocation", || {
        post(revocation::handle)
    }),
    route("GET", "/api/v2/userinfo", || get(userinfo::handle)),
    route("POST", "/api/v2/userinfo", || post(userinfo::handle)),
    route("OPTIONS", "/api/v2/userinfo", || {
        options(protocol::preflight)
    }),
    route("GET", "/api/v2/session/end", || get(session_end::by_query)),
    route("POST", "/api/v2/session/end", || post(session_end::by_form)),
    route("POST", "/api/v2/session/end/confirm", || {
        post(session_end::confirm)
    }),
    route("GET", "/api/v2/client/logout-callback", || {
        get(session_end::came_back)
    }),
    route("GET", "/api/v2/oidc-callback", || {
        get(oidc_callback::handle)
    }),
    route("GET", "/api/v1/session", || get(session_get::handle)),
    route("GET", "/api/v1/account/sessions", || {
        get(account::sessions::list::handle)
    }),
    route("DELETE", "/api/v1/account/sessions", || {
        delete(account::sessions::delete_others::handle)
    }),
    route("DELETE", "/api/v1/account/sessions/{id}", || {
        delete(account::sessions::delete::handle)
    }),
    route("GET", "/api/v1/account/applications", || {
        get(account::applications::list::handle)
    }),
    route("DELETE", "/api/v1/account/applications/{client_id}", || {
        delete(account::applications::delete::handle)
    }),
    route("GET", "/api/v1/account/export", || {
        get(account::export::handle)
    }),
    route("GET", "/api/v1/account/token", || {
        get(account::tokens::current::handle)
    }),
    route("GET", "/api/v1/account/tokens", || {
        get(account::tokens::list::handle)
    }),
    route("POST", "/api/v1/account/tokens", || {
        post(account::tokens::create::handle)
    }),
    route("DELETE", "/api/v1/account/tokens", || {
        delete(account::tokens::delete_all::handle)
    }),
    route("DELETE", "/api/v1/account/tokens/{id}", || {
        delete(account::tokens::delete::handle)
    }),
    route("GET", "/api/v1/admin/agents", || {
        get(admin::agents::list::handle)
    }),
    route("GET", "/api/v1/admin/agents/{id}", || {
        get(admin::agents::get::handle)
    }),
    route("POST", "/api/v1/admin/agents/{id}/suspend", || {
        post(admin::agents::suspend::handle)
    }),
    route("POST", "/api/v1/admin/agents/{id}/resume", || {
        post(admin::agents::resume::handle)
    }),
    route("POST", "/api/v1/admin/agents/{id}/depart", || {
        post(admin::agents::depart::handle)
    }),
    route("POST", "/api/v1/admin/agents/{id}/erase", || {
        post(admin::agents::erase::handle)
    }),
    route("POST", "/api/v1/admin/agents/{id}/merge", || {
        post(admin::agents::merge::handle)
    }),
    route("GET", "/api/v1/admin/agents/{id}/tokens", || {
        get(admin::agents::tokens::list::handle)
    }),
    route("DELETE", "/api/v1/admin/agents/{id}/tokens/{token}", || {
        delete(admin::agents::tokens::delete::handle)
    }),
    route("GET", "/api/v1/admin/grants", || {
        get(admin::grants::list::handle)
    }),
    route("POST", "/api/v1/admin/grants", || {
        post(admin::grants::create::handle)
    }),
    route("DELETE", "/api/v1/admin/grants/{id}", || {
        delete(admin::grants::delete::handle)
    }),
    route("POST", "/api/v1/admin/imports", || {
        post(admin::imports::create::handle)
            .layer(DefaultBodyLimit::max(admin::imports::create::BODY))
    }),
    route("GET", "/api/v1/admin/imports/template.csv", || {
        get(admin::imports::template::handle)
    }),
    route("GET", "/api/v1/admin/imports/{id}", || {
        get(admin::imports::get::handle)
    }),
    route("DELETE", "/api/v1/admin/imports/{id}", || {
        delete(admin::imports::delete::handle)
    }),
    route("POST", "/api/v1/admin/imports/{id}/apply", || {
        post(admin::imports::apply::handle)
    }),
    route("GET", "/api/v1/admin/imports/{id}/faulty.csv", || {
        get(admin::imports::faulty::handle)
    }),
    route("GET", "/api/v1/admin/journal", || {
        get(admin::journal::list::handle)
    }),
    route("GET", "/api/v1/admin/journal/export", || {
        get(admin::journal::export::handle)
    }),
    route("GET", "/api/v1/admin/journal/{chain}/{seq}", || {
        get(admin::journal::get::handle)
    }),
    route("GET", "/api/v1/admin/local-accounts", || {
        get(admin::local_accounts::list::handle)
    }),
    route("POST", "/api/v1/admin/local-accounts", || {
        post(admin::local_accounts::create::handle)
    }),
    route("GET", "/api/v1/admin/local-accounts/{id}", || {
        get(admin::local_accounts::get::handle)
    }),
    route("DELETE", "/api/v1/admin/local-accounts/{id}", || {
        delete(admin::local_accounts::delete::handle)
    }),
    route("POST", "/api/v1/admin/local-accounts/{id}/invite", || {
        post(admin::local_accounts::invite::handle)
    }),
    route(
        "POST",
        "/api/v1/admin/local-accounts/{id}/reset-factor",
        || post(admin::local_accounts::reset_factor::handle),
    ),
    route("GET", "/api/v1/admin/organisation/{id}", || {
        get(admin::organisation::get::handle)
    }),
    route("PUT", "/api/v1/admin/organisation/{id}", || {
        put(admin::organisation::put::handle)
    }),
    route("GET", "/api/v1/people", || get(people::list::handle)),
    route("GET", "/api/v1/people/{id}", || get(people::get::handle)),
    route("GET", "/api/v1/organisations", || {
        get(organisations::list::handle)
    }),
    route("GET", "/api/v1/admin/providers", || {
        get(providers::list::handle)
    }),
    route("POST", "/api/v1/admin/providers", || {
        post(providers::create::handle)
    }),
    route("POST", "/api/v1/admin/providers/check", || {
        post(providers::check::handle)
    }),
    route("GET", "/api/v1/admin/providers/{id}", || {
        get(providers::get::handle)
    }),
    route("PUT", "/api/v1/admin/providers/{id}", || {
        put(providers::put::handle)
    }),
    route("POST", "/api/v1/admin/providers/{id}/enable", || {
        post(providers::enable::handle)
    }),
    route("POST", "/api/v1/admin/providers/{id}/disable", || {
        post(providers::disable::handle)
    }),
    route("POST", "/api/v1/admin/providers/{id}/try", || {
        post(providers::try_start::handle)
    }),
    route("GET", "/api/v1/admin/providers/{id}/try", || {
        get(providers::try_result::handle)
    }),
    route("GET", "/api/v1/invitations", || {
        get(invitations::list::handle)
    }),
    route("POST", "/api/v1/invitations", || {
        post(invitations::create::handle)
    }),
    route("GET", "/api/v1/invitations/tools", || {
        get(invitations::tools::handle)
    }),
    route("POST", "/api/v1/invitations/{id}/extend", || {
        post(invitations::extend::handle)
    }),
    route("POST", "/api/v1/invitations/{id}/end", || {
        post(invitations::end::handle)
    }),
    route(
        "POST",
        "/api/v1/invitations/{id}/reset-second-factor",
        || post(invitations::reset_factor::handle),
    ),
    route("GET", "/api/v1/admin/invitations", || {
        get(invitations::sponsored::handle)
    }),
    route("GET", "/invitation/{secret}", || {
        get(invitation::page::handle)
    }),
    route("POST", "/invitation/{secret}/code", || {
        post(invitation::code::handle)
    }),
    route("POST", "/invitation/{secret}/refus", || {
        post(invitation::decline::handle)
    }),
    route("POST", "/invitation/{secret}/demande", || {
        post(invitation::ask::handle)
    }),
    route("GET", "/connexion", || get(connexion::begin)),
    route("GET", "/connexion/{interaction}", || get(connexion::page)),
    route("POST", "/connexion/{interaction}", || {
        post(connexion::email::handle)
    }),
    route("GET", "/connexion/{interaction}/administrations", || {
        get(connexion::administrations::page)
    }),
    route("POST", "/connexion/{interaction}/administrations", || {
        post(connexion::administrations::choose)
    }),
    route("GET", "/connexion/{interaction}/mot-de-passe", || {
        get(connexion::again)
    }),
    route("GET", "/connexion/{interaction}/code", || {
        get(connexion::again)
    }),
    route("GET", "/connexion/{interaction}/second-facteur", || {
        get(connexion::again)
    }),
    route("POST", "/connexion/{interaction}/mot-de-passe", || {
        post(connexion::password::handle)
    }),
    route("POST", "/connexion/{interaction}/code", || {
        post(connexion::code::handle)
    }),
    route("POST", "/connexion/{interaction}/second-facteur", || {
        post(connexion::enrol::handle)
    }),
    route("GET", "/connexion/{interaction}/code-invite", || {
        get(connexion::guest_code::page)
    }),
    route("POST", "/connexion/{interaction}/code-invite", || {
        post(connexion::guest_code::handle)
    }),
    route(
        "GET",
        "/connexion/{interaction}/second-facteur-invite",
        || get(connexion::guest_factor::page),
    ),
    route(
        "POST",
        "/connexion/{interaction}/second-facteur-invite",
        || post(connexion::guest_factor::handle),
    ),
    route("POST", "/connexion/{interaction}/retour", || {
        post(connexion::silent::handle)
    }),
    route("GET", "/deconnexion", || get(deconnexion::page)),
    route("POST", "/deconnexion", || post(deconnexion::handle)),
];

/// What an instance without a portal serves beside: its home says who is signed in, and lets
/// them out; their account is theirs to look after.
pub(crate) const LOCAL: &[Route] = &[
    route("GET", "/", || get(deconnexion::page)),
    route("GET", "/compte", || get(local_account::page::handle)),
    route("GET", "/compte/second-facteur", || {
        get(local_account::add::page)
    }),
    route("POST", "/compte/second-facteur", || {
        post(local_account::add::handle)
    }),
    route("GET", "/compte/second-facteur/confirmer", || {
        get(local_account::confirm::page)
    }),
    route("POST", "/compte/second-facteur/confirmer", || {
        post(local_account::confirm::handle)
    }),
    route("GET", "/compte/second-facteur/{id}", || {
        get(local_account::factor::page)
    }),
    route("GET", "/compte/second-facteur/{id}/nom", || {
        get(local_account::factor::again)
    }),
    route("GET", "/compte/second-facteur/{id}/retirer", || {
        get(local_account::factor::again)
    }),
    route("POST", "/compte/second-facteur/{id}/nom", || {
        post(local_account::factor::rename)
    }),
    route("POST", "/compte/second-facteur/{id}/retirer", || {
        post(local_account::factor::remove)
    }),
    route("GET", "/compte/codes-de-secours", || {
        get(local_account::codes::page)
    }),
    route("POST", "/compte/codes-de-secours", || {
        post(local_account::codes::handle)
    }),
    route("GET", "/compte/mot-de-passe", || {
        get(local_account::password::page)
    }),
    route("POST", "/compte/mot-de-passe", || {
        post(local_account::password::handle)
    }),
    route("GET", "/mot-de-passe-oublie", || get(forgotten::page)),
    route("POST", "/mot-de-passe-oublie", || post(forgotten::handle)),
    route("GET", "/mot-de-passe/{secret}", || {
        get(choose_password::page)
    }),
    route("POST", "/mot-de-passe/{secret}", || {
        post(choose_password::handle)
    }),
];

/// A router of these routes.
pub(super) fn router<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Router<Identity> {
    routes.into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, (route.handler)())
    })
}
