//! The parsers of foreign bytes, each as a function of bytes that must neither panic nor hang, and
//! what must hold of what it reads.
//!
//! `cargo xtask fuzz TARGET` lets an engine look for bytes that break one (`engine/`, libFuzzer
//! with the compiler's own coverage; the stable compiler will do). What it finds is made as small
//! as it gets and kept in `findings/TARGET/`; the tests here try it again for ever, with the seeds
//! of `corpus/TARGET/`.

use http::{HeaderMap, HeaderValue, header};
use identity::domain::import;
use jose::{Algorithm, JwkSet, Keys};
use kernel_http::Cookies;
use serde_json::Value;

/// A parser, by the name of its folders.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What is done with the bytes.
    pub run: fn(&[u8]),
    /// The longest input that is worth trying, in bytes.
    pub longest: usize,
}

/// Every one.
pub const TARGETS: &[Target] = &[
    Target {
        name: "token",
        run: token,
        longest: 4_096,
    },
    Target {
        name: "key-set",
        run: key_set,
        longest: 8_192,
    },
    Target {
        name: "cookie",
        run: cookie,
        longest: 1_024,
    },
    Target {
        name: "form",
        run: form,
        longest: 1_024,
    },
    Target {
        name: "discovery",
        run: discovery,
        longest: 4_096,
    },
    Target {
        name: "csv",
        run: csv,
        longest: 4_096,
    },
];

/// The parser of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// A shared secret that signed the tokens of the corpus.
const SECRET: &[u8] = b"a-secret-of-the-corpus-of-32-bytes";

/// A token in compact form (JWS), of each algorithm.
fn token(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let peeked = jose::peek(&text);
    let verified =
        jose::verify_signature_only::<Value>(&text, Algorithm::Hs256, Keys::Secret(SECRET));
    assert!(
        verified.is_err() || peeked.is_ok(),
        "what verifies can be looked at"
    );
    let none = JwkSet::new(Vec::new());
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let verified = jose::verify_signature_only::<Value>(&text, algorithm, Keys::Set(&none));
        assert!(verified.is_err(), "no key signed it");
    }
}

/// A set of public keys, and a token that names one of them.
fn key_set(bytes: &[u8]) {
    let Ok(set) = JwkSet::parse(bytes) else {
        return;
    };
    assert!(bytes.len() <= jose::MAX_KEY_SET_BYTES && set.keys().len() <= jose::MAX_KEYS);
    let written = serde_json::to_vec(&set).unwrap_or_default();
    let again = JwkSet::parse(&written).map(|again| again.keys().len());
    assert_eq!(
        again.ok(),
        Some(set.keys().len()),
        "what is published is read"
    );
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let token = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA";
        let verified = jose::verify_signature_only::<Value>(token, algorithm, Keys::Set(&set));
        assert!(verified.is_err(), "four bytes are no signature");
    }
}

/// The headers of a request's cookies, a line each.
fn cookie(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    let cookies = Cookies::of(&headers);
    for (name, _) in cookies.all() {
        drop(cookies.get(&name));
    }
    drop(cookies.get("__Host-session"));
}

/// A query or a form of the protocol.
fn form(bytes: &[u8]) {
    identity::fuzz::form(&String::from_utf8_lossy(bytes));
}

/// The document by which a ministry's provider says where it answers.
fn discovery(bytes: &[u8]) {
    identity::fuzz::discovery(bytes);
}

/// A directory as spreadsheets write it.
fn csv(bytes: &[u8]) {
    let Ok(file) = import::read(bytes) else {
        return;
    };
    assert!(!file.lines.is_empty() || !file.faults.is_empty());
    for fault in &file.faults {
        let told = serde_json::to_string(fault).unwrap_or_default();
        let heard = serde_json::from_str::<import::Fault>(&told);
        assert_eq!(heard.ok().as_ref(), Some(fault), "a fault is kept as it is");
        assert!(!told.contains("\\u0000"), "no database keeps a zero byte");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn inputs(folder: &str, target: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join(target);
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
        paths.sort();
        paths
    }

    #[test]
    fn the_corpus_and_all_that_was_ever_found_break_nothing() {
        for target in TARGETS {
            let corpus = inputs("corpus", target.name);
            assert!(!corpus.is_empty(), "{} has no seeds", target.name);
            for path in corpus.into_iter().chain(inputs("findings", target.name)) {
                let bytes = fs::read(&path).expect("readable");
                eprintln!("{}", path.display());
                (target.run)(&bytes);
            }
        }
    }

    #[test]
    fn a_seed_that_should_be_read_is_read() {
        // A seed that is refused at the first byte leads an engine nowhere.
        for name in ["one-key", "two-keys"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("corpus/key-set")
                .join(name);
            let bytes = fs::read(path).expect("a seed");
            assert!(JwkSet::parse(&bytes).is_ok(), "{name}");
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/csv/agents");
        let file = import::read(&fs::read(path).expect("a seed")).expect("a directory");
        assert_eq!(
            (file.lines.len(), file.faults.len()),
            (1, 2),
            "{:?}",
            file.faults
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/token/hs256");
        let token = fs::read_to_string(path).expect("a seed");
        let keys = Keys::Secret(SECRET);
        let verified = jose::verify_signature_only::<Value>(token.trim(), Algorithm::Hs256, keys);
        assert!(verified.is_ok(), "{:?}", verified.err());
    }
}
