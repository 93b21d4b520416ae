//! An identity provider plugged in while the program runs: what may be said of one, and its way
//! from draft to service.

use std::collections::BTreeMap;

use jose::Algorithm;
use kernel::{OrganisationId, Secret};
use url::Url;

use crate::upstream::{
    ClaimAlias, EmailAddress, Preset, ProviderConfig, ProviderCredentials, ProviderId,
    ProviderKind, ProviderSupport, Siret, domain_key, is_secure, issuer_of,
};

/// The longest text of one field, in characters.
const LONGEST: usize = 120;
/// The longest issuer and client id, in bytes.
const LONGEST_ADDRESS: usize = 500;
/// The most domains of one provider.
const DOMAINS: usize = 50;
/// A secret's length, in bytes: the shortest that no one guesses, the longest that one is.
const SECRET: std::ops::RangeInclusive<usize> = 16..=1_024;
/// HS256 needs as much as it gives (RFC 7518 §3.2).
const KEY: usize = 32;
/// The most scopes asked for.
const SCOPES: usize = 40;

/// Where a provider stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderState {
    /// Never in service yet.
    Draft,
    /// In service.
    Enabled,
    /// Taken out of service.
    Disabled,
}

impl ProviderState {
    /// The stored word, that of the wire too.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Draft, Self::Enabled, Self::Disabled];
        all.into_iter().find(|state| state.word() == word)
    }

    /// Taken out of service.
    ///
    /// # Errors
    /// When it never was in service.
    pub const fn disabled(self) -> Result<Self, NeverEnabled> {
        match self {
            Self::Draft => Err(NeverEnabled),
            Self::Enabled | Self::Disabled => Ok(Self::Disabled),
        }
    }
}

/// A draft cannot be taken out of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the provider was never in service")]
pub struct NeverEnabled;

/// How we prove who we are at its token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderAuth {
    /// The secret in the form.
    #[default]
    ClientSecretPost,
    /// The secret in the header.
    ClientSecretBasic,
}

impl ProviderAuth {
    /// Its word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
        }
    }
}

/// Whom its agents call.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Support {
    /// The desk's name.
    pub label: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// What is kept of a provider, its secret apart.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProviderFacts {
    /// Its name for people.
    pub title: String,
    /// Its ways.
    pub preset: Preset,
    /// Its issuer.
    pub issuer: Url,
    /// Our name there.
    pub client_id: String,
    /// Our proof there.
    #[serde(default)]
    pub auth_method: ProviderAuth,
    /// The domains for which it vouches, in the form in which they are compared; none for a broker.
    pub domains: Vec<String>,
    /// Taken when it gives no valid SIRET.
    #[serde(default)]
    pub default_siret: Option<String>,
    /// Whom its agents call.
    #[serde(default)]
    pub support: Support,
    /// How it signs; none: as its preset usually does.
    #[serde(default)]
    pub id_token_alg: Option<String>,
    /// Whether it can honour a demand for a level.
    #[serde(default)]
    pub mfa_capable: bool,
    /// What is asked for; none: what its preset usually knows.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Where it keeps what the contract names otherwise; none: where its preset usually does.
    #[serde(default)]
    pub claim_names: Option<BTreeMap<String, String>>,
}

/// What somebody says of a provider.
#[derive(Debug, Clone, Default)]
pub struct ProviderInput {
    /// Its name for people.
    pub title: String,
    /// Its ways.
    pub preset: Preset,
    /// Its issuer, or the address of its metadata.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our proof there.
    pub auth_method: ProviderAuth,
    /// Domains.
    pub domains: Vec<String>,
    /// Fourteen digits.
    pub default_siret: Option<String>,
    /// Whom its agents call.
    pub support: Support,
    /// `ES256`, `RS256` or `HS256`.
    pub id_token_alg: Option<String>,
    /// Whether it can honour a demand for a level.
    pub mfa_capable: bool,
    /// Scopes.
    pub scopes: Option<Vec<String>>,
    /// The contract's names, each with the provider's.
    pub claim_names: Option<BTreeMap<String, String>>,
}

