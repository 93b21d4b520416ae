//! What says what a backup is.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use super::{BackupError, BackupKey, MANIFEST};
use crate::Backend;

/// The form of the manifest that this release writes, and the latest that it reads.
const FORMAT: u32 = 1;
/// A manifest is small; more is none of ours.
const LARGEST: u64 = 4_000_000;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of this text.
    format: u32,
    /// What it says of the data.
    #[serde(flatten)]
    pub contents: Contents,
    /// The files, in order of their names.
    pub files: Vec<BackedFile>,
}

/// What a manifest says of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The release that made the backup.
    pub release: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// When it was begun, in UTC milliseconds.
    pub at: i64,
    /// The highest migration of each tool.
    pub schema: BTreeMap<String, u32>,
    /// The last entry of each of the journal's chains.
    pub journal: Vec<BackedHead>,
}

/// The last entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedHead {
    /// Which chain.
    pub chain: String,
    /// Its last entry.
    pub seq: i64,
    /// That entry's hash, in hexadecimal digits.
    pub hash: String,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackedFile {
    /// Its name in the folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// A manifest as it lies in its file.
#[derive(Serialize, Deserialize)]
struct Stored {
    manifest: Manifest,
    mac: String,
}

impl Manifest {
    pub(super) const fn new(contents: Contents, files: Vec<BackedFile>) -> Self {
        Self {
            format: FORMAT,
            contents,
            files,
        }
    }

    /// Which database it was made of.
    ///
    /// # Errors
    /// [`BackupError::Manifest`] for a word that this release does not know.
    pub fn backend(&self) -> Result<Backend, BackupError> {
        match self.contents.database.as_str() {
            "sqlite" => Ok(Backend::Sqlite),
            "postgres" => Ok(Backend::Postgres),
            other => Err(BackupError::Manifest(format!(
                "it is of a database of the unknown kind {other}"
            ))),
        }
    }

    /// The file of this name.
    ///
    /// # Errors
    /// [`BackupError::Missing`] when the backup has none.
    pub fn file(&self, name: &str) -> Result<&BackedFile, BackupError> {
        let found = self.files.iter().find(|file| file.name == name);
        found.ok_or_else(|| BackupError::Missing(name.to_owned()))
    }

    /// Whether the backup has a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    fn bytes(&self) -> Result<Vec<u8>, BackupError> {
        serde_json::to_vec(self).map_err(|cause| BackupError::Manifest(cause.to_string()))
    }

    /// The text of its file.
    pub(super) fn encode(self, key: &BackupKey) -> Result<Vec<u8>, BackupError> {
        let mac = key.sign(&self.bytes()?);
        let stored = Stored {
            manifest: self,
            mac,
        };
        let mut text = serde_json::to_vec_pretty(&stored)
            .map_err(|cause| BackupError::Manifest(cause.to_string()))?;
        text.push(b'\n');
        Ok(text)
    }

    fn decode(text: &[u8], key: &BackupKey) -> Result<Self, BackupError> {
        let unreadable = |cause: serde_json::Error| BackupError::Manifest(cause.to_string());
        // The form alone first: a later one may have anything else in it.
        let form: serde_json::Value = serde_json::from_slice(text).map_err(unreadable)?;
        let format = form
            .get("manifest")
            .and_then(|manifest| manifest.get("format"))
            .and_then(serde_json::Value::as_u64);
        if format.is_some_and(|format| format > u64::from(FORMAT)) {
            let words = "a later release made it: restore with that release or a later one";
            return Err(BackupError::Manifest(words.to_owned()));
        }
        let stored: Stored = serde_json::from_slice(text).map_err(unreadable)?;
        if !key.checks(&stored.manifest.bytes()?, &stored.mac) {
            return Err(BackupError::Forged);
        }
        Ok(stored.manifest)
    }

    /// The manifest of a backup, when it was made under this key. Its files are not yet looked
    /// at.
    ///
    /// # Errors
    /// [`BackupError::NoManifest`] for what is no finished backup, [`BackupError::Forged`] for
    /// another key or an altered text.
    pub fn open(folder: &Path, key: &BackupKey) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        let length = match std::fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NoManifest(folder.to_owned()));
            }
            Err(cause) => return Err(BackupError::io(&path)(cause)),
        };
        if length > LARGEST {
            return Err(BackupError::Manifest("it is too long".to_owned()));
        }
        let text = std::fs::read(&path).map_err(BackupError::io(&path))?;
        Self::decode(&text, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest::new(
            Contents {
                release: "0.1.0".to_owned(),
                database: "sqlite".to_owned(),
                at: 5,
                schema: BTreeMap::from([("kernel".to_owned(), 1)]),
                journal: vec![BackedHead {
                    chain: "system".to_owned(),
                    seq: 3,
                    hash: "00".to_owned(),
                }],
            },
            vec![BackedFile {
                name: "besace.sqlite".to_owned(),
                bytes: 10,
                sha256: "ff".to_owned(),
            }],
        )
    }

    #[test]
    fn a_manifest_survives_its_file_and_opens_under_its_key_only() {
        let key = BackupKey::new(&[1; 32]);
        let text = manifest().encode(&key).expect("a text");
        assert_eq!(Manifest::decode(&text, &key).expect("read"), manifest());
        let other = BackupKey::new(&[2; 32]);
        assert!(matches!(
            Manifest::decode(&text, &other),
            Err(BackupError::Forged)
        ));
        let later = other.accepting(&[1; 32]);
        assert_eq!(Manifest::decode(&text, &later).expect("read"), manifest());
        let new = manifest().encode(&later).expect("a text");
        assert!(matches!(
            Manifest::decode(&new, &key),
            Err(BackupError::Forged)
        ));
    }

    #[test]
    fn a_manifest_of_which_anything_was_altered_is_refused() {
        let key = BackupKey::new(&[1; 32]);
        let text = String::from_utf8(manifest().encode(&key).expect("a text")).expect("UTF-8");
        for (written, forged) in [
            ("\"sha256\": \"ff\"", "\"sha256\": \"fe\""),
            ("\"bytes\": 10", "\"bytes\": 11"),
            ("\"seq\": 3", "\"seq\": 2"),
            ("\"at\": 5", "\"at\": 6"),
            ("\"kernel\": 1", "\"kernel\": 2"),
            ("\"release\": \"0.1.0\"", "\"release\": \"0.1.1\""),
            ("\"name\": \"besace.sqlite\"", "\"name\": \"other\""),
        ] {
            assert!(text.contains(written), "{written}: {text}");
            let text = text.replace(written, forged);
            let refused = Manifest::decode(text.as_bytes(), &key);
            assert!(matches!(refused, Err(BackupError::Forged)), "{forged}");
        }
        for bytes in [&b""[..], b"{}", b"[1]", b"{\"manifest\":{},\"mac\":\"\"}"] {
            assert!(matches!(
                Manifest::decode(bytes, &key),
                Err(BackupError::Manifest(_))
            ));
        }
    }

    #[test]
    fn a_manifest_of_a_later_form_says_so_before_anything_else() {
        let later = br#"{"manifest":{"format":2,"anything":true},"mac":"","more":1}"#;
        let refused = Manifest::decode(later, &BackupKey::new(&[1; 32])).expect_err("later");
        assert!(refused.to_string().contains("a later release"), "{refused}");
    }
}
