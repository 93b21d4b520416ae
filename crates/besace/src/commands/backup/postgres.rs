//! PostgreSQL: its own programs back it up and restore it. Their commands are printed, or run
//! with `--run`; what surrounds the dump (checkpoint, manifest, proofs) is ours.

use std::path::{Path, PathBuf};

use kernel::{Clock as _, OsRng, RngExt as _, Secret, SystemClock};
use kernel_db::backup::{
    self, BackupError, BackupKey, CHECKPOINT, DUMP, Draft, MASTER_KEY, Manifest, Restored,
};
use kernel_db::{Backend, DatabaseConfig, Db, JournalConfig};
use tokio::process::Command;

use super::note_backup;
use crate::cli::BackupArgs;
use crate::commands::say;
use crate::compose::{MIGRATIONS, StartError, backup_key, database, journal, known_master_keys};
use crate::config::{Config, ConfigError};

/// An address without its password, which the programs take from the environment: other users of
/// the machine see the arguments.
struct Server {
    address: String,
    password: Option<Secret>,
    database: String,
}

impl Server {
    fn of(config: &Config) -> Result<Self, StartError> {
        let wrong = |cause: String| StartError::from(ConfigError::value("database.url", cause));
        let text = config.database.url.as_ref().map_or("", Secret::expose);
        let mut url = url::Url::parse(text).map_err(|cause| wrong(cause.to_string()))?;
        let password = url
            .password()
            .map(|text| percent_decoded(text).map(Secret::new))
            .transpose()
            .map_err(wrong)?;
        let database = url.path().trim_start_matches('/').to_owned();
        if url.set_password(None).is_err() || database.is_empty() {
            return Err(wrong("names no server and database".to_owned()));
        }
        Ok(Self {
            address: url.to_string(),
            password,
            database,
        })
    }

    /// The same server, another database.
    fn with_database(&self, name: &str) -> Result<Self, StartError> {
        let mut url = url::Url::parse(&self.address)
            .map_err(|cause| ConfigError::value("database.url", cause))?;
        url.set_path(name);
        Ok(Self {
            address: url.to_string(),
            password: self.password.clone(),
            database: name.to_owned(),
        })
    }

    /// Runs one of PostgreSQL's programs to its end.
    async fn run(&self, words: &[String]) -> Result<(), StartError> {
        let Some((program, arguments)) = words.split_first() else {
            return Ok(());
        };
        let mut command = Command::new(program);
        command.args(arguments).kill_on_drop(true);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password.expose());
        }
        let ended = command.status().await.map_err(|cause| {
            StartError::Told(format!(
                "{program} cannot be started ({cause}): install PostgreSQL's client programs, of \
                 the server's version or later"
            ))
        })?;
        if ended.success() {
            Ok(())
        } else {
            Err(StartError::Told(format!(
                "{program} failed ({ended}); its own words are above"
            )))
        }
    }
}

fn percent_decoded(text: &str) -> Result<String, String> {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|cause| cause.to_string())
}

fn dump(server: &Server, file: &Path) -> Vec<String> {
    vec![
        "pg_dump".to_owned(),
        "--format=custom".to_owned(),
        "--no-owner".to_owned(),
        format!("--file={}", file.display()),
        format!("--dbname={}", server.address),
    ]
}

fn fill(server: &Server, file: &Path) -> Vec<String> {
    vec![
        "pg_restore".to_owned(),
        "--exit-on-error".to_owned(),
        "--single-transaction".to_owned(),
        "--no-owner".to_owned(),
        format!("--dbname={}", server.address),
        file.display().to_string(),
    ]
}

/// A command as one writes it in a shell.
fn line(words: &[String]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@".contains(c);
            if word.chars().all(plain) {
                word.clone()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        })
        .collect();
    quoted.join(" ")
}

fn say_password(server: &Server) {
    if server.password.is_some() {
        say("# PGPASSWORD: the password of database.url, or a line of ~/.pgpass");
    }
}

/// Backs PostgreSQL up, or says how; none: it was said.
pub(super) async fn back_up(
    config: &Config,
    folder: &Path,
    args: &BackupArgs,
) -> Result<Option<Manifest>, StartError> {
    let server = Server::of(config)?;
    let keys = known_master_keys(config)?;
    let journal = journal(config, &keys)?;
    if !args.run {
        say_password(&server);
        let checkpoint = journal.checkpoint_file.display().to_string();
        let place = folder.display().to_string();
        say(line(&["mkdir".to_owned(), "-p".to_owned(), place]));
        let target = folder.join(CHECKPOINT).display().to_string();
        say(line(&["cp".to_owned(), checkpoint, target]));
        say(line(&dump(&server, &folder.join(DUMP))));
        say("# or, with a manifest that `besace restore` verifies: the same command with --run");
        return Ok(None);
    }
    let draft = Draft::begin(folder)?;
    // The checkpoint, then what the manifest says, then the dump: each is younger than the one
    // before, and chains only grow.
    match std::fs::read(&journal.checkpoint_file) {
        Ok(bytes) => draft.write(CHECKPOINT, &bytes)?,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
        Err(cause) => {
            return Err(StartError::File {
                path: journal.checkpoint_file,
                cause: cause.to_string(),
            });
        }
    }
    if args.with_master_key {
        draft.write(MASTER_KEY, keys.to_text().as_bytes())?;
    }
    let db = Db::open(&database(config)).await?;
    let now = SystemClock::default().now();
    let contents = backup::contents(&db, env!("CARGO_PKG_VERSION"), now).await?;
    server.run(&dump(&server, &draft.path(DUMP))).await?;
    let key = backup_key(&keys);
    let kept = tokio::task::spawn_blocking(move || draft.keep(contents, &key)).await;
    let manifest = kept.map_err(|cause| StartError::Told(cause.to_string()))??;
    note_backup(&db, &config.database.folder, &manifest, folder).await?;
    db.close().await;
    Ok(Some(manifest))
}

