//! The authorization request (OIDC Core §3.1.2.1, RFC 6749 §4.1.1), parsed and judged.
//!
//! Invariant: nothing is sent to a redirect address before the client and that very address are
//! known to belong together.

use std::collections::BTreeMap;

use url::Url;

use super::acr::{Acr, AcrWish};
use super::client::{Client, ClientId};
use super::pkce::CodeChallenge;
use super::scope::{ScopeError, ScopeSet};

/// The most bytes of the `claims` parameter.
const CLAIMS_MAX: usize = 8 * 1024;
/// The deepest nesting of the `claims` parameter.
const CLAIMS_DEPTH: usize = 5;
/// The most characters of `nonce` and `state`.
const TEXT_MAX: usize = 512;

/// What `prompt` asks (OIDC Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Prompt {
    /// Nothing: a page only when needed.
    #[default]
    Unsaid,
    /// No page at all.
    None,
    /// Authenticate again.
    Login,
    /// Consent: always given, State applications are first-party; treated as unsaid.
    Consent,
}

/// A request that may be answered at its redirect address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuthorizeRequest {
    /// Who asks.
    pub client: ClientId,
    /// Where the answer goes.
    pub redirect_uri: Url,
    /// Returned as it came.
    pub state: String,
    /// What is asked for.
    pub scopes: ScopeSet,
    /// Copied into the id token.
    pub nonce: Option<String>,
    /// PKCE.
    pub challenge: Option<CodeChallenge>,
    /// The level asked for.
    pub acr: AcrWish,
    /// Whether `amr` is wanted in the id token.
    pub wants_amr: bool,
    /// Which pages may be shown.
    pub prompt: Prompt,
    /// Oldest acceptable authentication, in seconds.
    pub max_age: Option<u32>,
    /// The address the application believes is signing in.
    pub login_hint: Option<String>,
    /// The provider to go to.
    pub idp_hint: Option<String>,
    /// The SIRET to propose to the provider.
    pub siret_hint: Option<String>,
    /// An id token of the person who should be signed in.
    pub id_token_hint: Option<String>,
}

/// A request that cannot be answered at a redirect address: a page is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UntrustedRequest {
    /// Unknown, disabled, malformed or absent.
    #[error("client is invalid")]
    Client,
    /// Not one of the client's, character by character.
    #[error("redirect_uri is invalid")]
    RedirectUri,
}

/// A request refused at its redirect address (RFC 6749 §4.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub redirect_uri: Url,
    /// As it came.
    pub state: Option<String>,
    /// The registered code, or ProConnect's `idp_hint_not_found`.
    pub error: &'static str,
    /// For developers, in English.
    pub description: String,
    /// Answer in the fragment (the response type would have).
    pub fragment: bool,
}

/// Parameters as they came, in order.
pub type Parameters = Vec<(String, String)>;

/// Each parameter once.
struct Single<'a>(BTreeMap<&'a str, &'a str>, Vec<&'a str>);

impl<'a> Single<'a> {
    fn new(parameters: &'a Parameters) -> Self {
        let mut values = BTreeMap::new();
        let mut repeated = Vec::new();
        for (name, value) in parameters {
            if values.insert(name.as_str(), value.as_str()).is_some() {
                repeated.push(name.as_str());
            }
        }
        Self(values, repeated)
    }

    /// The value; an empty one counts as absent (RFC 6749 §3.1).
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied().filter(|value| !value.is_empty())
    }

    fn is_repeated(&self, name: &str) -> bool {
        self.1.contains(&name)
    }
}

/// The client a request names, if it may be looked up at all.
///
/// # Errors
/// When `client_id` is absent, repeated or malformed.
pub fn client_id(parameters: &Parameters) -> Result<ClientId, UntrustedRequest> {
    let single = Single::new(parameters);
    if single.is_repeated("client_id") {
        return Err(UntrustedRequest::Client);
    }
    single
        .get("client_id")
        .and_then(|text| ClientId::parse(text).ok())
        .ok_or(UntrustedRequest::Client)
}

/// Judges a request of a known client.
///
/// # Errors
/// [`UntrustedRequest::RedirectUri`] when the address is not the client's; otherwise the inner
/// result says what to answer there.
pub fn judge(
    parameters: &Parameters,
    client: &Client,
) -> Result<Result<AuthorizeRequest, Box<Refusal>>, UntrustedRequest> {
    let single = Single::new(parameters);
    if single.is_repeated("redirect_uri") {
        return Err(UntrustedRequest::RedirectUri);
    }
    let redirect_uri = single
        .get("redirect_uri")
        .and_then(|asked| client.redirect_uri(asked))
        .ok_or(UntrustedRequest::RedirectUri)?
        .clone();
    let state = single.get("state").filter(|state| state.len() <= TEXT_MAX);
    Ok(read(&single, client, &redirect_uri).map_err(|refused| {
        Box::new(Refusal {
            redirect_uri,
            state: state.map(str::to_owned),
            error: refused.error,
            description: refused.description,
            fragment: refused.fragment,
        })
    }))
}

