//! What is sealed under the master key: each purpose is either a column's, which is sealed anew when
//! the key changes, or of what is handed out and comes back.

use std::collections::BTreeSet;

use crate::texts::texts;

/// What lies in columns: each has its line in the `SEALED` of its tool.
const STORED: &[&str] = &[
    "identity/factor/1",
    "identity/guest-factor/1",
    "identity/provider-secret/1",
    "identity/signing-key/1",
    "identity/upstream-id-token/1",
    "portal/search-source",
];
/// What browsers and applications keep for us: it ends by itself, and no row has to be sealed anew.
const HANDED_OUT: &[&str] = &[
    "identity/access-token/1",
    "identity/after-logout/1",
    "identity/application-token/1",
    "identity/code/1",
    "identity/device/1",
    "identity/enrolment/1",
    "identity/interaction/1",
    "identity/kept-address/1",
    "identity/refresh-token/1",
];

/// The texts of constants that look like a purpose: `tool/what`, or `tool/what/1`.
fn purposes(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let Some((_, value)) = line.split_once(": &str = \"") else {
            continue;
        };
        let Some((value, _)) = value.split_once('"') else {
            continue;
        };
        let parts: Vec<&str> = value.split('/').collect();
        let is_word = |part: &&str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if parts.len() >= 2 && parts.iter().all(is_word) {
            found.insert(value);
        }
    }
    found
}

#[test]
fn every_purpose_of_a_seal_is_a_column_s_or_of_what_is_handed_out() {
    let sources = texts(".rs");
    let mut found = BTreeSet::new();
    let mut declared = 0;
    for (path, text) in &sources {
        let path = path.to_string_lossy();
        if !path.starts_with("crates/tools/") || !path.contains("/src/") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        declared += text.matches("SealedColumn {").count();
        if code.contains(".seal(") || code.contains("sealer.open(") {
            found.extend(purposes(code));
        }
    }
    let known: BTreeSet<&str> = STORED.iter().chain(HANDED_OUT).copied().collect();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "{unknown:?}: what lies in a column goes to its tool's SEALED and to STORED here, what is \
         handed out to HANDED_OUT"
    );
    let unused: Vec<_> = known.difference(&found).collect();
    assert!(unused.is_empty(), "{unused:?} seal nothing");
    assert_eq!(
        declared,
        STORED.len(),
        "each stored purpose has one column in the SEALED of its tool"
    );
}
