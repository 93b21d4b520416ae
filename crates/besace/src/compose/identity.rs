//! Administrations, providers, applications and local accounts.

use identity::config::{IdentityConfig, SignIn};
use identity::domain::acr::Acr;
use identity::domain::agent::{self, Agent, AgentState};
use identity::domain::client::{AuthMethod, Client, ClientAudience, ClientId, ClientSecret};
use identity::domain::organisation::{LegalCategory, Organisation};
use identity::domain::role::{ConfiguredGrant, reach};
use identity::domain::scope::{Scope, ScopeSet};
use identity::domain::signing::PERIOD;
use identity::local::{
    Attributes, LocalAccount, LocalSubject, Login, NewAccount, Realm, TotpSecret,
};
use identity::service::people::KnownAgent;
use identity::upstream::{
    EmailAddress, Preset, ProviderConfig, ProviderCredentials, ProviderId, ProviderKind,
    ProviderSupport, Siret,
};
use identity::{Desk, Identity, IdentityError};
use jose::Algorithm;
use kernel::{AgentId, Clock, OrganisationId, Rng, Secret, Text, Timestamp};
use kernel_db::Db;
use kernel_http::Outgoing;
use kernel_mail::Mailer;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{StartError, digest_of, read};
use crate::config::{
    ClientSection, Config, ConfigError, GrantSection, LocalAccountSection, OrganisationSection,
    ProviderKindSection, ProviderSection,
};
use crate::demo::State;

/// The shortest secret of an application or of ours at a provider, in characters.
const SHORTEST_SECRET: usize = 32;

/// The id of the administration of a SIRET (spaces do not count).
pub(crate) fn organisation_id(siret: &str) -> OrganisationId {
    let digits: String = siret.chars().filter(|c| !c.is_whitespace()).collect();
    identity::domain::organisation::id_of_siret(&digits)
}

/// The sign-in tool's settings.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(super) fn settings(config: &Config, outgoing: Outgoing) -> Result<IdentityConfig, StartError> {
    let section = &config.identity;
    let organisations: Vec<Organisation> = section
        .organisations
        .iter()
        .map(organisation)
        .collect::<Result<_, _>>()?;
    let known = |key: &str, siret: &str| {
        let id = organisation_id(siret);
        organisations
            .iter()
            .any(|one| one.id == id)
            .then_some(id)
            .ok_or_else(|| {
                ConfigError::value(
                    key,
                    "must be the siret of one of [[identity.organisations]]",
                )
            })
    };
    let sign_in = match &section.local {
        Some(_) if !section.providers.is_empty() => {
            let what = "people sign in here or at their ministry's provider, not both";
            return Err(ConfigError::value("identity.local", what).into());
        }
        Some(local) => SignIn::Local {
            realm: Realm::parse(&local.realm)
                .map_err(|cause| ConfigError::value("identity.local.realm", cause))?,
            organisation: known("identity.local.organisation", &local.organisation)?,
            exempt: config.http.rate_exceptions.clone(),
        },
        None => {
            let mut providers = Vec::new();
            for one in &section.providers {
                let key = format!("identity.providers.{}.organisation", one.id);
                providers.push(provider(one, known(&key, &one.organisation)?)?);
            }
            SignIn::Upstream {
                providers,
                outgoing: Arc::new(outgoing),
            }
        }
    };
    let mut clients = Vec::new();
    for one in &section.clients {
        let key = format!("identity.clients.{}.organisation", one.client_id);
        let siret = one.organisation.as_deref();
        let organisation = siret.map(|siret| known(&key, siret)).transpose()?;
        clients.push(client(one, organisation)?);
    }
    refuse_twins(&clients)?;
    let mut grants = Vec::new();
    for one in &section.grants {
        let key = format!("identity.grants.{}.organisation", one.email);
        let organisation = match &one.organisation {
            Some(siret) => Some(known(&key, siret)?),
            None => None,
        };
        grants.push(grant(one, organisation)?);
    }
    Ok(IdentityConfig {
        organisations,
        clients,
        sign_in,
        key_period: key_period(config.keys.rotation_days)?,
        administration_level: administration_level(config)?,
        grants,
    })
}

