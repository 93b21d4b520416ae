//! What each command does.

pub(crate) mod admin;
pub(crate) mod check;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use kernel::{Clock as _, SystemClock};
use kernel_db::Db;
use tokio_util::sync::CancellationToken;

use crate::compose::{Instance, MIGRATIONS, StartError, database};
use crate::config::{Config, ConfigError};

/// The exit code of a command, its error said on the standard error.
pub(crate) fn finish(result: Result<(), StartError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            say_error(&cause);
            ExitCode::FAILURE
        }
    }
}

/// A line for people on the standard output. A reader who has gone away is not an error.
pub(crate) fn say(line: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

/// A line for people on the standard error.
pub(crate) fn say_error(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "besace: {line}");
}

/// The configuration of a file under the process's environment.
pub(crate) fn configuration(path: &Path) -> Result<Config, ConfigError> {
    crate::config::load(path, std::env::vars())
}

/// `besace serve`.
pub(crate) async fn serve(path: &Path) -> Result<(), StartError> {
    let config = configuration(path)?;
    warn_without_web();
    let listen = config.http.listen;
    let instance = Instance::start(config, Arc::new(SystemClock::default()), false).await?;
    tracing::info!(%listen, "serving");
    instance.run(until_told()).await
}

/// `besace migrate`.
pub(crate) async fn migrate(path: &Path) -> Result<(), StartError> {
    let config = configuration(path)?;
    let db = Db::open(&database(&config)).await?;
    let report = db.migrate(MIGRATIONS, SystemClock::default().now()).await?;
    say(format!("{report:?}"));
    db.close().await;
    Ok(())
}

/// `besace openapi`.
pub(crate) fn openapi() -> ExitCode {
    let parts = [identity::openapi(), portal::openapi()];
    let document = kernel_http::merged_openapi(env!("CARGO_PKG_VERSION"), parts);
    match document.to_pretty_json() {
        Ok(text) => {
            say(text);
            ExitCode::SUCCESS
        }
        Err(cause) => {
            say_error(cause);
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn warn_without_web() {
    if !crate::web::EmbeddedWeb::is_built() {
        tracing::warn!("built without the web app: only the server-rendered pages stand");
    }
}

/// Cancelled by SIGTERM or SIGINT.
pub(crate) fn until_told() -> CancellationToken {
    let told = CancellationToken::new();
    let cancel = told.clone();
    tokio::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (term, int) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        );
        match (term, int) {
            (Ok(mut term), Ok(mut int)) => {
                tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            }
            _ => std::future::pending().await,
        }
        tracing::info!("stopping: what is under way may end");
        cancel.cancel();
    });
    told
}
