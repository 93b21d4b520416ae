//! An application that signs agents in through us.

use jose::Algorithm;
use kernel::{OrganisationId, Secret, Timestamp};
use url::Url;

use super::scope::ScopeSet;
use super::session::hash;

/// The `client_id`: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String")]
pub struct ClientId(String);

/// A text is not a `client_id`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a client id has 1 to 128 letters, digits, dots, dashes or underscores")]
pub struct ClientIdError;

impl ClientId {
    /// A `client_id` from the wire.
    ///
    /// # Errors
    /// When its length or a character is off.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if (1..=128).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ClientIdError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = ClientIdError;
    fn try_from(text: String) -> Result<Self, ClientIdError> {
        Self::parse(&text)
    }
}

impl std::fmt::Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How an application proves itself at `/token` (OIDC Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// HTTP Basic.
    ClientSecretBasic,
    /// In the form.
    ClientSecretPost,
    /// Either of the two above: for applications that do not say which.
    ClientSecret,
    /// None: a public client, PKCE required.
    None,
}

impl AuthMethod {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecret => "client_secret",
            Self::None => "none",
        }
    }

    /// The method of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::ClientSecretBasic,
            Self::ClientSecretPost,
            Self::ClientSecret,
            Self::None,
        ];
        all.into_iter().find(|method| method.word() == word)
    }
}

/// What is known of an application's secret.
#[derive(Debug, Clone)]
pub enum ClientSecret {
    /// It has none: a public client.
    None,
    /// The secret itself, which HS256 needs.
    Clear(Secret),
    /// The SHA-256 of 256 random bits: nobody can sign with it.
    Hashed([u8; 32]),
}

impl ClientSecret {
    /// Whether `offered` is the secret, in time that does not depend on where they differ.
    pub fn matches(&self, offered: &str) -> bool {
        match self {
            Self::None => false,
            Self::Clear(secret) => secret.matches(offered),
            Self::Hashed(known) => {
                let offered = hash(offered);
                aws_lc_rs::constant_time::verify_slices_are_equal(known, &offered).is_ok()
            }
        }
    }

    /// The key of HS256; none when the secret is not known in clear.
    pub fn key(&self) -> Option<&[u8]> {
        match self {
            Self::Clear(secret) => Some(secret.expose().as_bytes()),
            Self::None | Self::Hashed(_) => None,
        }
    }
}

/// Whom an application lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAudience {
    /// Every agent that a provider vouches for.
    #[default]
    Everyone,
    /// People whose roles include `agent_public` only.
    Public,
}

/// An application, as configured or registered.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its `client_id`.
    pub id: ClientId,
    /// Shown to people ("Vous allez vers …").
    pub name: String,
    /// Whose application it is; none: not said.
    pub organisation: Option<OrganisationId>,
    /// Its proof.
    pub secret: ClientSecret,
    /// Exact addresses an answer may go to.
    pub redirect_uris: Vec<Url>,
    /// Exact addresses a sign-out may come back to.
    pub post_logout_redirect_uris: Vec<Url>,
    /// How it proves itself.
    pub auth_method: AuthMethod,
    /// How its id tokens are signed.
    pub id_token_alg: Algorithm,
    /// How userinfo is signed; none: plain JSON.
    pub userinfo_alg: Option<Algorithm>,
    /// How answers about its tokens are signed (RFC 9701); none: plain JSON.
    pub introspection_alg: Option<Algorithm>,
    /// Whether it gets refresh tokens.
    pub refresh_tokens: bool,
    /// What it may ask for.
    pub scopes: ScopeSet,
    /// Whom it lets in.
    pub audience: ClientAudience,
    /// Whether PKCE is demanded.
    pub require_pkce: bool,
    /// A disabled one is as unknown.
    pub enabled: bool,
    /// What was given to it before this is dead: it has had a new secret since.
    pub valid_from: Timestamp,
}

impl Client {
    /// Whether it can prove who it is, and so act for itself (RFC 6749 §2.1).
    pub fn is_confidential(&self) -> bool {
        self.auth_method != AuthMethod::None
    }

    /// Whether what it was given at `moment` may still be good.
    pub fn honours(&self, moment: Timestamp) -> bool {
        self.enabled && moment >= self.valid_from
    }

    /// The registered redirect address that equals `asked`, character by character.
    pub fn redirect_uri(&self, asked: &str) -> Option<&Url> {
        self.redirect_uris
            .iter()
            .find(|known| known.as_str() == asked)
    }

    /// The registered post-logout address that equals `asked`, character by character.
    pub fn post_logout_redirect_uri(&self, asked: &str) -> Option<&Url> {
        self.post_logout_redirect_uris
            .iter()
            .find(|known| known.as_str() == asked)
    }

    /// Whether PKCE must be used: by registration, or because the client has no secret.
    pub fn needs_pkce(&self) -> bool {
        self.require_pkce || self.auth_method == AuthMethod::None
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A confidential client named `mission`, as tests use it.
    pub(crate) fn mission() -> Client {
        let uri = |text: &str| Url::parse(text).expect("an address");
        Client {
            id: ClientId::parse("mission").expect("an id"),
            name: "Frais de mission".into(),
            organisation: None,
            secret: ClientSecret::Clear(Secret::new("mission-secret")),
            redirect_uris: vec![uri("https://mission.test/retour")],
            post_logout_redirect_uris: vec![uri("https://mission.test/fin")],
            auth_method: AuthMethod::ClientSecret,
            id_token_alg: Algorithm::Es256,
            userinfo_alg: None,
            introspection_alg: None,
            refresh_tokens: true,
            scopes: ScopeSet::all(),
            audience: ClientAudience::Everyone,
            require_pkce: false,
            enabled: true,
            valid_from: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_redirect_address_must_be_the_very_same() {
        let client = mission();
        assert!(client.redirect_uri("https://mission.test/retour").is_some());
        for other in [
            "https://mission.test/retour/",
            "https://mission.test/retou",
            "https://mission.test/Retour",
            "http://mission.test/retour",
            "https://mission.test:443/retour",
            "https://mission.test/retour?x=1",
            "https://mission.test/retour#",
        ] {
            assert!(client.redirect_uri(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_client_id_with_foreign_characters_is_refused() {
        assert!(ClientId::parse("mission-2.fr").is_ok());
        for text in ["", "a b", "é", &"x".repeat(129)] {
            assert!(ClientId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_secret_itself_proves_a_client_however_it_is_kept() {
        for kept in [
            ClientSecret::Clear(Secret::new("sesame")),
            ClientSecret::Hashed(hash("sesame")),
        ] {
            assert!(kept.matches("sesame"));
            for other in ["", "sesamo", "sesame "] {
                assert!(!kept.matches(other), "{other}");
            }
        }
        assert!(!ClientSecret::None.matches(""));
        assert_eq!(ClientSecret::Hashed(hash("sesame")).key(), None);
    }

    #[test]
    fn a_client_with_a_new_secret_does_not_honour_what_the_old_one_got() {
        let mut client = mission();
        client.valid_from = Timestamp::from_millis(10);
        assert!(client.honours(Timestamp::from_millis(10)));
        assert!(!client.honours(Timestamp::from_millis(9)));
        client.enabled = false;
        assert!(!client.honours(Timestamp::from_millis(10)));
    }
}