/// Writes the accounts of people who sign in here; those that are no longer named are removed.
///
/// # Errors
/// When a value cannot be, or the database refuses.
pub(super) async fn write_accounts(identity: &Identity, config: &Config) -> Result<(), StartError> {
    let Some(local) = &config.identity.local else {
        return Ok(());
    };
    // All are read before any is touched: a mistake in the file removes nobody.
    let accounts = local
        .accounts
        .iter()
        .map(|section| account(&local.realm, section))
        .collect::<Result<Vec<_>, _>>()?;
    let factors = local
        .accounts
        .iter()
        .map(factor)
        .collect::<Result<Vec<_>, _>>()?;
    let named = accounts.iter().map(|new| new.account.login.clone());
    identity.remove_local_accounts_but(named.collect()).await?;
    for (account, factor) in accounts.into_iter().zip(factors) {
        let login = account.account.login.clone();
        identity.write_local_account(account).await?;
        if let Some(secret) = factor {
            identity.give_local_factor(&login, &secret).await?;
        }
    }
    Ok::<(), IdentityError>(()).map_err(StartError::from)
}

/// The least level of a session whose roles may be used.
///
/// # Errors
/// When the configuration names none that asks for more than a password.
fn administration_level(config: &Config) -> Result<Option<Acr>, ConfigError> {
    let Some(name) = &config.identity.administration_level else {
        return Ok(None);
    };
    let level = Acr::parse(name).filter(|level| *level >= Acr::Eidas1Mfa);
    level.map(Some).ok_or_else(|| {
        ConfigError::value(
            "identity.administration_level",
            "must be eidas1-mfa, eidas2 or eidas3",
        )
    })
}

/// The most days that an invitation lasts.
///
/// # Errors
/// When the configuration names none that may be.
pub(super) fn guest_days(config: &Config) -> Result<u16, ConfigError> {
    const LONGEST: u16 = identity::domain::invitation::LONGEST_DAYS;
    match config.identity.guest_days {
        None => Ok(LONGEST),
        Some(days) if (1..=LONGEST).contains(&days) => Ok(days),
        Some(_) => Err(ConfigError::value(
            "identity.guest_days",
            format!("must be 1 to {LONGEST}"),
        )),
    }
}

/// The demonstration's agents as Besace will know them: their ids are made of their subjects.
pub(super) fn known_agents(state: &State) -> Vec<KnownAgent> {
    let mut known = Vec::new();
    for provider in &state.providers {
        for account in provider.accounts() {
            known.push(KnownAgent {
                provider: provider.id.to_owned(),
                subject: account.subject.clone(),
                agent: Agent {
                    id: AgentId::from_digest(&digest_of("agent", &account.subject)),
                    state: AgentState::PreCreated,
                    organisation: organisation_id(account.siret.as_deref().unwrap_or_default()),
                    attributes: agent::Attributes {
                        given_name: account.given_name.clone(),
                        usual_name: account.usual_name.clone(),
                        email: account.email.clone(),
                        uid: account.uid.clone(),
                        organizational_unit: account.organizational_unit.clone(),
                        population: account.population,
                        phone: account.phone.clone(),
                        chorusdt: None,
                        custom: serde_json::Map::new(),
                    },
                },
            });
        }
    }
    known
}

fn organisation(section: &OrganisationSection) -> Result<Organisation, ConfigError> {
    let key = |name: &str| format!("identity.organisations.{}.{name}", section.siret);
    let siret =
        Siret::parse(&section.siret).map_err(|cause| ConfigError::value(key("siret"), cause))?;
    let legal_category = match section.legal_category.as_deref() {
        None => None,
        Some(text) => Some(LegalCategory::parse(text).ok_or_else(|| {
            ConfigError::value(key("legal_category"), "must be INSEE's four digits")
        })?),
    };
    Ok(Organisation {
        id: organisation_id(siret.as_str()),
        siret,
        label: section.label.clone(),
        legal_category,
        parent: section.parent.as_deref().map(organisation_id),
    })
}

fn grant(
    section: &GrantSection,
    organisation: Option<OrganisationId>,
) -> Result<ConfiguredGrant, ConfigError> {
    let key = |name: &str| format!("identity.grants.{}.{name}", section.email);
    let email = EmailAddress::parse(&section.email)
        .map_err(|cause| ConfigError::value(key("email"), cause))?;
    let scope = reach(section.role, organisation, section.subtree)
        .map_err(|cause| ConfigError::value(key("organisation"), cause))?;
    Ok(ConfiguredGrant {
        email: email.as_str().to_owned(),
        role: section.role,
        scope,
    })
}

