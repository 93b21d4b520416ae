//! The file of a journal's export: a line of JSON that says of what, one line an entry with all
//! that its hash covers, and a last line signed by a key that the instance publishes.
//!
//! Who holds the file and the published keys proves, without asking anybody, that no line was
//! added, changed or removed since it was written, and that each entry is the one that its hash
//! says.

use std::collections::HashMap;
use std::io::BufRead;

use aws_lc_rs::digest::{Context, SHA256};
use jose::{Algorithm, JwkSet, Keys};
use kernel::{AgentId, Timestamp};
use kernel_db::{Chain, Entry};
use serde::{Deserialize, Serialize};

/// The signature's `typ`.
pub(crate) const TYPE: &str = "journal-export+jwt";
/// The longest line that is read.
const MAX_LINE: u64 = 1 << 20;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening {
    /// Which form: 1.
    pub besace_journal: u8,
    /// Which instance wrote it.
    pub issuer: String,
    /// When, in UTC milliseconds.
    pub exported_at: i64,
    /// For whom.
    pub by: AgentId,
    /// What was looked for.
    pub filter: serde_json::Value,
    /// The chains that were read, each up to this place.
    pub chains: Vec<ChainRead>,
}

/// A chain in the first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainRead {
    /// Which: an administration's id, or `system`.
    pub chain: String,
    /// How many entries had left it after their retention.
    pub gone: i64,
    /// Its last entry.
    pub last: i64,
}

/// What the last line's signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// Which instance.
    pub(crate) iss: String,
    /// When it was signed, in UTC seconds.
    pub(crate) iat: i64,
    /// How many lines between the first and the last.
    pub(crate) entries: u64,
    /// The SHA-256 of everything above the last line, in hexadecimal.
    pub(crate) sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    signature: String,
}

/// A file under way: what its last line must say.
pub(crate) struct Written {
    digest: Context,
    entries: u64,
}

impl Written {
    /// A file that begins so; its first line.
    ///
    /// # Errors
    /// When the line cannot be written as JSON.
    pub(crate) fn begin(opening: &Opening) -> Result<(Self, Vec<u8>), serde_json::Error> {
        let mut written = Self {
            digest: Context::new(&SHA256),
            entries: 0,
        };
        let mut line = serde_json::to_vec(opening)?;
        line.push(b'\n');
        written.digest.update(&line);
        Ok((written, line))
    }

    /// The lines of some entries.
    pub(crate) fn entries(&mut self, entries: &[Entry]) -> Vec<u8> {
        let mut lines = Vec::new();
        for entry in entries {
            lines.extend_from_slice(entry.to_line().as_bytes());
            lines.push(b'\n');
            self.entries += 1;
        }
        self.digest.update(&lines);
        lines
    }

    /// What is to be signed at the end.
    pub(crate) fn seal(self, issuer: &str, now: Timestamp) -> Seal {
        Seal {
            iss: issuer.to_owned(),
            iat: now.seconds(),
            entries: self.entries,
            sha256: hex::encode(self.digest.finish().as_ref()),
        }
    }

    /// The last line, of a signed [`Seal`].
    ///
    /// # Errors
    /// When the line cannot be written as JSON.
    pub(crate) fn closing(signature: String) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(&Closing { signature })?;
        line.push(b'\n');
        Ok(line)
    }
}

/// What a good file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How it begins.
    pub opening: Opening,
    /// Its entries.
    pub entries: u64,
    /// Places between two entries of one chain that are not in the file: left out by the filter.
    pub left_out: u64,
    /// When it was signed, in UTC seconds.
    pub signed_at: i64,
}

