//! `besace admin keys`: the keys that sign tokens.

use std::path::Path;
use std::sync::Arc;

use identity::domain::signing::Rotation;
use identity::service::keys::{KeyLife, Locksmith};
use kernel::{OsRng, SystemClock, Timestamp};
use kernel_db::Db;
use kernel_http::Sealer;

use super::{configuration, say};
use crate::cli::KeysCommand;
use crate::compose::{StartError, database, known_master_key};

/// Does one.
pub(crate) async fn run(command: &KeysCommand) -> Result<(), StartError> {
    match command {
        KeysCommand::List { config } => list(locksmith(config).await?).await,
        KeysCommand::Rotate { config } => {
            let locksmith = locksmith(config).await?;
            if locksmith.rotate(Rotation::Now).await?.is_empty() {
                say("the next keys are published already: nothing was made");
            }
            list(locksmith).await
        }
    }
}

async fn locksmith(path: &Path) -> Result<Locksmith, StartError> {
    let config = configuration(path)?;
    let db = Db::open(&database(&config)).await?;
    Ok(Locksmith {
        db,
        clock: Arc::new(SystemClock::default()),
        rng: Arc::new(OsRng),
        sealer: Sealer::new(&known_master_key(&config)?),
    })
}

/// Prints every key, and closes the database.
async fn list(locksmith: Locksmith) -> Result<(), StartError> {
    for KeyLife { facts, state } in locksmith.list().await? {
        say(format!(
            "{}\t{}\t{}\tsigns from {}",
            facts.kid,
            facts.algorithm.name(),
            state.word(),
            utc(facts.active_at)
        ));
    }
    locksmith.db.close().await;
    Ok(())
}

fn utc(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.millis());
    at.map_or_else(
        |_| String::from("a time that no clock shows"),
        |at| at.to_string(),
    )
}
