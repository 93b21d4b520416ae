//! An entry as it is read, and as the line of an export that carries all that its hash covers.

use kernel::{AgentId, Outcome, Timestamp};
use serde::{Deserialize, Serialize};

use super::chain::{Chain, Head, Link, personal_digest};
use crate::{DbError, Row};

/// A journal entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its chain.
    pub chain: Chain,
    /// Its place there, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who acted; none: nobody known.
    pub actor: Option<AgentId>,
    /// What.
    pub act: String,
    /// On what, an id as text.
    pub subject: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Ids, figures and reason codes: JSON, as it was hashed.
    pub data: String,
    /// The digest of what is kept aside; none: nothing was.
    pub personal_digest: Option<[u8; 32]>,
    /// What is kept aside, with the digest's salt; none: nothing, or it was erased.
    pub personal: Option<Personal>,
    /// The hash of the entry before.
    pub previous_hash: [u8; 32],
    /// Its own.
    pub hash: [u8; 32],
}

/// What is kept aside of an entry, erasable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// Of the digest.
    pub salt: [u8; 16],
    /// An address, a name.
    pub text: String,
}

impl Entry {
    /// Whether its content, and what is kept aside, are what its hash says, after the hash that
    /// it names as the one before.
    pub fn is_intact(&self) -> bool {
        let aside = self.personal.as_ref().is_none_or(|personal| {
            self.personal_digest == Some(personal_digest(&personal.salt, &personal.text))
        });
        aside && self.computed_hash() == self.hash
    }

    /// The hash of its content after the hash that it names as the one before.
    pub fn computed_hash(&self) -> [u8; 32] {
        self.link().hash(&Head {
            chain: self.chain,
            seq: self.seq.saturating_sub(1),
            hash: self.previous_hash,
        })
    }

    /// The entry as a line of JSON, without its end.
    pub fn to_line(&self) -> String {
        let line = Line {
            chain: self.chain.to_string(),
            seq: self.seq,
            at: self.at.millis(),
            actor: self.actor,
            act: self.act.clone(),
            subject: self.subject.clone(),
            outcome: self.outcome,
            data: self.data.clone(),
            personal_digest: self.personal_digest.map(hex::encode),
            salt: self
                .personal
                .as_ref()
                .map(|personal| hex::encode(personal.salt)),
            personal: self.personal.as_ref().map(|personal| personal.text.clone()),
            previous_hash: hex::encode(self.previous_hash),
            hash: hex::encode(self.hash),
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// The entry of a line that [`Entry::to_line`] made; none for another text.
    pub fn from_line(line: &str) -> Option<Self> {
        let line: Line = serde_json::from_str(line).ok()?;
        let salt = match line.salt {
            Some(salt) => Some(bytes(&salt)?),
            None => None,
        };
        Some(Self {
            chain: Chain::parse(&line.chain)?,
            seq: line.seq,
            at: Timestamp::from_millis(line.at),
            actor: line.actor,
            act: line.act,
            subject: line.subject,
            outcome: line.outcome,
            data: line.data,
            personal_digest: match line.personal_digest {
                Some(digest) => Some(bytes(&digest)?),
                None => None,
            },
            personal: salt
                .zip(line.personal)
                .map(|(salt, text)| Personal { salt, text }),
            previous_hash: bytes(&line.previous_hash)?,
            hash: bytes(&line.hash)?,
        })
    }

    fn link(&self) -> Link {
        Link {
            at: self.at.millis(),
            actor: self.actor.map(|actor| *actor.as_bytes()),
            act: self.act.clone(),
            subject: self.subject.clone(),
            outcome: self.outcome.word().to_owned(),
            data: self.data.clone(),
            personal_digest: self.personal_digest,
        }
    }

    /// A row with the columns of `journal_entry`, and `salt` and `personal`.
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        let word: String = row.get("outcome")?;
        let salt: Option<[u8; 16]> = row.get("salt")?;
        Ok(Self {
            chain: row.get("chain")?,
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            act: row.get("act")?,
            subject: row.get("subject")?,
            outcome: Outcome::from_word(&word).ok_or_else(|| DbError::Decode {
                column: "outcome".to_owned(),
                expected: "a word this version knows",
                found: "another one",
            })?,
            data: row.get("data")?,
            personal_digest: row.get("personal_digest")?,
            personal: salt
                .zip(row.get::<Option<String>>("personal")?)
                .map(|(salt, text)| Personal { salt, text }),
            previous_hash: row.get("prev_hash")?,
            hash: row.get("hash")?,
        })
    }
}

fn bytes<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    hex::decode(text).ok()?.try_into().ok()
}

/// The order of the fields is that of the line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    chain: String,
    seq: i64,
    at: i64,
    actor: Option<AgentId>,
    act: String,
    subject: String,
    outcome: Outcome,
    data: String,
    personal_digest: Option<String>,
    salt: Option<String>,
    personal: Option<String>,
    previous_hash: String,
    hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let personal = Personal {
            salt: [3; 16],
            text: "claire.delmas@interieur.gouv.fr".to_owned(),
        };
        let mut entry = Entry {
            chain: Chain::System,
            seq: 7,
            at: Timestamp::from_millis(5),
            actor: Some(AgentId::from_u128(9)),
            act: "identity.session.open".to_owned(),
            subject: "session:a".to_owned(),
            outcome: Outcome::Refused,
            data: r#"{"reason":"élan"}"#.to_owned(),
            personal_digest: Some(personal_digest(&personal.salt, &personal.text)),
            personal: Some(personal),
            previous_hash: [1; 32],
            hash: [0; 32],
        };
        entry.hash = entry.computed_hash();
        entry
    }

    #[test]
    fn an_entry_survives_its_line_and_another_text_is_none() {
        let line = entry().to_line();
        assert_eq!(Entry::from_line(&line), Some(entry()));
        assert!(!line.contains('\n'));
        assert_eq!(Entry::from_line("{}"), None);
        assert_eq!(
            Entry::from_line(&line.replace("\"seq\":7", "\"seq\":7,\"x\":1")),
            None
        );
    }

    #[test]
    fn a_changed_field_or_name_is_seen_and_an_erased_name_is_not() {
        assert!(entry().is_intact());
        let mut other = entry();
        other.outcome = Outcome::Done;
        assert!(!other.is_intact());
        let mut other = entry();
        other.seq = 8;
        assert!(!other.is_intact());
        let mut named = entry();
        if let Some(personal) = &mut named.personal {
            personal.text = "karim".to_owned();
        }
        assert!(!named.is_intact());
        let mut erased = entry();
        erased.personal = None;
        assert!(erased.is_intact());
    }
}
