//! Why a task could not be done.

use std::io;
use std::path::PathBuf;

/// Why a task could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// Programs of the system are absent and may not be installed by this user.
    #[error("missing: {}; install with: {command}", programs.join(", "))]
    MissingPrograms {
        /// The programs looked for.
        programs: Vec<String>,
        /// The command that installs the packages which hold them.
        command: String,
    },
    /// A command ended with an error; its output has been shown.
    #[error("{0} failed")]
    CommandFailed(String),
    /// A program could not be started.
    #[error("cannot start {program}: {source}")]
    Spawn {
        /// The program.
        program: String,
        /// What the system answered.
        source: io::Error,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The private PostgreSQL did not start.
    #[error("the private PostgreSQL did not start: {0}")]
    Postgres(String),
    /// The private NATS server did not start.
    #[error("the private NATS server did not start: {0}")]
    Nats(String),
    /// No port of the loopback interface is free.
    #[error("no free port on the loopback interface: {0}")]
    NoPort(io::Error),
    /// The list of guards and the sources disagree.
    #[error("xtask/guards.toml: {0}")]
    Guards(String),
    /// `HOME` says nothing and `CARGO_TARGET_DIR` neither.
    #[error("set HOME or CARGO_TARGET_DIR: there is no place for what is built")]
    NoTarget,
}

impl TaskError {
    /// Wraps what the system answered about a file.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
