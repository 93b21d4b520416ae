//! Signing out at the provider (OpenID Connect RP-Initiated Logout 1.0 §2).

use url::Url;

use super::config::ProviderConfig;
use super::metadata::Metadata;

/// Where the browser goes to sign out there; none when the provider has no such place.
pub(super) fn address(
    config: &ProviderConfig,
    metadata: &Metadata,
    after: &Url,
    id_token: &str,
    state: &str,
) -> Option<Url> {
    let mut url = metadata.end_session_endpoint.clone()?;
    url.query_pairs_mut()
        .append_pair("id_token_hint", id_token)
        .append_pair("client_id", &config.client_id)
        .append_pair("post_logout_redirect_uri", after.as_str())
        .append_pair("state", state);
    Some(url)
}
