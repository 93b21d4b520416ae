//! A signed-in browser.

use std::time::Duration;

use kernel::{AgentId, SessionId, Timestamp};

use super::acr::Acr;
use super::browser::Browser;

/// How long a session lives, whatever its use: 12 h, as ProConnect's.
pub const LIFETIME: Duration = Duration::from_hours(12);

/// A session as stored; the cookie's secret is kept as its SHA-256 only.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Names it in tokens (`sid`) and in the journal.
    pub id: SessionId,
    /// Whose.
    pub agent: AgentId,
    /// The provider that vouched: its id, or the realm of local accounts.
    pub provider: String,
    /// The level the provider gave.
    pub acr: Acr,
    /// The means the provider named.
    pub amr: Vec<String>,
    /// When the person last proved who they are.
    pub auth_time: Timestamp,
    /// When it was opened here.
    pub created_at: Timestamp,
    /// Dead from then on.
    pub expires_at: Timestamp,
    /// The provider's id token, sealed, for the sign-out there.
    pub upstream_id_token: Option<String>,
    /// What the agent recognises it by.
    pub browser: Browser,
}

impl Session {
    /// Whether it still lives.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// Why a session was ended by somebody else than its own browser, which is told so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The account was suspended.
    Suspended,
    /// The account was closed: its agent left, was erased, or was merged into another account.
    Closed,
    /// The agent ended it from another browser.
    Elsewhere,
    /// The last invitation of a guest is over.
    Invitation,
    /// The second factor of a guest was reset.
    Factor,
}

impl EndReason {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::Elsewhere => "elsewhere",
            Self::Invitation => "invitation",
            Self::Factor => "factor",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Suspended,
            Self::Closed,
            Self::Elsewhere,
            Self::Invitation,
            Self::Factor,
        ]
        .into_iter()
        .find(|reason| reason.word() == word)
    }
}

/// The form in which a secret cookie or token is stored.
pub fn hash(secret: &str) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes());
    let mut bytes = [0_u8; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}
