//! The authorization code: a sealed value, so that issuing one costs no write.
//!
//! It is spent by inserting the grant it names: a second insert conflicts, which is how reuse is
//! seen (RFC 6749 §4.1.2).

use std::time::Duration;

use kernel::{SessionId, Timestamp};

use super::acr::AcrWish;
use super::authorize::AuthorizeRequest;
use super::client::{Client, ClientId};
use super::pkce::CodeChallenge;
use super::scope::ScopeSet;

/// How long a code lives.
pub const LIFETIME: Duration = Duration::from_mins(1);

kernel::define_id!(
    /// A grant: what one session gave to one client. The code carries it before it exists.
    GrantId
);

/// What a code carries.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Code {
    /// The grant it will become.
    #[serde(rename = "g")]
    pub grant: GrantId,
    /// The session that must still live.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// For whom.
    #[serde(rename = "c")]
    pub client: ClientId,
    /// The address the request named, as it must be repeated.
    #[serde(rename = "r")]
    pub redirect_uri: String,
    /// PKCE.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<CodeChallenge>,
    /// For the id token.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What was granted.
    #[serde(rename = "o")]
    pub scopes: ScopeSet,
    /// How the level is spelled to this client.
    #[serde(rename = "a")]
    pub acr: AcrWish,
    /// Whether `amr` goes into the id token.
    #[serde(rename = "m")]
    pub wants_amr: bool,
    /// Dead from then on.
    #[serde(rename = "e")]
    pub expires_at: Timestamp,
}

/// Why a code is not honoured. The wire says one text for all: no oracle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not one of ours, or altered.
    #[error("the code is not one of ours")]
    Foreign,
    /// Too late.
    #[error("the code has expired")]
    Expired,
    /// Another client's.
    #[error("the code belongs to another client")]
    OtherClient,
    /// The redirect address is not repeated exactly.
    #[error("the redirect address differs")]
    RedirectUri,
    /// The verifier does not meet the challenge, is missing, or was not announced.
    #[error("the verifier does not meet the challenge")]
    Verifier,
}

impl Code {
    /// The code for a judged request.
    pub fn new(
        grant: GrantId,
        session: SessionId,
        request: AuthorizeRequest,
        now: Timestamp,
    ) -> Self {
        Self {
            grant,
            session,
            client: request.client,
            redirect_uri: request.redirect_uri.into(),
            challenge: request.challenge,
            nonce: request.nonce,
            scopes: request.scopes,
            acr: request.acr,
            wants_amr: request.wants_amr,
            expires_at: now.plus(LIFETIME),
        }
    }

    /// Whether this client may redeem it so.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(
        &self,
        client: &Client,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Result<(), CodeError> {
        if self.client != client.id {
            return Err(CodeError::OtherClient);
        }
        if now >= self.expires_at || !client.honours(self.expires_at.minus(LIFETIME)) {
            return Err(CodeError::Expired);
        }
        if self.redirect_uri != redirect_uri {
            return Err(CodeError::RedirectUri);
        }
        match (&self.challenge, verifier) {
            (None, None) => Ok(()),
            (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
            // A verifier without a challenge is a downgrade: the request was tampered with.
            _ => Err(CodeError::Verifier),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::authorize::judge;
    use crate::domain::client::tests::mission;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const REDIRECT: &str = "https://mission.test/retour";
    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn code() -> Code {
        let parameters = [
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "s"),
            (
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ),
            ("code_challenge_method", "S256"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .to_vec();
        let request = judge(&parameters, &mission())
            .expect("address")
            .expect("accepted");
        Code::new(GrantId::from_u128(1), SessionId::from_u128(2), request, NOW)
    }

    #[test]
    fn the_client_that_asked_redeems_it_within_a_minute() {
        let late = NOW.plus(Duration::from_secs(59));
        assert_eq!(
            code().check(&mission(), REDIRECT, Some(VERIFIER), late),
            Ok(())
        );
    }

    #[test]
    fn each_binding_is_checked() {
        let mut other = mission();
        other.id = ClientId::parse("other").expect("id");
        let code = code();
        let dead = NOW.plus(LIFETIME);
        for (answer, expected) in [
            (
                code.check(&other, REDIRECT, Some(VERIFIER), NOW),
                CodeError::OtherClient,
            ),
            (
                code.check(&mission(), REDIRECT, Some(VERIFIER), dead),
                CodeError::Expired,
            ),
            (
                code.check(&mission(), "https://mission.test/", Some(VERIFIER), NOW),
                CodeError::RedirectUri,
            ),
            (
                code.check(&mission(), REDIRECT, None, NOW),
                CodeError::Verifier,
            ),
            (
                code.check(&mission(), REDIRECT, Some(&"x".repeat(43)), NOW),
                CodeError::Verifier,
            ),
        ] {
            assert_eq!(answer, Err(expected));
        }
    }

    #[test]
    fn a_verifier_that_nobody_announced_is_a_downgrade() {
        let mut code = code();
        code.challenge = None;
        assert_eq!(
            code.check(&mission(), REDIRECT, Some(VERIFIER), NOW),
            Err(CodeError::Verifier)
        );
        assert_eq!(code.check(&mission(), REDIRECT, None, NOW), Ok(()));
    }
}
