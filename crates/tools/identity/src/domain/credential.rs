//! What an agent makes for a program that speaks in their name: a token of the API.
//!
//! Invariants
//! - The secret is shown once and kept as its SHA-256 only.
//! - A token's text is recognised by whoever searches texts for lost secrets: its prefix, and a
//!   checksum that a text which merely looks like one does not have.
//! - A token is never made for what its agent may not do; what they may no longer do later is
//!   refused at each call, whatever the token says.

use std::fmt::Write as _;
use std::time::Duration;

use kernel::{Caller, CredentialId, RngExt as _, Secret, Timestamp, TokenScope};

use super::session::hash;

/// Tokens of one agent that live at once.
pub const MOST: u32 = 20;
/// Characters of a name.
pub const LONGEST_NAME: usize = 80;
/// Days that a token lives at most.
pub const LONGEST_DAYS: u16 = 365;
/// Days that it lives when nothing is said.
pub const USUAL_DAYS: u16 = 90;
/// How long one is kept after its end.
pub const KEPT: Duration = Duration::from_hours(30 * 24);
/// How long before its end its agent is told.
pub const WARNED_BEFORE: Duration = Duration::from_hours(7 * 24);

/// What every token begins with.
const PREFIX: &str = "besace_";
/// Random bytes of a token.
const BYTES: usize = 32;
/// Bytes of its checksum.
const CHECK: usize = 4;

/// What a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A token of the API.
    Token,
}

impl Kind {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
        }
    }
}

/// A token as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub id: CredentialId,
    /// What its agent calls it.
    pub name: String,
    /// What it was made for.
    pub scopes: Vec<TokenScope>,
    /// Who vouched for its agent when it was made.
    pub provider: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Opens nothing from then on.
    pub expires_at: Timestamp,
    /// Within an hour; none: never.
    pub last_used_at: Option<Timestamp>,
}

/// Why no token is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Without a name, or with one too long.
    #[error("a name has 1 to {LONGEST_NAME} characters")]
    Name,
    /// For nothing, or for something unknown.
    #[error("the scopes are none of ours")]
    Scopes,
    /// For what its agent may not do.
    #[error("{} is beyond the agent's roles", .0.word())]
    Beyond(TokenScope),
    /// For no time, or too long a time.
    #[error("a token lives 1 to {LONGEST_DAYS} days")]
    Days,
    /// There are many already.
    #[error("an agent has {MOST} tokens at most")]
    TooMany,
}

/// A token that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    name: String,
    scopes: Vec<TokenScope>,
    days: u16,
}

impl Wanted {
    /// Reads what an agent asks for.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub fn read(
        (name, scopes, days): (&str, &[String], Option<u16>),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Self, TokenRefusal> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(TokenRefusal::Name);
        }
        let days = days.unwrap_or(USUAL_DAYS);
        if !(1..=LONGEST_DAYS).contains(&days) {
            return Err(TokenRefusal::Days);
        }
        let mut read = Vec::new();
        for word in scopes {
            let scope = TokenScope::from_word(word).ok_or(TokenRefusal::Scopes)?;
            if !is_within_roles(scope, caller, now) {
                return Err(TokenRefusal::Beyond(scope));
            }
            read.push(scope);
        }
        read.sort_unstable();
        read.dedup();
        if read.is_empty() {
            return Err(TokenRefusal::Scopes);
        }
        Ok(Self {
            name: name.to_owned(),
            scopes: read,
            days,
        })
    }

    /// The token, made now.
    pub fn token(&self, id: CredentialId, provider: String, now: Timestamp) -> Token {
        Token {
            id,
            name: self.name.clone(),
            scopes: self.scopes.clone(),
            provider,
            created_at: now,
            expires_at: now.plus(Duration::from_hours(u64::from(self.days) * 24)),
            last_used_at: None,
        }
    }
}

/// Whether the caller holds a role that the scope needs, for any administration.
pub fn is_within_roles(scope: TokenScope, caller: &Caller, now: Timestamp) -> bool {
    scope
        .role()
        .is_none_or(|role| !caller.scopes(role, now).is_empty())
}

/// Scopes as stored.
pub fn scopes_text(scopes: &[TokenScope]) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    words.join(" ")
}

/// Scopes as stored; one that a newer version wrote gives nothing here.
pub fn scopes_in(text: &str) -> Vec<TokenScope> {
    text.split(' ').filter_map(TokenScope::from_word).collect()
}

