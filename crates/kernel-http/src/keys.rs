//! The master key, and what is sealed under it.
//!
//! One key of 32 bytes (a file or the environment) from which each purpose's own key is derived
//! (HKDF-SHA-256, RFC 5869): no two purposes ever share one.
//!
//! While the key changes there are several ([`MasterKeys`]): one seals, all open. What is sealed
//! begins with a mark of its key, so that nothing is tried under a key that did not seal it.

mod set;
mod standing;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::{Rng, RngExt as _};

pub use set::MasterKeys;
pub use standing::{Resealed, SealedCount, count_sealed, reseal, set_empty};

/// The master key could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// Neither hexadecimal nor base64.
    #[error("the master key is neither 64 hexadecimal digits nor base64 of 32 bytes")]
    Form,
    /// Not 32 bytes.
    #[error("the master key holds {0} bytes, not 32")]
    Length(usize),
    /// One key in two places.
    #[error("the same master key is given twice")]
    Twice,
}

/// 32 bytes from which every other key comes. Never shown.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

impl MasterKey {
    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new one.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(rng.bytes())
    }

    /// From a file's or a variable's text: 64 hexadecimal digits, or base64 with either alphabet.
    ///
    /// # Errors
    /// When the text is neither, or not of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let bytes = if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            hex::decode(text).map_err(|_| MasterKeyError::Form)?
        } else {
            URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .or_else(|_| STANDARD.decode(text))
                .map_err(|_| MasterKeyError::Form)?
        };
        let length = bytes.len();
        <[u8; 32]>::try_from(bytes)
            .map(Self)
            .map_err(|_| MasterKeyError::Length(length))
    }

    /// The text of [`MasterKey::parse`], to be written to a file of mode 0600.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// The mark of what it seals: the first characters of every text. It tells keys apart and says
    /// nothing of them.
    pub fn mark(&self) -> String {
        let [a, b, c, d, ..] = self.derive("mark");
        let mut mark = URL_SAFE_NO_PAD.encode([a, b, c, d]);
        mark.truncate(SHOWN);
        mark
    }

    /// The key of one purpose (`tool/what/version`, for example `identity/tokens/1`).
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0_u8; 32];
        let info = [purpose.as_bytes()];
        let filled = Salt::new(HKDF_SHA256, b"besace")
            .extract(&self.0)
            .expand(&info, Bytes32)
            .and_then(|material| material.fill(&mut key));
        debug_assert!(filled.is_ok(), "32 bytes are within HKDF's reach");
        key
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

/// Length of the mark that says under which master key a text was sealed.
const MARK: usize = 4;
/// Characters of a text that hold nothing but its mark.
const SHOWN: usize = 5;

/// Authenticated encryption of small texts (AES-256-GCM), one key a purpose.
///
/// The text is base64url of `mark(4) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`. After a rotation the
/// old keys still open what they sealed.
#[derive(Debug, Clone)]
pub struct Sealer {
    current: Arc<Ring>,
    previous: Vec<Arc<Ring>>,
}

/// What comes of one master key. Deriving a purpose's key costs more than sealing a token, so
/// each is derived once.
#[derive(Debug)]
struct Ring {
    master: MasterKey,
    mark: [u8; MARK],
    keys: RwLock<HashMap<&'static str, Arc<LessSafeKey>>>,
}

impl Ring {
    fn new(master: &MasterKey) -> Arc<Self> {
        let [a, b, c, d, ..] = master.derive("mark");
        Arc::new(Self {
            master: master.clone(),
            mark: [a, b, c, d],
            keys: RwLock::default(),
        })
    }

    fn key(&self, purpose: &'static str) -> Option<Arc<LessSafeKey>> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.get(purpose) {
            return Some(Arc::clone(key));
        }
        drop(known);
        let derived = self.master.derive(&format!("seal/{purpose}"));
        let key = UnboundKey::new(&AES_256_GCM, &derived).ok()?;
        let key = Arc::new(LessSafeKey::new(key));
        let mut known = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(purpose, Arc::clone(&key));
        Some(key)
    }
}

impl Sealer {
    /// Seals and opens under this key.
    pub fn new(current: &MasterKey) -> Self {
        Self {
            current: Ring::new(current),
            previous: Vec::new(),
        }
    }

    /// Opens what an older key sealed, too.
    pub fn accepting(mut self, previous: &MasterKey) -> Self {
        self.previous.push(Ring::new(previous));
        self
    }

