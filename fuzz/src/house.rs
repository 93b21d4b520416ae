//! What every tool stands on: cookies, what is sealed, the master keys, what nodes tell each other.

use http::{HeaderMap, HeaderValue, header};
use kernel_http::{Cookies, MasterKey, MasterKeys, Sealer};

/// What the sealed texts of the corpus are for.
const PURPOSE: &str = "fuzz/cookie/1";
/// The only texts that were ever sealed for it: under the key that seals, and under the one before.
const SEALED: [&str; 2] = [
    include_str!("../corpus/cookie/sealed"),
    include_str!("../corpus/cookie/sealed-before"),
];
/// What is in each.
const OPENED: &[u8] = b"a sign-in under way";

fn sealer() -> Sealer {
    Sealer::new(&MasterKey::from_bytes([7; 32])).accepting(&MasterKey::from_bytes([8; 32]))
}

/// The headers of a request's cookies, a line each; their values are opened.
pub(crate) fn cookie(bytes: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    let cookies = Cookies::of(&headers);
    let sealer = sealer();
    let mut accepted = false;
    for (name, value) in cookies.all() {
        drop(cookies.get(&name));
        let opened = sealer.open(PURPOSE, &value);
        let known = SEALED.iter().any(|sealed| sealed_in(sealed) == value);
        let right = known.then_some(OPENED);
        assert_eq!(opened.as_deref(), right, "nobody sealed {value}");
        assert_eq!(sealer.open("fuzz/other/1", &value), None);
        accepted |= known;
    }
    accepted
}

/// The value of a seed's first cookie.
fn sealed_in(seed: &str) -> &str {
    let (_, value) = seed.split_once('=').unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// The master keys as a file or the environment brings them.
pub(crate) fn master_keys(bytes: &[u8]) -> bool {
    let Ok(keys) = MasterKeys::parse(&String::from_utf8_lossy(bytes)) else {
        return false;
    };
    assert_eq!(keys.marks().len(), keys.all().count(), "a key given twice");
    let again = MasterKeys::parse(&keys.to_text());
    let order = |keys: &MasterKeys| -> Vec<String> { keys.all().map(MasterKey::to_hex).collect() };
    assert_eq!(again.ok().as_ref().map(order), Some(order(&keys)));
    true
}

/// A message of another node, and each thing that it may say.
pub(crate) fn bus(bytes: &[u8]) -> bool {
    let Some(payload) = kernel_bus::fuzz::payload(bytes) else {
        return false;
    };
    let ended = kernel_http::nodes::Ended::parse(&payload);
    let Some((topic, again)) = kernel_http::nodes::told_again(&payload) else {
        return ended.is_some();
    };
    let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.' | b'_');
    assert!((1..=64).contains(&topic.len()) && topic.bytes().all(plain));
    let twice = kernel_http::nodes::told_again(&again);
    assert_eq!(twice, Some((topic, again)), "a hint is told as it was");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_for_the_corpus_opens_under_both_keys() {
        for sealed in SEALED {
            let opened = sealer().open(PURPOSE, sealed_in(sealed));
            assert_eq!(opened.as_deref(), Some(OPENED));
            assert!(cookie(sealed.as_bytes()));
        }
    }

    #[test]
    fn a_hint_and_an_end_are_both_heard() {
        for seed in [
            &include_bytes!("../corpus/bus/hint")[..],
            include_bytes!("../corpus/bus/rule"),
            include_bytes!("../corpus/bus/end"),
        ] {
            assert!(bus(seed));
        }
    }
}
