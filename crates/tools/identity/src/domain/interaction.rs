//! A sign-in under way in one tab.
//!
//! It lives sealed in a cookie of its own, so that two tabs never overwrite each other, a bot
//! costs no row: before somebody has signed in, only a refusal is written, in the journal.

use std::time::Duration;

use kernel::{Rng, RngExt as _, SessionId, Timestamp};

use super::acr::{Acr, AcrWish};
use super::authorize::AuthorizeRequest;
use super::guest_code::CodeId;
use super::guest_factor::HalfGuest;
use super::invitation::InvitationId;
use super::trial::TrialId;
use crate::local::{Enrolment, RecoveryCode, Standing};

/// How long a sign-in may take.
pub const LIFETIME: Duration = Duration::from_mins(15);
/// How many tabs may be signing in at once; the oldest gives way.
pub const MAX_PER_BROWSER: usize = 5;
/// The largest sealed cookie, in bytes of text.
pub const MAX_SEALED: usize = 3 * 1024 + 512;

/// What all sign-ins under way of one browser may take, in bytes: half of the headers' limit.
pub const MAX_TOTAL: usize = 8 * 1024;

/// Names an interaction in its address and in its cookie: 8 characters of 32.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct InteractionId(String);

impl InteractionId {
    /// A new name, 40 random bits: it is a name, the seal is the protection.
    pub fn new(rng: &dyn Rng) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let bytes: [u8; 8] = rng.bytes();
        let letter = |b: u8| {
            ALPHABET
                .get(usize::from(b & 31))
                .copied()
                .map_or('a', char::from)
        };
        Self(bytes.into_iter().map(letter).collect())
    }

    /// From an address or a cookie's name; none when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 8
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for InteractionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the agent goes once signed in.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To a page of ours, a path that begins with one slash.
    Portal {
        /// The path.
        back: ReturnPath,
    },
    /// To the application that asked.
    Application(Box<AuthorizeRequest>),
    /// Nowhere: an administrator tries a provider, and stays who they are.
    Trial {
        /// The trial.
        trial: TrialId,
        /// The session that began it, which alone may end it.
        session: SessionId,
    },
}

/// A path of ours to come back to: never another site.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// A path from a query; `/` when it is not plainly one of ours.
    pub fn parse(text: &str) -> Self {
        let plain = text.starts_with('/')
            && !text.starts_with("//")
            && text.len() <= 512
            && !text
                .chars()
                .any(|c| c == '\\' || c.is_control() || c.is_whitespace())
            && !text.starts_with("/connexion")
            && !text.starts_with("/api/");
        Self(if plain {
            text.to_owned()
        } else {
            "/".to_owned()
        })
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was sent to a ministry's provider, to be compared with its answer and then erased.
pub type Pending = crate::upstream::Pending;

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Interaction {
    /// Its name.
    pub id: InteractionId,
    /// What it is for.
    pub purpose: Purpose,
    /// When it began.
    pub started_at: Timestamp,
    /// The least level that a page of ours demands of the session.
    #[serde(default)]
    pub level: Option<Acr>,
    /// The address typed, sent to the provider as a hint.
    #[serde(default)]
    pub email: Option<String>,
    /// The request sent to a provider, if one was.
    pub pending: Option<Pending>,
    /// The code sent to a guest, if one was.
    #[serde(default)]
    pub guest: Option<GuestStep>,
    /// A guest whose mailbox was proved, and of whom more is asked.
    #[serde(default)]
    pub half_guest: Option<HalfGuest>,
    /// The new session's cookie, kept back until the person says that it is theirs.
    #[serde(default)]
    pub held: Option<Held>,
    /// Somebody whose password was right, and of whom more is asked.
    #[serde(default)]
    pub half: Option<HalfProved>,
}

/// Somebody whose password was right at a provider of ours, and of whom more is asked before a
/// session is opened.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct HalfProved {
    /// The account as it stood when the password was read; once a factor was added, as it stands
    /// by that.
    pub standing: Standing,
    /// When the password was right.
    pub at: Timestamp,
    /// What is asked.
    pub next: Next,
}

/// What is asked after a right password.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// A code of the second factor.
    Code,
    /// A second factor is to be added.
    Enrol {
        /// The one to come.
        enrolment: Enrolment,
        /// Whether the sign-in may go on without.
        may_skip: bool,
    },
    /// It was added; the recovery codes are on the screen.
    Enrolled {
        /// Them, as they are written down.
        codes: Vec<String>,
    },
}

