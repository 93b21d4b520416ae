//! `cargo xtask fuzz`: libFuzzer over the parsers of foreign bytes, with the stable compiler's own
//! coverage.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::error::TaskError;
use crate::packages::{self, Program};
use crate::shell;
use crate::workspace::Workspace;

/// What the compiler puts in, so that the engine sees which way the bytes went.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1";

/// A parser as the engine names it.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    name: String,
    /// The longest input that is worth trying, in bytes.
    longest: usize,
}

/// Feeds one parser, or each in turn, and keeps what breaks it.
pub(crate) fn run(
    workspace: &Workspace,
    target: &str,
    minutes: u32,
) -> Result<ExitCode, TaskError> {
    packages::need(workspace, &[Program::Gcc, Program::Gpp])?;
    let engine = build(workspace)?;
    let told = shell::ask(workspace.command(&engine).arg("--list"));
    let all = listed(&told.unwrap_or_default());
    let mut chosen = Vec::new();
    for one in &all {
        if target == "all" || one.name == target {
            chosen.push(one);
        }
    }
    if chosen.is_empty() {
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        eprintln!("no such target; there are: {}, all", names.join(", "));
        return Ok(ExitCode::FAILURE);
    }
    let mut found = false;
    for one in chosen {
        found |= !hunt(workspace, &engine, one, minutes)?;
    }
    Ok(if found {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Builds the engine; where it is.
fn build(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let built = workspace.target("fuzz");
    let host = host()?;
    let mut compile = workspace.cargo(&[
        "build",
        "--release",
        "--locked",
        "--manifest-path",
        "fuzz/engine/Cargo.toml",
        // Named, so that the flags are not those of build scripts and macros too.
        "--target",
        &host,
    ]);
    compile
        .env("CARGO_TARGET_DIR", &built)
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .env("RUSTFLAGS", COVERAGE);
    shell::need("cargo build", &mut compile)?;
    Ok(built.join(host).join("release/fuzz-engine"))
}

/// The parsers that the engine lists, a line each: the name and the longest input.
fn listed(told: &str) -> Vec<Target> {
    let mut all = Vec::new();
    for line in told.lines() {
        let Some((name, longest)) = line.split_once(' ') else {
            continue;
        };
        if let Ok(longest) = longest.parse() {
            all.push(Target {
                name: name.to_owned(),
                longest,
            });
        }
    }
    all
}

/// The triple of this machine, as the compiler names it.
fn host() -> Result<String, TaskError> {
    let told = shell::ask(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| TaskError::CommandFailed("rustc -vV".to_owned()))
}

/// One parser; whether nothing was found. The corpus that grows stays in the target folder.
fn hunt(
    workspace: &Workspace,
    engine: &Path,
    target: &Target,
    minutes: u32,
) -> Result<bool, TaskError> {
    let name = target.name.as_str();
    let grown = workspace.target("fuzz").join("corpus").join(name);
    let findings = workspace.path("fuzz/findings").join(name);
    for folder in [&grown, &findings] {
        fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
    }
    let before = files(&findings);
    println!("{name}: {minutes} minutes");
    let mut run = workspace.command(engine);
    run.env("BESACE_FUZZ_TARGET", name)
        .arg(format!("-max_total_time={}", minutes.saturating_mul(60)))
        .arg(format!("-max_len={}", target.longest))
        .args(["-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .arg(&grown)
        .arg(workspace.path("fuzz/corpus").join(name));
    let outcome = shell::show(&mut run)?;
    if outcome.success {
        // An empty folder would be nothing to git.
        drop(fs::remove_dir(&findings));
        return Ok(true);
    }
    for path in files(&findings)
        .into_iter()
        .filter(|path| !before.contains(path))
    {
        minimise(workspace, engine, name, &path)?;
        println!(
            "kept: {}; the tests of `fuzz` try it from now on",
            path.display()
        );
    }
    Ok(false)
}

/// Makes a finding as small as a minute allows.
fn minimise(
    workspace: &Workspace,
    engine: &Path,
    name: &str,
    path: &Path,
) -> Result<(), TaskError> {
    let smaller = path.with_extension("small");
    let mut run = workspace.command(engine);
    run.env("BESACE_FUZZ_TARGET", name)
        .args(["-minimize_crash=1", "-max_total_time=60", "-timeout=5"])
        .arg(format!("-exact_artifact_path={}", smaller.display()))
        .arg(path);
    shell::show(&mut run)?;
    if smaller.exists() {
        fs::rename(&smaller, path).map_err(TaskError::file(path))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.flatten().map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parsers_are_those_that_the_engine_lists() {
        let told = "token 4096\nkey-set 8192\nnothing\nodd x\n";
        let target = |name: &str, longest| Target {
            name: name.to_owned(),
            longest,
        };
        let all = [target("token", 4_096), target("key-set", 8_192)];
        assert_eq!(listed(told), all);
        assert_eq!(listed(""), []);
    }
}
