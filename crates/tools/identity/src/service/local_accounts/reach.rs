//! How far a caller reaches on an account: links where no mail leaves, and who holds more.

use kernel::{AgentId, Caller, Timestamp};
use kernel_db::Tx;

use super::administers;
use crate::domain::life::LifeRefusal;
use crate::domain::local_account::{LocalAccountRefusal, Step};
use crate::domain::role::{HeldRole, may_give};
use crate::error::IdentityError;
use crate::service::local_office::Desk;
use crate::store;

/// What a caller may do to the accounts that they may act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// They may not act on this one.
    Nothing,
    /// All but be told a link.
    NoLink,
    /// All.
    All,
}

impl May {
    /// That of a caller who may act.
    pub(super) async fn all(
        tx: &mut Tx,
        desk: &Desk,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Self, IdentityError> {
        match may_be_told(tx, desk, caller, now).await {
            Ok(()) => Ok(Self::All),
            Err(IdentityError::LocalAccount(LocalAccountRefusal::NoMail)) => Ok(Self::NoLink),
            Err(cause) => Err(cause),
        }
    }

    /// Whether that takes in a step.
    pub(super) fn includes(self, step: Step) -> bool {
        match self {
            Self::Nothing => false,
            Self::NoLink => step != Step::Invite,
            Self::All => true,
        }
    }
}

/// Refuses a link where no mail leaves, but to who administers the provider's own administration.
pub(super) async fn may_be_told(
    tx: &mut Tx,
    desk: &Desk,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), IdentityError> {
    if desk.mailer.is_configured() {
        return Ok(());
    }
    let own = administers(tx, caller, desk.organisation, now).await;
    own.map_err(|cause| match cause {
        IdentityError::Life(LifeRefusal::NotAdministrator) => LocalAccountRefusal::NoMail.into(),
        cause => cause,
    })
}

/// Refuses who could not give each role that an agent holds now, as it is held: who acts on an
/// account for a day or for one administration must not reach what lasts longer or lies deeper.
pub(super) async fn holds_as_much(
    tx: &mut Tx,
    caller: &Caller,
    agent: AgentId,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let lasts = |held: &HeldRole| held.until.is_none_or(|end| now < end);
    for (held, above) in store::life::roles(tx, agent).await? {
        if lasts(&held) {
            may_give(caller, held.role, held.scope, held.until, &above, now)
                .map_err(|_| LifeRefusal::HoldsMore)?;
        }
    }
    Ok(())
}
