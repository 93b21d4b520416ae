//! The authorization request (OIDC Core §3.1.2.1, RFC 6749 §4.1.1), parsed and judged.
//!
//! Invariant: nothing is sent to a redirect address before the client and that very address are
//! known to belong together.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::Timestamp;
use url::Url;

use super::acr::{Acr, AcrWish};
use super::client::{Client, ClientId};
use super::pkce::CodeChallenge;
use super::scope::{ScopeError, ScopeSet};

/// The most bytes of the `claims` parameter.
const CLAIMS_MAX: usize = 8 * 1024;
/// The most levels kept of a request.
const LEVELS: usize = 10;
/// The longest name of a level, in bytes; longer ones are nobody's.
const LEVEL_MAX: usize = 100;
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
    /// An id token of the person who should be signed in; read once, never kept.
    #[serde(skip)]
    pub id_token_hint: Option<String>,
    /// Whom it names: nobody else may be answered for.
    #[serde(default)]
    pub hinted_subject: Option<String>,
}

/// What a new sign-in must have been, to answer a request.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Who was proved.
    pub subject: &'a str,
    /// The level.
    pub acr: Acr,
    /// When they proved it.
    pub auth_time: Timestamp,
    /// Whether whoever proved them said when.
    pub auth_time_stated: bool,
    /// When the sign-in began here.
    pub started_at: Timestamp,
    /// The present.
    pub now: Timestamp,
}

impl AuthorizeRequest {
    /// Whether somebody must prove themselves anew, whatever session lives.
    pub fn must_renew(&self) -> bool {
        self.prompt == Prompt::Login || self.max_age == Some(0) || self.acr.forces_authentication()
    }

    /// Holds a sign-in against the request: what was asked of a provider by way of the browser
    /// may have been changed on the way.
    ///
    /// # Errors
    /// The registered code and its description.
    pub fn check_proof(&self, proof: &Proof<'_>) -> Result<(), (&'static str, &'static str)> {
        const CLOCKS: Duration = Duration::from_mins(1);
        const AGAIN: (&str, &str) = ("login_required", "End-User authentication is required");
        if !self.acr.is_met_by(proof.acr) {
            return Err(("access_denied", "requested ACRs could not be satisfied"));
        }
        if self
            .hinted_subject
            .as_deref()
            .is_some_and(|hinted| hinted != proof.subject)
        {
            return Err(AGAIN);
        }
        let renewed = proof.auth_time_stated && proof.auth_time >= proof.started_at.minus(CLOCKS);
        if self.must_renew() && !renewed {
            return Err(AGAIN);
        }
        let oldest = |seconds: u32| Duration::from_secs(u64::from(seconds)) + CLOCKS;
        if self
            .max_age
            .is_some_and(|age| proof.now.since(proof.auth_time) > oldest(age))
        {
            return Err(AGAIN);
        }
        Ok(())
    }
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
        hinted_subject: None,
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

fn scopes(single: &Single<'_>, client: &Client) -> Result<ScopeSet, Refused> {
    let Some(scope) = single.get("scope") else {
        return refuse("invalid_request", "missing required parameter(s) 'scope'");
    };
    match ScopeSet::parse(scope, &client.scopes) {
        Ok(scopes) => Ok(scopes),
        Err(ScopeError::NoOpenid) => refuse("invalid_request", "openid scope must be requested"),
        Err(ScopeError::NotAllowed(_) | ScopeError::None) => {
            refuse("invalid_scope", "requested scope is not allowed")
        }
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
        let asked: Vec<&str> = single_value
            .chain(several)
            .filter_map(serde_json::Value::as_str)
            .collect();
        let known: Vec<&str> = asked
            .iter()
            .copied()
            .filter(|value| Acr::parse(value).is_some())
            .collect();
        // A demand for levels that nobody knows stays a demand, which nothing will meet.
        let kept = if essential && known.is_empty() {
            &asked
        } else {
            &known
        };
        let short = |value: &&str| value.len() <= LEVEL_MAX;
        let values: Vec<String> = kept
            .iter()
            .filter(|v| short(v))
            .take(LEVELS)
            .map(|v| (*v).to_owned())
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

    #[test]
    fn response_mode_is_not_looked_at_as_with_proconnect() {
        accepted(&[("response_mode", Some("form_post"))]);
    }

    const STARTED: Timestamp = Timestamp::from_seconds(10_000);

    fn proof(auth_time: i64) -> Proof<'static> {
        Proof {
            subject: "claire",
            acr: Acr::Eidas1,
            auth_time: Timestamp::from_seconds(auth_time),
            auth_time_stated: true,
            started_at: STARTED,
            now: Timestamp::from_seconds(10_030),
        }
    }

    #[test]
    fn a_sign_in_that_is_what_was_asked_answers() {
        for (changes, auth_time) in [
            (vec![], 1),
            (vec![("prompt", Some("login"))], 10_010),
            (vec![("max_age", Some("0"))], 10_010),
            (vec![("max_age", Some("300"))], 9_800),
        ] {
            assert_eq!(
                accepted(&changes).check_proof(&proof(auth_time)),
                Ok(()),
                "{changes:?}"
            );
        }
        let mut hinted = accepted(&[]);
        hinted.hinted_subject = Some("claire".into());
        assert_eq!(hinted.check_proof(&proof(1)), Ok(()));
    }

    #[test]
    fn a_demand_taken_out_of_the_way_to_the_provider_is_seen_on_the_way_back() {
        const STRONG: &str = r#"{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}"#;
        let refused = |changes: &[(&str, Option<&str>)], proof: &Proof<'_>| {
            accepted(changes).check_proof(proof).expect_err("refused").0
        };
        assert_eq!(
            refused(&[("prompt", Some("login"))], &proof(9_000)),
            "login_required"
        );
        assert_eq!(
            refused(&[("max_age", Some("0"))], &proof(9_000)),
            "login_required"
        );
        assert_eq!(
            refused(&[("max_age", Some("300"))], &proof(9_000)),
            "login_required"
        );
        assert_eq!(
            refused(&[("claims", Some(STRONG))], &proof(10_010)),
            "access_denied"
        );
        let unstated = Proof {
            auth_time_stated: false,
            ..proof(10_010)
        };
        assert_eq!(
            refused(&[("prompt", Some("login"))], &unstated),
            "login_required"
        );
        let mut hinted = accepted(&[]);
        hinted.hinted_subject = Some("hugo".into());
        assert_eq!(
            hinted.check_proof(&proof(10_010)).expect_err("refused").0,
            "login_required"
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
