//! What a sign-in at a provider brings, for whoever plugs it in: which claims came, which are
//! missing. It proves nobody to anything.

use serde_json::{Map, Value};

use super::attributes::{self, CONTRACT, complete};
use super::config::ProviderConfig;
use super::error::UpstreamError;
use super::exchange::Brought;
use super::identity::UpstreamIdentity;

/// Without these nobody signs in.
const REQUIRED: [&str; 5] = ["sub", "given_name", "usual_name", "email", "uid"];
/// Said as they came: they are of an establishment, or of the way of proving oneself.
const SHOWN: [&str; 6] = [
    "siren",
    "siret",
    "belonging_population",
    "acr",
    "amr",
    "organizational_unit",
];
/// The most characters of a value shown.
const LONGEST: usize = 80;

/// What came and what did not.
#[derive(Debug)]
pub(crate) struct TrialReport {
    /// The contract's claims, then level and means.
    pub(crate) claims: Vec<TrialClaim>,
    /// Those that nobody signs in without, and the SIRET when no default stands for it.
    pub(crate) missing: Vec<String>,
    /// Why a sign-in would be refused; none: it would not.
    pub(crate) refused: Option<UpstreamError>,
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct TrialClaim {
    /// The contract's name.
    pub(crate) name: String,
    /// Whether it came.
    pub(crate) received: bool,
    /// Whether nobody signs in without it.
    pub(crate) required: bool,
    /// What came; of a person's, its beginning only.
    pub(crate) value: Option<String>,
}

/// What a provider brought, against what a sign-in needs.
pub(super) fn report(config: &ProviderConfig, brought: &Brought) -> TrialReport {
    let mut said = complete(&brought.claims, &brought.token.claims, config);
    for name in ["acr", "amr"] {
        said.remove(name);
        if let Some(value) = brought.token.claims.get(name) {
            said.insert(name.to_owned(), value.clone());
        }
    }
    let names = CONTRACT.into_iter().chain(["acr", "amr"]);
    let claims: Vec<_> = names.map(|name| claim(name, &said)).collect();
    let mut missing: Vec<String> = claims
        .iter()
        .filter(|claim| claim.required && !claim.received)
        .map(|claim| claim.name.clone())
        .collect();
    let has_siret = claims.iter().any(|c| c.name == "siret" && c.received);
    if !has_siret && config.default_siret.is_none() {
        missing.push("siret".to_owned());
    }
    TrialReport {
        claims,
        missing,
        refused: refused(config, brought),
    }
}

/// Why a sign-in with this would be refused.
fn refused(config: &ProviderConfig, brought: &Brought) -> Option<UpstreamError> {
    let described = attributes::read(&brought.claims, &brought.token.claims, config);
    let joined = described.and_then(|described| {
        UpstreamIdentity::join(config, brought.token.clone(), described, String::new())
    });
    joined.err()
}

fn claim(name: &str, said: &Map<String, Value>) -> TrialClaim {
    let value = said.get(name).and_then(text);
    TrialClaim {
        name: name.to_owned(),
        received: value.is_some(),
        required: REQUIRED.contains(&name),
        value: value.map(|value| shown(name, &value)),
    }
}

/// The text of a claim; none when it says nothing.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => {
            let words = items.iter().filter_map(Value::as_str);
            words.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// What is shown of a value: enough to recognise one's own, too little to learn another's.
fn shown(name: &str, value: &str) -> String {
    let printable = value.chars().filter(|c| !c.is_control());
    if SHOWN.contains(&name) {
        return printable.take(LONGEST).collect();
    }
    let first: String = printable.take(1).collect();
    match value.rsplit_once('@') {
        Some((_, domain)) if name == "email" => {
            let domain: String = domain.chars().take(LONGEST).collect();
            format!("{first}…@{domain}")
        }
        _ => format!("{first}…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_s_values_are_masked_and_an_establishment_s_are_shown() {
        for (name, value, expected) in [
            ("given_name", "Claire", "C…"),
            ("email", "claire@interieur.gouv.fr", "c…@interieur.gouv.fr"),
            ("email", "claire", "c…"),
            ("sub", "\u{7}é", "é…"),
            ("siret", "11001401600015", "11001401600015"),
            ("acr", "eidas2", "eidas2"),
        ] {
            assert_eq!(shown(name, value), expected);
        }
    }

    #[test]
    fn a_claim_that_says_nothing_did_not_come() {
        for (value, came) in [
            (json!(null), false),
            (json!(""), false),
            (json!("  "), false),
            (json!([]), false),
            (json!("a"), true),
            (json!(12), true),
            (json!(["pwd", "mfa"]), true),
        ] {
            let said = Map::from_iter([("uid".to_owned(), value.clone())]);
            let claim = claim("uid", &said);
            assert_eq!(claim.received, came, "{value}");
            assert!(claim.required);
        }
        assert_eq!(text(&json!(["pwd", "mfa"])).as_deref(), Some("pwd, mfa"));
    }

    proptest::proptest! {
        #[test]
        fn no_value_of_a_person_is_shown_whole(value in "[^@\\p{C}]{2,40}") {
            let masked = shown("usual_name", &value);
            proptest::prop_assert!(!masked.contains(&value));
            proptest::prop_assert!(masked.chars().count() <= 2);
        }
    }
}
