//! `besace admin keys`: the keys that sign tokens, and the master key under which everything else
//! is kept.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use identity::domain::signing::KeyState;
use identity::service::keys::{Successor, Withdrawn};
use kernel::{OsRng, SystemClock};
use kernel_db::{Db, DbError};
use kernel_http::{MasterKey, Resealed};

use super::{configuration, say, say_error};
use crate::cli::{ConfigArg, KeysCommand};
use crate::compose::{
    StartError, database, journal, known_master_keys, master_key_file, write_secret,
};
use crate::config::Config;
use crate::keyring::{KeyReport, Keyring};
use crate::office::{self, Answer, Order};

/// Does one.
pub(crate) async fn run(command: KeysCommand) -> Result<(), StartError> {
    match command {
        KeysCommand::List(ConfigArg { config }) => list(&configuration(&config)?).await,
        KeysCommand::Rotate(ConfigArg { config }) => rotate(&configuration(&config)?).await,
        KeysCommand::Withdraw { kid, yes, config } => {
            withdraw(&configuration(&config)?, kid, yes).await
        }
        KeysCommand::RotateMaster(ConfigArg { config }) => {
            let config = configuration(&config)?;
            next_master_key(&config)
        }
        KeysCommand::Reseal(ConfigArg { config }) => reseal(&configuration(&config)?).await,
        KeysCommand::Abandon { mark, yes, config } => {
            abandon(&configuration(&config)?, &mark, yes).await
        }
    }
}

/// Where the keys can be reached: in this process, or in the server that holds the folder.
enum Place {
    Here(Box<Keyring>),
    Server(PathBuf),
}

async fn place(config: &Config) -> Result<Place, StartError> {
    let db = match Db::open(&database(config)).await {
        Ok(db) => db,
        Err(DbError::Locked(_)) => return Ok(Place::Server(config.database.folder.clone())),
        Err(cause) => return Err(cause.into()),
    };
    let keys = known_master_keys(config)?;
    Ok(Place::Here(Box::new(Keyring {
        db,
        clock: Arc::new(SystemClock::default()),
        rng: Arc::new(OsRng),
        journal: journal(config, &keys)?,
        keys: Arc::new(keys),
    })))
}

impl Place {
    /// Does it here, or has the server do it.
    async fn carry_out(self, order: Order) -> Result<Answer, StartError> {
        match self {
            Self::Here(keyring) => {
                let answer = office::of_keys(order, &keyring, &show).await;
                keyring.db.clone().close().await;
                answer
            }
            Self::Server(folder) => match office::ask(&folder, &order, show).await? {
                Answer::Failed { words } => Err(StartError::Told(words)),
                answer => Ok(answer),
            },
        }
    }
}

fn unexpected() -> StartError {
    StartError::Told("the server answered something else".to_owned())
}

/// Every key, and what stands under each master key.
///
/// # Errors
/// What keeps the database, or the server that holds it, from answering.
pub(super) async fn report(config: &Config) -> Result<KeyReport, StartError> {
    match place(config).await?.carry_out(Order::Keys).await? {
        Answer::Keys(report) => Ok(*report),
        _ => Err(unexpected()),
    }
}

async fn list(config: &Config) -> Result<(), StartError> {
    for line in report(config).await?.lines() {
        say(line);
    }
    Ok(())
}

async fn rotate(config: &Config) -> Result<(), StartError> {
    match place(config).await?.carry_out(Order::RotateKeys).await? {
        Answer::Rotated { made: false } => {
            say("the next keys are published already: nothing was made");
        }
        Answer::Rotated { made: true } => {}
        _ => return Err(unexpected()),
    }
    list(config).await
}

