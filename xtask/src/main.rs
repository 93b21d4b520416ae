//! Developers' tasks: `cargo xtask demo | test | lint | peers | e2e | bench | fuzz | guards | dist`.
//!
//! Each task starts from a bare machine: it says which system package is missing and, as root,
//! installs it. Whatever it starts (a private PostgreSQL and NATS, a demonstration server) ends with it.
//! The rules of the house that no compiler checks are the integration tests of this crate.

mod crash;
mod demo;
mod error;
mod fuzz;
mod guards;
mod nats;
mod node;
mod packages;
mod parts;
mod postgres;
mod shell;
mod stamp;
mod tally;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::TaskError;
use crate::parts::Part;
use crate::workspace::Workspace;

/// Developers' tasks of Besace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything that changed and start the demonstration.
    Demo {
        /// Port of Besace; the ministries' providers take the following ones.
        #[arg(long)]
        port: Option<u16>,
        /// Arguments handed to `besace demo` as they are.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Run every check and every test; the last line is `N passed, N failed`.
    Test {
        /// Run this part only, with what it needs; may be repeated.
        #[arg(long, value_enum)]
        only: Vec<Part>,
    },
    /// Formatting, clippy and the web checks that run no test.
    Lint,
    /// Real clients and providers of other projects against Besace.
    Peers,
    /// The journeys in real browsers.
    E2e,
    /// Run one benchmark of `benches/`, optimised as a release.
    Bench {
        /// Name of the binary in `benches/`; or `crash`, which kills servers under load.
        name: String,
        /// Arguments handed to the benchmark as they are.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Feed a parser of foreign bytes with what an engine makes up, or all of them in turn.
    Fuzz {
        /// Its name, of those in `fuzz/src/lib.rs`, or `all`.
        target: String,
        /// For how long each.
        #[arg(long, default_value_t = 10)]
        minutes: u32,
    },
    /// Take the guards against known attacks out, in a copy, and see their tests fail.
    Guards {
        /// Only those whose attack or name contains this; all at once when absent.
        named: Option<String>,
    },
    /// Build the program as it is distributed.
    Dist,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode, TaskError> {
    let workspace = Workspace::open()?;
    match task {
        Task::Demo { port, rest } => Err(demo::demo(&workspace, port, &rest)),
        Task::Test { only } if only.is_empty() => parts::run(&workspace, &parts::ALL),
        Task::Test { only } => parts::run(&workspace, &only),
        Task::Lint => parts::run(&workspace, &[Part::Fmt, Part::Clippy, Part::WebLint]),
        Task::Peers => parts::run(&workspace, &[Part::Peers]),
        Task::E2e => parts::run(&workspace, &[Part::E2e]),
        Task::Bench { name, rest } if name == "crash" => crash::run(&workspace, &rest),
        Task::Bench { name, rest } => demo::bench(&workspace, &name, &rest),
        Task::Fuzz { target, minutes } => fuzz::run(&workspace, &target, minutes),
        Task::Guards { named } => guards::run(&workspace, named.as_deref()),
        Task::Dist => demo::dist(&workspace),
    }
}
