//! `besace admin …`.

use std::path::Path;
use std::process::ExitCode;

use kernel::OsRng;
use kernel_db::Db;
use kernel_http::Outgoing;

use super::{configuration, finish, say, say_error};
use crate::cli::{AdminCommand, JournalCommand, ProviderCommand};
use crate::compose::{StartError, database, journal, master_key, outgoing};

/// Does one.
pub(crate) async fn run(command: AdminCommand) -> ExitCode {
    match command {
        AdminCommand::Journal {
            command: JournalCommand::Verify { config },
        } => judged(verify(&config).await),
        AdminCommand::Provider {
            command: ProviderCommand::List { config },
        } => finish(providers(&config).await),
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
    let db = Db::open(&database(&config)).await?;
    let keys = master_key(&config, &OsRng)?;
    let journal = journal(&config, &keys);
    let report = kernel_db::verify(&db, &journal.checkpoint_file, &journal.key)
        .await
        .map_err(|cause| StartError::File {
            path: journal.checkpoint_file.clone(),
            cause: cause.to_string(),
        })?;
    db.close().await;
    for finding in &report.findings {
        say_error(finding);
    }
    say(format!(
        "{} chains, {} entries: {}",
        report.chains,
        report.entries,
        if report.is_intact() {
            "intact"
        } else {
            "NOT as they were written"
        }
    ));
    Ok(report.is_intact())
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
