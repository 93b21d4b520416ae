//! The acts that the house journals: each name stands in one list, which the web app puts into
//! sentences, and each name of the list is journalled somewhere.

use std::collections::BTreeSet;

use crate::texts::texts;

const LIST: &str = "crates/kernel/src/acts.rs";

/// The name between the quotes after each `Act(`; what is not a quoted name, as it is written.
fn named(text: &str) -> Vec<Result<&str, &str>> {
    let mut found = Vec::new();
    for (at, call) in text.match_indices("Act(") {
        let before = text.get(..at).and_then(|text| text.chars().last());
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = text.get(at + call.len()..).unwrap_or_default();
        let name = rest
            .strip_prefix('"')
            .and_then(|rest| rest.split_once("\")"))
            .map(|(name, _)| name);
        found.push(name.ok_or_else(|| rest.lines().next().unwrap_or_default()));
    }
    found
}

/// A file without its tests, which stand at its end.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn every_act_that_is_journalled_is_in_the_list_and_every_act_of_the_list_is_journalled() {
    let sources = texts(".rs");
    let list = sources
        .iter()
        .find(|(path, _)| path.ends_with(LIST))
        .map(|(_, text)| without_tests(text))
        .expect("the list of the acts");
    let listed: BTreeSet<&str> = named(list).into_iter().flatten().collect();
    assert!(listed.len() > 30, "{listed:?}");
    let (mut journalled, mut unclear) = (BTreeSet::new(), Vec::new());
    for (path, text) in &sources {
        let path = path.to_string_lossy();
        let is_tool = path.starts_with("crates/") && path.contains("/src/");
        let is_kernel = path.starts_with("crates/kernel/") || path.starts_with("crates/kernel-db/");
        if !is_tool || is_kernel {
            continue;
        }
        for name in named(without_tests(text)) {
            match name {
                Ok(name) => {
                    journalled.insert(name);
                }
                Err(written) => unclear.push(format!("{path}: Act({written}")),
            }
        }
    }
    assert!(
        unclear.is_empty(),
        "an act is named where it is journalled, in quotes:\n{}",
        unclear.join("\n")
    );
    let unknown: Vec<_> = journalled.difference(&listed).collect();
    assert!(
        unknown.is_empty(),
        "{unknown:?}: add each to {LIST}, and its sentences to web/src/features/admin/journal"
    );
    let unused: Vec<_> = listed.difference(&journalled).collect();
    assert!(
        unused.is_empty(),
        "{unused:?} of {LIST} are journalled nowhere"
    );
}
