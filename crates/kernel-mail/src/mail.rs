//! A mail, before it has a form.

use kernel::{Rng, RngExt as _, Timestamp};
use lettre::Address;
use serde::{Deserialize, Serialize};

use crate::MailError;

/// The longest name kept, in characters; a longer one is cut.
const NAME: usize = 120;

/// An address, with the name of whom it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    name: Option<String>,
    email: String,
}

impl Mailbox {
    /// An address and a name. Control characters of the name become spaces.
    ///
    /// # Errors
    /// [`MailError::Address`] when `email` is no address of RFC 5321 (254 bytes at most).
    pub fn parse(name: Option<&str>, email: &str) -> Result<Self, MailError> {
        let email = email.trim();
        if email.len() > 254 || email.parse::<Address>().is_err() {
            return Err(MailError::Address);
        }
        let name = name.map(|name| plain(name, NAME));
        Ok(Self {
            name: name.filter(|name| !name.is_empty()),
            email: email.to_owned(),
        })
    }

    /// An address as people write it: `Besace <besace@besace.example>`, or the address alone.
    ///
    /// # Errors
    /// [`MailError::Address`] as [`Mailbox::parse`].
    pub fn parse_text(text: &str) -> Result<Self, MailError> {
        match text
            .trim()
            .strip_suffix('>')
            .and_then(|t| t.split_once('<'))
        {
            Some((name, email)) => Self::parse(Some(name.trim().trim_matches('"')), email),
            None => Self::parse(None, text),
        }
    }

    /// The address.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The name, when there is one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// One line without control characters, cut to a number of characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .take(most)
        .collect();
    spaced.trim().to_owned()
}

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: Mailbox,
    /// One line, 200 characters; a longer one is cut.
    pub subject: String,
    /// The whole text.
    pub text: String,
    /// The same as HTML, made by somebody who escapes; none: text only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Where the reader ends such mails, an https address (RFC 2369 §3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_unsubscribe: Option<String>,
}

/// A mail in the queue: what the job gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedMail {
    /// The left side of its `Message-ID`: hyphenated, the same at each try.
    pub id: String,
    /// Its `Date`.
    pub at: Timestamp,
    /// What.
    pub mail: Mail,
}

impl QueuedMail {
    /// A mail that is written now.
    pub fn new(mail: Mail, at: Timestamp, rng: &dyn Rng) -> Self {
        let millis = u64::try_from(at.millis()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &rng.bytes()).into_uuid();
        Self {
            id: id.hyphenated().to_string(),
            at,
            mail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_its_name_and_a_broken_one_refused() {
        let read = Mailbox::parse_text("Besace <besace@besace.example>").expect("an address");
        assert_eq!(read.name(), Some("Besace"));
        assert_eq!(read.email(), "besace@besace.example");
        let bare = Mailbox::parse_text(" besace@besace.example ").expect("an address");
        assert_eq!((bare.name(), bare.email()), (None, "besace@besace.example"));
        for broken in [
            "",
            "besace",
            "Besace <>",
            "a@b\r\nBcc: x@y.fr",
            "a@b.fr, c@d.fr",
            "a b@c.fr",
        ] {
            assert_eq!(
                Mailbox::parse_text(broken),
                Err(MailError::Address),
                "{broken}"
            );
        }
    }

    #[test]
    fn a_name_is_one_line() {
        let read = Mailbox::parse(Some("Claire\r\nBcc: x"), "claire@interieur.example");
        assert_eq!(read.expect("an address").name(), Some("Claire  Bcc: x"));
    }
}