/// What cannot be said of a provider, by field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// Empty or too long.
    #[error("title")]
    Title,
    /// Not an address, or one in clear.
    #[error("issuer")]
    Issuer,
    /// Empty or too long.
    #[error("clientId")]
    ClientId,
    /// Missing, too short or too long.
    #[error("clientSecret")]
    Secret,
    /// A ministry's provider without a domain, or too many.
    #[error("domains")]
    Domains,
    /// Not a domain.
    #[error("domains: {0}")]
    Domain(String),
    /// Not a SIRET.
    #[error("defaultSiret")]
    Siret,
    /// Empty, too long, or not an address.
    #[error("support")]
    Support,
    /// Not one that we verify.
    #[error("idTokenAlg")]
    Algorithm,
    /// `openid` is missing, or one is malformed.
    #[error("scopes")]
    Scopes,
    /// Not a name of the contract, or a malformed one of the provider.
    #[error("claimNames")]
    ClaimNames,
    /// Not a name in the machine.
    #[error("id")]
    Id,
}

impl ProviderFault {
    /// The wire's field.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Issuer => "issuer",
            Self::ClientId => "clientId",
            Self::Secret => "clientSecret",
            Self::Domains | Self::Domain(_) => "domains",
            Self::Siret => "defaultSiret",
            Self::Support => "support",
            Self::Algorithm => "idTokenAlg",
            Self::Scopes => "scopes",
            Self::ClaimNames => "claimNames",
            Self::Id => "id",
        }
    }
}

impl ProviderFacts {
    /// Judges what somebody says of a provider.
    ///
    /// # Errors
    /// The first field that cannot be.
    pub fn judge(input: ProviderInput) -> Result<Self, ProviderFault> {
        let issuer = issuer_of(&input.issuer)
            .filter(|url| input.issuer.len() <= LONGEST_ADDRESS && is_secure(url))
            .filter(|url| url.query().is_none() && url.fragment().is_none())
            .ok_or(ProviderFault::Issuer)?;
        let client_id = input.client_id.trim();
        let is_name = !client_id.is_empty()
            && client_id.len() <= LONGEST_ADDRESS
            && client_id.bytes().all(|b| b.is_ascii_graphic());
        if !is_name {
            return Err(ProviderFault::ClientId);
        }
        let default_siret = match written(input.default_siret.as_deref()) {
            Some(text) => Some(Siret::parse(text).map_err(|_| ProviderFault::Siret)?),
            None => None,
        };
        if let Some(name) = &input.id_token_alg {
            Algorithm::from_name(name).ok_or(ProviderFault::Algorithm)?;
        }
        Ok(Self {
            title: line(&input.title).ok_or(ProviderFault::Title)?,
            preset: input.preset,
            issuer,
            client_id: client_id.to_owned(),
            auth_method: input.auth_method,
            domains: domains(input.preset, &input.domains)?,
            default_siret: default_siret.map(|siret| siret.as_str().to_owned()),
            support: support(&input.support)?,
            id_token_alg: input.id_token_alg,
            mfa_capable: input.mfa_capable,
            scopes: scopes(input.scopes)?,
            claim_names: claim_names(input.claim_names)?,
        })
    }

    /// Whether it vouches for any domain.
    pub fn is_broker(&self) -> bool {
        self.preset == Preset::ProConnect
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        let named = self.id_token_alg.as_deref().and_then(Algorithm::from_name);
        named.unwrap_or(self.preset.usual_algorithm())
    }

    /// What is asked for.
    pub fn scopes_text(&self) -> String {
        match &self.scopes {
            Some(scopes) => scopes.join(" "),
            None => self.preset.usual_scopes().to_owned(),
        }
    }

