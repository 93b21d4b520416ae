//! The parts of `cargo xtask test`, in order; one that fails does not stop those which do not
//! need it.

use std::collections::BTreeMap;
use std::process::{Command, ExitCode};

use clap::ValueEnum;

use crate::error::TaskError;
use crate::nats::Nats;
use crate::node;
use crate::packages::{self, Program};
use crate::postgres::Postgres;
use crate::shell::{self, Stopwatch};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// The runner of the Rust tests, pinned.
const NEXTEST: &str = "0.9.143";

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// The formatting of the Rust code.
    Fmt,
    /// The build of the web app, which the binary embeds.
    Site,
    /// Clippy on everything, warnings refused.
    Clippy,
    /// The build of the binary.
    Build,
    /// The Rust tests, on SQLite and on PostgreSQL, and the examples of the docs.
    Rust,
    /// The committed API description is the one the binary prints.
    Openapi,
    /// The checks of the web app that run no test: types, lint, boundaries, API types.
    WebLint,
    /// The tests of the web app and its weight.
    Web,
    /// Clients and providers of other projects.
    Peers,
    /// The journeys in real browsers.
    E2e,
}

/// Every part, in the order they run.
pub(crate) const ALL: [Part; 10] = [
    Part::Fmt,
    Part::Site,
    Part::Clippy,
    Part::Build,
    Part::Rust,
    Part::Openapi,
    Part::WebLint,
    Part::Web,
    Part::Peers,
    Part::E2e,
];

