//! From the browser's answer to an identity.

use kernel::Rng;
use serde_json::{Map, Value};
use url::Url;

use super::error::UpstreamError;
use super::id_token::IdToken;
use super::identity::UpstreamIdentity;
use super::link::Link;
use super::pending::Pending;
use super::{answer, attributes, id_token, token_call, userinfo};
use crate::domain::authorize::Parameters;

/// What a provider gave for a code, verified, before anything is asked of it.
pub(super) struct Brought {
    pub(super) token: IdToken,
    pub(super) claims: Map<String, Value>,
    id_token: String,
}

/// Checks the answer, exchanges its code and reads who it is.
pub(super) async fn finish(
    link: &Link,
    redirect_uri: &Url,
    pending: &Pending,
    parameters: &Parameters,
    rng: &dyn Rng,
) -> Result<UpstreamIdentity, UpstreamError> {
    let brought = bring(link, redirect_uri, pending, parameters, rng).await?;
    let described = attributes::read(&brought.claims, &brought.token.claims, &link.config)?;
    UpstreamIdentity::join(&link.config, brought.token, described, brought.id_token)
}

/// Checks the answer, exchanges its code and reads what the provider says.
pub(super) async fn bring(
    link: &Link,
    redirect_uri: &Url,
    pending: &Pending,
    parameters: &Parameters,
    rng: &dyn Rng,
) -> Result<Brought, UpstreamError> {
    answer::check_state(parameters, pending)?;
    let metadata = link.metadata().await?;
    let code = answer::code(parameters, &metadata)?;
    let tokens = token_call::exchange(link, &metadata, redirect_uri, pending, code, rng).await?;
    let token = id_token::verify(
        link,
        &metadata,
        pending,
        &tokens.id_token,
        &tokens.access_token,
    )
    .await?;
    let claims = userinfo::fetch(link, &metadata, &tokens.access_token, &token.subject).await?;
    Ok(Brought {
        token,
        claims,
        id_token: tokens.id_token,
    })
}