struct Refused {
    error: &'static str,
    description: String,
    fragment: bool,
}

fn refuse<T>(error: &'static str, description: impl Into<String>) -> Result<T, Refused> {
    Err(Refused {
        error,
        description: description.into(),
        fragment: false,
    })
}

fn read(
    single: &Single<'_>,
    client: &Client,
    redirect_uri: &Url,
) -> Result<AuthorizeRequest, Refused> {
    if let Some(name) = single.1.first() {
        return refuse(
            "invalid_request",
            format!("'{name}' parameter must not be provided twice"),
        );
    }
    for unsupported in ["request", "request_uri", "registration"] {
        if single.get(unsupported).is_some() {
            let error = match unsupported {
                "request" => "request_not_supported",
                "request_uri" => "request_uri_not_supported",
                _ => "registration_not_supported",
            };
            return refuse(
                error,
                format!("{unsupported} parameter provided but not supported"),
            );
        }
    }
    response_type(single)?;
    response_mode(single)?;
    let Some(state) = single.get("state") else {
        return refuse("invalid_request", "missing required parameter(s) 'state'");
    };
    if state.len() > TEXT_MAX {
        return refuse("invalid_request", "state must not exceed 512 characters");
    }
    let scopes = scopes(single, client)?;
    let challenge = challenge(single, client)?;
    let (acr, wants_amr) = levels(single)?;
    Ok(AuthorizeRequest {
        client: client.id.clone(),
        redirect_uri: redirect_uri.clone(),
        state: state.to_owned(),
        scopes,
        nonce: nonce(single)?,
        challenge,
        acr,
        wants_amr,
        prompt: prompt(single)?,
        max_age: max_age(single)?,
        login_hint: login_hint(single)?,
        idp_hint: single
            .get("idp_hint")
            .map(|hint| hint.chars().take(128).collect()),
        siret_hint: siret_hint(single)?,
        id_token_hint: single.get("id_token_hint").map(str::to_owned),
    })
}

fn response_type(single: &Single<'_>) -> Result<(), Refused> {
    match single.get("response_type") {
        Some("code") => Ok(()),
        None => refuse(
            "invalid_request",
            "missing required parameter(s) 'response_type'",
        ),
        Some(other) => {
            let fragment = other
                .split(' ')
                .any(|word| word == "token" || word == "id_token");
            Err(Refused {
                error: "unsupported_response_type",
                description: "unsupported response_type requested".into(),
                fragment,
            })
        }
    }
}

fn response_mode(single: &Single<'_>) -> Result<(), Refused> {
    match single.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => refuse("invalid_request", "unsupported response_mode requested"),
    }
}

fn scopes(single: &Single<'_>, client: &Client) -> Result<ScopeSet, Refused> {
    let Some(scope) = single.get("scope") else {
        return refuse("invalid_request", "missing required parameter(s) 'scope'");
    };
    match ScopeSet::parse(scope, &client.scopes) {
        Ok(scopes) => Ok(scopes),
        Err(ScopeError::NoOpenid) => refuse("invalid_request", "openid scope must be requested"),
        Err(ScopeError::NotAllowed(_)) => refuse("invalid_scope", "requested scope is not allowed"),
    }
}

fn nonce(single: &Single<'_>) -> Result<Option<String>, Refused> {
    match single.get("nonce") {
        Some(nonce) if nonce.len() > TEXT_MAX || !nonce.is_ascii() => {
            refuse("invalid_request", "nonce must be 1 to 512 ASCII characters")
        }
        nonce => Ok(nonce.map(str::to_owned)),
    }
}

fn challenge(single: &Single<'_>, client: &Client) -> Result<Option<CodeChallenge>, Refused> {
    match (
        single.get("code_challenge"),
        single.get("code_challenge_method"),
    ) {
        (None, None) if client.needs_pkce() => refuse(
            "invalid_request",
            "Authorization Server policy requires PKCE to be used for this request",
        ),
        (None, None) => Ok(None),
        (None, Some(_)) => refuse(
            "invalid_request",
            "code_challenge must be provided with code_challenge_method",
        ),
        (Some(_), None) => refuse(
            "invalid_request",
            "plain code_challenge_method fallback disabled, code_challenge_method must be provided",
        ),
        (Some(text), Some("S256")) => match CodeChallenge::parse(text) {
            Some(challenge) => Ok(Some(challenge)),
            None => refuse(
                "invalid_request",
                "code_challenge must be a string with a length of 43",
            ),
        },
        (Some(_), Some(_)) => refuse(
            "invalid_request",
            "not supported value of code_challenge_method",
        ),
    }
}

