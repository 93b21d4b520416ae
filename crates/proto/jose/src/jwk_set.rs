//! A set of public keys (RFC 7517 §5): ours to publish, others' to verify with.

use serde_json::{Map, Value};

use crate::{Algorithm, Error, Jwk};

/// The most keys read from a set.
pub const MAX_KEYS: usize = 64;
/// The longest set read, in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// A set of keys. Serialises as it is published.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    #[serde(skip)]
    ignored: usize,
}

impl JwkSet {
    /// A set of ours.
    pub const fn new(keys: Vec<Jwk>) -> Self {
        Self { keys, ignored: 0 }
    }

    /// Reads a foreign set. Keys of other kinds, for encryption, or too weak are left out and
    /// counted ([`Self::ignored`]).
    ///
    /// # Errors
    /// When it is too large, has too many keys, or is no key set.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_KEY_SET_BYTES {
            return Err(Error::KeySetTooLarge(bytes.len()));
        }
        let document: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| Error::KeySet)?;
        let Some(Value::Array(entries)) = document.get("keys") else {
            return Err(Error::KeySet);
        };
        if entries.len() > MAX_KEYS {
            return Err(Error::TooManyKeys(entries.len()));
        }
        let keys: Vec<Jwk> = entries
            .iter()
            .filter_map(|entry| Jwk::from_json(entry.as_object()?).ok())
            .collect();
        Ok(Self {
            ignored: entries.len() - keys.len(),
            keys,
        })
    }

    /// The keys that may have signed a token: those of the header's `kid`, or without one, all
    /// that fit the algorithm.
    pub fn find<'a>(
        &'a self,
        key_id: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a Jwk> {
        self.keys.iter().filter(move |key| {
            key.is_for(algorithm) && (key_id.is_none() || key.key_id() == key_id)
        })
    }

    /// The keys.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// How many entries of the document were left out.
    pub const fn ignored(&self) -> usize {
        self.ignored
    }
}
