//! `besace admin …`.

use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use kernel_db::{Db, DbError};
use kernel_http::Outgoing;

use super::{configuration, finish, say, say_error};
use crate::cli::{AdminCommand, JournalCommand, ProviderCommand};
use crate::compose::{StartError, database, journal, known_master_keys, outgoing};
use crate::config::Config;
use crate::office::{self, Answer, Order, Verdict};

/// Does one.
pub(crate) async fn run(command: AdminCommand) -> ExitCode {
    match command {
        AdminCommand::Journal {
            command: JournalCommand::Verify { config },
        } => judged(verify(&config).await),
        AdminCommand::Journal {
            command: JournalCommand::CheckExport { file, jwks },
        } => judged(check_export(&file, &jwks)),
        AdminCommand::Provider {
            command: ProviderCommand::List { config },
        } => finish(providers(&config).await),
        AdminCommand::Keys { command } => finish(super::keys::run(command).await),
        AdminCommand::Agent { command } => finish(super::accounts::agent(command).await),
        AdminCommand::Local { command } => finish(super::local_accounts::run(command).await),
        AdminCommand::Domain { command } => finish(super::accounts::domain(command).await),
        AdminCommand::DeadLetters(args) => judged(super::dead_letters::run(&args).await),
        AdminCommand::MailTest { config, to } => {
            judged(super::mail_test::run(&config, to.as_deref()).await)
        }
    }
}

/// 0 when all is well, 2 when something was found, 1 when it could not be looked at.
fn judged(outcome: Result<bool, StartError>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(cause) => finish(Err(cause)),
    }
}

/// Whether the journal stands as it was written.
async fn verify(path: &Path) -> Result<bool, StartError> {
    let config = configuration(path)?;
    let verdict = match Db::open(&database(&config)).await {
        Ok(db) => {
            let verdict = recompute(&config, &db).await;
            db.close().await;
            verdict?
        }
        // The server that holds the folder does it.
        Err(DbError::Locked(_)) => {
            let folder = &config.database.folder;
            match office::ask(folder, &Order::JournalVerify, |_, _| {}).await? {
                Answer::Verified(verdict) => verdict,
                Answer::Failed { words } => return Err(StartError::Told(words)),
                _ => {
                    return Err(StartError::Told(
                        "the server answered something else".to_owned(),
                    ));
                }
            }
        }
        Err(cause) => return Err(cause.into()),
    };
    for finding in &verdict.findings {
        say_error(finding);
    }
    say(format!(
        "{} chains, {} entries: {}",
        verdict.chains,
        verdict.entries,
        if verdict.findings.is_empty() {
            "intact"
        } else {
            "NOT as they were written"
        }
    ));
    Ok(verdict.findings.is_empty())
}

async fn recompute(config: &Config, db: &Db) -> Result<Verdict, StartError> {
    let keys = known_master_keys(config)?;
    let journal = journal(config, &keys)?;
    kernel_db::verify(db, &journal.checkpoint_file, &journal.key)
        .await
        .map(|report| Verdict::from(&report))
        .map_err(|cause| StartError::File {
            path: journal.checkpoint_file.clone(),
            cause: cause.to_string(),
        })
}

/// Whether an export of the journal stands as it was written.
fn check_export(path: &Path, jwks: &Path) -> Result<bool, StartError> {
    let failed = |path: &Path, cause: std::io::Error| StartError::File {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    let keys = std::fs::read(jwks).map_err(|cause| failed(jwks, cause))?;
    let file = std::fs::File::open(path).map_err(|cause| failed(path, cause))?;
    match identity::check_journal_export(BufReader::new(file), &keys) {
        Ok(checked) => {
            say(format!(
                "{} entries of {} chains, exported by {} for agent {}: as they were written",
                checked.entries,
                checked.opening.chains.len(),
                checked.opening.issuer,
                checked.opening.by,
            ));
            if checked.left_out > 0 {
                let left_out = checked.left_out;
                say(format!(
                    "{left_out} entries between them are not in the file: see its filter"
                ));
            }
            Ok(true)
        }
        Err(cause) => {
            say_error(&cause);
            say("NOT as it was written");
            Ok(false)
        }
    }
}

async fn providers(path: &Path) -> Result<(), StartError> {
    let config = configuration(path)?;
    let client = Outgoing::new(outgoing(&config)?)?;
    for provider in &config.identity.providers {
        let state = if provider.enabled {
            match super::check::discovery(&client, provider).await {
                Ok(()) => "answers".to_owned(),
                Err(cause) => cause,
            }
        } else {
            "disabled".to_owned()
        };
        say(format!(
            "{}\t{}\t{}\t{state}",
            provider.id, provider.title, provider.issuer
        ));
    }
    Ok(())
}