/// Why a file is not believed.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The keys are none.
    #[error("the keys are not a set of public keys: {0}")]
    Keys(#[source] jose::Error),
    /// The first line is not that of an export.
    #[error("line 1 is not the beginning of a journal's export")]
    NotAnExport,
    /// A line is no entry.
    #[error("line {0} is not an entry")]
    NotAnEntry(u64),
    /// An entry's hash is not that of its content.
    #[error("line {0}: the entry is not the one that its hash says")]
    Altered(u64),
    /// An entry does not follow the one before.
    #[error("line {0}: the entry does not follow the one before of its chain")]
    Unlinked(u64),
    /// The file ends without its signature.
    #[error("the file ends without its signature: the export was cut short")]
    Unfinished,
    /// There is something after the signature.
    #[error("line {0} comes after the signature")]
    AfterTheEnd(u64),
    /// The signature is not by one of the keys.
    #[error("the signature is not by one of these keys: {0}")]
    Signature(#[source] jose::Error),
    /// The signature is of another file.
    #[error("lines were added, changed or removed: the signature is of another content")]
    OtherContent,
}

/// Reads a file, a line at a time, and holds it against the keys that its instance publishes (a
/// key set, RFC 7517).
///
/// # Errors
/// The first thing for which it is not believed.
pub fn check(file: impl BufRead, keys: &[u8]) -> Result<Checked, CheckError> {
    let keys = JwkSet::parse(keys).map_err(CheckError::Keys)?;
    let mut lines = Lines {
        file,
        number: 0,
        line: Vec::new(),
    };
    let mut digest = Context::new(&SHA256);
    let first = lines.next()?.ok_or(CheckError::NotAnExport)?;
    digest.update(first);
    let opening: Opening = serde_json::from_slice(first).map_err(|_| CheckError::NotAnExport)?;
    if opening.besace_journal != 1 {
        return Err(CheckError::NotAnExport);
    }
    let (mut entries, mut left_out) = (0, 0);
    let mut last: HashMap<Chain, (i64, [u8; 32])> = HashMap::new();
    let seal = loop {
        let Some(line) = lines.next()? else {
            return Err(CheckError::Unfinished);
        };
        if let Ok(closing) = serde_json::from_slice::<Closing>(line) {
            break signed(&closing, &keys)?;
        }
        digest.update(line);
        let number = lines.number;
        let entry = std::str::from_utf8(&lines.line)
            .ok()
            .and_then(Entry::from_line)
            .ok_or(CheckError::NotAnEntry(number))?;
        if !entry.is_intact() {
            return Err(CheckError::Altered(number));
        }
        if let Some((seq, hash)) = last.insert(entry.chain, (entry.seq, entry.hash)) {
            let between = entry.seq.saturating_sub(seq).saturating_sub(1);
            let follows = between > 0 || (between == 0 && entry.previous_hash == hash);
            if !follows {
                return Err(CheckError::Unlinked(number));
            }
            left_out += u64::try_from(between).unwrap_or(0);
        }
        entries += 1;
    };
    if lines.next()?.is_some() {
        return Err(CheckError::AfterTheEnd(lines.number));
    }
    let same = seal.sha256 == hex::encode(digest.finish().as_ref())
        && seal.entries == entries
        && seal.iss == opening.issuer;
    if !same {
        return Err(CheckError::OtherContent);
    }
    Ok(Checked {
        opening,
        entries,
        left_out,
        signed_at: seal.iat,
    })
}

fn signed(closing: &Closing, keys: &JwkSet) -> Result<Seal, CheckError> {
    jose::verify_signature_only::<Seal>(&closing.signature, Algorithm::Es256, Keys::Set(keys))
        .map(|claims| claims.body)
        .map_err(CheckError::Signature)
}

/// Lines with their ends, each bounded.
struct Lines<R> {
    file: R,
    number: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<&[u8]>, CheckError> {
        use std::io::Read as _;
        self.line.clear();
        let mut bounded = self.file.by_ref().take(MAX_LINE);
        if bounded.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(&self.line))
    }
}

#[cfg(test)]
mod tests {
    use jose::SigningKey;
    use kernel::Outcome;

    use super::*;

    const ENTRY: &str = r#"{"chain":"system","seq":1,"at":5,"actor":null,"act":"identity.session.open","subject":"provider:a","outcome":"refused","data":"{}","personalDigest":null,"salt":null,"personal":null,"previousHash":"0000000000000000000000000000000000000000000000000000000000000000","hash":"HASH"}"#;

