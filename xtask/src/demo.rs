//! Tasks that build and run one program: the demonstration, a benchmark, the distribution.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use crate::error::TaskError;
use crate::node;
use crate::packages::{self, Program};
use crate::postgres::Postgres;
use crate::shell::{self, Stopwatch};
use crate::workspace::Workspace;

/// Builds what changed and becomes the demonstration; returns only when it cannot.
pub(crate) fn demo(workspace: &Workspace, port: Option<u16>, rest: &[String]) -> TaskError {
    let watch = Stopwatch::start();
    if let Err(error) = build(workspace, "demo") {
        return error;
    }
    println!("── ready to start after {}", watch.seconds());
    let program = workspace.target("demo/besace");
    let mut command = workspace.command(&program);
    command.arg("demo");
    if let Some(port) = port {
        command.arg("--port").arg(port.to_string());
    }
    command.args(rest);
    TaskError::Spawn {
        program: program.display().to_string(),
        source: command.exec(),
    }
}

/// Builds the program as it is distributed.
pub(crate) fn dist(workspace: &Workspace) -> Result<ExitCode, TaskError> {
    build(workspace, "dist")?;
    println!("── {}", workspace.target("dist/besace").display());
    Ok(ExitCode::SUCCESS)
}

/// Runs one benchmark with a private PostgreSQL beside it.
pub(crate) fn bench(
    workspace: &Workspace,
    name: &str,
    rest: &[String],
) -> Result<ExitCode, TaskError> {
    packages::need(workspace, &[Program::Gcc, Program::Postgres])?;
    // The peer of the benchmark of sign-ins is a program of npm.
    if name == "sso" {
        node::ready(workspace)?;
        node::install(workspace, "benches/peers/oidc-provider")?;
    }
    let mut compile = workspace.cargo(&[
        "build",
        "--profile",
        "bench",
        "--all-features",
        "-p",
        "benches",
        "--bin",
        name,
    ]);
    shell::need("cargo build", &mut compile)?;
    let postgres = Postgres::start(workspace)?;
    // Cargo's own name for the folder of its profile `bench`.
    let mut run = workspace.command(workspace.target("release").join(name));
    run.args(rest).env("BESACE_BENCH_PG", postgres.url());
    let outcome = shell::show(&mut run)?;
    Ok(if outcome.success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn build(workspace: &Workspace, profile: &str) -> Result<(), TaskError> {
    packages::need(workspace, &[Program::Gcc])?;
    node::ready(workspace)?;
    node::build_site(workspace)?;
    let watch = Stopwatch::start();
    println!("── compiling besace (profile {profile})");
    let mut compile = workspace.cargo(&["build", "--profile", profile, "-p", "besace"]);
    shell::need("cargo build", &mut compile)?;
    println!("── besace compiled: {}", watch.seconds());
    Ok(())
}