fn prompt(single: &Single<'_>) -> Result<Prompt, Refused> {
    let Some(text) = single.get("prompt") else {
        return Ok(Prompt::Unsaid);
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if words
        .iter()
        .any(|word| !matches!(*word, "none" | "login" | "consent"))
    {
        return refuse("invalid_request", "unsupported prompt value requested");
    }
    if words.contains(&"none") {
        if words.len() > 1 {
            return refuse("invalid_request", "prompt none must only be used alone");
        }
        return Ok(Prompt::None);
    }
    Ok(if words.contains(&"login") {
        Prompt::Login
    } else {
        Prompt::Consent
    })
}

fn max_age(single: &Single<'_>) -> Result<Option<u32>, Refused> {
    match single.get("max_age").map(str::parse::<u32>) {
        None => Ok(None),
        Some(Ok(seconds)) => Ok(Some(seconds)),
        Some(Err(_)) => refuse("invalid_request", "max_age must be a number of seconds"),
    }
}

fn login_hint(single: &Single<'_>) -> Result<Option<String>, Refused> {
    match single.get("login_hint") {
        None => Ok(None),
        Some(hint) if crate::upstream::EmailAddress::parse(hint).is_ok() => {
            Ok(Some(hint.to_owned()))
        }
        Some(_) => refuse("invalid_request", "login_hint must be an e-mail address"),
    }
}

fn siret_hint(single: &Single<'_>) -> Result<Option<String>, Refused> {
    match single.get("siret_hint") {
        Some(hint) if hint.len() != 14 || !hint.bytes().all(|b| b.is_ascii_digit()) => {
            refuse("invalid_request", "siret_hint must have 14 digits")
        }
        hint => Ok(hint.map(str::to_owned)),
    }
}

/// Reads `acr_values` and `claims` (OIDC Core §5.5): only `id_token.acr` and `id_token.amr` matter,
/// unknown members are ignored.
fn levels(single: &Single<'_>) -> Result<(AcrWish, bool), Refused> {
    let mut acr = single
        .get("acr_values")
        .map(AcrWish::voluntary)
        .unwrap_or_default();
    let Some(text) = single.get("claims") else {
        return Ok((acr, false));
    };
    if text.len() > CLAIMS_MAX {
        return refuse("invalid_request", "claims must not exceed 8 KB");
    }
    let claims: serde_json::Value = match serde_json::from_str(text) {
        Ok(claims @ serde_json::Value::Object(_)) if depth(&claims) <= CLAIMS_DEPTH => claims,
        _ => return refuse("invalid_request", "claims must be a JSON object"),
    };
    let member = |name: &str| {
        claims
            .get("id_token")
            .and_then(|id_token| id_token.get(name))
    };
    if let Some(wish) = member("acr") {
        let essential = wish
            .get("essential")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or_default();
        let single_value = wish.get("value").into_iter();
        let several = wish
            .get("values")
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten();
        let values: Vec<String> = single_value
            .chain(several)
            .filter_map(serde_json::Value::as_str)
            .filter(|value| essential || Acr::parse(value).is_some())
            .map(str::to_owned)
            .collect();
        if !values.is_empty() {
            acr = AcrWish { values, essential };
        }
    }
    Ok((acr, member("amr").is_some()))
}

fn depth(value: &serde_json::Value) -> usize {
    let inner = match value {
        serde_json::Value::Array(items) => items.iter().map(depth).max(),
        serde_json::Value::Object(members) => members.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::tests::mission;

    fn request(changes: &[(&str, Option<&str>)]) -> Parameters {
        let mut parameters: BTreeMap<&str, &str> = BTreeMap::from([
            ("client_id", "mission"),
            ("redirect_uri", "https://mission.test/retour"),
            ("response_type", "code"),
            ("scope", "openid email"),
            ("state", "s"),
        ]);
        for (name, value) in changes {
            match value {
                Some(value) => parameters.insert(name, value),
                None => parameters.remove(name),
            };
        }
        parameters
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect()
    }

    fn refusal(changes: &[(&str, Option<&str>)]) -> Box<Refusal> {
        judge(&request(changes), &mission())
            .expect("a known address")
            .expect_err("refused")
    }

    fn accepted(changes: &[(&str, Option<&str>)]) -> AuthorizeRequest {
        judge(&request(changes), &mission())
            .expect("a known address")
            .expect("accepted")
    }

    #[test]
    fn a_plain_request_is_accepted() {
        let request = accepted(&[("nonce", Some("n"))]);
        assert_eq!(request.state, "s");
        assert_eq!(request.nonce.as_deref(), Some("n"));
    }

    #[test]
    fn an_unknown_redirect_address_is_never_answered() {
        for uri in [Some("https://mission.test/retourx"), None, Some("")] {
            let answer = judge(&request(&[("redirect_uri", uri)]), &mission());
            assert_eq!(answer, Err(UntrustedRequest::RedirectUri));
        }
    }

    #[test]
    fn what_is_refused_is_refused_with_its_registered_code() {
        const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for (changes, error, description) in [
            (
                vec![("state", None)],
                "invalid_request",
                "missing required parameter(s) 'state'",
            ),
            (
                vec![("scope", Some("openid profile"))],
                "invalid_scope",
                "requested scope is not allowed",
            ),
            (
                vec![("scope", Some("email"))],
                "invalid_request",
                "openid scope must be requested",
            ),
            (
                vec![("prompt", Some("select_account"))],
                "invalid_request",
                "unsupported prompt value requested",
            ),
            (
                vec![("prompt", Some("none login"))],
                "invalid_request",
                "prompt none must only be used alone",
            ),
            (
                vec![
                    ("code_challenge", Some(CHALLENGE)),
                    ("code_challenge_method", Some("plain")),
                ],
                "invalid_request",
                "not supported value of code_challenge_method",
            ),
            (
                vec![("code_challenge", Some(CHALLENGE))],
                "invalid_request",
                "plain code_challenge_method fallback disabled, code_challenge_method must be provided",
            ),
            (
                vec![("login_hint", Some("claire"))],
                "invalid_request",
                "login_hint must be an e-mail address",
            ),
            (
                vec![("siret_hint", Some("12"))],
                "invalid_request",
                "siret_hint must have 14 digits",
            ),
            (
                vec![("max_age", Some("-1"))],
                "invalid_request",
                "max_age must be a number of seconds",
            ),
            (
                vec![("claims", Some("[]"))],
                "invalid_request",
                "claims must be a JSON object",
            ),
            (
                vec![("request", Some("e30"))],
                "request_not_supported",
                "request parameter provided but not supported",
            ),
            (
                vec![("response_mode", Some("form_post"))],
                "invalid_request",
                "unsupported response_mode requested",
            ),
        ] {
            let refusal = refusal(&changes);
            assert_eq!(
                (refusal.error, refusal.description.as_str()),
                (error, description)
            );
        }
    }

    #[test]
    fn a_response_type_that_uses_the_fragment_is_refused_there() {
        assert!(refusal(&[("response_type", Some("id_token"))]).fragment);
        assert!(!refusal(&[("response_type", Some("none"))]).fragment);
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        let mut parameters = request(&[]);
        parameters.push(("scope".into(), "openid".into()));
        let refusal = judge(&parameters, &mission())
            .expect("address")
            .expect_err("refused");
        assert_eq!(refusal.error, "invalid_request");
        parameters.push(("redirect_uri".into(), "https://mission.test/retour".into()));
        assert_eq!(
            judge(&parameters, &mission()),
            Err(UntrustedRequest::RedirectUri)
        );
    }

    #[test]
    fn a_client_that_must_use_pkce_cannot_do_without() {
        let mut client = mission();
        client.require_pkce = true;
        assert!(judge(&request(&[]), &client).expect("address").is_err());
    }

    #[test]
    fn essential_levels_and_amr_are_read_from_the_claims_parameter() {
        let request = accepted(&[
            ("acr_values", Some("eidas1")),
            (
                "claims",
                Some(
                    r#"{"id_token":{"amr":null,"acr":{"essential":true,"value":"eidas2"},"x":1}}"#,
                ),
            ),
        ]);
        assert!(request.wants_amr);
        assert_eq!(
            request.acr,
            AcrWish {
                values: vec!["eidas2".into()],
                essential: true
            }
        );
    }

    proptest::proptest! {
        #[test]
        fn no_parameters_make_it_fall(names in proptest::collection::vec(("[a-z_]{0,20}", ".{0,60}"), 0..12)) {
            let mut parameters = request(&[]);
            parameters.extend(names);
            let _ = judge(&parameters, &mission());
        }
    }
}
