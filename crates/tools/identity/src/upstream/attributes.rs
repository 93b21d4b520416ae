//! From a provider's claims to the attributes of a person: the contract's rules, claim by claim.

use kernel::Population;
use serde_json::{Map, Value};

use super::config::{Preset, ProviderConfig};
use super::email::EmailAddress;
use super::error::UpstreamError;
use super::siret::Siret;
use crate::domain::agent::Attributes;

/// The longest text of a claim, in characters.
const LONGEST: usize = 256;
/// The most bytes of claims kept beyond the contract.
const MOST_CUSTOM: usize = 8 * 1024;

/// Claims of the contract; what else userinfo says is kept as `custom`.
pub(super) const CONTRACT: [&str; 12] = [
    "sub",
    "given_name",
    "usual_name",
    "email",
    "uid",
    "siren",
    "siret",
    "organizational_unit",
    "belonging_population",
    "phone_number",
    "chorusdt:matricule",
    "chorusdt:societe",
];
/// Said of the answer, not of the person.
const OF_THE_ANSWER: [&str; 4] = ["aud", "exp", "iat", "iss"];
/// What userinfo says, by the contract.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Described {
    pub(super) attributes: Attributes,
    pub(super) email: EmailAddress,
    pub(super) siret: Option<Siret>,
}

/// Reads userinfo; with Entra, what it misses is taken from the id token.
///
/// # Errors
/// When a required claim is missing, or one is malformed that is not merely dropped.
pub(super) fn read(
    userinfo: &Map<String, Value>,
    id_token: &Map<String, Value>,
    config: &ProviderConfig,
) -> Result<Described, UpstreamError> {
    let claims = &complete(userinfo, id_token, config);
    let email = text(claims, "email")?;
    let email = email
        .and_then(|text| EmailAddress::parse(text).ok())
        .ok_or(invalid("email"))?;
    let uid = required(claims, "uid")?;
    if !uid.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        return Err(invalid("uid"));
    }
    let chorusdt = text(claims, "chorusdt:matricule")?.zip(text(claims, "chorusdt:societe")?);
    let attributes = Attributes {
        given_name: required(claims, "given_name")?.to_owned(),
        usual_name: required(claims, "usual_name")?.to_owned(),
        email: email.as_str().to_owned(),
        uid: uid.to_owned(),
        organizational_unit: text(claims, "organizational_unit")?.map(str::to_owned),
        population: text(claims, "belonging_population")?.and_then(Population::from_claim),
        phone: phone(claims)?,
        chorusdt: chorusdt.map(|(number, company)| (number.to_owned(), company.to_owned())),
        custom: custom(userinfo),
    };
    Ok(Described {
        attributes,
        email,
        siret: siret(claims),
    })
}

const fn invalid(what: &'static str) -> UpstreamError {
    UpstreamError::InvalidIdentity { what }
}

/// The claims by the contract's names: what is missing is taken from where this provider keeps it.
pub(super) fn complete(
    userinfo: &Map<String, Value>,
    id_token: &Map<String, Value>,
    config: &ProviderConfig,
) -> Map<String, Value> {
    let entra = config.preset == Preset::Entra;
    let elsewhere = |name: &str| id_token.get(name).filter(|_| entra);
    let mut claims = userinfo.clone();
    for name in CONTRACT {
        if let (false, Some(value)) = (claims.contains_key(name), elsewhere(name)) {
            claims.insert(name.to_owned(), value.clone());
        }
    }
    for (name, theirs) in aliases(config) {
        let value = userinfo.get(theirs).or_else(|| elsewhere(theirs));
        if let (false, Some(value)) = (claims.contains_key(name), value) {
            claims.insert(name.to_owned(), value.clone());
        }
    }
    claims
}

/// Where this provider keeps what the contract names otherwise: as configured, else as Entra does.
fn aliases(config: &ProviderConfig) -> Vec<(&str, &str)> {
    if config.aliases.is_empty() && config.preset == Preset::Entra {
        return config.preset.usual_aliases().to_vec();
    }
    config
        .aliases
        .iter()
        .filter(|alias| CONTRACT.contains(&alias.claim.as_str()) && alias.claim != "sub")
        .map(|alias| (alias.claim.as_str(), alias.theirs.as_str()))
        .collect()
}