async fn withdraw(config: &Config, kid: String, yes: bool) -> Result<(), StartError> {
    if !yes {
        return Err(StartError::Told(format!(
            "{kid} would leave the published keys at once. Nothing that it signed is believed any \
             more: an application that holds an id token of it cannot sign its agent out with it \
             (a page asks), and exports of the journal that it signed no longer check against the \
             published keys. When it is the one that signs, applications that keep the published \
             keys refuse sign-ins until they read them again, ten minutes at most; nobody is \
             signed out here. Nothing was done: say --yes to do it"
        )));
    }
    let order = Order::WithdrawKey { kid };
    match place(config).await?.carry_out(order).await? {
        Answer::Withdrawn { lines } => {
            for line in lines {
                say(line);
            }
            Ok(())
        }
        _ => Err(unexpected()),
    }
}

/// What to tell whoever took a key away.
pub(crate) fn told(done: &Withdrawn) -> Vec<String> {
    let kid = &done.facts.kid;
    let mut lines = vec![format!(
        "{kid} has left the published keys; every node follows within two seconds"
    )];
    match (&done.successor, done.state) {
        (Some(Successor::Published(next)), _) => lines.push(format!(
            "{next}, which was published already, signs from now on"
        )),
        (Some(Successor::Made(new)), _) => lines.push(format!(
            "{new} was made and signs from now on: applications that keep the published keys \
             refuse it until they read them again, ten minutes at most"
        )),
        (None, KeyState::Next) => lines.push("it had signed nothing yet".to_owned()),
        (None, _) => lines.push("it signed no more; another does".to_owned()),
    }
    lines
}

/// Makes the next master key beside the present one, and says what to do with it. The database is
/// not touched.
fn next_master_key(config: &Config) -> Result<(), StartError> {
    let keys = known_master_keys(config)?;
    let mut key = MasterKey::generate(&OsRng);
    // Two keys of one mark could not be told apart.
    while keys.knows(&key.mark()) {
        key = MasterKey::generate(&OsRng);
    }
    let present = master_key_file(config);
    let absolute = std::path::absolute(&present).unwrap_or(present);
    let file = absolute.with_file_name(format!("master-{}.key", key.mark()));
    write_secret(&file, &key.to_hex())?;
    for line in advice(config, &absolute, &file) {
        say(line);
    }
    Ok(())
}

fn advice(config: &Config, present: &Path, file: &Path) -> Vec<String> {
    let (new, old) = (file.display(), present.display());
    let old = if config.keys.master.is_some() {
        "a file with the present key".to_owned()
    } else {
        old.to_string()
    };
    let mut lines = vec![
        format!("{new} holds the next master key. Nothing uses it yet: keep a copy elsewhere."),
        String::new(),
    ];
    if config.database.url.is_some() {
        lines.push(format!(
            "1. On every node: copy it there, readable by the program's user alone; [keys] \
             accepted_files = [\"{new}\"]; restart."
        ));
        lines.push(format!(
            "2. When every node has it, on every node: [keys] master_file = \"{new}\", \
             accepted_files = [\"{old}\"]; restart, one after the other."
        ));
        lines.push("3. When every node has restarted, on one: besace admin keys reseal".to_owned());
    } else {
        lines.push(format!(
            "1. [keys] master_file = \"{new}\", accepted_files = [\"{old}\"]; restart."
        ));
        lines.push("2. besace admin keys reseal".to_owned());
    }
    lines.push(format!(
        "Then `besace admin keys list` says when {old} may leave the configuration. Keep it as \
         long as backups that were made before."
    ));
    lines
}

async fn reseal(config: &Config) -> Result<(), StartError> {
    match place(config).await?.carry_out(Order::Reseal).await? {
        Answer::Resealed { rows, unreadable } => {
            say(format!("{rows} values sealed anew"));
            if unreadable > 0 {
                say_error(format!(
                    "{unreadable} values stand under keys that are not given, or are damaged: they \
                     are as they were"
                ));
            }
        }
        _ => return Err(unexpected()),
    }
    list(config).await
}