fn provider(
    section: &ProviderSection,
    organisation: OrganisationId,
) -> Result<ProviderConfig, StartError> {
    let key = |name: &str| format!("identity.providers.{}.{name}", section.id);
    let kind = match section.kind {
        ProviderKindSection::Broker => ProviderKind::Broker,
        ProviderKindSection::Ministry if section.domains.is_empty() => {
            let what = "a ministry's provider needs the domains of its agents' addresses";
            return Err(ConfigError::value(key("domains"), what).into());
        }
        ProviderKindSection::Ministry => ProviderKind::Ministry {
            domains: section
                .domains
                .iter()
                .map(|domain| domain.to_lowercase())
                .collect(),
        },
    };
    let preset = match section.preset.as_deref() {
        None | Some("standard") => Preset::Standard,
        Some("keycloak") => Preset::Keycloak,
        Some("lemonldap") => Preset::LemonLdap,
        Some("entra") => Preset::Entra,
        Some(_) => {
            let what = "must be standard, keycloak, lemonldap or entra";
            return Err(ConfigError::value(key("preset"), what).into());
        }
    };
    Ok(ProviderConfig {
        id: ProviderId::parse(&section.id).map_err(|cause| ConfigError::value(key("id"), cause))?,
        title: section.title.clone(),
        issuer: section.issuer.clone(),
        client_id: section.client_id.clone(),
        credentials: credentials(section)?,
        preset,
        scopes: None,
        aliases: Vec::new(),
        kind,
        organisation,
        confined: false,
        default_siret: Siret::parse(&section.organisation).ok(),
        support: ProviderSupport {
            label: section
                .support
                .label
                .clone()
                .unwrap_or_else(|| section.title.clone()),
            phone: section.support.phone.clone(),
            email: section.support.email.clone(),
            hours: section.support.hours.clone().map(Text::from),
        },
        id_token_alg: algorithm(&key("id_token_alg"), section.id_token_alg.as_deref())?
            .unwrap_or(Algorithm::Es256),
        mfa_capable: section.mfa_capable,
        enabled: section.enabled,
    })
}

fn credentials(section: &ProviderSection) -> Result<ProviderCredentials, StartError> {
    let key = |name: &str| format!("identity.providers.{}.{name}", section.id);
    if let Some(path) = &section.private_key_file {
        return Ok(ProviderCredentials::PrivateKeyJwt(read(path)?));
    }
    let secret = secret(
        &key("client_secret"),
        section.client_secret.as_ref(),
        section.client_secret_file.as_ref(),
    )?;
    match section.auth_method.as_deref() {
        None | Some("client_secret_post") => Ok(ProviderCredentials::Post(secret)),
        Some("client_secret_basic") => Ok(ProviderCredentials::Basic(secret)),
        Some(_) => {
            let what = "must be client_secret_post or client_secret_basic";
            Err(ConfigError::value(key("auth_method"), what).into())
        }
    }
}

fn secret(
    key: &str,
    inline: Option<&Secret>,
    file: Option<&PathBuf>,
) -> Result<Secret, StartError> {
    let secret = match (inline, file) {
        (Some(secret), None) => secret.clone(),
        (None, Some(path)) => read(path)?,
        (Some(_), Some(_)) => {
            return Err(ConfigError::value(key, "is given twice, in clear and by file").into());
        }
        (None, None) => return Err(ConfigError::value(key, "is missing").into()),
    };
    if secret.expose().chars().count() < SHORTEST_SECRET {
        return Err(ConfigError::value(key, "must have 32 characters at least").into());
    }
    Ok(secret)
}

fn algorithm(key: &str, name: Option<&str>) -> Result<Option<Algorithm>, ConfigError> {
    match name {
        None => Ok(None),
        Some(name) => Algorithm::from_name(name)
            .map(Some)
            .ok_or_else(|| ConfigError::value(key, "must be ES256, RS256 or HS256")),
    }
}

fn client(
    section: &ClientSection,
    organisation: Option<OrganisationId>,
) -> Result<Client, StartError> {
    let key = |name: &str| format!("identity.clients.{}.{name}", section.client_id);
    let auth_method = match section.auth_method.as_deref() {
        None => AuthMethod::ClientSecret,
        Some("client_secret_basic") => AuthMethod::ClientSecretBasic,
        Some("client_secret_post") => AuthMethod::ClientSecretPost,
        Some("none") => AuthMethod::None,
        Some(_) => {
            let what = "must be client_secret_basic, client_secret_post or none";
            return Err(ConfigError::value(key("auth_method"), what).into());
        }
    };
    let secret = if auth_method == AuthMethod::None {
        ClientSecret::None
    } else {
        ClientSecret::Clear(secret(
            &key("client_secret"),
            section.client_secret.as_ref(),
            section.client_secret_file.as_ref(),
        )?)
    };
    if section.redirect_uris.is_empty() {
        return Err(ConfigError::value(key("redirect_uris"), "names no address").into());
    }
    let id_token_alg = algorithm(&key("id_token_alg"), section.id_token_alg.as_deref())?;
    let userinfo_alg = algorithm(&key("userinfo_alg"), section.userinfo_alg.as_deref())?;
    let introspection_alg = section.introspection_alg.as_deref();
    let introspection_alg = algorithm(&key("introspection_alg"), introspection_alg)?;
    let keyed = [id_token_alg, userinfo_alg, introspection_alg].contains(&Some(Algorithm::Hs256));
    if keyed && auth_method == AuthMethod::None {
        let what = "a client without a secret cannot have HS256, which is keyed by it";
        return Err(ConfigError::value(key("auth_method"), what).into());
    }
    Ok(Client {
        id: ClientId::parse(&section.client_id)
            .map_err(|cause| ConfigError::value(key("client_id"), cause))?,
        name: section.name.clone(),
        organisation,
        secret,
        redirect_uris: section.redirect_uris.clone(),
        post_logout_redirect_uris: section.post_logout_redirect_uris.clone(),
        auth_method,
        id_token_alg: id_token_alg.unwrap_or(Algorithm::Es256),
        userinfo_alg,
        introspection_alg,
        refresh_tokens: section.refresh_tokens,
        scopes: scopes(&key("scopes"), section.scopes.as_deref())?,
        audience: if section.public_agents_only {
            ClientAudience::Public
        } else {
            ClientAudience::Everyone
        },
        require_pkce: section.require_pkce,
        enabled: section.enabled,
        valid_from: Timestamp::from_millis(0),
    })
}