    /// Where it keeps what the contract names otherwise.
    pub fn aliases(&self) -> Vec<ClaimAlias> {
        let alias = |(claim, theirs): (&str, &str)| ClaimAlias {
            claim: claim.to_owned(),
            theirs: theirs.to_owned(),
        };
        if let Some(names) = &self.claim_names {
            let pairs = names.iter().map(|(c, t)| (c.as_str(), t.as_str()));
            return pairs.map(alias).collect();
        }
        let usual = self.preset.usual_aliases().iter().copied();
        usual.map(alias).collect()
    }

    /// The provider as the relying party knows it.
    pub fn config(
        &self,
        id: ProviderId,
        organisation: OrganisationId,
        secret: Secret,
        enabled: bool,
    ) -> ProviderConfig {
        let kind = if self.is_broker() {
            ProviderKind::Broker
        } else {
            ProviderKind::Ministry {
                domains: self.domains.clone(),
            }
        };
        ProviderConfig {
            id,
            title: self.title.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            credentials: match self.auth_method {
                ProviderAuth::ClientSecretPost => ProviderCredentials::Post(secret),
                ProviderAuth::ClientSecretBasic => ProviderCredentials::Basic(secret),
            },
            preset: self.preset,
            scopes: Some(self.scopes_text()),
            aliases: self.aliases(),
            kind,
            organisation,
            confined: !self.is_broker(),
            default_siret: self
                .default_siret
                .as_deref()
                .and_then(|text| Siret::parse(text).ok()),
            support: ProviderSupport {
                label: self.support.label.clone(),
                phone: self.support.phone.clone(),
                email: self.support.email.clone(),
                hours: None,
            },
            id_token_alg: self.algorithm(),
            mfa_capable: self.mfa_capable,
            enabled,
        }
    }

    /// The names of the fields that differ, for the journal.
    pub fn changes(&self, after: &Self) -> Vec<&'static str> {
        let differs = [
            ("title", self.title != after.title),
            ("preset", self.preset != after.preset),
            ("issuer", self.issuer != after.issuer),
            ("clientId", self.client_id != after.client_id),
            ("authMethod", self.auth_method != after.auth_method),
            ("domains", self.domains != after.domains),
            ("defaultSiret", self.default_siret != after.default_siret),
            ("support", self.support != after.support),
            ("idTokenAlg", self.id_token_alg != after.id_token_alg),
            ("mfaCapable", self.mfa_capable != after.mfa_capable),
            ("scopes", self.scopes != after.scopes),
            ("claimNames", self.claim_names != after.claim_names),
        ];
        let changed = differs.into_iter().filter(|(_, differs)| *differs);
        changed.map(|(name, _)| name).collect()
    }
}

/// A secret that may be kept for such a provider.
///
/// # Errors
/// When its length cannot be.
pub fn judge_secret(secret: &Secret, facts: &ProviderFacts) -> Result<(), ProviderFault> {
    let length = secret.expose().len();
    let printable = secret.expose().chars().all(|c| !c.is_control());
    let keyed = facts.algorithm() != Algorithm::Hs256 || length >= KEY;
    if SECRET.contains(&length) && printable && keyed {
        Ok(())
    } else {
        Err(ProviderFault::Secret)
    }
}

/// A name in the machine made of a name for people: what is no letter or digit parts words.
pub fn slug(title: &str) -> Option<ProviderId> {
    let folded = kernel::fold(title);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let text: String = words.join("-").chars().take(40).collect();
    ProviderId::parse(text.trim_matches('-')).ok()
}

