//! `besace backup` and `besace restore`.

mod note;
mod postgres;
mod restore;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use kernel::{Clock as _, OsRng, RngExt as _, Secret, SystemClock};
use kernel_db::backup::{self, BackupError, BackupOrder, Manifest};
use kernel_db::{Db, DbError};

use super::{configuration, say, say_error};
use crate::cli::BackupArgs;
use crate::compose::{MIGRATIONS, StartError, backup_key, database, journal, known_master_keys};
use crate::config::Config;
use crate::office::{self, Answer, Order};

pub(crate) use note::{Notes, note_backup};
pub(crate) use restore::run as restore;

/// `besace backup`. Exit code 0 when the backup is whole, 2 when its drill found something, 1
/// when there is none.
pub(crate) async fn run(args: BackupArgs) -> ExitCode {
    match back_up(&args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(cause) => {
            say_error(cause);
            ExitCode::FAILURE
        }
    }
}

async fn back_up(args: &BackupArgs) -> Result<bool, StartError> {
    let config = configuration(&args.config)?;
    let folder = std::path::absolute(&args.folder).map_err(|cause| StartError::File {
        path: args.folder.clone(),
        cause: cause.to_string(),
    })?;
    let manifest = if config.database.url.is_some() {
        match postgres::back_up(&config, &folder, args).await? {
            Some(manifest) => manifest,
            // The commands were printed.
            None => return Ok(true),
        }
    } else {
        of_sqlite(&config, &folder, args.with_master_key).await?
    };
    describe(&manifest, &folder);
    if args.drill {
        return drill(&config, &folder, args.run).await;
    }
    say("Not yet tried: `besace restore --check` restores it into a throw-away folder.");
    Ok(true)
}

/// Backs SQLite up: by this process when it can have the folder, else by the server that has it.
async fn of_sqlite(
    config: &Config,
    folder: &Path,
    with_master_key: bool,
) -> Result<Manifest, StartError> {
    let data = &config.database.folder;
    if !data.join(backup::DATABASE).exists() {
        return Err(BackupError::NoDatabase(data.clone()).into());
    }
    let db = match Db::open(&database(config)).await {
        Ok(db) => db,
        Err(DbError::Locked(_)) => return ask_server(config, folder, with_master_key).await,
        Err(cause) => return Err(cause.into()),
    };
    let keys = known_master_keys(config)?;
    let order = BackupOrder {
        folder: folder.to_owned(),
        release: env!("CARGO_PKG_VERSION").to_owned(),
        at: SystemClock::default().now(),
        master_key: with_master_key.then(|| Secret::new(keys.to_text())),
    };
    let (journal, key) = (journal(config, &keys)?, backup_key(&keys));
    let made = backup::back_up(&db, &journal, &key, order, Arc::new(show)).await;
    let made = match made {
        Ok(manifest) => note_backup(&db, data, &manifest, folder)
            .await
            .map(|()| manifest),
        Err(cause) => Err(cause.into()),
    };
    db.close().await;
    made
}

async fn ask_server(
    config: &Config,
    folder: &Path,
    master_key: bool,
) -> Result<Manifest, StartError> {
    let order = Order::Backup {
        folder: folder.to_owned(),
        master_key,
    };
    match office::ask(&config.database.folder, &order, show).await? {
        Answer::BackedUp { manifest } => Ok(*manifest),
        Answer::Failed { words } => Err(StartError::Told(words)),
        _ => Err(StartError::Told(
            "the server answered something else".to_owned(),
        )),
    }
}

/// The copy's progress, for who watches.
fn show(copied: u64, all: u64) {
    let mut out = std::io::stderr();
    if out.is_terminal() && all > 0 {
        let percent = copied.saturating_mul(100) / all;
        drop(std::io::Write::write_fmt(
            &mut out,
            format_args!("\r{percent} %"),
        ));
        if copied == all {
            drop(std::io::Write::write_all(&mut out, b"\r      \r"));
        }
    }
}

/// Says what a backup holds, and what it does not.
fn describe(manifest: &Manifest, folder: &Path) {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let entries: i64 = manifest.contents.journal.iter().map(|head| head.seq).sum();
    say(format!(
        "{}: {} files, {:.1} MB, release {}, {entries} journal entries in {} chains",
        folder.display(),
        manifest.files.len(),
        megabytes(bytes),
        manifest.contents.release,
        manifest.contents.journal.len(),
    ));
    if manifest.has(backup::MASTER_KEY) {
        say(
            "It holds the master key: whoever has this folder can open everything in it. Keep it \
             as you keep the key.",
        );
    } else {
        say(
            "The master key is NOT in it, nor the configuration: without that key nothing in it \
             can be opened. Keep a copy of both elsewhere.",
        );
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure with one decimal, for people"
)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Restores a backup into a throw-away place and says what was found; whether all was well.
pub(super) async fn drill(config: &Config, folder: &Path, run: bool) -> Result<bool, StartError> {
    let keys = restore::key_for(config, folder)?;
    let (journal, key) = (journal(config, &keys)?, backup_key(&keys));
    let now = SystemClock::default().now();
    let restored = if config.database.url.is_some() {
        match postgres::prove(config, folder, &key, &journal, run).await? {
            Some(restored) => restored,
            None => return Ok(true),
        }
    } else {
        let scratch = scratch();
        backup::prove(folder, &key, &journal, &scratch, MIGRATIONS, now).await?
    };
    let sound = restore::report(&restored);
    if sound {
        say("The backup was restored into a throw-away place, opened and verified: it will do.");
        if let Err(cause) = note::note_drill(&config.database.folder, &restored.manifest, now) {
            say_error(format!("the drill could not be noted: {cause}"));
        }
    }
    Ok(sound)
}

/// A folder of the system's temporary place (`TMPDIR`) that does not exist yet.
fn scratch() -> PathBuf {
    let random = hex::encode(OsRng.bytes::<8>());
    std::env::temp_dir().join(format!("besace-drill-{random}"))
}

impl From<BackupError> for StartError {
    fn from(cause: BackupError) -> Self {
        Self::Told(cause.to_string())
    }
}
