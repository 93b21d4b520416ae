//! `POST /api/v2/token` (RFC 6749 §4.1.3 and §4.4.2, OIDC Core §3.1.3).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::form::{pairs, single};
use super::protocol::{error, never_cached};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::clients::{ClientAuthError, Credentials};
use crate::service::token::{CodeRequest, GrantRequest, TokenError, TokenRequest};

/// A code becomes tokens; an application gets one of its own.
pub(super) async fn handle(
    State(identity): State<Identity>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "only application/x-www-form-urlencoded content-type bodies are supported",
        );
    }
    let parameters = pairs(&body);
    let request = match read(&headers, &parameters) {
        Ok(request) => request,
        Err(Unread::Client) => return client_refused(&headers),
        Err(refused) => return refused.into_response(),
    };
    match identity.token(&request).await {
        Ok(answer) => never_cached(Json(answer).into_response()),
        Err(TokenError::Client(ClientAuthError::Refused)) => client_refused(&headers),
        Err(TokenError::Client(ClientAuthError::Database(cause))) => failed(&cause.into()),
        Err(cause @ TokenError::Grant) => refused("invalid_grant", &cause),
        Err(cause @ TokenError::PublicClient) => refused("unauthorized_client", &cause),
        Err(cause @ TokenError::Scope) => refused("invalid_scope", &cause),
        Err(TokenError::Inner(cause)) => failed(&cause),
    }
}

fn refused(code: &str, cause: &TokenError) -> Response {
    error(StatusCode::BAD_REQUEST, code, &cause.to_string())
}

fn failed(cause: &IdentityError) -> Response {
    tracing::error!(%cause, "token");
    let status =
        StatusCode::from_u16(cause.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    error(status, "server_error", "the server cannot answer now")
}

/// What a request lacks.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    Grant(&'static str, &'static str),
    NoClient,
    TwoMethods,
    Client,
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        match self {
            Self::Grant(code, description) => error(StatusCode::BAD_REQUEST, code, description),
            Self::NoClient => error(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "no client authentication mechanism provided",
            ),
            Self::TwoMethods => error(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "client authentication must only be provided using one mechanism",
            ),
            Self::Client => client_refused(&HeaderMap::new()),
        }
    }
}

/// One text for every cause; the challenge answers whoever tried the header (RFC 6749 §5.2).
fn client_refused(request: &HeaderMap) -> Response {
    let description = ClientAuthError::Refused.to_string();
    let mut response = error(StatusCode::UNAUTHORIZED, "invalid_client", &description);
    if request.contains_key(header::AUTHORIZATION) {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"besace\""),
        );
    }
    response
}

fn read(headers: &HeaderMap, parameters: &Parameters) -> Result<TokenRequest, Unread> {
    let credentials = credentials(headers, parameters)?;
    let required = |name: &'static str, description: &'static str| {
        single(parameters, name)
            .map(str::to_owned)
            .ok_or(Unread::Grant("invalid_request", description))
    };
    let grant_type = required("grant_type", "missing required parameter(s) 'grant_type'")?;
    let grant = match grant_type.as_str() {
        "authorization_code" => GrantRequest::Code(CodeRequest {
            code: required("code", "missing required parameter(s) 'code'")?,
            redirect_uri: required(
                "redirect_uri",
                "missing required parameter(s) 'redirect_uri'",
            )?,
            verifier: single(parameters, "code_verifier").map(str::to_owned),
        }),
        "client_credentials" => GrantRequest::Application {
            scope: scope(parameters)?,
        },
        _ => {
            return Err(Unread::Grant(
                "unsupported_grant_type",
                "unsupported grant_type requested",
            ));
        }
    };
    Ok(TokenRequest { credentials, grant })
}

/// The scopes asked for. One of two is not chosen silently (RFC 6749 §3.2).
fn scope(parameters: &Parameters) -> Result<Option<String>, Unread> {
    let given = parameters
        .iter()
        .filter(|(name, _)| name == "scope")
        .count();
    if given > 1 {
        let twice = "'scope' parameter must not be provided twice";
        return Err(Unread::Grant("invalid_request", twice));
    }
    Ok(single(parameters, "scope").map(str::to_owned))
}