    /// Two entries of one chain, as this program chains them.
    fn entries() -> Vec<Entry> {
        let mut made = Vec::new();
        let mut before = "0".repeat(64);
        for seq in 1..=3_i64 {
            let mut entry = Entry::from_line(&ENTRY.replace("HASH", &before)).expect("an entry");
            entry.seq = seq;
            entry.previous_hash = hex::decode(&before).expect("hex").try_into().expect("32");
            entry.outcome = Outcome::Refused;
            entry.hash = entry.computed_hash();
            before = hex::encode(entry.hash);
            made.push(entry);
        }
        made
    }

    fn opening() -> Opening {
        Opening {
            besace_journal: 1,
            issuer: "https://besace.test/api/v2".to_owned(),
            exported_at: 7,
            by: AgentId::from_u128(1),
            filter: serde_json::json!({}),
            chains: Vec::new(),
        }
    }

    fn file(key: &SigningKey, entries: &[Entry]) -> Vec<u8> {
        let (mut written, mut file) = Written::begin(&opening()).expect("a line");
        file.extend(written.entries(entries));
        let seal = written.seal("https://besace.test/api/v2", Timestamp::from_millis(9_000));
        let signature = key.sign(Some(TYPE), &seal).expect("signed");
        file.extend(Written::closing(signature).expect("a line"));
        file
    }

    fn keys(key: &SigningKey) -> Vec<u8> {
        let set = JwkSet::new(vec![key.public_jwk().expect("public").clone()]);
        serde_json::to_vec(&set).expect("JSON")
    }

    #[test]
    fn a_file_as_it_was_written_is_believed() {
        let key = SigningKey::generate_es256().expect("a key");
        let all = entries();
        let checked = check(file(&key, &all).as_slice(), &keys(&key)).expect("believed");
        assert_eq!((checked.entries, checked.left_out), (3, 0));
        assert_eq!((checked.opening, checked.signed_at), (opening(), 9));
        let some = [all[0].clone(), all[2].clone()];
        let checked = check(file(&key, &some).as_slice(), &keys(&key)).expect("believed");
        assert_eq!((checked.entries, checked.left_out), (2, 1));
    }

    #[test]
    fn what_was_done_to_a_file_is_said() {
        let key = SigningKey::generate_es256().expect("a key");
        let all = entries();
        let good = String::from_utf8(file(&key, &all)).expect("text");
        let lines: Vec<&str> = good.lines().collect();
        let said = |lines: &[&str]| {
            let text = lines.join("\n") + "\n";
            let checked = check(text.as_bytes(), &keys(&key));
            checked.map_err(|cause| cause.to_string()).unwrap_err()
        };
        let altered = lines[2].replace("provider:a", "provider:b");
        assert!(said(&[lines[0], lines[1], &altered, lines[3], lines[4]]).contains("line 3"));
        assert!(said(&[lines[0], lines[1], lines[3], lines[4]]).contains("another content"));
        assert!(said(&[lines[0], lines[2], lines[1], lines[3], lines[4]]).contains("line 3"));
        assert!(said(&lines[..4]).contains("cut short"));
        assert!(said(&[lines[0], "{}", lines[4]]).contains("line 2"));
        assert!(said(&[lines[1], lines[4]]).contains("line 1"));
        let more = [lines.as_slice(), &[lines[1]]].concat();
        assert!(said(&more).contains("line 6"));
        let other = SigningKey::generate_es256().expect("a key");
        let foreign = check(good.as_bytes(), &keys(&other));
        assert!(
            matches!(foreign, Err(CheckError::Signature(_))),
            "{foreign:?}"
        );
        assert!(matches!(
            check(good.as_bytes(), b"{}"),
            Err(CheckError::Keys(_))
        ));
    }

    #[test]
    fn an_entry_that_another_one_replaced_is_not_linked() {
        let key = SigningKey::generate_es256().expect("a key");
        let mut all = entries();
        all[1].subject = "provider:c".to_owned();
        all[1].hash = all[1].computed_hash();
        let forged = check(file(&key, &all).as_slice(), &keys(&key));
        assert!(matches!(forged, Err(CheckError::Unlinked(4))), "{forged:?}");
    }
}
