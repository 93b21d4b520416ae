//! The hash chain, as values.

use aws_lc_rs::digest::{Context, SHA256};
use kernel::OrganisationId;

use crate::{DbError, FromValue, Row, Value};

/// Which chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// The system's.
    System,
    /// An administration's.
    Organisation(OrganisationId),
}

const SYSTEM: [u8; 16] = [0; 16];

impl Chain {
    pub(super) fn bytes(self) -> [u8; 16] {
        match self {
            Self::System => SYSTEM,
            Self::Organisation(id) => *id.as_bytes(),
        }
    }

    /// The chain that a text made by `Display` names.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "system" => Some(Self::System),
            id => OrganisationId::parse(id).ok().map(Self::Organisation),
        }
    }
}

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Organisation(id) => id.fmt(f),
        }
    }
}

impl From<Chain> for Value {
    fn from(chain: Chain) -> Self {
        Self::from(chain.bytes())
    }
}

impl FromValue for Chain {
    const EXPECTED: &'static str = "16 bytes of a chain";
    fn from_value(value: &Value) -> Option<Self> {
        let bytes = <[u8; 16]>::from_value(value)?;
        if bytes == SYSTEM {
            return Some(Self::System);
        }
        OrganisationId::from_bytes(&bytes)
            .ok()
            .map(Self::Organisation)
    }
}

/// A place in a chain: its last entry, or the last that left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) chain: Chain,
    pub(crate) seq: i64,
    pub(crate) hash: [u8; 32],
}

impl Head {
    /// Before the first entry.
    pub(super) const fn genesis(chain: Chain) -> Self {
        Self {
            chain,
            seq: 0,
            hash: [0; 32],
        }
    }

    pub(crate) fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            chain: row.get("chain")?,
            seq: row.get("seq")?,
            hash: row.get("hash")?,
        })
    }

    /// One line of what is signed.
    pub(super) fn line(&self) -> String {
        format!("{} {} {}\n", self.chain, self.seq, hex::encode(self.hash))
    }
}

/// One entry, in the form that is hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) at: i64,
    pub(super) actor: Option<[u8; 16]>,
    pub(super) act: String,
    pub(super) subject: String,
    pub(super) outcome: String,
    pub(super) data: String,
    pub(super) personal_digest: Option<[u8; 32]>,
}

impl Link {
    /// The entry's hash after `before`. Each field goes in with its length, so that no two
    /// entries have the same bytes.
    pub(super) fn hash(&self, before: &Head) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        let mut field = |bytes: &[u8]| {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            context.update(&length.to_be_bytes());
            context.update(bytes);
        };
        field(b"besace journal entry 1");
        field(&before.chain.bytes());
        field(&before.seq.saturating_add(1).to_be_bytes());
        field(&before.hash);
        field(&self.at.to_be_bytes());
        field(self.actor.as_ref().map_or(&[], |actor| actor.as_slice()));
        field(self.act.as_bytes());
        field(self.subject.as_bytes());
        field(self.outcome.as_bytes());
        field(self.data.as_bytes());
        field(
            self.personal_digest
                .as_ref()
                .map_or(&[], |digest| digest.as_slice()),
        );
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }

    /// The head of the chain once this entry is in it.
    pub(super) fn after(&self, before: &Head) -> Head {
        Head {
            chain: before.chain,
            seq: before.seq.saturating_add(1),
            hash: self.hash(before),
        }
    }
}

/// What the chain keeps of a name.
pub(super) fn personal_digest(salt: &[u8; 16], personal: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(salt);
    context.update(personal.as_bytes());
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link {
            at: 1,
            actor: None,
            act: "identity.session.opened".to_owned(),
            subject: "agent:a".to_owned(),
            outcome: "done".to_owned(),
            data: "{}".to_owned(),
            personal_digest: None,
        }
    }

    #[test]
    fn a_hash_covers_every_field_and_the_hash_before() {
        let start = Head::genesis(Chain::System);
        let base = link().hash(&start);
        assert_eq!(base, link().hash(&start));
        let mut others = vec![
            link().hash(&Head { seq: 1, ..start }),
            link().hash(&Head {
                hash: [1; 32],
                ..start
            }),
            link().hash(&Head {
                chain: Chain::Organisation(OrganisationId::from_u128(1)),
                ..start
            }),
        ];
        for change in 0..7 {
            let mut other = link();
            match change {
                0 => other.at = 2,
                1 => other.actor = Some([0; 16]),
                2 => other.act.push('s'),
                3 => other.subject.push('s'),
                4 => other.outcome = "refused".to_owned(),
                5 => other.data = "{ }".to_owned(),
                _ => other.personal_digest = Some([0; 32]),
            }
            others.push(other.hash(&start));
        }
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn a_letter_that_moves_to_the_next_field_changes_the_hash() {
        let start = Head::genesis(Chain::System);
        let mut left = link();
        left.act = "ab".to_owned();
        left.subject = "c".to_owned();
        let mut right = link();
        right.act = "a".to_owned();
        right.subject = "bc".to_owned();
        assert_ne!(left.hash(&start), right.hash(&start));
    }

    #[test]
    fn a_chain_survives_its_text_and_another_text_is_none() {
        let chain = Chain::Organisation(OrganisationId::from_u128(5));
        assert_eq!(Chain::parse(&chain.to_string()), Some(chain));
        assert_eq!(Chain::parse("system"), Some(Chain::System));
        assert_eq!(Chain::parse("systems"), None);
    }
}