impl Part {
    /// What must have passed before.
    fn needs(self) -> &'static [Part] {
        match self {
            Self::Fmt | Self::Site | Self::WebLint => &[],
            Self::Clippy | Self::Build | Self::Rust | Self::Web => &[Self::Site],
            Self::Openapi | Self::Peers | Self::E2e => &[Self::Site, Self::Build],
        }
    }

    fn programs(self) -> &'static [Program] {
        match self {
            Self::Fmt | Self::Site | Self::WebLint | Self::Web | Self::Openapi => &[],
            Self::Peers => &[
                Program::Openssl,
                Program::Python,
                Program::Postgres,
                Program::Nats,
            ],
            Self::Clippy | Self::Build => &[Program::Gcc],
            Self::Rust => &[
                Program::Gcc,
                Program::Postgres,
                Program::Nats,
                Program::Strace,
            ],
            Self::E2e => &[Program::Chromium, Program::Firefox, Program::Openssl],
        }
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Runs these parts and what they need; the last line printed is `N passed, N failed`.
///
/// # Errors
/// When the machine cannot be made ready; a part that fails is counted instead.
pub(crate) fn run(workspace: &Workspace, asked: &[Part]) -> Result<ExitCode, TaskError> {
    let whole = Stopwatch::start();
    let parts: Vec<Part> = ALL
        .into_iter()
        .filter(|part| {
            asked
                .iter()
                .any(|one| one == part || one.needs().contains(part))
        })
        .collect();
    let programs: Vec<Program> = parts
        .iter()
        .flat_map(|part| part.programs())
        .copied()
        .collect();
    packages::need(workspace, &programs)?;
    node::ready(workspace)?;
    let servers = if parts.contains(&Part::Rust) {
        install_nextest(workspace)?;
        Some((Postgres::start(workspace)?, Nats::start(workspace)?))
    } else {
        None
    };
    let runner = Runner {
        workspace,
        database: servers.as_ref().map(|(postgres, _)| postgres.url()),
        bus: servers.as_ref().map(|(_, nats)| nats.url()),
    };
    let mut results: BTreeMap<Part, Tally> = BTreeMap::new();
    for part in parts {
        let failed = |need: &&Part| results.get(*need).is_some_and(|tally| tally.failed > 0);
        let tally = if let Some(need) = part.needs().iter().find(failed) {
            println!(
                "\n── {}: not run, since {} failed",
                part.name(),
                need.name()
            );
            Tally::check(false)
        } else {
            println!("\n── {}", part.name());
            let watch = Stopwatch::start();
            let tally = runner.run(part).unwrap_or_else(|error| {
                println!("{error}");
                Tally::check(false)
            });
            let Tally { passed, failed } = tally;
            println!(
                "── {}: {passed} passed, {failed} failed, {}",
                part.name(),
                watch.seconds()
            );
            tally
        };
        results.insert(part, tally);
    }
    drop(servers);
    let mut sum = Tally::default();
    println!("\n── after {}", whole.seconds());
    for (part, tally) in &results {
        println!(
            "   {:<10} {:>5} passed {:>5} failed",
            part.name(),
            tally.passed,
            tally.failed
        );
        sum += *tally;
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Runner<'a> {
    workspace: &'a Workspace,
    database: Option<String>,
    bus: Option<String>,
}

impl Runner<'_> {
    fn run(&self, part: Part) -> Result<Tally, TaskError> {
        match part {
            Part::Fmt => Self::check(&mut self.workspace.cargo(&["fmt", "--all", "--check"])),
            Part::Site => node::build_site(self.workspace).map(|()| Tally::check(true)),
            Part::Clippy => {
                let all = [
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ];
                let mut tally = Self::check(&mut self.workspace.cargo(&all))?;
                // The benchmarks with the doors that the workspace's own build does not open.
                let benches = [
                    "clippy",
                    "--package",
                    "benches",
                    "--features",
                    "portal",
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ];
                tally += Self::check(&mut self.workspace.cargo(&benches))?;
                Ok(tally)
            }
            // With the features of the whole workspace: the tests then compile nothing twice.
            Part::Build => {
                let all = ["build", "--workspace", "--bin", "besace"];
                Self::check(&mut self.workspace.cargo(&all))
            }
            Part::Rust => self.rust(),
            Part::Openapi => self.openapi(),
            Part::WebLint => self.scripts(
                &["api:check", "typecheck", "lint", "boundaries"],
                Tally::check_output,
            ),
            Part::Web => {
                let mut tally = self.scripts(&["test"], Tally::runner)?;
                tally += self.scripts(&["budget"], Tally::check_output)?;
                Ok(tally)
            }
            Part::Peers => {
                let mut tally = self.node_tests("tests/peers/oidc")?;
                tally += self.node_tests("tests/peers/docs")?;
                tally += self.node_tests("tests/peers/portal")?;
                tally += self.node_tests("tests/peers/access")?;
                tally += self.node_tests("tests/peers/mail")?;
                tally += self.node_tests("tests/peers/operation")?;
                tally += self.node_tests("tests/peers/nodes")?;
                Ok(tally)
            }
            Part::E2e => {
                // A journey plugs the peers' ministry in.
                node::install(self.workspace, "tests/peers/oidc")?;
                self.node_tests("web/e2e")
            }
        }
    }

    fn check(command: &mut Command) -> Result<Tally, TaskError> {
        Ok(Tally::check(shell::show(command)?.success))
    }

    fn rust(&self) -> Result<Tally, TaskError> {
        let mut tally = Tally::default();
        let commands: [&[&str]; 2] = [
            &[
                "nextest",
                "run",
                "--workspace",
                "--profile",
                "ci",
                "--no-fail-fast",
            ],
            &["test", "--workspace", "--doc"],
        ];
        for arguments in commands {
            let mut command = self.workspace.cargo(arguments);
            command.env("BESACE_REQUIRE_PG", "1");
            command.envs(self.database.as_ref().map(|url| ("BESACE_TEST_PG", url)));
            command.env("BESACE_REQUIRE_NATS", "1");
            command.envs(self.bus.as_ref().map(|url| ("BESACE_TEST_NATS", url)));
            let outcome = shell::show(&mut command)?;
            tally += Tally::runner(outcome.success, &outcome.output);
        }
        Ok(tally)
    }

    /// The web app's types are made from `web/openapi.json`: it must say what the binary says.
    fn openapi(&self) -> Result<Tally, TaskError> {
        let program = self.workspace.target("debug/besace");
        let printed = shell::ask(self.workspace.command(program).arg("openapi"))
            .ok_or_else(|| TaskError::CommandFailed("besace openapi".to_owned()))?;
        let path = self.workspace.path("web/openapi.json");
        let committed = std::fs::read_to_string(&path).map_err(TaskError::file(&path))?;
        let same = printed.trim() == committed.trim();
        if !same {
            println!("web/openapi.json is not what `besace openapi` prints; write it anew:");
            println!("  cargo run -p besace -- openapi > web/openapi.json");
        }
        Ok(Tally::check(same))
    }

    fn scripts(&self, names: &[&str], count: fn(bool, &str) -> Tally) -> Result<Tally, TaskError> {
        node::install(self.workspace, "web")?;
        let mut tally = Tally::default();
        for name in names {
            let watch = Stopwatch::start();
            let outcome = shell::show(&mut node::npm(self.workspace, "web", &["run", name]))?;
            println!("── web {name}: {}", watch.seconds());
            tally += count(outcome.success, &outcome.output);
        }
        Ok(tally)
    }

    /// Tests in Node.js that start the binary themselves.
    fn node_tests(&self, folder: &str) -> Result<Tally, TaskError> {
        node::install(self.workspace, folder)?;
        let mut command = node::npm(self.workspace, folder, &["test"]);
        command.env("BESACE_BIN", self.workspace.target("debug/besace"));
        let outcome = shell::show(&mut command)?;
        Ok(Tally::runner(outcome.success, &outcome.output))
    }
}

fn install_nextest(workspace: &Workspace) -> Result<(), TaskError> {
    if shell::ask(&mut workspace.cargo(&["nextest", "--version"])).is_some() {
        return Ok(());
    }
    println!("── cargo-nextest is absent; compiling {NEXTEST}");
    let mut install =
        workspace.cargo(&["install", "cargo-nextest", "--locked", "--version", NEXTEST]);
    shell::need("cargo install cargo-nextest", &mut install)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_after_all_it_needs() {
        for (position, part) in ALL.iter().enumerate() {
            for need in part.needs() {
                let before = ALL.iter().take(position).any(|earlier| earlier == need);
                assert!(before, "{} runs before {}", part.name(), need.name());
            }
        }
    }

    #[test]
    fn what_a_part_needs_needs_nothing_that_the_part_does_not() {
        for part in ALL {
            for need in part.needs() {
                assert!(
                    need.needs()
                        .iter()
                        .all(|deeper| part.needs().contains(deeper))
                );
            }
        }
    }
}
