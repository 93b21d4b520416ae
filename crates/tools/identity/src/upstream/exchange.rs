//! From the browser's answer to an identity.

use kernel::Rng;
use url::Url;

use super::error::UpstreamError;
use super::identity::UpstreamIdentity;
use super::link::Link;
use super::pending::Pending;
use super::{answer, attributes, id_token, token_call, userinfo};
use crate::domain::authorize::Parameters;

/// Checks the answer, exchanges its code and reads who it is.
pub(super) async fn finish(
    link: &Link,
    redirect_uri: &Url,
    pending: &Pending,
    parameters: &Parameters,
    rng: &dyn Rng,
) -> Result<UpstreamIdentity, UpstreamError> {
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
    let described = attributes::read(&claims, &token.claims, link.config.preset)?;
    UpstreamIdentity::join(&link.config, token, described, tokens.id_token)
}
