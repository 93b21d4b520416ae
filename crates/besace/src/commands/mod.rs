//! What each command does.

mod accounts;
pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod check;
mod dead_letters;
pub(crate) mod keys;
mod local_accounts;
mod mail_test;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use kernel::{Clock as _, SystemClock};
use kernel_db::Db;
use tokio_util::sync::CancellationToken;

use crate::compose::{Instance, MIGRATIONS, StartError, database};
use crate::config::{Config, ConfigError};
use crate::supervisor;

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
    let inherited = supervisor::inherited()?;
    let clock = Arc::new(SystemClock::default());
    let instance = Instance::start(config, clock, false, inherited).await?;
    let listen = instance.address()?;
    tracing::info!(%listen, "serving");
    let shutdown = until_told();
    supervisor::watch(instance.db().clone(), listen, shutdown.clone());
    instance.run(shutdown).await
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use kernel::TokenScope;
    use serde_json::Value;

    fn document() -> Value {
        let parts = [identity::openapi(), portal::openapi()];
        let document = kernel_http::merged_openapi("0", parts);
        serde_json::to_value(document).expect("JSON")
    }

    /// The operations that name scopes of tokens: path, method, scopes.
    fn open_to_tokens() -> Vec<(String, String, Vec<String>)> {
        let mut open = Vec::new();
        for (path, methods) in document()["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let asked = operation["security"].as_array().into_iter().flatten();
                for scopes in asked.filter_map(|one| one[kernel_http::tokens::SCHEME].as_array()) {
                    let words = scopes.iter().filter_map(Value::as_str);
                    open.push((
                        path.clone(),
                        method.clone(),
                        words.map(str::to_owned).collect(),
                    ));
                }
            }
        }
        open
    }

    #[test]
    fn each_scope_opens_something_and_each_open_operation_names_one_scope() {
        let mut named = BTreeSet::new();
        for (path, method, scopes) in open_to_tokens() {
            let [scope] = scopes.as_slice() else {
                panic!("{method} {path} names {scopes:?}");
            };
            let scope = TokenScope::from_word(scope);
            named.insert(scope.unwrap_or_else(|| panic!("{method} {path} names {scopes:?}")));
        }
        assert_eq!(named, BTreeSet::from(TokenScope::ALL));
    }

    /// Where credentials and roles are made, ended or given, and accounts are closed.
    const NEVER: &[&str] = &[
        "/api/v1/account/applications",
        "/api/v1/account/sessions",
        "/api/v1/account/tokens",
        "/api/v1/admin/agents/{id}/",
        "/api/v1/admin/grants",
        "/api/v1/admin/providers",
        "/api/v1/admin/tools/{id}/application",
        "/api/v1/session",
    ];

    #[test]
    fn no_token_opens_what_makes_gives_or_ends_a_right() {
        for (path, method, _) in open_to_tokens() {
            let found = NEVER.iter().find(|place| path.starts_with(**place));
            assert_eq!(found, None, "{method} {path}");
            let writes = method != "get";
            assert!(!(writes && path.starts_with("/api/v1/account")), "{path}");
        }
    }

    #[test]
    fn each_operation_of_the_api_has_a_name_of_its_own() {
        // Types are generated by these names: two of one name would become each other's.
        let document = document();
        let mut places = HashMap::<String, Vec<String>>::new();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let Some(name) = operation["operationId"].as_str() else {
                    continue;
                };
                let place = format!("{method} {path}");
                places.entry(name.to_owned()).or_default().push(place);
            }
        }
        places.retain(|_, places| places.len() > 1);
        assert!(places.is_empty(), "{places:#?}");
    }
}
