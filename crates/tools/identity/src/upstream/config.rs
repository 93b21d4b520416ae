//! What an administrator says of a provider.

use jose::Algorithm;
use kernel::{OrganisationId, Secret, Text};
use url::Url;

use super::siret::Siret;

/// Names a provider in addresses, in rows and in claims (`idp_id`): 1 to 64 of `[a-z0-9-]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ProviderId(String);

/// Not a provider's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a provider id")]
pub struct ProviderIdError;

impl ProviderId {
    /// A name from the configuration or from the wire.
    ///
    /// # Errors
    /// When it is empty, longer than 64, or has another character than `[a-z0-9-]`.
    pub fn parse(text: &str) -> Result<Self, ProviderIdError> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let well_formed = (1..=64).contains(&text.len()) && text.bytes().all(slug);
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProviderIdError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ProviderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ProviderId {
    type Err = ProviderIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> serde::Deserialize<'de> for ProviderId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// How we prove who we are at the provider's token endpoint.
#[derive(Debug, Clone)]
pub enum ProviderCredentials {
    /// `client_secret_post`.
    Post(Secret),
    /// `client_secret_basic`.
    Basic(Secret),
    /// `private_key_jwt` (RFC 7523) with this ES256 key: PKCS#8, in PEM or in base64 of DER.
    PrivateKeyJwt(Secret),
}

/// Ways of known products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// What ProConnect asks of a provider.
    #[default]
    #[serde(rename = "generic")]
    Standard,
    /// Keycloak: the standard one.
    Keycloak,
    /// LemonLDAP::NG: the standard one.
    LemonLdap,
    /// Microsoft Entra: its scopes only, no `claims`; what userinfo misses comes from the id
    /// token.
    Entra,
    /// ProConnect itself, as a broker.
    ProConnect,
}

impl Preset {
    /// Every one, as the screens show them.
    pub const ALL: [Self; 5] = [
        Self::Standard,
        Self::Keycloak,
        Self::LemonLdap,
        Self::Entra,
        Self::ProConnect,
    ];

    /// Its word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => "generic",
            Self::Keycloak => "keycloak",
            Self::LemonLdap => "lemonldap",
            Self::Entra => "entra",
            Self::ProConnect => "proconnect",
        }
    }

    /// The scopes that such a provider knows as it is installed.
    pub const fn usual_scopes(self) -> &'static str {
        match self {
            Self::Standard => super::request::SCOPES,
            Self::Keycloak | Self::LemonLdap | Self::Entra => super::request::ENTRA_SCOPES,
            Self::ProConnect => {
                "openid given_name usual_name email uid siret organizational_unit \
                 belonging_population phone"
            }
        }
    }

    /// Where such a provider keeps, as it is installed, what the contract names otherwise.
    pub const fn usual_aliases(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Standard | Self::ProConnect => &[],
            Self::Keycloak | Self::LemonLdap => {
                &[("usual_name", "family_name"), ("uid", "preferred_username")]
            }
            Self::Entra => &[("usual_name", "family_name"), ("uid", "oid")],
        }
    }

    /// How such a provider signs id tokens as it is installed.
    pub const fn usual_algorithm(self) -> Algorithm {
        match self {
            Self::Standard | Self::ProConnect => Algorithm::Es256,
            Self::Keycloak | Self::LemonLdap | Self::Entra => Algorithm::Rs256,
        }
    }
}

/// A claim of the contract and where a provider keeps it instead.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClaimAlias {
    /// The contract's name.
    pub claim: String,
    /// The provider's.
    pub theirs: String,
}

/// For whom the provider may vouch.
#[derive(Debug, Clone)]
pub enum ProviderKind {
    /// For addresses of these domains and no other; lower case, compared exactly.
    Ministry {
        /// The domains.
        domains: Vec<String>,
    },
    /// For any address: a broker that routes by itself, for addresses that no ministry holds.
    Broker,
}

/// Whom its agents call.
#[derive(Debug, Clone)]
pub struct ProviderSupport {
    /// The desk's name.
    pub label: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// When it answers.
    pub hours: Option<Text>,
}

/// A provider.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Its name in the machine.
    pub id: ProviderId,
    /// Its name for people.
    pub title: String,
    /// Its issuer, exactly as its discovery writes it.
    pub issuer: Url,
    /// Our name there.
    pub client_id: String,
    /// Our proof there.
    pub credentials: ProviderCredentials,
    /// Its ways.
    pub preset: Preset,
    /// The scopes asked for; none: those of the contract, or Entra's.
    pub scopes: Option<String>,
    /// Where it keeps claims that the contract names otherwise, when it does not give those.
    pub aliases: Vec<ClaimAlias>,
    /// For whom it vouches.
    pub kind: ProviderKind,
    /// The administration of agents whose SIRET is not known.
    pub organisation: OrganisationId,
    /// Whether its agents are of that administration or of one below it, whatever SIRET it names:
    /// an administrator answers for their own administration only.
    pub confined: bool,
    /// Taken when the provider gives no valid SIRET.
    pub default_siret: Option<Siret>,
    /// Whom its agents call.
    pub support: ProviderSupport,
    /// How it signs id tokens, and userinfo if it does.
    pub id_token_alg: Algorithm,
    /// Whether it can honour a demand for a level.
    pub mfa_capable: bool,
    /// Whether it is in service.
    pub enabled: bool,
}

impl ProviderConfig {
    /// A provider of which nothing but its issuer is known, to look at its metadata.
    pub(super) fn probe(issuer: &Url) -> Self {
        Self {
            id: ProviderId("probe".to_owned()),
            title: String::new(),
            issuer: issuer.clone(),
            client_id: String::new(),
            credentials: ProviderCredentials::Post(Secret::new("")),
            preset: Preset::Standard,
            scopes: None,
            aliases: Vec::new(),
            kind: ProviderKind::Ministry {
                domains: Vec::new(),
            },
            organisation: OrganisationId::from_u128(0),
            confined: true,
            default_siret: None,
            support: ProviderSupport {
                label: String::new(),
                phone: None,
                email: None,
                hours: None,
            },
            id_token_alg: Algorithm::Es256,
            mfa_capable: false,
            enabled: false,
        }
    }

    /// Whether it may vouch for an address of this domain.
    pub fn vouches_for(&self, domain: &str) -> bool {
        match &self.kind {
            ProviderKind::Ministry { domains } => domains.iter().any(|own| own == domain),
            ProviderKind::Broker => true,
        }
    }

    /// The domains it holds; none for a broker.
    pub(crate) fn domains(&self) -> &[String] {
        match &self.kind {
            ProviderKind::Ministry { domains } => domains,
            ProviderKind::Broker => &[],
        }
    }

    /// The secret shared with it, if there is one.
    pub(super) const fn shared_secret(&self) -> Option<&Secret> {
        match &self.credentials {
            ProviderCredentials::Post(secret) | ProviderCredentials::Basic(secret) => Some(secret),
            ProviderCredentials::PrivateKeyJwt(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_a_provider_id_and_nothing_else_is() {
        for text in ["a", "interieur", "ministere-2", &"a".repeat(64)] {
            assert!(ProviderId::parse(text).is_ok(), "{text}");
        }
        for text in ["", "Interieur", "a b", "a/b", "é", "a_b", &"a".repeat(65)] {
            assert!(ProviderId::parse(text).is_err(), "{text}");
            assert!(
                serde_json::from_value::<ProviderId>(text.into()).is_err(),
                "{text}"
            );
        }
    }
}
