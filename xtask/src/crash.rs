//! `cargo xtask bench crash`: servers killed under load, on both databases.

use std::process::ExitCode;

use crate::error::TaskError;
use crate::packages::{self, Program};
use crate::workspace::Workspace;
use crate::{node, shell};

/// Builds the program as the other benchmarks do and kills it; the arguments are the script's.
pub(crate) fn run(workspace: &Workspace, rest: &[String]) -> Result<ExitCode, TaskError> {
    packages::need(
        workspace,
        &[
            Program::Gcc,
            Program::Postgres,
            Program::Nats,
            Program::Python,
        ],
    )?;
    node::ready(workspace)?;
    node::install(workspace, "tests/peers/oidc")?;
    let mut compile = workspace.cargo(&["build", "--profile", "bench", "-p", "besace"]);
    shell::need("cargo build", &mut compile)?;
    let mut run = workspace.command("node");
    // Cargo's own name for the folder of its profile `bench`.
    run.arg("tests/peers/nodes/crash.mjs")
        .args(rest)
        .env("BESACE_BIN", workspace.target("release").join("besace"));
    let outcome = shell::show(&mut run)?;
    Ok(if outcome.success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
