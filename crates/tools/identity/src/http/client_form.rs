//! A form that an application sends with its proof: at `/token`, and about tokens it holds
//! (RFC 6749 §2.3, RFC 7662 §2.1, RFC 7009 §2.1).

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::form::{pairs, single};
use super::protocol::error;
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::service::clients::{ClientAuthError, Credentials};
use crate::service::token::TokenError;

/// A form and the proof that came with it, not yet checked.
pub(super) struct ClientForm {
    /// The proof.
    pub(super) credentials: Credentials,
    /// What was sent.
    pub(super) parameters: Parameters,
    /// Whether the proof came in the header, whose challenge answers a refusal.
    pub(super) by_header: bool,
}

/// Why a form is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// An error of RFC 6749 §5.2, and its description.
    Request(&'static str, &'static str),
    /// No proof of the client.
    NoClient,
    /// Two proofs.
    TwoMethods,
    /// A proof that cannot be read; whether it came in the header.
    Client(bool),
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        let invalid = |description| error(StatusCode::BAD_REQUEST, "invalid_request", description);
        match self {
            Self::Request(code, description) => error(StatusCode::BAD_REQUEST, code, description),
            Self::NoClient => invalid("no client authentication mechanism provided"),
            Self::TwoMethods => {
                invalid("client authentication must only be provided using one mechanism")
            }
            Self::Client(by_header) => client_refused(by_header),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for ClientForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let is_form = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            let what = "only application/x-www-form-urlencoded content-type bodies are supported";
            return Err(Unread::Request("invalid_request", what).into_response());
        }
        let body = String::from_request(request, state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        Self::read(&headers, pairs(&body)).map_err(IntoResponse::into_response)
    }
}

impl ClientForm {
    /// The form of these headers and pairs.
    pub(super) fn read(headers: &HeaderMap, parameters: Parameters) -> Result<Self, Unread> {
        Ok(Self {
            credentials: credentials(headers, &parameters)?,
            parameters,
            by_header: headers.contains_key(header::AUTHORIZATION),
        })
    }

    /// A parameter that must be there, once; `description` says that it is not.
    pub(super) fn required(
        &self,
        name: &'static str,
        description: &'static str,
    ) -> Result<String, Unread> {
        single(&self.parameters, name)
            .map(str::to_owned)
            .ok_or(Unread::Request("invalid_request", description))
    }
}

/// The answer for what the service refused.
pub(super) fn refused(cause: &TokenError, by_header: bool) -> Response {
    let bad = |code| error(StatusCode::BAD_REQUEST, code, &cause.to_string());
    match cause {
        TokenError::Client(ClientAuthError::Refused) => client_refused(by_header),
        TokenError::Client(ClientAuthError::Database(inner)) => {
            tracing::error!(cause = %inner, "a token request");
            unavailable(&IdentityError::from(inner.clone()))
        }
        TokenError::Grant => bad("invalid_grant"),
        TokenError::PublicClient => bad("unauthorized_client"),
        TokenError::Scope => bad("invalid_scope"),
        TokenError::NotRevocable => bad("unsupported_token_type"),
        TokenError::Inner(inner) => {
            tracing::error!(cause = %inner, "a token request");
            unavailable(inner)
        }
    }
}

fn unavailable(cause: &IdentityError) -> Response {
    let status =
        StatusCode::from_u16(cause.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    error(status, "server_error", "the server cannot answer now")
}

/// One text for every cause; the challenge answers whoever tried the header (RFC 6749 §5.2).
fn client_refused(by_header: bool) -> Response {
    let description = ClientAuthError::Refused.to_string();
    let mut response = error(StatusCode::UNAUTHORIZED, "invalid_client", &description);
    if by_header {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"besace\""),
        );
    }
    response
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
            .ok_or(Unread::Client(true))?;
        let same = matches!(&basic, Credentials::Basic { id: named, .. }
            if id.is_none_or(|id| id == named));
        return if same {
            Ok(basic)
        } else {
            Err(Unread::Client(true))
        };
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

    fn read(headers: &HeaderMap, form: &str) -> Result<Credentials, Unread> {
        ClientForm::read(headers, pairs(form)).map(|form| form.credentials)
    }

    const REST: &str = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.test%2F";

    #[test]
    fn a_secret_comes_by_header_or_by_form() {
        let expected = Credentials::Basic {
            id: "mis:sion".into(),
            secret: "a+b c".into(),
        };
        assert_eq!(read(&basic("mis%3Asion:a%2Bb+c"), REST), Ok(expected));
        let expected = Credentials::Post {
            id: "mission".into(),
            secret: "s".into(),
        };
        let form = format!("{REST}&client_id=mission&client_secret=s");
        assert_eq!(read(&HeaderMap::new(), &form), Ok(expected));
    }

    #[test]
    fn two_methods_or_none_or_garbage_are_refused() {
        let both = format!("{REST}&client_id=mission&client_secret=s");
        assert_eq!(read(&basic("mission:s"), &both), Err(Unread::TwoMethods));
        assert_eq!(read(&HeaderMap::new(), REST), Err(Unread::NoClient));
        let mut garbage = HeaderMap::new();
        garbage.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic ***"));
        assert_eq!(read(&garbage, REST), Err(Unread::Client(true)));
        let other = format!("{REST}&client_id=other");
        assert_eq!(read(&basic("mission:s"), &other), Err(Unread::Client(true)));
    }
}
