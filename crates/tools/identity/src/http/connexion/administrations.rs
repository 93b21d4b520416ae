//! `GET|POST /connexion/{interaction}/administrations`: choosing one's ministry in a list.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use kernel_http::{Cookies, csrf};

use super::open;
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::pages::administrations::{Administration, Administrations, FIELD_PROVIDER};
use crate::pages::{Form, Help};
use crate::service::{Identity, Method};

/// The list.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
) -> Response {
    view.or_failure(&identity, list(&identity, &view, &cookies, &id).await)
}

async fn list(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
) -> Result<Response, IdentityError> {
    open(identity, id, cookies)?;
    let Method::Upstream(providers) = &identity.method else {
        return Err(IdentityError::UnknownProvider);
    };
    let upstreams = providers.current().await?;
    let health = upstreams.health();
    let entries: Vec<_> = upstreams
        .list()
        .into_iter()
        .map(|config| Administration {
            id: config.id.as_str(),
            title: &config.title,
            interrupted: health
                .iter()
                .any(|one| one.id == config.id && one.since.is_some()),
            fallback: false,
        })
        .collect();
    let (back, action) = (
        format!("{SIGN_IN}/{id}"),
        format!("{SIGN_IN}/{id}/administrations"),
    );
    let token = identity.house.form_token(id);
    let page = Administrations {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        entries: &entries,
        back_url: &back,
        help: Help::of(&identity.house.site.support, view.locale()),
    };
    Ok(view.show(page.render(&view.reader(identity)), StatusCode::OK))
}

/// The choice.
pub(in crate::http) async fn choose(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
    body: String,
) -> Response {
    view.or_failure(
        &identity,
        chosen(&identity, &view, &cookies, &id, &body).await,
    )
}

async fn chosen(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
    body: &str,
) -> Result<Response, IdentityError> {
    let form = pairs(body);
    let interaction = open(identity, id, cookies)?;
    view.check_form(identity, id, single(&form, csrf::FIELD).unwrap_or_default())?;
    let Method::Upstream(providers) = &identity.method else {
        return Err(IdentityError::UnknownProvider);
    };
    let upstreams = providers.current().await?;
    let provider = single(&form, FIELD_PROVIDER)
        .and_then(|name| upstreams.provider_named(name))
        .ok_or(IdentityError::UnknownProvider)?;
    view.go_upstream(identity, cookies, interaction, &provider, true)
        .await
}