/// A new secret, 256 random bits between the prefix and their checksum, with the form in which it is
/// stored.
pub fn new_secret(rng: &dyn kernel::Rng) -> (Secret, [u8; 32]) {
    let bits: [u8; BYTES] = rng.bytes();
    let body = format!("{PREFIX}{}", hex(&bits));
    let text = format!("{body}{}", check_of(&body));
    let stored = hash(&text);
    (Secret::new(text), stored)
}

/// The form in which a token's text is stored and looked for; none: it is no token.
pub fn secret_hash(text: &str) -> Option<[u8; 32]> {
    if text.len() != PREFIX.len() + 2 * (BYTES + CHECK) {
        return None;
    }
    let (body, check) = text.split_at_checked(text.len() - 2 * CHECK)?;
    if !body.starts_with(PREFIX) || check_of(body) != check {
        return None;
    }
    Some(hash(text))
}

/// The first bytes of the SHA-256 of what stands before.
fn check_of(body: &str) -> String {
    let digest = hash(body);
    digest.get(..CHECK).map(hex).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use testkit::{SeededRng, callers};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn read(name: &str, scopes: &[&str], days: Option<u16>) -> Result<Wanted, TokenRefusal> {
        let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Wanted::read((name, &scopes, days), &callers::agent(1), NOW)
    }

    #[test]
    fn a_secret_is_recognised_and_one_with_any_other_character_is_not() {
        let (secret, stored) = new_secret(&SeededRng::new(1));
        let text = secret.expose();
        assert!(text.starts_with("besace_") && text.len() == 79, "{text}");
        assert_eq!(secret_hash(text), Some(stored));
        for place in 0..text.len() {
            let mut other = text.as_bytes().to_vec();
            other[place] = if other[place] == b'0' { b'1' } else { b'0' };
            let other = String::from_utf8(other).expect("text");
            assert_eq!(secret_hash(&other), None, "{other}");
        }
        assert_eq!(secret_hash(&text.to_uppercase()), None);
        assert_ne!(text, new_secret(&SeededRng::new(2)).0.expose());
    }

    proptest! {
        #[test]
        fn any_text_is_a_token_or_nothing(text: String) {
            prop_assert_eq!(secret_hash(&text), None);
        }

        #[test]
        fn any_hexadecimal_of_the_right_length_is_no_token(body in "[0-9a-f]{72}") {
            // One in four thousand million would be.
            let text = format!("besace_{body}");
            prop_assert_eq!(secret_hash(&text), None);
        }
    }

    #[test]
    fn what_is_asked_for_is_made_and_lives_ninety_days_unless_told() {
        let wanted = read(
            "  Sauvegarde ",
            &["people:read", "inbox:read", "people:read"],
            None,
        );
        let id = CredentialId::from_u128(1);
        let token = wanted.expect("wanted").token(id, "interieur".into(), NOW);
        assert_eq!(token.name, "Sauvegarde");
        assert_eq!(
            token.scopes,
            [TokenScope::InboxRead, TokenScope::PeopleRead]
        );
        assert_eq!(scopes_in(&scopes_text(&token.scopes)), token.scopes);
        let days = |token: &Token| (token.expires_at.millis() - 1_000) / 86_400_000;
        assert_eq!(days(&token), 90);
        let year = read("a", &["inbox:read"], Some(365)).expect("wanted");
        assert_eq!(days(&year.token(id, String::new(), NOW)), 365);
    }

    #[test]
    fn what_cannot_be_made_is_refused_by_name() {
        let long = "a".repeat(81);
        for (name, scopes, days, refusal) in [
            (" ", &["inbox:read"][..], None, TokenRefusal::Name),
            (&long, &["inbox:read"], None, TokenRefusal::Name),
            ("a\nb", &["inbox:read"], None, TokenRefusal::Name),
            ("a", &[], None, TokenRefusal::Scopes),
            ("a", &["everything"], None, TokenRefusal::Scopes),
            ("a", &["inbox:read"], Some(0), TokenRefusal::Days),
            ("a", &["inbox:read"], Some(366), TokenRefusal::Days),
        ] {
            assert_eq!(read(name, scopes, days), Err(refusal), "{name} {scopes:?}");
        }
    }

    #[test]
    fn a_scope_of_administration_needs_its_role() {
        let (agent, admin) = (callers::agent(1), callers::administrator(1));
        for scope in TokenScope::ALL {
            assert!(is_within_roles(scope, &admin, NOW), "{}", scope.word());
            assert_eq!(
                is_within_roles(scope, &agent, NOW),
                !scope.word().starts_with("admin:")
            );
        }
        let tools = TokenScope::AdminTools;
        let refused = read("a", &["inbox:read", tools.word()], None);
        assert_eq!(refused, Err(TokenRefusal::Beyond(tools)));
    }
}
