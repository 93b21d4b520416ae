//! `cargo xtask guards`: each guard against a known attack is taken out, in a copy of the sources,
//! and the tests that `guards.toml` names must fail. A test that still passes protects nothing.
//!
//! All guards go at once unless one is named, so that the copy is built once. A test that fails
//! for another guard's sake would not be noticed then: name the guard to take it out alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Deserialize;

use crate::error::TaskError;
use crate::packages::{self, Program};
use crate::shell;
use crate::workspace::Workspace;

const LIST: &str = "xtask/guards.toml";

/// The list.
#[derive(Deserialize)]
struct List {
    guard: Vec<Guard>,
}

/// One guard; the file `guards.toml` says what its members mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    attack: String,
    #[serde(rename = "guard")]
    name: String,
    file: PathBuf,
    find: String,
    put: String,
    package: String,
    tests: Vec<String>,
}

/// What became of a test whose guard is gone.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It failed, as it should.
    Failed,
    /// It passed: it does not see whether the guard is there.
    Passed,
    /// There is no such test.
    Absent,
}

/// Takes out the guards whose attack or name contains `named`, all when none is given.
pub(crate) fn run(workspace: &Workspace, named: Option<&str>) -> Result<ExitCode, TaskError> {
    packages::need(workspace, &[Program::Gcc])?;
    let mut guards = listed(&workspace.path(LIST))?;
    if let Some(named) = named {
        guards.retain(|guard| guard.attack.contains(named) || guard.name.contains(named));
    }
    if guards.is_empty() {
        eprintln!("no such guard; the list is xtask/guards.toml");
        return Ok(ExitCode::FAILURE);
    }
    let copy = workspace.target("guards/sources");
    copy_sources(workspace, &copy)?;
    for guard in &guards {
        take_out(guard, &copy)?;
    }
    let mut unseen = 0;
    for guard in &guards {
        for test in &guard.tests {
            let outcome = try_without(workspace, &copy, guard, test)?;
            let said = match outcome {
                Outcome::Failed => "fails without it",
                Outcome::Passed => "PASSES WITHOUT IT",
                Outcome::Absent => "IS NOT THERE",
            };
            println!("{}: {}: {test} {said}", guard.attack, guard.name);
            unseen += usize::from(outcome != Outcome::Failed);
        }
    }
    println!(
        "{} guards taken out, {unseen} tests did not notice",
        guards.len()
    );
    Ok(if unseen == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn listed(path: &Path) -> Result<Vec<Guard>, TaskError> {
    let text = fs::read_to_string(path).map_err(TaskError::file(path))?;
    let list: List = toml::from_str(&text).map_err(|cause| TaskError::Guards(cause.to_string()))?;
    Ok(list.guard)
}

/// What git knows of, as it is on disk. Cargo's marks of time stay those of what did not change.
fn copy_sources(workspace: &Workspace, copy: &Path) -> Result<(), TaskError> {
    let known = shell::ask(workspace.command("git").args(["ls-files", "-z"]))
        .ok_or_else(|| TaskError::CommandFailed("git ls-files".to_owned()))?;
    let known: BTreeSet<&str> = known.split('\0').filter(|name| !name.is_empty()).collect();
    forget_unknown(copy, copy, &known)?;
    for name in known {
        let from = workspace.path(name);
        // Taken away and not committed yet.
        let Ok(bytes) = fs::read(&from) else { continue };
        let to = copy.join(name);
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
        }
        fs::write(&to, bytes).map_err(TaskError::file(&to))?;
    }
    Ok(())
}

/// Removes what is no source any more from a folder of the copy.
fn forget_unknown(copy: &Path, folder: &Path, known: &BTreeSet<&str>) -> Result<(), TaskError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            forget_unknown(copy, &path, known)?;
            continue;
        }
        let name = path.strip_prefix(copy).unwrap_or(&path).to_string_lossy();
        if !known.contains(name.as_ref()) {
            fs::remove_file(&path).map_err(TaskError::file(&path))?;
        }
    }
    Ok(())
}

fn take_out(guard: &Guard, sources: &Path) -> Result<(), TaskError> {
    let path = sources.join(&guard.file);
    let text = fs::read_to_string(&path).map_err(TaskError::file(&path))?;
    let without = without(guard, &text)?;
    fs::write(&path, without).map_err(TaskError::file(&path))
}

/// The file's text without its guard.
fn without(guard: &Guard, text: &str) -> Result<String, TaskError> {
    match text.matches(&guard.find).count() {
        1 => Ok(text.replacen(&guard.find, &guard.put, 1)),
        count => {
            let (name, file) = (&guard.name, guard.file.display());
            let said = format!("“{name}” is found {count} times in {file}");
            Err(TaskError::Guards(said))
        }
    }
}

/// Runs one test in the copy. Those on PostgreSQL are left out: the rule is the same.
fn try_without(
    workspace: &Workspace,
    copy: &Path,
    guard: &Guard,
    test: &str,
) -> Result<Outcome, TaskError> {
    let filter = format!("test(/(^|::){test}(::|$)/) and not test(/postgres/)");
    let mut run = workspace.cargo(&["nextest", "run", "--locked", "--no-fail-fast"]);
    run.args(["-p", &guard.package, "-E", &filter])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", workspace.target("guards/target"));
    let ended = shell::show(&mut run)?;
    judged(&ended.output).ok_or_else(|| TaskError::CommandFailed("cargo nextest".to_owned()))
}

/// What the runner's last lines say; none when it did not come to running.
fn judged(output: &str) -> Option<Outcome> {
    let summary = output
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Summary ["))?;
    let told = summary.split_once(']')?.1;
    if told.trim_start().starts_with("0 tests run") {
        Some(Outcome::Absent)
    } else if told.contains(": 0 passed") {
        Some(Outcome::Failed)
    } else {
        Some(Outcome::Passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn each_guard_stands_once_where_the_list_says() {
        let guards = listed(&root().join(LIST)).unwrap();
        assert!(!guards.is_empty());
        for guard in &guards {
            let text = fs::read_to_string(root().join(&guard.file)).unwrap();
            let without = without(guard, &text).unwrap();
            assert_ne!(without, text, "{}", guard.name);
            assert!(!guard.tests.is_empty(), "{}", guard.name);
        }
    }

    #[test]
    fn a_guard_that_moved_is_named() {
        let guard = &listed(&root().join(LIST)).unwrap()[0];
        let error = without(guard, "another text").unwrap_err().to_string();
        assert!(error.contains(&guard.name), "{error}");
    }

    #[test]
    fn the_runner_s_summary_is_read() {
        let summary = |told: &str| judged(&format!("  PASS x\n     Summary [   0.1s] {told}\n"));
        let failed = summary("2 tests run: 0 passed, 2 failed, 700 skipped");
        assert_eq!(failed, Some(Outcome::Failed));
        let half = summary("2 tests run: 1 passed, 1 failed, 700 skipped");
        assert_eq!(half, Some(Outcome::Passed));
        let none = summary("0 tests run: 0 passed, 702 skipped");
        assert_eq!(none, Some(Outcome::Absent));
        assert_eq!(judged("error: could not compile"), None);
    }
}
