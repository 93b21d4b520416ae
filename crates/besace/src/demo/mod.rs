//! `besace demo`: a throw-away State on the loopback.
//!
//! Besace and three ministries' providers, each a whole instance of this program under its own
//! settings, its own database and its own port. Names, ids and secrets are the same at each
//! start; the data is not kept.

pub(crate) mod mails;
mod manifest;
mod state;
pub(crate) mod tools;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::SystemClock;

pub(crate) use state::State;

use crate::cli::DemoArgs;
use crate::commands::{say, until_told, warn_without_web};
use crate::compose::{Instance, StartError};

/// Starts everything, writes `demo.json`, says where to click, and serves until stopped.
///
/// # Errors
/// When a port is held, a folder is not ours to empty, or the program cannot start.
pub(crate) async fn run(args: DemoArgs) -> Result<(), StartError> {
    warn_without_web();
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("besace-demo-{}", args.port)),
    };
    empty(&folder)?;
    let clock = Arc::new(SystemClock {
        offset_seconds: args.clock_offset,
    });
    let mut state = State::new(args.port, &folder)?;
    state.besace.identity.administration_level = args.administration_level;
    let shutdown = until_told();
    let mut running = tokio::task::JoinSet::new();
    for provider in &state.providers {
        let config = provider.config.clone();
        let instance = Instance::start(config, clock.clone(), true, None).await?;
        running.spawn(instance.run(shutdown.clone()));
    }
    let besace = Instance::start(state.besace.clone(), clock.clone(), true, None).await?;
    besace.know_agents(&state).await?;
    // Before Besace answers: a script that waits for the answer reads the file then.
    manifest::write(&state, &folder)?;
    running.spawn(besace.run(shutdown.clone()));
    welcome(&state, &folder);
    while let Some(ended) = running.join_next().await {
        // One that ends takes the others with it.
        shutdown.cancel();
        match ended {
            Ok(result) => result?,
            Err(cause) => tracing::error!(%cause, "an instance fell"),
        }
    }
    Ok(())
}

/// Marks a folder as a demonstration's, to be emptied at the next start.
const MARK: &str = ".besace-demo";

/// Empties a folder of an earlier demonstration; anybody else's is left alone.
fn empty(folder: &Path) -> Result<(), StartError> {
    let failed = |cause: std::io::Error| StartError::File {
        path: folder.to_owned(),
        cause: cause.to_string(),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    let ours = entries.is_empty() || entries.contains(&folder.join(MARK));
    if !ours {
        return Err(StartError::File {
            path: folder.to_owned(),
            cause: "is neither empty nor an earlier demonstration's: choose another with --data"
                .to_owned(),
        });
    }
    for name in state::FOLDERS {
        let path = folder.join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path).map_err(failed)?;
        }
    }
    std::fs::write(folder.join(MARK), "").map_err(failed)
}

fn welcome(state: &State, folder: &Path) {
    say(String::new());
    say(format!("  Besace: {}", state.base_url()));
    say(String::new());
    say(format!(
        "  The mails that it sends: {}{}",
        state.base_url(),
        mails::PAGE
    ));
    say(String::new());
    say("  Sign in with one of these addresses, all with the password besace-demonstration:");
    for provider in &state.providers {
        say(format!(
            "    {} ({})",
            provider.title(),
            provider.base_url()
        ));
        for account in provider.accounts() {
            let population = account
                .population
                .map_or("", |population| population.claim());
            let more = if account.totp_secret.is_some() {
                ", with a second factor"
            } else {
                ""
            };
            say(format!("      {:<44} {population}{more}", account.email));
        }
    }
    say(String::new());
    say(format!(
        "  For programs: {}",
        folder.join(manifest::FILE).display()
    ));
    say("  Nothing is kept. Stop with Ctrl+C.");
    say(String::new());
}
