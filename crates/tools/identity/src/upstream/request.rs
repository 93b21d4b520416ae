//! The address somebody is sent to (OpenID Connect Core 1.0 §3.1.2.1).

use kernel::Locale;
use serde_json::json;
use url::Url;

use super::config::{Preset, ProviderConfig};
use super::metadata::Metadata;
use super::pending::Pending;
use crate::domain::acr::{Acr, AcrWish};
use crate::domain::pkce::challenge_of;

/// Scopes of ProConnect's contract with providers; they ignore those they do not know.
pub(super) const SCOPES: &str = "openid uid given_name usual_name email siren siret organizational_unit \
                      belonging_population phone chorusdt";
/// Those of every provider: Entra refuses scopes it does not know, and so does Keycloak.
pub(super) const ENTRA_SCOPES: &str = "openid email profile";

/// What a sign-in at a provider begins with.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// Names the tab; becomes the head of `state`.
    pub interaction: &'a str,
    /// The address typed or hinted.
    pub login_hint: Option<&'a str>,
    /// The establishment hinted.
    pub siret_hint: Option<&'a str>,
    /// The level the application asks for.
    pub acr: &'a AcrWish,
    /// Whether the person must prove themselves anew (`prompt=login`).
    pub force: bool,
    /// The oldest acceptable proof, in seconds.
    pub max_age: Option<u32>,
    /// On whose behalf: client id and name.
    pub application: Option<(&'a str, &'a str)>,
    /// Language of the provider's pages, if it has it.
    pub locale: Locale,
}

/// The address, for a request that `pending` remembers.
pub(super) fn address(
    config: &ProviderConfig,
    metadata: &Metadata,
    redirect_uri: &Url,
    start: &Start<'_>,
    pending: &Pending,
) -> Url {
    let entra = config.preset == Preset::Entra;
    let mut url = metadata.authorization_endpoint.clone();
    let mut query = url.query_pairs_mut();
    let mut put = |name: &str, value: &str| {
        query.append_pair(name, value);
    };
    put("response_type", "code");
    put("client_id", &config.client_id);
    put("redirect_uri", redirect_uri.as_str());
    put("scope", scopes(config));
    put("state", &pending.state);
    put("nonce", &pending.nonce);
    put("code_challenge", &challenge_of(&pending.verifier));
    put("code_challenge_method", "S256");
    put("ui_locales", start.locale.tag());
    if start.force {
        put("prompt", "login");
    }
    // With `max_age` the provider must say when the person proved themselves (§2).
    let max_age = if start.force { Some(0) } else { start.max_age };
    if let Some(seconds) = max_age {
        put("max_age", &seconds.to_string());
    }
    if let Some(hint) = start.login_hint {
        put("login_hint", hint);
    }
    if entra {
        drop(query);
        return url;
    }
    let demanded = demanded_levels(config, start.acr);
    if demanded.is_empty() {
        put("acr_values", wished_level(config, start.acr).value());
    }
    put("claims", &claims(&demanded, max_age.is_some()));
    if let Some(hint) = start.siret_hint {
        put("siret_hint", hint);
    }
    if let Some(application) = &pending.application {
        put("sp_id", &application.id);
        put("sp_name", &application.name);
    }
    drop(query);
    url
}

/// What is asked for: what was configured, else the contract's.
fn scopes(config: &ProviderConfig) -> &str {
    match (&config.scopes, config.preset) {
        (Some(scopes), _) => scopes,
        (None, Preset::Entra) => ENTRA_SCOPES,
        (None, _) => SCOPES,
    }
}

/// The levels one of which the provider must reach: only one that can is asked so.
fn demanded_levels(config: &ProviderConfig, wish: &AcrWish) -> Vec<&'static str> {
    let mut levels = Vec::new();
    if config.mfa_capable && wish.essential {
        for level in wish.values.iter().filter_map(|value| Acr::parse(value)) {
            if !levels.contains(&level.value()) {
                levels.push(level.value());
            }
        }
    }
    levels
}

fn wished_level(config: &ProviderConfig, wish: &AcrWish) -> Acr {
    if config.mfa_capable {
        wish.first()
    } else {
        Acr::Eidas1
    }
}

