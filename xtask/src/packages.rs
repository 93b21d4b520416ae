//! System packages: which program is missing, which Debian package holds it.

use std::path::Path;

use crate::error::TaskError;
use crate::shell;
use crate::workspace::Workspace;

/// A program of the system that a task needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The C compiler, for SQLite and the cryptography.
    Gcc,
    /// The C++ compiler, for the engine that feeds parsers.
    Gpp,
    /// Node.js and npm, for the web app.
    Node,
    /// The PostgreSQL server, for the store suites.
    Postgres,
    /// The NATS server, for the bus between nodes.
    Nats,
    /// The browser of the journeys.
    Chromium,
    /// The second browser of the journeys.
    Firefox,
    /// Makes the certificates of the tests.
    Openssl,
    /// Runs the tools and the mail server of other projects in the peers' tests.
    Python,
    /// Watches system calls: proves that an answer comes after its fsync.
    Strace,
}

impl Program {
    /// The Debian packages that hold it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Gcc => &["gcc", "libc6-dev"],
            Self::Gpp => &["g++"],
            Self::Node => &["nodejs", "npm"],
            Self::Postgres => &["postgresql-15"],
            Self::Nats => &["nats-server"],
            Self::Chromium => &["chromium"],
            Self::Firefox => &["firefox-esr"],
            Self::Openssl => &["openssl"],
            Self::Python => &["python3", "python3-venv"],
            Self::Strace => &["strace"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gcc => "gcc",
            Self::Gpp => "g++",
            Self::Node => "node and npm",
            Self::Postgres => "postgres",
            Self::Nats => "nats-server",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox-esr",
            Self::Openssl => "openssl",
            Self::Python => "python3 with venv",
            Self::Strace => "strace",
        }
    }

    fn is_present(self, workspace: &Workspace) -> bool {
        match self {
            Self::Gcc => on_path(workspace, "gcc"),
            Self::Gpp => on_path(workspace, "g++"),
            Self::Node => on_path(workspace, "node") && on_path(workspace, "npm"),
            Self::Postgres => crate::postgres::programs().is_some(),
            Self::Nats => crate::nats::program(workspace).is_some(),
            Self::Chromium => on_path(workspace, "chromium"),
            Self::Firefox => on_path(workspace, "firefox-esr"),
            Self::Openssl => on_path(workspace, "openssl"),
            Self::Python => shell::ask(
                workspace
                    .command("python3")
                    .args(["-c", "import ensurepip, venv"]),
            )
            .is_some(),
            Self::Strace => on_path(workspace, "strace"),
        }
    }
}

/// Installs by apt what is missing, or says with which command to.
///
/// # Errors
/// When programs are missing and this user may not install, or the installation fails.
pub(crate) fn need(workspace: &Workspace, programs: &[Program]) -> Result<(), TaskError> {
    let missing: Vec<Program> = programs
        .iter()
        .copied()
        .filter(|program| !program.is_present(workspace))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing
        .iter()
        .flat_map(|program| program.packages())
        .copied()
        .collect();
    // Node.js from elsewhere than Debian brings its npm, and refuses Debian's.
    if on_path(workspace, "node") {
        packages.retain(|package| *package != "nodejs");
    }
    let names = missing
        .iter()
        .map(|program| program.name().to_owned())
        .collect::<Vec<_>>();
    let told = format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    if !is_root(workspace) || !on_path(workspace, "apt-get") {
        return Err(TaskError::MissingPrograms {
            programs: names,
            command: told,
        });
    }
    println!("── missing: {}; {told}", names.join(", "));
    let mut update = workspace.command("apt-get");
    update.args(["update", "-qq"]);
    shell::need("apt-get update", &mut update)?;
    let mut install = workspace.command("apt-get");
    // The package's own cluster stays down: the tests start a private one.
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(&packages);
    shell::need("apt-get install", &mut install)?;
    let still: Vec<String> = missing
        .iter()
        .filter(|program| !program.is_present(workspace))
        .map(|program| program.name().to_owned())
        .collect();
    if still.is_empty() {
        Ok(())
    } else {
        Err(TaskError::MissingPrograms {
            programs: still,
            command: told,
        })
    }
}

/// Whether this user is root.
pub(crate) fn is_root(workspace: &Workspace) -> bool {
    shell::ask(workspace.command("id").arg("-u")).as_deref() == Some("0")
}

/// Whether a program is found on the search path.
pub(crate) fn on_path(workspace: &Workspace, program: &str) -> bool {
    std::env::split_paths(&workspace.search_path())
        .any(|folder| Path::new(&folder).join(program).is_file())
}
