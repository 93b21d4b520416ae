//! `POST /api/v2/token` (RFC 6749 §4.1.3, §4.4.2 and §6, OIDC Core §3.1.3 and §12).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::client_form::{ClientForm, Unread, refused};
use super::form::single;
use super::protocol::never_cached;
use crate::domain::authorize::Parameters;
use crate::service::Identity;
use crate::service::refresh::RefreshRequest;
use crate::service::token::{CodeRequest, GrantRequest, TokenRequest};

/// A code, or a refresh token, becomes tokens; an application gets one of its own.
pub(super) async fn handle(State(identity): State<Identity>, form: ClientForm) -> Response {
    let grant = match read(&form) {
        Ok(grant) => grant,
        Err(unread) => return unread.into_response(),
    };
    let by_header = form.by_header;
    let credentials = form.credentials;
    match identity.token(&TokenRequest { credentials, grant }).await {
        Ok(answer) => never_cached(Json(answer).into_response()),
        Err(cause) => refused(&cause, by_header),
    }
}

fn read(form: &ClientForm) -> Result<GrantRequest, Unread> {
    let grant_type = form.required("grant_type", "missing required parameter(s) 'grant_type'")?;
    let parameters = &form.parameters;
    match grant_type.as_str() {
        "authorization_code" => Ok(GrantRequest::Code(CodeRequest {
            code: form.required("code", "missing required parameter(s) 'code'")?,
            redirect_uri: form.required(
                "redirect_uri",
                "missing required parameter(s) 'redirect_uri'",
            )?,
            verifier: single(parameters, "code_verifier").map(str::to_owned),
        })),
        "refresh_token" => Ok(GrantRequest::Refresh(RefreshRequest {
            token: form.required(
                "refresh_token",
                "missing required parameter(s) 'refresh_token'",
            )?,
            scope: scope(parameters)?,
        })),
        "client_credentials" => Ok(GrantRequest::Application {
            scope: scope(parameters)?,
        }),
        _ => Err(Unread::Request(
            "unsupported_grant_type",
            "unsupported grant_type requested",
        )),
    }
}

/// The scopes asked for. One of two is not chosen silently (RFC 6749 §3.2).
fn scope(parameters: &Parameters) -> Result<Option<String>, Unread> {
    let given = parameters
        .iter()
        .filter(|(name, _)| name == "scope")
        .count();
    if given > 1 {
        let twice = "'scope' parameter must not be provided twice";
        return Err(Unread::Request("invalid_request", twice));
    }
    Ok(single(parameters, "scope").map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::http::form::pairs;

    fn asked(text: &str) -> Result<GrantRequest, Unread> {
        let text = format!("{text}&client_id=a&client_secret=s");
        let form = ClientForm::read(&HeaderMap::new(), pairs(&text)).expect("a form");
        read(&form)
    }

    #[test]
    fn another_grant_type_is_unsupported() {
        let refused = asked("grant_type=password").err();
        assert!(matches!(
            refused,
            Some(Unread::Request("unsupported_grant_type", _))
        ));
    }

    #[test]
    fn an_application_asks_for_a_token_of_its_own_and_says_its_scopes_once() {
        let own = |more: &str| match asked(&format!("grant_type=client_credentials{more}")) {
            Ok(GrantRequest::Application { scope }) => Ok(scope),
            Ok(_) => panic!("another grant"),
            Err(unread) => Err(unread),
        };
        assert_eq!(own(""), Ok(None));
        assert_eq!(own("&scope="), Ok(None));
        assert_eq!(own("&scope=inbox+badge"), Ok(Some("inbox badge".into())));
        let twice = own("&scope=inbox&scope=badge");
        assert!(matches!(twice, Err(Unread::Request("invalid_request", _))));
    }

    #[test]
    fn a_refresh_token_comes_alone_or_with_the_scopes_wanted() {
        let Ok(GrantRequest::Refresh(request)) = asked("grant_type=refresh_token&refresh_token=r")
        else {
            panic!("not a refresh");
        };
        assert_eq!((request.token.as_str(), request.scope), ("r", None));
        for text in ["", "&refresh_token=", "&refresh_token=a&refresh_token=b"] {
            let refused = asked(&format!("grant_type=refresh_token{text}")).err();
            assert!(
                matches!(refused, Some(Unread::Request("invalid_request", _))),
                "{text}"
            );
        }
    }
}
