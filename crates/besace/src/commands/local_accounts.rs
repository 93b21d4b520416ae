//! `besace admin local …`.

use kernel::{OsRng, Population, SystemClock};
use kernel_db::{Db, DbError};
use std::sync::Arc;

use super::{configuration, say};
use crate::cli::{InviteArgs, LocalCommand};
use crate::compose::{StartError, database, desk};
use crate::office::{
    self, Answer, LocalInvitation, NOBODY_SIGNS_IN_HERE, Order, ask, invite, reset_factor,
};

/// Does one, by the server that holds the data folder when one does.
///
/// # Errors
/// When it cannot be done: why.
pub(super) async fn run(command: LocalCommand) -> Result<(), StartError> {
    let (config, order) = match command {
        LocalCommand::Invite(args) => (args.config.clone(), invitation(args)?),
        LocalCommand::ResetFactor { address, config } => {
            (config, Order::LocalResetFactor { address })
        }
    };
    let config = configuration(&config)?;
    let answer = match Db::open(&database(&config)).await {
        Ok(db) => {
            let clock = Arc::new(SystemClock::default());
            let desk = desk(&config, &db, clock, Arc::new(OsRng))?;
            let desk = desk.ok_or_else(|| StartError::Told(NOBODY_SIGNS_IN_HERE.to_owned()))?;
            let done = match order {
                Order::LocalInvite { invitation } => invite(&desk, invitation).await,
                Order::LocalResetFactor { address } => reset_factor(&desk, &address).await,
                _ => Err("that order is not about accounts".to_owned()),
            };
            db.close().await;
            done.map_err(StartError::Told)?
        }
        // The server that holds the folder does it.
        Err(DbError::Locked(_)) => ask(&config.database.folder, &order, |_, _| {}).await?,
        Err(cause) => return Err(cause.into()),
    };
    told(answer)
}

fn told(answer: office::Answer) -> Result<(), StartError> {
    match answer {
        Answer::Invited { link: None } => {
            say("invited: a link to choose the password is in the mail");
            Ok(())
        }
        Answer::Invited { link: Some(link) } => {
            say("invited; no mail leaves here ([mail]), so hand this link over yourself:");
            say(link);
            Ok(())
        }
        Answer::FactorReset { sessions } => {
            say(format!(
                "second factors removed, {sessions} sessions ended: the next sign-in asks for the \
                 password, then for a new factor"
            ));
            Ok(())
        }
        Answer::Failed { words } => Err(StartError::Told(words)),
        _ => Err(StartError::Told(
            "the server answered something else".to_owned(),
        )),
    }
}

fn invitation(args: InviteArgs) -> Result<Order, StartError> {
    let population = match args.population.as_deref() {
        None => None,
        Some(word) => Some(Population::from_claim(word).ok_or_else(|| {
            let words = "--population is agent, prestataire, partenaire or stagiaire";
            StartError::Told(words.to_owned())
        })?),
    };
    Ok(Order::LocalInvite {
        invitation: LocalInvitation {
            address: args.address,
            given_name: args.given_name,
            usual_name: args.usual_name,
            siret: args.siret,
            organizational_unit: args.organizational_unit,
            population,
        },
    })
}
