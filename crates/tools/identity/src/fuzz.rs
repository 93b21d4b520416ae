//! Parsers of foreign bytes within reach of what feeds them anything; see `fuzz/`.

use std::net::Ipv4Addr;

use jose::Algorithm;
use kernel::{Secret, Timestamp};
use url::Url;

use crate::domain::authorize::{self, AuthorizeRequest, Parameters};
use crate::domain::client::{AuthMethod, Client, ClientAudience, ClientId, ClientSecret};
use crate::domain::scope::ScopeSet;
use crate::http::form;
use crate::service::authorize::append;
use crate::upstream::metadata::Metadata;

/// Reads a query or a form of the protocol, and judges it as a request of two applications;
/// whether it is one that is answered.
///
/// # Panics
/// When more is read than may be, or an answer would go where its application did not say.
pub fn form(text: &str) -> bool {
    let pairs = form::pairs(text);
    assert!(pairs.len() <= form::MOST, "{} pairs", pairs.len());
    for (name, _) in &pairs {
        let _ = form::single(&pairs, name);
    }
    let named = authorize::client_id(&pairs).ok();
    assert_eq!(
        named.as_ref().map(ClientId::as_str),
        form::single(&pairs, "client_id").filter(|id| ClientId::parse(id).is_ok()),
    );
    let mut accepted = false;
    for client in clients() {
        accepted |= is_answered(&pairs, &client);
    }
    accepted
}

/// Two applications: one with a secret, and a public one.
fn clients() -> Vec<Client> {
    let Ok(id) = ClientId::parse("mission") else {
        return Vec::new();
    };
    let addresses = [
        "https://mission.test/retour",
        "https://mission.test/retour?x=1",
        "http://localhost:9/",
    ];
    let confidential = Client {
        id,
        name: "Frais de mission".to_owned(),
        organisation: None,
        secret: ClientSecret::Clear(Secret::new("mission-secret")),
        redirect_uris: addresses
            .iter()
            .filter_map(|text| Url::parse(text).ok())
            .collect(),
        post_logout_redirect_uris: Vec::new(),
        auth_method: AuthMethod::ClientSecret,
        id_token_alg: Algorithm::Es256,
        userinfo_alg: None,
        introspection_alg: None,
        refresh_tokens: true,
        scopes: ScopeSet::from_text("openid email siret"),
        audience: ClientAudience::Everyone,
        require_pkce: false,
        enabled: true,
        valid_from: Timestamp::from_millis(0),
    };
    let public = Client {
        secret: ClientSecret::None,
        auth_method: AuthMethod::None,
        scopes: ScopeSet::registered(),
        ..confidential.clone()
    };
    vec![confidential, public]
}

/// Whether a request is answered with a code.
fn is_answered(pairs: &Parameters, client: &Client) -> bool {
    let Ok(judged) = authorize::judge(pairs, client) else {
        return false;
    };
    match judged {
        Ok(request) => {
            answers_only(pairs, client, &request.redirect_uri);
            stays_there(&request.redirect_uri, &request.state, false);
            holds(pairs, client, &request);
            true
        }
        Err(refusal) => {
            answers_only(pairs, client, &refusal.redirect_uri);
            let state = refusal.state.as_deref().unwrap_or_default();
            stays_there(&refusal.redirect_uri, state, refusal.fragment);
            false
        }
    }
}

/// An answer goes to an address that the application registered and the request named, to the
/// letter.
fn answers_only(pairs: &Parameters, client: &Client, address: &Url) {
    let text = address.as_str();
    assert!(client.redirect_uris.contains(address), "{text}");
    assert_eq!(form::single(pairs, "redirect_uri"), Some(text));
}

