//! `besace restore`.

use std::path::Path;
use std::process::ExitCode;

use kernel::{Act, Clock as _, SystemClock};
use kernel_db::Db;
use kernel_db::backup::{self, RestoreTarget, Restored};
use kernel_http::MasterKeys;

use super::{drill, note, postgres};
use crate::cli::RestoreArgs;
use crate::commands::{configuration, say, say_error};
use crate::compose::{
    MIGRATIONS, StartError, backup_key, database, journal, keep_master_keys, known_master_keys,
};
use crate::config::{Config, ConfigError};

/// `besace restore`. Exit code 0 when all is well, 2 when the data are back and their journal is
/// not as it was written, 1 when nothing was restored.
pub(crate) async fn run(args: RestoreArgs) -> ExitCode {
    match outcome(&args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(cause) => {
            say_error(cause);
            ExitCode::FAILURE
        }
    }
}

async fn outcome(args: &RestoreArgs) -> Result<bool, StartError> {
    let config = configuration(&args.config)?;
    if args.check {
        return drill(&config, &args.folder, args.run).await;
    }
    refuse_other_user(&config.database.folder)?;
    let keys = key_for(&config, &args.folder)?;
    let (journal, key) = (journal(&config, &keys)?, backup_key(&keys));
    let now = SystemClock::default().now();
    let restored = if config.database.url.is_some() {
        match postgres::restore(&config, &args.folder, &key, &journal, args.run).await? {
            Some(restored) => restored,
            None => return Ok(true),
        }
    } else {
        let target = RestoreTarget {
            folder: config.database.folder.clone(),
            journal,
        };
        backup::restore(&args.folder, &key, &target, MIGRATIONS, now).await?
    };
    if known_master_keys(&config).is_err() {
        let others = keep_master_keys(&config, &keys)?;
        say("The master key of the backup was put in its place.");
        for path in others {
            say(format!(
                "{} holds one of before, which opens what is not yet under it: name it in \
                 keys.accepted_files.",
                path.display()
            ));
        }
    }
    let db = Db::open(&database(&config)).await?;
    let noted = note::entry(&db, Act("system.backup.restore"), now, &restored.manifest).await;
    db.close().await;
    noted?;
    let sound = report(&restored);
    say(
        "The data are back. What was done after the backup is not in them: sessions ended, rights taken \
         back and agents suspended since then are as they were. Start with `besace serve`.",
    );
    Ok(sound)
}

/// Refuses to restore into a folder of another user: the database, the checkpoint and the key would
/// be this user's alone, and the server could not read them.
fn refuse_other_user(folder: &Path) -> Result<(), StartError> {
    let Ok(metadata) = std::fs::metadata(folder) else {
        return Ok(());
    };
    let me = rustix::process::geteuid().as_raw();
    refuse_user(me, std::os::unix::fs::MetadataExt::uid(&metadata), folder)
}

fn refuse_user(me: u32, owner: u32, folder: &Path) -> Result<(), StartError> {
    if me == owner {
        return Ok(());
    }
    Err(StartError::File {
        path: folder.to_owned(),
        cause: format!(
            "belongs to the user {owner}, and this runs as {me}: run it as that user (sudo -u), so \
             that the server can read what is restored"
        ),
    })
}

/// The master keys: the configuration's, or the one that the backup holds.
pub(super) fn key_for(config: &Config, folder: &Path) -> Result<MasterKeys, StartError> {
    match known_master_keys(config) {
        Ok(key) => Ok(key),
        Err(absent) => {
            let file = folder.join(backup::MASTER_KEY);
            if !file.exists() {
                return Err(absent);
            }
            let text = crate::compose::read(&file)?;
            MasterKeys::parse(text.expose())
                .map_err(|cause| ConfigError::value(file.display().to_string(), cause).into())
        }
    }
}

/// Says what a restore or its trial saw; whether the journal is as it was written.
pub(super) fn report(restored: &Restored) -> bool {
    for step in &restored.migrated.applied {
        say(format!("migrated: {step}"));
    }
    for finding in &restored.journal.findings {
        say_error(finding);
    }
    let sound = restored.journal.is_intact();
    say(format!(
        "journal: {} chains, {} entries: {}",
        restored.journal.chains,
        restored.journal.entries,
        if sound {
            "intact"
        } else {
            "NOT as they were written; keep this backup, it is evidence"
        }
    ));
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_of_the_folder_restores_into_it() {
        let folder = Path::new("data");
        assert!(refuse_user(1_000, 1_000, folder).is_ok());
        // Root is no exception: what it writes is root's alone.
        let refused = refuse_user(0, 1_000, folder).expect_err("another user");
        assert!(refused.to_string().contains("sudo -u"), "{refused}");
        assert!(refuse_other_user(Path::new("nowhere")).is_ok());
    }
}