/// A text of 1 to 256 characters on one line; none when absent, null or empty.
fn text<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, UpstreamError> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text))
            if text.chars().count() <= LONGEST && !text.chars().any(char::is_control) =>
        {
            Ok(Some(text))
        }
        Some(_) => Err(invalid(name)),
    }
}

fn required<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a str, UpstreamError> {
    text(claims, name)?.ok_or(invalid(name))
}

/// Free form: too long breaks the contract; what holds no number is dropped.
fn phone(claims: &Map<String, Value>) -> Result<Option<String>, UpstreamError> {
    let Some(Value::String(text)) = claims.get("phone_number") else {
        return Ok(None);
    };
    if text.chars().count() > LONGEST {
        return Err(invalid("phone_number"));
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let dialled = |c: char| c.is_ascii_digit() || " \u{a0}\u{202f}+-./()#*".contains(c);
    let valid = (3..=20).contains(&digits) && text.chars().all(dialled);
    Ok(valid.then(|| text.trim().to_owned()))
}

fn siret(claims: &Map<String, Value>) -> Option<Siret> {
    match claims.get("siret")? {
        Value::String(text) => Siret::parse(text).ok(),
        // Some directories give it as a number.
        Value::Number(number) => Siret::parse(&number.to_string()).ok(),
        _ => None,
    }
}

/// What userinfo says beyond the contract, in the order of names as far as it fits.
fn custom(userinfo: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    let mut names: Vec<&String> = userinfo.keys().collect();
    names.sort();
    let mut bytes = 2;
    for name in names {
        let canonical = CONTRACT.contains(&name.as_str()) || OF_THE_ANSWER.contains(&name.as_str());
        let Some(value) = userinfo.get(name).filter(|_| !canonical) else {
            continue;
        };
        // Quotes, colon and comma beside name and value.
        let added = name.len() + value.to_string().len() + 4;
        if bytes + added > MOST_CUSTOM {
            tracing::warn!(claim = %name.chars().take(64).collect::<String>(), "a claim of a provider is too large and dropped");
            continue;
        }
        bytes += added;
        kept.insert(name.clone(), value.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claire() -> Map<String, Value> {
        let claims = json!({
            "sub": "s-1",
            "given_name": "Claire",
            "usual_name": "Delmas",
            "email": "Claire.Delmas@INTERIEUR.gouv.fr",
            "uid": "cdelmas",
        });
        let Value::Object(claims) = claims else {
            panic!("no object")
        };
        claims
    }

    fn with(changes: Value) -> Map<String, Value> {
        let mut claims = claire();
        let Value::Object(changes) = changes else {
            panic!("no object")
        };
        claims.extend(changes);
        claims
    }

    fn described(changes: Value) -> Result<Described, UpstreamError> {
        let config = super::super::testing::config();
        read(&with(changes), &Map::new(), &config)
    }

    #[test]
    fn five_claims_make_a_person() {
        let read = described(json!({})).expect("a person");
        assert_eq!(read.attributes.email, "Claire.Delmas@interieur.gouv.fr");
        assert_eq!(read.email.domain(), "interieur.gouv.fr");
        assert_eq!(read.siret, None);
        assert!(read.attributes.custom.is_empty());
        let full = described(json!({
            "siret": "110 014 016 00015",
            "organizational_unit": "Bureau des crises",
            "belonging_population": "prestataire",
            "phone_number": "+33 (0)1.40-07",
            "chorusdt:matricule": "1",
            "chorusdt:societe": "2",
        }))
        .expect("a person");
        assert_eq!(full.siret, Siret::parse("11001401600015").ok());
        assert_eq!(full.attributes.population, Some(Population::Prestataire));
        assert_eq!(full.attributes.phone.as_deref(), Some("+33 (0)1.40-07"));
        assert_eq!(full.attributes.chorusdt, Some(("1".into(), "2".into())));
    }

    #[test]
    fn a_required_claim_missing_or_malformed_is_refused_by_its_name() {
        let long = "é".repeat(257);
        for name in ["given_name", "usual_name", "email", "uid"] {
            for wrong in [json!(null), json!(""), json!(7), json!(long), json!("a\nb")] {
                let refused = described(json!({ name: wrong }));
                assert!(
                    matches!(refused, Err(UpstreamError::InvalidIdentity { what }) if what == name),
                    "{name}: {wrong}"
                );
            }
        }
        assert!(described(json!({ "uid": "é" })).is_err());
        assert!(described(json!({ "given_name": "é".repeat(256) })).is_ok());
        assert!(described(json!({ "organizational_unit": long })).is_err());
    }

    #[test]
    fn what_is_optional_and_wrong_is_dropped() {
        let read = described(json!({
            "siret": "11001401600016",
            "phone_number": "demander à l’accueil",
            "belonging_population": "martien",
            "organizational_unit": "",
            "chorusdt:matricule": "1",
        }))
        .expect("a person");
        assert_eq!(read.siret, None);
        assert_eq!(read.attributes.phone, None);
        assert_eq!(read.attributes.population, None);
        assert_eq!(read.attributes.organizational_unit, None);
        assert_eq!(read.attributes.chorusdt, None);
        assert!(described(json!({ "phone_number": "1".repeat(257) })).is_err());
    }

    #[test]
    fn what_lies_beyond_the_contract_is_custom_within_a_limit() {
        let read = described(json!({
            "aud": "besace", "exp": 1, "iat": 1, "iss": "x", "siren": "110014016",
            "grade": "attaché", "groups": ["a", "b"], "big": "x".repeat(MOST_CUSTOM), "z": 1,
        }))
        .expect("a person");
        let names: Vec<_> = read.attributes.custom.keys().map(String::as_str).collect();
        assert_eq!(names, ["grade", "groups", "z"]);
        let written = Value::Object(read.attributes.custom).to_string();
        assert!(written.len() <= MOST_CUSTOM);
    }

    #[test]
    fn entra_s_userinfo_is_completed_from_the_id_token_and_another_s_is_not() {
        let mut userinfo = claire();
        for name in ["usual_name", "uid", "email"] {
            userinfo.remove(name);
        }
        userinfo.insert("given_name".into(), json!("Claire-Marie"));
        let id_token = json!({
            "given_name": "Other", "family_name": "Delmas", "oid": "0-1", "iss": "https://idp",
            "email": "claire@interieur.gouv.fr",
        });
        let Value::Object(id_token) = id_token else {
            panic!("no object")
        };
        let read_as = |preset| {
            let mut config = super::super::testing::config();
            config.preset = preset;
            read(&userinfo, &id_token, &config)
        };
        let described = read_as(Preset::Entra).expect("a person");
        assert_eq!(described.attributes.given_name, "Claire-Marie");
        assert_eq!(described.attributes.usual_name, "Delmas");
        assert_eq!(described.attributes.uid, "0-1");
        assert!(described.attributes.custom.is_empty());
        assert!(read_as(Preset::Standard).is_err());
    }

    #[test]
    fn what_a_provider_names_otherwise_is_found_there_and_the_contract_s_name_wins() {
        let mut config = super::super::testing::config();
        config.aliases = [("usual_name", "family_name"), ("sub", "email")]
            .map(|(claim, theirs)| crate::upstream::ClaimAlias {
                claim: claim.to_owned(),
                theirs: theirs.to_owned(),
            })
            .to_vec();
        let mut userinfo = with(json!({ "family_name": "Martin" }));
        let read_now = |userinfo: &Map<String, Value>| {
            let read = read(userinfo, &Map::new(), &config).expect("a person");
            read.attributes.usual_name
        };
        assert_eq!(read_now(&userinfo), "Delmas");
        userinfo.remove("usual_name");
        assert_eq!(read_now(&userinfo), "Martin");
        userinfo.remove("family_name");
        assert!(read(&userinfo, &Map::new(), &config).is_err());
        assert_eq!(complete(&userinfo, &Map::new(), &config)["sub"], "s-1");
    }
}
