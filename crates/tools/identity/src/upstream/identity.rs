//! Somebody, as a provider vouches.

use kernel::{OrganisationId, Timestamp};

use super::attributes::Described;
use super::config::{ProviderConfig, ProviderId};
use super::error::UpstreamError;
use super::id_token::IdToken;
use super::siret::Siret;
use crate::domain::acr::Acr;
use crate::domain::agent::Attributes;

/// Somebody, as a provider vouches.
#[derive(Clone, PartialEq)]
pub struct UpstreamIdentity {
    /// Who vouches.
    pub provider: ProviderId,
    /// Its `sub`: case-sensitive, and only together with the provider.
    pub subject: String,
    /// What it says of the person.
    pub attributes: Attributes,
    /// The establishment it names, else the provider's default.
    pub siret: Option<Siret>,
    /// Whether the provider named it.
    pub siret_stated: bool,
    /// The administration when no establishment is known.
    pub organisation: OrganisationId,
    /// Whether the person is of that administration, or of one below it, whatever is named.
    pub confined: bool,
    /// The level it gives; `eidas1` when it names none.
    pub acr: Acr,
    /// The means it names.
    pub amr: Vec<String>,
    /// When the person proved themselves there.
    pub auth_time: Timestamp,
    /// Whether the provider said so; else it is the token's own time.
    pub auth_time_stated: bool,
    /// For the sign-out there.
    pub id_token: String,
}

impl std::fmt::Debug for UpstreamIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpstreamIdentity")
            .field("provider", &self.provider)
            .field("subject", &self.subject)
            .field("attributes", &self.attributes)
            .field("siret", &self.siret)
            .field("organisation", &self.organisation)
            .field("acr", &self.acr)
            .field("amr", &self.amr)
            .field("auth_time", &self.auth_time)
            .finish_non_exhaustive()
    }
}

impl UpstreamIdentity {
    /// Joins what the tokens and userinfo say.
    ///
    /// # Errors
    /// When the provider does not vouch for the address's domain.
    pub(super) fn join(
        config: &ProviderConfig,
        token: IdToken,
        described: Described,
        id_token: String,
    ) -> Result<Self, UpstreamError> {
        let domain = described.email.domain();
        if !config.vouches_for(domain) {
            return Err(UpstreamError::DomainNotVouched {
                domain: domain.to_owned(),
            });
        }
        Ok(Self {
            provider: config.id.clone(),
            subject: token.subject,
            attributes: described.attributes,
            siret_stated: described.siret.is_some(),
            siret: described.siret.or_else(|| config.default_siret.clone()),
            organisation: config.organisation,
            confined: config.confined,
            acr: token.acr,
            amr: token.amr,
            auth_time: token.auth_time,
            auth_time_stated: token.auth_time_stated,
            id_token,
        })
    }
}