/// How long a signing key signs.
fn key_period(days: Option<u16>) -> Result<Duration, ConfigError> {
    match days {
        None => Ok(PERIOD),
        Some(days @ 1..=366) => Ok(Duration::from_hours(24 * u64::from(days))),
        Some(_) => Err(ConfigError::value(
            "keys.rotation_days",
            "must be from 1 to 366",
        )),
    }
}

/// Of two applications with one name, one would silently win.
fn refuse_twins(clients: &[Client]) -> Result<(), ConfigError> {
    let mut seen = std::collections::BTreeSet::new();
    for client in clients {
        if !seen.insert(&client.id) {
            let key = format!("identity.clients.{}", client.id);
            return Err(ConfigError::value(key, "is given twice"));
        }
    }
    Ok(())
}

fn scopes(key: &str, names: Option<&[String]>) -> Result<ScopeSet, ConfigError> {
    let Some(names) = names else {
        return Ok(ScopeSet::all());
    };
    let mut scopes = vec![Scope::Openid];
    for name in names {
        scopes.push(Scope::parse(name).ok_or_else(|| {
            ConfigError::value(key, format!("{name} is no scope; see scopes_supported"))
        })?);
    }
    Ok(ScopeSet::new(scopes))
}

/// The password accounts, at hand; none: nobody signs in here.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(super) fn desk(
    config: &Config,
    (db, mailer): (&Db, &Mailer),
    (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
) -> Result<Option<Desk>, StartError> {
    let Some(local) = &config.identity.local else {
        return Ok(None);
    };
    let site = super::site::site(config, config.http.listen, false)?;
    Ok(Some(Desk {
        db: db.clone(),
        clock,
        rng,
        mailer: mailer.clone(),
        realm: Realm::parse(&local.realm)
            .map_err(|cause| ConfigError::value("identity.local.realm", cause))?,
        organisation: organisation_id(&local.organisation),
        provider: site.name,
        base_url: site.base_url,
    }))
}

/// The second factor that the file gives to an account.
fn factor(section: &LocalAccountSection) -> Result<Option<TotpSecret>, ConfigError> {
    let Some(text) = &section.totp_secret else {
        return Ok(None);
    };
    let key = format!("identity.local.accounts.{}.totp_secret", section.email);
    TotpSecret::parse(text.expose())
        .map(Some)
        .ok_or_else(|| ConfigError::value(key, "must be base32 of 16 to 64 bytes"))
}

fn account(realm: &str, section: &LocalAccountSection) -> Result<NewAccount, ConfigError> {
    let key = |name: &str| format!("identity.local.accounts.{}.{name}", section.email);
    Ok(NewAccount {
        account: LocalAccount {
            realm: Realm::parse(realm)
                .map_err(|cause| ConfigError::value("identity.local.realm", cause))?,
            login: Login::parse(&section.email)
                .map_err(|cause| ConfigError::value(key("email"), cause))?,
            subject: LocalSubject::parse(&section.subject)
                .map_err(|cause| ConfigError::value(key("subject"), cause))?,
            attributes: Attributes {
                given_name: section.given_name.clone(),
                usual_name: section.usual_name.clone(),
                uid: section.uid.clone(),
                siret: section.siret.clone(),
                organizational_unit: section.organizational_unit.clone(),
                population: section.population,
                phone: section.phone.clone(),
            },
        },
        password: section.password.clone(),
    })
}
