//! `/api/v1/admin/providers`: identity providers, for those who administer them.

pub(super) mod check;
pub(super) mod create;
pub(super) mod disable;
pub(super) mod enable;
pub(super) mod get;
pub(super) mod list;
pub(super) mod put;
#[cfg(test)]
mod testing;
pub(super) mod try_result;
pub(super) mod try_start;

use std::collections::BTreeMap;

use kernel::{OrganisationId, Problem, Secret};
use kernel_http::{ApiError, EntityTag};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::domain::provider::{ProviderAuth, ProviderInput, Support};
use crate::service::Identity;
use crate::service::providers::{SeenProvider, Source};
use crate::upstream::{Preset, ProviderConfig, ProviderCredentials, ProviderId};

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(
        list::handle,
        create::handle,
        check::handle,
        get::handle,
        put::handle,
        enable::handle,
        disable::handle,
        try_start::handle,
        try_result::handle
    ),
    components(schemas(
        list::ProviderList,
        ProviderView,
        ProviderBody,
        ProviderNamed,
        ProviderSupportBody,
        check::IssuerBody,
        check::CheckView,
        check::FactsView,
        try_start::TrialStarted,
        try_result::TrialView,
        try_result::ClaimView
    ))
)]
pub(crate) struct ProvidersDoc;

/// A provider.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderView {
    id: String,
    title: String,
    /// `generic`, `keycloak`, `lemonldap`, `entra` or `proconnect`.
    preset: &'static str,
    organisation: ProviderNamed,
    issuer: String,
    client_id: String,
    /// `client_secret_post`, `client_secret_basic` or `private_key_jwt`.
    auth_method: &'static str,
    /// Our secret there was given then, UTC milliseconds.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_at: Option<i64>,
    domains: Vec<String>,
    /// Those of its domains that nothing proves yet to be the administration's: the operator's
    /// to open.
    unproved_domains: Vec<String>,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    default_siret: Option<String>,
    support: ProviderSupportBody,
    id_token_alg: &'static str,
    mfa_capable: bool,
    /// What is asked for there.
    scopes: Vec<String>,
    /// Where it keeps what the contract names otherwise.
    claim_names: BTreeMap<String, String>,
    /// `draft`, `enabled` or `disabled`.
    state: &'static str,
    enabled: bool,
    /// The configuration describes it: it is changed there.
    read_only: bool,
    /// To be registered there.
    redirect_uri: String,
    /// To be registered there.
    logout_uri: String,
    /// Agents who have signed in through it.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    agents: Option<i64>,
}

/// An administration.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderNamed {
    #[schema(value_type = String)]
    id: OrganisationId,
    label: String,
}

/// Whom its agents call.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderSupportBody {
    label: String,
    #[schema(nullable = false, required = false)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[schema(nullable = false, required = false)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// What is said of a provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderBody {
    /// Its name in the machine, at its creation only; absent: made of the title.
    #[serde(default)]
    id: Option<String>,
    title: String,
    /// `generic`, `keycloak`, `lemonldap`, `entra` or `proconnect`.
    #[schema(value_type = String)]
    preset: Preset,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// The issuer, or the address of its metadata.
    issuer: String,
    client_id: String,
    /// Required at its creation; absent from an edit: the kept one stays.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    client_secret: Option<Secret>,
    /// `client_secret_post` (default) or `client_secret_basic`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    auth_method: ProviderAuth,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    default_siret: Option<String>,
    #[serde(default)]
    support: ProviderSupportBody,
    /// `ES256`, `RS256` or `HS256`; absent: as before, or as the preset usually does.
    #[serde(default)]
    id_token_alg: Option<String>,
    #[serde(default)]
    mfa_capable: bool,
    /// Absent: as before, or what the preset usually knows.
    #[serde(default)]
    scopes: Option<Vec<String>>,
    /// The contract's names, each with the provider's; absent: as before, or the preset's.
    #[serde(default)]
    claim_names: Option<BTreeMap<String, String>>,
}