/// What is added to an address changes neither its host nor its path.
fn stays_there(address: &Url, state: &str, fragment: bool) {
    let mut answer = url::form_urlencoded::Serializer::new(String::new());
    answer.append_pair("state", state);
    let answered = append(address.clone(), &answer.finish(), fragment);
    let (before, after) = (address.as_str(), answered.as_str());
    assert!(after.starts_with(before), "{after}");
    let pairs = |part: Option<&str>| form::pairs(part.unwrap_or_default());
    let part = if fragment {
        answered.fragment()
    } else {
        answered.query()
    };
    let told = form::single(&pairs(part), "state").map(str::to_owned);
    assert_eq!(told.unwrap_or_default(), state, "{after}");
}

/// What a request that is answered must have.
fn holds(pairs: &Parameters, client: &Client, request: &AuthorizeRequest) {
    assert_eq!(request.client, client.id);
    assert_eq!(form::single(pairs, "state"), Some(request.state.as_str()));
    assert_eq!(form::single(pairs, "response_type"), Some("code"));
    assert!(request.state.len() <= 512);
    assert!(!client.needs_pkce() || request.challenge.is_some());
    assert_eq!(request.scopes.within(&client.scopes), request.scopes);
    let values = request.scopes.values();
    assert!(values.iter().any(|value| value == "openid"), "{values:?}");
    let kept = serde_json::to_vec(request).unwrap_or_default();
    let again = serde_json::from_slice::<AuthorizeRequest>(&kept).ok();
    let without_hint = AuthorizeRequest {
        id_token_hint: None,
        ..request.clone()
    };
    assert_eq!(again, Some(without_hint), "a request is kept as it is");
}

/// Reads a provider's metadata; whether it is believed.
///
/// # Panics
/// When what is kept is not what may be called.
pub fn discovery(bytes: &[u8]) -> bool {
    let Ok(issuer) = Url::parse("https://idp.example/") else {
        return false;
    };
    let Ok(metadata) = Metadata::read(bytes, &issuer) else {
        return false;
    };
    assert_eq!(metadata.issuer.trim_end_matches('/'), "https://idp.example");
    let needed = [
        &metadata.authorization_endpoint,
        &metadata.token_endpoint,
        &metadata.userinfo_endpoint,
        &metadata.jwks_uri,
    ];
    for url in needed.into_iter().chain(&metadata.end_session_endpoint) {
        assert!(may_be_called(url), "{url}");
    }
    true
}

/// https, or this very machine; nobody's name, and no fragment.
fn may_be_called(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let named = host == "localhost" || host.ends_with(".localhost") || host == "[::1]";
    let here = named || host.parse::<Ipv4Addr>().is_ok_and(|one| one.is_loopback());
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && here);
    scheme && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_answered_when_it_is_whole_and_comes_from_its_application() {
        let asked = "client_id=mission&redirect_uri=https%3A%2F%2Fmission.test%2Fretour\
                     &response_type=code&scope=openid+email&state=s&nonce=n";
        assert!(form(asked));
        assert!(!form(&asked.replace("retour", "retou")));
        assert!(!form(&asked.replace("openid", "email")));
    }

    #[test]
    #[should_panic(expected = "https://evil.test/")]
    fn an_answer_to_a_stranger_would_be_found() {
        let stranger = Url::parse("https://evil.test/").expect("an address");
        let pairs = form::pairs("redirect_uri=https%3A%2F%2Fevil.test%2F");
        answers_only(&pairs, &clients().remove(0), &stranger);
    }

    #[test]
    fn only_https_and_this_machine_may_be_called() {
        for (text, may) in [
            ("https://idp.example/a", true),
            ("http://localhost:1/a", true),
            ("http://127.1.2.3/a", true),
            ("http://[::1]/a", true),
            ("http://idp.example/a", false),
            ("http://127.evil.test/a", false),
            ("https://u@idp.example/a", false),
            ("https://idp.example/#f", false),
            ("ftp://localhost/a", false),
        ] {
            let url = Url::parse(text).expect("an address");
            assert_eq!(may_be_called(&url), may, "{text}");
        }
    }
}
