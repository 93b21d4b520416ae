//! What is written in the checkout: files short enough to read, no lint silenced for ever, no
//! promise instead of code, no path of one machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::graph::root;

/// A file longer than this has more than one idea.
const LONGEST: usize = 800;

/// Everything git tracks, or would once added.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).unwrap();
    listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect()
}

/// The tracked files with this ending that still exist, and what they hold.
pub(crate) fn texts(ending: &str) -> Vec<(PathBuf, String)> {
    files()
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .filter_map(|path| {
            fs::read_to_string(root().join(&path))
                .ok()
                .map(|text| (path, text))
        })
        .collect()
}

/// `path:line: what` for each line that holds one of these words.
fn lines_with(texts: &[(PathBuf, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts {
        for (number, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    found
}

/// Numbers of the lines that silence a lint without an expectation that says why.
fn silenced(text: &str) -> impl Iterator<Item = usize> {
    let explained = concat!("expect(clippy::al", "low_attributes");
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let before = number.checked_sub(1).map_or("", |before| lines[before]);
        let silences = [concat!("#[al", "low("), concat!("#![al", "low(")];
        if silences.iter().any(|word| line.contains(word)) && !before.contains(explained) {
            found.push(number + 1);
        }
    }
    found.into_iter()
}

#[test]
fn a_silenced_lint_is_found_unless_the_line_before_explains_it() {
    let silence = concat!("#[al", "low(dead_code)]");
    let explained = concat!("#[expect(clippy::al", "low_attributes, reason = \"…\")]");
    assert_eq!(
        silenced(&format!("one\n{silence}\n")).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!(silenced(&format!("{explained}\n{silence}\n")).count(), 0);
}

#[test]
fn no_rust_file_is_too_long() {
    let long: Vec<String> = texts(".rs")
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(
        long.is_empty(),
        "files over {LONGEST} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn no_lint_is_silenced_for_ever_and_no_code_is_promised() {
    // In two halves, so that this file does not find itself.
    let words = [
        concat!("to", "do!("),
        concat!("unimplem", "ented!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    let found = lines_with(&texts(".rs"), &words);
    assert!(
        found.is_empty(),
        "write what is meant:\n{}",
        found.join("\n")
    );
}

#[test]
fn no_text_names_a_path_of_one_machine() {
    let words = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/home/", "runner"),
    ];
    let found: Vec<String> = [
        "rs", "toml", "md", "ts", "tsx", "mjs", "js", "json", "yml", "html",
    ]
    .iter()
    .flat_map(|ending| lines_with(&texts(&format!(".{ending}")), &words))
    .collect();
    assert!(
        found.is_empty(),
        "paths of one machine:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_line_that_holds_a_word_is_named_by_file_and_number() {
    let texts = [(PathBuf::from("a.rs"), "one\ntwo words\n".to_owned())];
    assert_eq!(lines_with(&texts, &["two"]), ["a.rs:2: two"]);
    assert!(lines_with(&texts, &["three"]).is_empty());
}

/// The names under which shapes go into the API's description, and where each is declared.
fn described_shapes() -> std::collections::BTreeMap<String, Vec<PathBuf>> {
    let mut shapes = std::collections::BTreeMap::<String, Vec<PathBuf>>::new();
    for (path, text) in texts(".rs") {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if !(line.starts_with("#[derive(") && line.contains("ToSchema")) {
                continue;
            }
            let declared = lines
                .by_ref()
                .find(|line| line.contains("struct ") || line.contains("enum "));
            let name = declared.and_then(|line| {
                let after = line.split_once("struct ").or(line.split_once("enum "))?.1;
                after.split(|c: char| !c.is_alphanumeric()).next()
            });
            if let Some(name) = name {
                shapes
                    .entry(name.to_owned())
                    .or_default()
                    .push(path.clone());
            }
        }
    }
    shapes
}

#[test]
fn two_shapes_of_the_api_never_bear_one_name() {
    // The description has one list of shapes: the second would silently take the first's place.
    let twice: Vec<_> = described_shapes()
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
