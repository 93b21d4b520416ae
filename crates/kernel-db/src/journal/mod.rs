//! The journal: what the security officer must be able to prove later.
//!
//! An act writes its entry into `journal_pending`, in its own transaction. The sequencer, one at
//! a time, gives entries their place: one hash chain per organisation and one for the system.
//! A checkpoint, signed with a key that the database does not hold, goes to a file outside of
//! it; [`verify`] holds the chains against it.
//!
//! Invariants
//! - Each hash covers the one before it, so a row can neither change nor leave the middle.
//! - What a checkpoint has seen can be neither cut off nor rebuilt without being found; what is
//!   younger than the last checkpoint (1,000 entries, 60 s) is protected from then on, and what
//!   still waits for its place (half a second) is not.
//! - A checkpoint that does not continue the last one is never written over it.
//! - Names are not in the chain but a salted digest of them: they can be erased.

mod chain;
mod checkpoint;
mod entry;
mod erase;
mod pending;
mod proof;
mod read;
mod resign;
mod retention;
mod sequence;
mod verify;

use std::path::PathBuf;

use aws_lc_rs::hmac;

pub use chain::Chain;
pub use checkpoint::CheckpointError;
pub use entry::{Entry, Personal};
pub use erase::{Forgotten, erase_personal};
pub use proof::{CheckpointFacts, Proof, Standing, journal_checkpoint, journal_proof};
pub use read::{
    Chains, Extent, JournalPlace, JournalQuery, journal_extents, journal_page, journal_stretch,
    journalled_since,
};
pub use resign::{boundaries_to_resign, resign_boundaries, resign_checkpoint};
pub use retention::{Retention, RetentionError};
pub use verify::{Finding, VerifyReport, verify};

pub(crate) use chain::Head;
pub(crate) use checkpoint::{holds, write_checkpoint};
pub(crate) use pending::pending;
pub(crate) use retention::remove_before;
pub(crate) use sequence::sequence;

/// The key that signs checkpoints and boundaries, kept outside the database; and those whose
/// signatures are believed beside its own, while the master key changes.
#[derive(Clone)]
pub struct JournalKey {
    current: hmac::Key,
    accepted: Vec<hmac::Key>,
}

impl JournalKey {
    /// A key of 256 bits.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self {
            current: hmac::Key::new(hmac::HMAC_SHA256, bytes),
            accepted: Vec::new(),
        }
    }

    /// Believes what this key signed, too; signs nothing with it.
    pub fn accepting(mut self, bytes: &[u8; 32]) -> Self {
        self.accepted.push(hmac::Key::new(hmac::HMAC_SHA256, bytes));
        self
    }

    fn sign(&self, text: &str) -> [u8; 32] {
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&self.current, text.as_bytes()).as_ref());
        mac
    }

    fn checks(&self, text: &str, mac: &[u8]) -> bool {
        self.signed(text, mac)
            || self
                .accepted
                .iter()
                .any(|key| hmac::verify(key, text.as_bytes(), mac).is_ok())
    }

    /// Whether the key that signs now signed this.
    fn signed(&self, text: &str, mac: &[u8]) -> bool {
        hmac::verify(&self.current, text.as_bytes(), mac).is_ok()
    }
}

impl std::fmt::Debug for JournalKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JournalKey(…)")
    }
}

/// Where checkpoints go and what signs them.
#[derive(Debug, Clone)]
pub struct JournalConfig {
    /// A file outside the database, best on another disk; replaced as a whole.
    pub checkpoint_file: PathBuf,
    /// What signs it.
    pub key: JournalKey,
    /// How long entries are kept.
    pub retention: Retention,
}
