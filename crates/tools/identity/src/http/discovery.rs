//! `GET /api/v2/.well-known/openid-configuration` (OIDC Discovery 1.0 §4), at the host's root
//! too, and where RFC 8414 §3 looks for it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::protocol;
use crate::domain::{acr, scope};
use crate::service::Identity;

/// The provider's description.
pub(super) async fn handle(State(identity): State<Identity>) -> Response {
    protocol::public(Json(document(&identity.issuer)).into_response())
}

fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}/{path}");
    let scopes: Vec<_> = scope::supported().map(scope::Scope::value).collect();
    let levels: Vec<_> = acr::ALL.into_iter().map(acr::Acr::value).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks"),
        "end_session_endpoint": at("session/end"),
        "introspection_endpoint": at("token/introspection"),
        "revocation_endpoint": at("token/revocation"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "client_credentials"
        ],
        "acr_values_supported": levels,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
        "userinfo_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "none"
        ],
        "introspection_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post"
        ],
        "introspection_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
        "revocation_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "none"
        ],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "sid", "at_hash",
            "given_name", "usual_name", "email", "uid", "siren", "siret", "organizational_unit",
            "belonging_population", "phone_number", "chorusdt:matricule", "chorusdt:societe",
            "idp_id", "idp_acr", "roles", "organization_label", "custom", "is_service_public"
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": ["fr", "en"]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_is_exact_and_every_endpoint_lies_below_it() {
        let issuer = "https://besace.test/api/v2";
        let document = document(issuer);
        assert_eq!(document["issuer"], issuer);
        for endpoint in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
            "introspection_endpoint",
            "revocation_endpoint",
        ] {
            let address = document[endpoint].as_str().expect("an address");
            assert!(
                address.starts_with("https://besace.test/api/v2/"),
                "{address}"
            );
        }
        let scopes = document["scopes_supported"].to_string();
        assert!(
            !scopes.contains("offline_access"),
            "refresh tokens are given without being asked for"
        );
    }
}