/// The `claims` parameter (§5.5): the level and the means, in the id token.
fn claims(demanded: &[&str], dated: bool) -> String {
    let acr = match demanded {
        [] => json!(null),
        [one] => json!({ "essential": true, "value": one }),
        several => json!({ "essential": true, "values": several }),
    };
    let mut id_token = json!({ "amr": null, "acr": acr });
    if dated && let Some(members) = id_token.as_object_mut() {
        members.insert("auth_time".into(), json!({ "essential": true }));
    }
    json!({ "id_token": id_token }).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::testing::{config, metadata, pending};
    use super::*;

    fn sent(config: &ProviderConfig, start: &Start<'_>) -> BTreeMap<String, String> {
        let redirect = Url::parse("https://besace.fr/api/v2/oidc-callback").expect("a URL");
        let mut pending = pending(config);
        pending.application = start
            .application
            .map(|(id, name)| super::super::SentApplication {
                id: id.to_owned(),
                name: name.to_owned(),
            });
        address(config, &metadata(), &redirect, start, &pending)
            .query_pairs()
            .into_owned()
            .collect()
    }

    fn wish(values: &[&str], essential: bool) -> AcrWish {
        AcrWish {
            values: values.iter().map(|v| (*v).to_owned()).collect(),
            essential,
        }
    }

    fn start(acr: &AcrWish) -> Start<'_> {
        Start {
            interaction: "k7m2p9ab",
            login_hint: Some("claire.delmas+mfa@interieur.gouv.fr"),
            siret_hint: Some("11001401600015"),
            acr,
            force: false,
            max_age: None,
            application: Some(("resana", "Resana & co")),
            locale: Locale::Fr,
        }
    }

    #[test]
    fn the_contract_s_parameters_are_sent_and_prompt_only_when_forced() {
        let config = config();
        let acr = AcrWish::default();
        let sent_now = sent(&config, &start(&acr));
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "besace"),
            ("redirect_uri", "https://besace.fr/api/v2/oidc-callback"),
            ("scope", SCOPES),
            ("login_hint", "claire.delmas+mfa@interieur.gouv.fr"),
            ("siret_hint", "11001401600015"),
            ("sp_id", "resana"),
            ("sp_name", "Resana & co"),
            ("acr_values", "eidas1"),
            ("claims", r#"{"id_token":{"acr":null,"amr":null}}"#),
            ("code_challenge_method", "S256"),
            ("ui_locales", "fr"),
        ] {
            let got = sent_now.get(name).map(String::as_str);
            if name == "claims" {
                let got: serde_json::Value = serde_json::from_str(got.unwrap_or("")).expect("JSON");
                assert_eq!(got, json!({ "id_token": { "amr": null, "acr": null } }));
            } else {
                assert_eq!(got, Some(value), "{name}");
            }
        }
        assert!(!sent_now.contains_key("prompt"));
        let forced = sent(
            &config,
            &Start {
                force: true,
                ..start(&acr)
            },
        );
        assert_eq!(forced.get("prompt").map(String::as_str), Some("login"));
        assert_eq!(forced.get("max_age").map(String::as_str), Some("0"));
        assert!(forced["claims"].contains("auth_time"), "{forced:?}");
    }

    #[test]
    fn a_demand_goes_to_a_provider_that_can_meet_it_only() {
        let acr = wish(
            &[
                "eidas2",
                "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
            ],
            true,
        );
        let mut config = config();
        config.mfa_capable = true;
        let demanded = sent(&config, &start(&acr));
        assert!(!demanded.contains_key("acr_values"));
        let claims: serde_json::Value =
            serde_json::from_str(demanded.get("claims").expect("claims")).expect("JSON");
        assert_eq!(
            claims["id_token"]["acr"],
            json!({ "essential": true, "values": ["eidas2", "eidas1-mfa"] })
        );
        config.mfa_capable = false;
        let wished = sent(&config, &start(&acr));
        assert_eq!(wished.get("acr_values").map(String::as_str), Some("eidas1"));
    }

    #[test]
    fn entra_is_sent_what_it_knows() {
        let mut config = config();
        config.preset = Preset::Entra;
        let acr = AcrWish::default();
        let sent = sent(&config, &start(&acr));
        assert_eq!(sent.get("scope").map(String::as_str), Some(ENTRA_SCOPES));
        for name in ["claims", "acr_values", "sp_id", "siret_hint"] {
            assert!(!sent.contains_key(name), "{name}");
        }
    }
}