fn credentials(headers: &HeaderMap, parameters: &Parameters) -> Result<Credentials, Unread> {
    let id = single(parameters, "client_id");
    let secret = single(parameters, "client_secret");
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        if secret.is_some() {
            return Err(Unread::TwoMethods);
        }
        let basic = value
            .to_str()
            .ok()
            .and_then(read_basic)
            .ok_or(Unread::Client)?;
        let same = matches!(&basic, Credentials::Basic { id: named, .. }
            if id.is_none_or(|id| id == named));
        return if same { Ok(basic) } else { Err(Unread::Client) };
    }
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Credentials::Post {
            id: id.to_owned(),
            secret: secret.to_owned(),
        }),
        (Some(id), None) => Ok(Credentials::Public { id: id.to_owned() }),
        (None, _) => Err(Unread::NoClient),
    }
}

/// HTTP Basic, each part form-encoded before (RFC 6749 §2.3.1).
fn read_basic(value: &str) -> Option<Credentials> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Credentials::Basic {
        id: form_decoded(id)?,
        secret: form_decoded(secret)?,
    })
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = format!("Basic {}", STANDARD.encode(text));
        headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
        headers
    }

    const REST: &str = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.test%2F";

    #[test]
    fn a_secret_comes_by_header_or_by_form() {
        let by_header = read(&basic("mis%3Asion:a%2Bb+c"), &pairs(REST)).expect("read");
        let expected = Credentials::Basic {
            id: "mis:sion".into(),
            secret: "a+b c".into(),
        };
        assert_eq!(by_header.credentials, expected);
        let form = pairs(&format!("{REST}&client_id=mission&client_secret=s"));
        let by_form = read(&HeaderMap::new(), &form).expect("read");
        let expected = Credentials::Post {
            id: "mission".into(),
            secret: "s".into(),
        };
        assert_eq!(by_form.credentials, expected);
    }

    #[test]
    fn two_methods_or_none_or_garbage_are_refused() {
        let both = pairs(&format!("{REST}&client_id=mission&client_secret=s"));
        assert_eq!(
            read(&basic("mission:s"), &both).err(),
            Some(Unread::TwoMethods)
        );
        assert_eq!(
            read(&HeaderMap::new(), &pairs(REST)).err(),
            Some(Unread::NoClient)
        );
        let mut garbage = HeaderMap::new();
        garbage.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic ***"));
        assert_eq!(read(&garbage, &pairs(REST)).err(), Some(Unread::Client));
        let other = pairs(&format!("{REST}&client_id=other"));
        assert_eq!(
            read(&basic("mission:s"), &other).err(),
            Some(Unread::Client)
        );
    }

    #[test]
    fn another_grant_type_is_unsupported() {
        let form = pairs("grant_type=password&client_id=mission");
        let refused = read(&HeaderMap::new(), &form).err();
        assert!(matches!(
            refused,
            Some(Unread::Grant("unsupported_grant_type", _))
        ));
    }

    #[test]
    fn an_application_asks_for_a_token_of_its_own_and_says_its_scopes_once() {
        let form = |more: &str| {
            let text = format!("grant_type=client_credentials&client_id=a&client_secret=s{more}");
            read(&HeaderMap::new(), &pairs(&text))
        };
        let asked = |more: &str| match form(more).expect("read").grant {
            GrantRequest::Application { scope } => scope,
            GrantRequest::Code(_) => panic!("a code"),
        };
        assert_eq!(asked(""), None);
        assert_eq!(asked("&scope="), None);
        assert_eq!(asked("&scope=inbox+badge").as_deref(), Some("inbox badge"));
        let twice = form("&scope=inbox&scope=badge").err();
        assert!(matches!(twice, Some(Unread::Grant("invalid_request", _))));
    }
}