impl Next {
    /// A factor was added, and these are its account's recovery codes.
    pub fn enrolled(codes: &[RecoveryCode]) -> Self {
        let texts = codes.iter().map(|code| code.text().expose().to_owned());
        Self::Enrolled {
            codes: texts.collect(),
        }
    }
}

impl std::fmt::Debug for Next {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code => "Code",
            Self::Enrol { .. } => "Enrol(hidden)",
            Self::Enrolled { .. } => "Enrolled(hidden)",
        })
    }
}

impl HalfProved {
    /// How long a password stays right while more is asked.
    pub const LIFETIME: Duration = Duration::from_mins(10);

    /// Whether the password is still good.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.at.plus(Self::LIFETIME)
    }
}

/// A code that was asked for in this tab: no other can enter it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GuestStep {
    /// Which.
    pub code: CodeId,
    /// When.
    pub asked_at: Timestamp,
    /// Where it was sent, if it was.
    pub address: String,
    /// By which invitation; none: by the address.
    pub invitation: Option<InvitationId>,
}

/// A session opened without a password, on a machine that others may share.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Held(String);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held(hidden)")
    }
}

impl Held {
    /// Holds a cookie back; the interaction is sealed.
    pub fn new(cookie: &kernel::Secret) -> Self {
        Self(cookie.expose().to_owned())
    }

    /// The cookie.
    pub fn cookie(&self) -> kernel::Secret {
        kernel::Secret::new(self.0.clone())
    }
}

impl Interaction {
    /// Whether somebody whom the provider recognised without asking must be asked who they are:
    /// the password was given before this sign-in began, and the address typed in this tab, if
    /// any, is another's.
    pub fn must_ask(&self, auth_time: Timestamp, email: &str) -> bool {
        const CLOCKS: Duration = Duration::from_mins(1);
        let silent = auth_time < self.started_at.minus(CLOCKS);
        let typed = self
            .email
            .as_deref()
            .is_some_and(|typed| typed.eq_ignore_ascii_case(email));
        silent && !typed
    }

    /// The levels that the application, or the page of ours, takes.
    pub fn wish(&self) -> AcrWish {
        match (&self.purpose, self.level) {
            (Purpose::Application(request), _) => request.acr.clone(),
            (Purpose::Portal { .. }, Some(level)) => AcrWish::at_least(level),
            (Purpose::Portal { .. } | Purpose::Trial { .. }, _) => AcrWish::default(),
        }
    }

    /// Whether a session at this level is not what a page of ours demands.
    pub fn is_too_weak(&self, acr: Acr) -> bool {
        self.level.is_some_and(|level| acr < level)
    }

    /// Whether it is still open.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.started_at.plus(LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction(email: Option<&str>) -> Interaction {
        Interaction {
            id: InteractionId::parse("abcdefgh").expect("an id"),
            purpose: Purpose::Portal {
                back: ReturnPath::parse("/"),
            },
            started_at: Timestamp::from_seconds(10_000),
            level: None,
            email: email.map(str::to_owned),
            pending: None,
            guest: None,
            half_guest: None,
            held: None,
            half: None,
        }
    }

    #[test]
    fn who_comes_back_without_a_password_is_asked_unless_they_typed_their_address() {
        let (before, now) = (
            Timestamp::from_seconds(5_000),
            Timestamp::from_seconds(10_005),
        );
        let chosen = interaction(None);
        assert!(chosen.must_ask(before, "claire@interieur.gouv.fr"));
        assert!(
            !chosen.must_ask(now, "claire@interieur.gouv.fr"),
            "a password was just given"
        );
        let typed = interaction(Some("Claire@interieur.gouv.fr"));
        assert!(!typed.must_ask(before, "claire@interieur.gouv.fr"));
        assert!(
            typed.must_ask(before, "hugo@interieur.gouv.fr"),
            "somebody else is signed in"
        );
    }

    #[test]
    fn a_path_of_ours_is_kept() {
        for path in ["/", "/outils?filtre=a", "/salons/%C3%A9"] {
            assert_eq!(ReturnPath::parse(path).as_str(), path);
        }
    }

    #[test]
    fn another_site_is_never_returned_to() {
        for path in [
            "https://evil.test/",
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "javascript:x",
            "",
            "/a\nb",
            "/connexion",
            "/api/v2/authorize?client_id=x",
            "/\t/evil.test",
        ] {
            assert_eq!(ReturnPath::parse(path).as_str(), "/", "{path}");
        }
    }
}