    /// Seals `bytes` for `purpose`; the text opens for the same purpose only. Empty when the
    /// cipher refuses (more than 64 GB: never here), which opens as nothing.
    pub fn seal(&self, purpose: &'static str, bytes: &[u8], rng: &dyn Rng) -> String {
        let nonce: [u8; NONCE_LEN] = rng.bytes();
        let mut sealed = bytes.to_vec();
        let Some(key) = self.current.key(purpose) else {
            return String::new();
        };
        if key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut sealed,
            )
            .is_err()
        {
            return String::new();
        }
        let mut text = self.current.mark.to_vec();
        text.extend_from_slice(&nonce);
        text.append(&mut sealed);
        URL_SAFE_NO_PAD.encode(text)
    }

    /// What was sealed; none when the text was altered, cut, sealed for another purpose or under
    /// an unknown key.
    pub fn open(&self, purpose: &'static str, text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (mark, rest) = bytes.split_at_checked(MARK)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
        let ring = std::iter::once(&self.current)
            .chain(&self.previous)
            .find(|ring| ring.mark == mark)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let opened = ring
            .key(purpose)?
            .open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut sealed)
            .ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;

    const KEY: MasterKey = MasterKey::from_bytes([7; 32]);
    const OTHER: MasterKey = MasterKey::from_bytes([8; 32]);

    #[test]
    fn each_purpose_has_its_own_key() {
        assert_eq!(KEY.derive("a"), KEY.derive("a"));
        assert_ne!(KEY.derive("a"), KEY.derive("b"));
        assert_ne!(KEY.derive("a"), OTHER.derive("a"));
        assert_ne!(KEY.derive("a"), [0; 32]);
    }

    #[test]
    fn a_sealed_text_opens_for_its_purpose_and_no_other() {
        let sealer = Sealer::new(&KEY);
        let text = sealer.seal("token", b"hello", &OsRng);
        assert_eq!(sealer.open("token", &text).as_deref(), Some(&b"hello"[..]));
        assert_eq!(sealer.open("cookie", &text), None);
        assert_eq!(Sealer::new(&OTHER).open("token", &text), None);
    }

    #[test]
    fn what_is_sealed_begins_with_the_mark_of_its_key() {
        let text = Sealer::new(&KEY).seal("token", b"hello", &OsRng);
        assert!(text.starts_with(&KEY.mark()), "{text}");
        assert_ne!(KEY.mark(), OTHER.mark());
        assert_eq!(KEY.mark().len(), SHOWN);
    }

    #[test]
    fn an_altered_or_cut_text_does_not_open() {
        let sealer = Sealer::new(&KEY);
        let text = sealer.seal("token", b"hello", &OsRng);
        for place in 0..text.len() {
            let mut altered: Vec<char> = text.chars().collect();
            altered[place] = if altered[place] == 'A' { 'Z' } else { 'A' };
            let altered: String = altered.into_iter().collect();
            assert_ne!(
                sealer.open("token", &altered).as_deref(),
                Some(&b"hello"[..]),
                "place {place}"
            );
        }
        for cut in ["", "AAAA", "!!", &text[..text.len() - 4]] {
            assert_eq!(sealer.open("token", cut), None, "{cut}");
        }
    }

    #[test]
    fn after_a_rotation_the_old_key_opens_and_the_new_one_seals() {
        let old = Sealer::new(&KEY).seal("token", b"old", &OsRng);
        let rotated = Sealer::new(&OTHER).accepting(&KEY);
        assert_eq!(rotated.open("token", &old).as_deref(), Some(&b"old"[..]));
        let new = rotated.seal("token", b"new", &OsRng);
        assert_eq!(Sealer::new(&KEY).open("token", &new), None);
    }

    #[test]
    fn a_master_key_is_read_from_hex_and_base64_and_refused_otherwise() {
        let hexed = KEY.to_hex();
        assert_eq!(
            MasterKey::parse(&format!("{hexed}\n")).expect("hex").0,
            KEY.0
        );
        let encoded = STANDARD.encode(KEY.0);
        assert_eq!(MasterKey::parse(&encoded).expect("base64").0, KEY.0);
        assert_eq!(
            MasterKey::parse("AAAA").expect_err("short"),
            MasterKeyError::Length(3)
        );
        assert_eq!(
            MasterKey::parse("é").expect_err("no text of ours"),
            MasterKeyError::Form
        );
        assert_eq!(format!("{KEY:?}"), "MasterKey(hidden)");
    }
}