fn written(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A text on one line; none when it is empty or too long.
fn line(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=LONGEST).contains(&text.chars().count());
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

fn optional_line(text: Option<&str>) -> Result<Option<String>, ProviderFault> {
    match written(text) {
        Some(text) => line(text).map(Some).ok_or(ProviderFault::Support),
        None => Ok(None),
    }
}

fn support(said: &Support) -> Result<Support, ProviderFault> {
    let email = optional_line(said.email.as_deref())?;
    if email
        .as_deref()
        .is_some_and(|text| EmailAddress::parse(text).is_err())
    {
        return Err(ProviderFault::Support);
    }
    Ok(Support {
        label: line(&said.label).ok_or(ProviderFault::Support)?,
        phone: optional_line(said.phone.as_deref())?,
        email,
    })
}

fn domains(preset: Preset, said: &[String]) -> Result<Vec<String>, ProviderFault> {
    if preset == Preset::ProConnect {
        return Ok(Vec::new());
    }
    if !(1..=DOMAINS).contains(&said.len()) {
        return Err(ProviderFault::Domains);
    }
    let mut kept = Vec::new();
    for text in said {
        let shown = || text.chars().take(LONGEST).collect();
        let domain = domain_key(text.trim()).ok_or_else(|| ProviderFault::Domain(shown()))?;
        if !kept.contains(&domain) {
            kept.push(domain);
        }
    }
    Ok(kept)
}

fn scopes(said: Option<Vec<String>>) -> Result<Option<Vec<String>>, ProviderFault> {
    let Some(scopes) = said.filter(|scopes| !scopes.is_empty()) else {
        return Ok(None);
    };
    // RFC 6749 §3.3: printable, without quotes and backslashes.
    let token = |scope: &String| {
        let shape = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
        (1..=LONGEST).contains(&scope.len()) && scope.bytes().all(shape)
    };
    let well_formed = scopes.len() <= SCOPES && scopes.iter().all(token);
    if well_formed && scopes.iter().any(|scope| scope == "openid") {
        Ok(Some(scopes))
    } else {
        Err(ProviderFault::Scopes)
    }
}

fn claim_names(
    said: Option<BTreeMap<String, String>>,
) -> Result<Option<BTreeMap<String, String>>, ProviderFault> {
    const OF_THE_CONTRACT: [&str; 8] = [
        "given_name",
        "usual_name",
        "email",
        "uid",
        "siret",
        "organizational_unit",
        "belonging_population",
        "phone_number",
    ];
    let Some(names) = said.filter(|names| !names.is_empty()) else {
        return Ok(None);
    };
    let fits = |(claim, theirs): (&String, &String)| {
        OF_THE_CONTRACT.contains(&claim.as_str())
            && (1..=LONGEST).contains(&theirs.len())
            && theirs.bytes().all(|b| b.is_ascii_graphic())
    };
    if names.iter().all(fits) {
        Ok(Some(names))
    } else {
        Err(ProviderFault::ClaimNames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ProviderInput {
        ProviderInput {
            title: " Keycloak du ministère ".into(),
            preset: Preset::Keycloak,
            issuer:
                "https://connexion.interieur.gouv.fr/realms/agents/.well-known/openid-configuration"
                    .into(),
            client_id: "besace".into(),
            domains: vec!["Interieur.gouv.fr".into(), "interieur.gouv.fr".into()],
            default_siret: Some("110 014 016 00015".into()),
            support: Support {
                label: "Assistance".into(),
                phone: Some(" ".into()),
                email: Some("aide@interieur.gouv.fr".into()),
            },
            ..ProviderInput::default()
        }
    }

    fn fault(change: impl FnOnce(&mut ProviderInput)) -> ProviderFault {
        let mut input = input();
        change(&mut input);
        ProviderFacts::judge(input).expect_err("refused")
    }

    #[test]
    fn what_is_said_is_kept_in_the_form_in_which_it_is_compared() {
        let facts = ProviderFacts::judge(input()).expect("taken");
        assert_eq!(facts.title, "Keycloak du ministère");
        assert_eq!(
            facts.issuer.as_str(),
            "https://connexion.interieur.gouv.fr/realms/agents"
        );
        assert_eq!(facts.domains, ["interieur.gouv.fr"]);
        assert_eq!(facts.default_siret.as_deref(), Some("11001401600015"));
        assert_eq!(facts.support.phone, None);
        assert_eq!(facts.algorithm(), Algorithm::Rs256);
        assert_eq!(facts.scopes_text(), "openid email profile");
        let text = serde_json::to_string(&facts).expect("JSON");
        assert_eq!(
            serde_json::from_str::<ProviderFacts>(&text).ok(),
            Some(facts)
        );
    }

    #[test]
    fn each_field_that_cannot_be_is_named() {
        for (change, field) in [
            (
                (|i| i.title = "  ".into()) as fn(&mut ProviderInput),
                "title",
            ),
            (|i| i.issuer = "http://a.fr".into(), "issuer"),
            (|i| i.issuer = "https://a:b@a.fr".into(), "issuer"),
            (|i| i.issuer = "https://a.fr/?x".into(), "issuer"),
            (|i| i.issuer = "interieur".into(), "issuer"),
            (|i| i.client_id = "a b".into(), "clientId"),
            (|i| i.domains = Vec::new(), "domains"),
            (|i| i.domains = vec!["gouv".into()], "domains"),
            (|i| i.domains = vec!["*.gouv.fr".into()], "domains"),
            (|i| i.default_siret = Some("1".into()), "defaultSiret"),
            (|i| i.support.label = String::new(), "support"),
            (|i| i.support.email = Some("aide".into()), "support"),
            (|i| i.id_token_alg = Some("none".into()), "idTokenAlg"),
            (|i| i.scopes = Some(vec!["email".into()]), "scopes"),
            (|i| i.scopes = Some(vec!["openid email".into()]), "scopes"),
            (
                |i| i.claim_names = Some(BTreeMap::from([("sub".into(), "uid".into())])),
                "claimNames",
            ),
        ] {
            assert_eq!(fault(change).field(), field);
        }
    }

    #[test]
    fn a_secret_has_a_length_that_its_use_allows() {
        let mut facts = ProviderFacts::judge(input()).expect("taken");
        let judge = |length: usize, facts: &ProviderFacts| {
            judge_secret(&Secret::new("a".repeat(length)), facts).is_ok()
        };
        assert!(judge(16, &facts));
        assert!(!judge(15, &facts));
        assert!(!judge(1_025, &facts));
        facts.id_token_alg = Some("HS256".into());
        assert!(judge(32, &facts));
        assert!(!judge(31, &facts));
    }

    #[test]
    fn only_a_broker_vouches_for_everybody_and_only_it_goes_beyond_its_administration() {
        let mut proconnect = input();
        proconnect.preset = Preset::ProConnect;
        let config = |input| {
            let facts = ProviderFacts::judge(input).expect("taken");
            let id = ProviderId::parse("a").expect("an id");
            let organisation = OrganisationId::from_u128(1);
            facts.config(id, organisation, Secret::new("s"), false)
        };
        let broker = config(proconnect);
        assert!(broker.vouches_for("ville.fr") && !broker.confined);
        let ministry = config(input());
        assert!(!ministry.vouches_for("ville.fr") && ministry.confined);
    }

    #[test]
    fn a_title_makes_a_name_in_the_machine() {
        for (title, name) in [
            ("Keycloak du ministère", Some("keycloak-du-ministere")),
            (" L’Intérieur / 2 ", Some("l-interieur-2")),
            ("…", None),
        ] {
            let made = slug(title);
            assert_eq!(made.as_ref().map(ProviderId::as_str), name, "{title}");
        }
    }

    #[test]
    fn what_never_was_in_service_is_not_taken_out_of_it() {
        assert_eq!(ProviderState::Draft.disabled(), Err(NeverEnabled));
        assert_eq!(
            ProviderState::Enabled.disabled(),
            Ok(ProviderState::Disabled)
        );
        for state in [
            ProviderState::Draft,
            ProviderState::Enabled,
            ProviderState::Disabled,
        ] {
            assert_eq!(ProviderState::parse(state.word()), Some(state));
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_nothing_falls(issuer in ".{0,80}", domain in ".{0,40}", title in ".{0,60}") {
            let mut said = input();
            said.issuer = issuer;
            said.domains = vec![domain];
            let _ = slug(&title);
            said.title = title;
            let _ = ProviderFacts::judge(said);
        }
    }
}
