//! The master keys of an instance: one that seals, and those that open beside it.

use std::collections::BTreeSet;

use super::{MasterKey, MasterKeyError, Sealer};

/// The key under which everything new is sealed, and those whose work is believed still, or
/// already: before a change of the key, while it lasts, and until nothing stands under the old one.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    current: MasterKey,
    accepted: Vec<MasterKey>,
}

impl MasterKeys {
    /// One key, and no other.
    pub const fn new(current: MasterKey) -> Self {
        Self {
            current,
            accepted: Vec::new(),
        }
    }

    /// Opens what this key sealed, too.
    ///
    /// # Errors
    /// [`MasterKeyError::Twice`] for a key that is there already: what it sealed could not be told
    /// from what the other did.
    pub fn accepting(mut self, key: MasterKey) -> Result<Self, MasterKeyError> {
        if self.knows(&key.mark()) {
            return Err(MasterKeyError::Twice);
        }
        self.accepted.push(key);
        Ok(self)
    }

    /// From the text of [`MasterKeys::to_text`]: a key a line, that which seals first.
    ///
    /// # Errors
    /// When a line is no key, or there is none.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let mut keys = Self::new(MasterKey::parse(first)?);
        for line in lines {
            keys = keys.accepting(MasterKey::parse(line)?)?;
        }
        Ok(keys)
    }

    /// Every key, a line each, to be written to a file of mode 0600.
    pub fn to_text(&self) -> String {
        let lines: Vec<String> = self.all().map(MasterKey::to_hex).collect();
        lines.join("\n")
    }

    /// The key that seals.
    pub const fn current(&self) -> &MasterKey {
        &self.current
    }

    /// Those that only open.
    pub fn accepted(&self) -> &[MasterKey] {
        &self.accepted
    }

    /// Every one, that which seals first.
    pub fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.accepted)
    }

    /// The marks of all.
    pub fn marks(&self) -> BTreeSet<String> {
        self.all().map(MasterKey::mark).collect()
    }

    /// Whether a key of this mark is among them.
    pub fn knows(&self, mark: &str) -> bool {
        self.all().any(|key| key.mark() == mark)
    }

    /// Seals under the current one, opens under all.
    pub fn sealer(&self) -> Sealer {
        self.accepted
            .iter()
            .fold(Sealer::new(&self.current), Sealer::accepting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;

    const OLD: MasterKey = MasterKey::from_bytes([7; 32]);
    const NEW: MasterKey = MasterKey::from_bytes([8; 32]);

    #[test]
    fn all_open_and_the_current_one_seals() {
        let keys = MasterKeys::new(NEW).accepting(OLD).expect("two keys");
        let sealer = keys.sealer();
        let old = Sealer::new(&OLD).seal("token", b"old", &OsRng);
        assert_eq!(sealer.open("token", &old).as_deref(), Some(&b"old"[..]));
        let new = sealer.seal("token", b"new", &OsRng);
        assert!(new.starts_with(&NEW.mark()));
        let before = MasterKeys::new(OLD).sealer();
        assert_eq!(before.open("token", &new), None);
    }

    #[test]
    fn keys_survive_their_text_and_one_given_twice_is_refused() {
        let keys = MasterKeys::new(NEW).accepting(OLD).expect("two keys");
        let read = MasterKeys::parse(&keys.to_text()).expect("read");
        assert_eq!(read.current().mark(), NEW.mark());
        assert_eq!(read.marks(), keys.marks());
        let twice = keys.accepting(NEW).expect_err("twice");
        assert_eq!(twice, MasterKeyError::Twice);
        let empty = MasterKeys::parse("").expect_err("no key");
        assert_eq!(empty, MasterKeyError::Length(0));
    }
}