async fn abandon(config: &Config, mark: &str, yes: bool) -> Result<(), StartError> {
    let Place::Here(keyring) = place(config).await? else {
        return Err(StartError::Told(
            "a server runs, so no key that it needs is missing: nothing was done".to_owned(),
        ));
    };
    if !yes {
        let report = keyring.report().await?;
        keyring.db.clone().close().await;
        let under = report.masters.iter().find(|line| line.mark == mark);
        let found = under.map_or_else(|| "nothing".to_owned(), |line| line.found(0));
        return Err(StartError::Told(format!(
            "{mark}: {found}. Giving it up loses all of that for good: signing keys are made anew, \
             as when all are withdrawn; secrets of providers and of applications' search have to \
             be given again; who has a second factor at an account run here signs in with a \
             recovery code, or after `besace admin local reset-factor`. Nothing was done: say \
             --yes to do it"
        )));
    }
    let emptied = keyring.abandon(mark).await;
    keyring.db.clone().close().await;
    say(format!(
        "{} values that stood under {mark} were given up",
        emptied?
    ));
    Ok(())
}

/// How far it is, for who watches.
fn show(done: u64, all: u64) {
    let mut out = std::io::stderr();
    if out.is_terminal() && all > 0 {
        let end = if done == all { "\n" } else { "" };
        drop(std::io::Write::write_fmt(
            &mut out,
            format_args!("\r{done} of {all}{end}"),
        ));
    }
}

impl From<Resealed> for Answer {
    fn from(done: Resealed) -> Self {
        Self::Resealed {
            rows: done.rows,
            unreadable: done.unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn config(text: &str) -> Config {
        toml::from_str(text).expect("a configuration")
    }

    #[test]
    fn the_next_master_key_is_made_beside_the_present_one_for_its_owner_alone() {
        let scratch = tempfile::tempdir().expect("a folder");
        let present = scratch.path().join("master.key");
        write_secret(&present, &"7a".repeat(32)).expect("written");
        let config = config(&format!("[keys]\nmaster_file = \"{}\"", present.display()));
        next_master_key(&config).expect("made");
        next_master_key(&config).expect("another");
        let mut made = Vec::new();
        for entry in std::fs::read_dir(scratch.path()).expect("a folder") {
            let path = entry.expect("a file").path();
            if path == present {
                continue;
            }
            let mode = std::fs::metadata(&path)
                .expect("a file")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            let key = crate::compose::read(&path).expect("read");
            made.push(MasterKey::parse(key.expose()).expect("a key").mark());
        }
        assert_eq!(made.len(), 2);
        assert_ne!(made[0], made[1]);
        let kept = crate::compose::read(&present).expect("as it was");
        assert_eq!(kept.expose(), "7a".repeat(32));
    }

    #[test]
    fn on_several_nodes_the_key_is_accepted_everywhere_before_it_seals_anywhere() {
        let (old, new) = (Path::new("/k/master.key"), Path::new("/k/master-AAAAA.key"));
        let one = advice(&config(""), old, new).join("\n");
        assert!(
            one.contains("1. [keys] master_file = \"/k/master-AAAAA.key\""),
            "{one}"
        );
        let nodes = "[database]\nurl = \"postgres://besace@db.example/besace\"";
        let several = advice(&config(nodes), old, new).join("\n");
        let accepted = several.find("accepted_files = [\"/k/master-AAAAA.key\"]");
        let sealing = several.find("master_file = \"/k/master-AAAAA.key\"");
        assert!(accepted.is_some() && accepted < sealing, "{several}");
    }

    #[tokio::test]
    async fn a_key_is_withdrawn_or_given_up_only_by_who_says_yes() {
        let scratch = tempfile::tempdir().expect("a folder");
        let text = format!("[database]\nfolder = \"{}\"", scratch.path().display());
        let refused = withdraw(&config(&text), "kid".to_owned(), false).await;
        assert!(refused.expect_err("asked").to_string().contains("--yes"));
        assert!(!scratch.path().join("besace.sqlite").exists(), "not opened");
    }
}
