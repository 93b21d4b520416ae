//! `cargo xtask fuzz`: libFuzzer over the parsers of foreign bytes, with the stable compiler's own
//! coverage.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::error::TaskError;
use crate::packages::{self, Program};
use crate::shell;
use crate::workspace::Workspace;

const TARGETS: [&str; 6] = ["token", "key-set", "cookie", "form", "discovery", "csv"];

/// What the compiler puts in, so that the engine sees which way the bytes went.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1";

/// Feeds one parser, or each in turn, and keeps what breaks it.
pub(crate) fn run(
    workspace: &Workspace,
    target: &str,
    minutes: u32,
) -> Result<ExitCode, TaskError> {
    let chosen: Vec<&str> = TARGETS
        .into_iter()
        .filter(|name| target == "all" || *name == target)
        .collect();
    if chosen.is_empty() {
        eprintln!("no such target; there are: {}, all", TARGETS.join(", "));
        return Ok(ExitCode::FAILURE);
    }
    packages::need(workspace, &[Program::Gcc, Program::Gpp])?;
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
    let engine = built.join(host).join("release/fuzz-engine");
    let mut found = false;
    for name in chosen {
        found |= !hunt(workspace, &engine, name, minutes)?;
    }
    Ok(if found {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The triple of this machine, as the compiler names it.
fn host() -> Result<String, TaskError> {
    let told = shell::ask(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| TaskError::CommandFailed("rustc -vV".to_owned()))
}

/// One parser; whether nothing was found. The corpus that grows stays in the target folder.
fn hunt(workspace: &Workspace, engine: &Path, name: &str, minutes: u32) -> Result<bool, TaskError> {
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
        .args([
            "-timeout=5",
            "-rss_limit_mb=1024",
            "-print_final_stats=1",
            "-max_len=8192",
        ])
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