/// A backup of PostgreSQL whose files are those that were backed up.
fn opened(folder: &Path, key: &BackupKey) -> Result<Manifest, BackupError> {
    let manifest = Manifest::open(folder, key)?;
    if manifest.backend()? != Backend::Postgres {
        return Err(BackupError::OtherDatabase {
            found: "SQLite",
            expected: "PostgreSQL",
        });
    }
    backup::verify_files(folder, &manifest)?;
    Ok(manifest)
}

/// Restores into the configured database, which is empty, or says how; none: it was said.
pub(super) async fn restore(
    config: &Config,
    folder: &Path,
    key: &BackupKey,
    journal: &JournalConfig,
    run: bool,
) -> Result<Option<Restored>, StartError> {
    let server = Server::of(config)?;
    if !run {
        say_password(&server);
        say(format!(
            "# the database {} exists and is empty",
            server.database
        ));
        say(line(&fill(&server, &folder.join(DUMP))));
        let checkpoint = folder.join(CHECKPOINT).display().to_string();
        let place = journal.checkpoint_file.display().to_string();
        say(line(&["cp".to_owned(), checkpoint, place]));
        say("# then `besace migrate` and `besace admin journal verify`; or all of it: --run");
        return Ok(None);
    }
    let manifest = opened(folder, key)?;
    backup::refuse_other_checkpoint(&manifest, &journal.checkpoint_file)?;
    let db = Db::open(&database(config)).await?;
    let empty = backup::is_empty(&db).await;
    db.close().await;
    if !empty? {
        let place = PathBuf::from(format!("the database {}", server.database));
        return Err(BackupError::Occupied(place).into());
    }
    server.run(&fill(&server, &folder.join(DUMP))).await?;
    if manifest.has(CHECKPOINT) {
        backup::lay_out_as(folder, manifest.file(CHECKPOINT)?, &journal.checkpoint_file)?;
    }
    proved(&database(config), manifest, journal).await.map(Some)
}

/// Restores into a database that is made for it and dropped, or says how; none: it was said.
pub(super) async fn prove(
    config: &Config,
    folder: &Path,
    key: &BackupKey,
    journal: &JournalConfig,
    run: bool,
) -> Result<Option<Restored>, StartError> {
    let server = Server::of(config)?;
    let manifest = opened(folder, key)?;
    let name = format!("besace_drill_{}", hex::encode(OsRng.bytes::<6>()));
    let drill = server.with_database(&name)?;
    let maintenance = format!("--maintenance-db={}", server.address);
    let make = ["createdb".to_owned(), maintenance.clone(), name.clone()];
    let drop_it = ["dropdb".to_owned(), maintenance, name.clone()];
    if !run {
        say("every file is the one that was backed up");
        say_password(&server);
        for words in [&make[..], &fill(&drill, &folder.join(DUMP)), &drop_it] {
            say(line(words));
        }
        say("# or all of it, with its verification: --run");
        return Ok(None);
    }
    let scratch = super::scratch();
    let seen = JournalConfig {
        checkpoint_file: scratch.join(CHECKPOINT),
        key: journal.key.clone(),
        retention: journal.retention,
    };
    server.run(&make).await?;
    let outcome = async {
        drill.run(&fill(&drill, &folder.join(DUMP))).await?;
        if manifest.has(CHECKPOINT) {
            backup::lay_out_as(folder, manifest.file(CHECKPOINT)?, &seen.checkpoint_file)?;
        }
        let place = config_of(config, &name)?;
        proved(&place, manifest, &seen).await
    }
    .await;
    drop(std::fs::remove_dir_all(&scratch));
    server.run(&drop_it).await?;
    outcome.map(Some)
}

/// The configured server with another database.
fn config_of(config: &Config, name: &str) -> Result<DatabaseConfig, StartError> {
    let text = config.database.url.as_ref().map_or("", Secret::expose);
    let mut url =
        url::Url::parse(text).map_err(|cause| ConfigError::value("database.url", cause))?;
    url.set_path(name);
    Ok(DatabaseConfig::Postgres {
        url: url.to_string(),
        max_connections: 2,
    })
}

async fn proved(
    place: &DatabaseConfig,
    manifest: Manifest,
    journal: &JournalConfig,
) -> Result<Restored, StartError> {
    let db = Db::open(place).await?;
    let now = SystemClock::default().now();
    let proved = backup::prove_copy(&db, &manifest, journal, MIGRATIONS, now).await;
    db.close().await;
    let (migrated, journal) = proved?;
    Ok(Restored {
        manifest,
        migrated,
        journal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Server {
        let config: Config =
            toml::from_str(&format!("[database]\nurl = \"{url}\"")).expect("a configuration");
        Server::of(&config).expect("a server")
    }

    #[test]
    fn the_password_is_in_no_command() {
        let server = server("postgres://besace:s%2Bcr+t%21@db.example:5433/besace?sslmode=require");
        assert_eq!(
            server.password.as_ref().map(Secret::expose),
            Some("s+cr+t!")
        );
        let said = line(&dump(&server, Path::new("/srv/mon day/besace.dump")));
        assert_eq!(
            said,
            "pg_dump --format=custom --no-owner '--file=/srv/mon day/besace.dump' \
             '--dbname=postgres://besace@db.example:5433/besace?sslmode=require'"
        );
        let other = server.with_database("drill").expect("an address");
        assert_eq!(
            other.address,
            "postgres://besace@db.example:5433/drill?sslmode=require"
        );
    }
}
