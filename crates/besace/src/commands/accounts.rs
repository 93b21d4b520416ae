//! `besace admin agent …` and `besace admin domain …`.

use std::sync::Arc;

use identity::Renaming;
use identity::domain::life::{Reason, Step};
use kernel::{Clock as _, OsRng, Rng, SystemClock};
use kernel_db::Db;

use super::{configuration, say, say_error};
use crate::cli::{AgentCommand, DomainCommand};
use crate::compose::{StartError, database};

/// Acts on the account of an address.
pub(super) async fn agent(command: AgentCommand) -> Result<(), StartError> {
    let (step, args) = match command {
        AgentCommand::Suspend(args) => (Step::Suspend, args),
        AgentCommand::Resume(args) => (Step::Resume, args),
        AgentCommand::Depart(args) => (Step::Depart, args),
    };
    let reason = Reason::parse(args.reason.as_deref().unwrap_or_default())
        .map_err(identity::IdentityError::from)?;
    let config = configuration(&args.config)?;
    let db = Db::open(&database(&config)).await?;
    let done = identity::act_on_address(&db, with(), &args.address, step, reason).await?;
    db.close().await;
    let done = done.ok_or(StartError::NoSuchAccount(args.address))?;
    say(format!(
        "{}\t{}\t{} sessions ended",
        done.agent,
        done.state.wire(),
        done.sessions
    ));
    Ok(())
}

/// Has the addresses of an administration follow its domain.
pub(super) async fn domain(command: DomainCommand) -> Result<(), StartError> {
    let DomainCommand::Rename {
        old,
        new,
        organisation,
        apply,
        config,
    } = command;
    let config = configuration(&config)?;
    let db = Db::open(&database(&config)).await?;
    let (new, siret) = (
        new.to_lowercase(),
        organisation.split_whitespace().collect::<String>(),
    );
    let renaming = Renaming {
        old: old.to_lowercase(),
        new: new.clone(),
        siret: siret.clone(),
    };
    let renamed = identity::rename_domain(&db, with(), renaming, apply).await?;
    db.close().await;
    let renamed = renamed.ok_or(StartError::NoSuchAdministration(siret))?;
    for address in &renamed.taken {
        say_error(format!(
            "{address}: somebody else has this address; merge the two accounts"
        ));
    }
    let done = if apply {
        "renamed"
    } else {
        "to be renamed (--apply writes it)"
    };
    say(format!(
        "{} addresses {done} to @{new}, {} left as they are",
        renamed.agents,
        renamed.taken.len()
    ));
    Ok(())
}

fn with() -> (kernel::Timestamp, Arc<dyn Rng>) {
    (SystemClock::default().now(), Arc::new(OsRng))
}
