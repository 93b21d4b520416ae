//! `demo.json`: what scripts and integrators need to know. A stable contract: fields are only
//! added, one section a tool.

use std::path::Path;

use serde_json::{Value, json};

use super::state::State;
use crate::compose::StartError;
use crate::config::ClientSection;

/// Its name.
pub(super) const FILE: &str = "demo.json";

/// Writes it, whole or not at all.
///
/// # Errors
/// When the folder cannot be written to.
pub(super) fn write(state: &State, folder: &Path) -> Result<(), StartError> {
    let path = folder.join(FILE);
    let partial = folder.join("demo.json.partial");
    let text = format!("{:#}\n", document(state));
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, &path))
        .map_err(|cause| StartError::File {
            path,
            cause: cause.to_string(),
        })
}

fn document(state: &State) -> Value {
    let providers: Vec<Value> = state
        .providers
        .iter()
        .map(|provider| {
            let known = state
                .besace
                .identity
                .providers
                .iter()
                .find(|one| one.id == provider.id);
            json!({
                "id": provider.id,
                "title": provider.title(),
                "issuer": provider.issuer(),
                "port": provider.port,
                "domains": known.map(|known| known.domains.clone()).unwrap_or_default(),
            })
        })
        .collect();
    let accounts: Vec<Value> = state
        .providers
        .iter()
        .flat_map(|provider| {
            provider.accounts().iter().map(|account| {
                json!({
                    "email": account.email,
                    "password": account.password.expose(),
                    "provider": provider.id,
                    "subject": account.subject,
                    "givenName": account.given_name,
                    "usualName": account.usual_name,
                    "population": account.population,
                    "organisation": provider.title(),
                    "siret": account.siret,
                    "totpSecret": account.totp_secret.as_ref().map(kernel::Secret::expose),
                })
            })
        })
        .collect();
    let tiles: Vec<Value> = state
        .besace
        .portal
        .categories
        .iter()
        .flat_map(|category| {
            category
                .tiles
                .iter()
                .map(|tile| json!({ "id": tile.id, "url": tile.url }))
        })
        .collect();
    json!({
        "baseUrl": state.base_url(),
        "identity": {
            "issuer": format!("{}/api/v2", state.base_url()),
            "clients": state.besace.identity.clients.iter().map(client).collect::<Vec<_>>(),
            "providers": providers,
            "accounts": accounts,
        },
        "portal": { "tiles": tiles },
        "mail": state.besace.mail.as_ref().map(|mail| json!({
            "host": mail.host,
            "port": mail.port,
            "page": format!("{}{}", state.base_url(), super::mails::PAGE),
        })),
    })
}

fn client(section: &ClientSection) -> Value {
    json!({
        "clientId": section.client_id,
        "name": section.name,
        "clientSecret": section.client_secret.as_ref().map(kernel::Secret::expose),
        "redirectUris": section.redirect_uris,
        "postLogoutRedirectUris": section.post_logout_redirect_uris,
        "tokenEndpointAuthMethod": section.auth_method,
        "idTokenAlg": section.id_token_alg.as_deref().unwrap_or("ES256"),
        "userinfo": if section.userinfo_alg.is_some() { "jwt" } else { "json" },
        "introspection": if section.introspection_alg.is_some() { "jwt" } else { "json" },
    })
}