impl ProviderBody {
    fn input(self) -> ProviderInput {
        ProviderInput {
            title: self.title,
            preset: self.preset,
            issuer: self.issuer,
            client_id: self.client_id,
            auth_method: self.auth_method,
            domains: self.domains,
            default_siret: self.default_siret,
            support: Support {
                label: self.support.label,
                phone: self.support.phone,
                email: self.support.email,
            },
            id_token_alg: self.id_token_alg,
            mfa_capable: self.mfa_capable,
            scopes: self.scopes,
            claim_names: self.claim_names,
        }
    }
}

impl ProviderView {
    /// A provider as it is shown, with the addresses to be registered there.
    pub(super) fn of(identity: &Identity, seen: SeenProvider) -> Result<Self, ApiError> {
        let upstreams = identity.providers()?.last();
        let organisation = ProviderNamed {
            id: seen.organisation,
            label: seen.organisation_label,
        };
        let mut view = match seen.source {
            Source::Configured(config) => Self::configured(*config, organisation),
            Source::Stored(row) => {
                let unproved = row.facts.domains.iter();
                let unproved = unproved.filter(|domain| !row.proved.contains(domain));
                let unproved_domains = unproved.cloned().collect();
                let mut view = Self {
                    auth_method: row.facts.auth_method.word(),
                    secret_at: Some(row.secret_at.millis()),
                    state: row.state.word(),
                    read_only: false,
                    unproved_domains,
                    ..Self::configured(
                        row.facts.config(
                            row.id.clone(),
                            row.organisation,
                            Secret::new(""),
                            row.state == crate::domain::provider::ProviderState::Enabled,
                        ),
                        organisation,
                    )
                };
                view.domains.clone_from(&row.facts.domains);
                view
            }
        };
        view.redirect_uri = upstreams.redirect_uri().into();
        view.logout_uri = upstreams.logout_uri().into();
        view.agents = seen.agents;
        Ok(view)
    }

    fn configured(config: ProviderConfig, organisation: ProviderNamed) -> Self {
        let scopes = config.scopes.as_deref();
        let scopes = scopes.unwrap_or(config.preset.usual_scopes());
        let aliases = config.aliases.iter();
        let claim_names = aliases.map(|one| (one.claim.clone(), one.theirs.clone()));
        Self {
            preset: config.preset.word(),
            organisation,
            auth_method: match config.credentials {
                ProviderCredentials::Post(_) => "client_secret_post",
                ProviderCredentials::Basic(_) => "client_secret_basic",
                ProviderCredentials::PrivateKeyJwt(_) => "private_key_jwt",
            },
            secret_at: None,
            domains: config.domains().to_vec(),
            unproved_domains: Vec::new(),
            default_siret: config.default_siret.map(|siret| siret.to_string()),
            support: ProviderSupportBody {
                label: config.support.label,
                phone: config.support.phone,
                email: config.support.email,
            },
            id_token_alg: config.id_token_alg.name(),
            mfa_capable: config.mfa_capable,
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            claim_names: claim_names.collect(),
            state: if config.enabled {
                "enabled"
            } else {
                "disabled"
            },
            enabled: config.enabled,
            read_only: true,
            redirect_uri: String::new(),
            logout_uri: String::new(),
            agents: None,
            id: config.id.as_str().to_owned(),
            title: config.title,
            issuer: config.issuer.into(),
            client_id: config.client_id,
        }
    }
}

/// A provider with its version.
type Tagged = (EntityTag, axum::Json<ProviderView>);

fn tagged(identity: &Identity, seen: SeenProvider) -> Result<Tagged, ApiError> {
    let tag = EntityTag::of(seen.version());
    Ok((tag, axum::Json(ProviderView::of(identity, seen)?)))
}

/// The provider an address names; what cannot be a name names none.
fn provider_id(text: &str) -> Result<ProviderId, ApiError> {
    let unknown = |_| ApiError(Problem::not_found());
    ProviderId::parse(text).map_err(unknown)
}
