//! The second factor of a guest: added, and proved at each entry.
//!
//! A proof and what it is for are one transaction: the code is spent, the invitation taken and the
//! session opened together, or nothing is. Whoever comes here has proved the mailbox a moment ago,
//! so that misses slow down nobody whom a stranger chooses; a browser by which the guest entered
//! before has a budget of its own, so that whoever reads their mails does not keep them out either.

use std::net::IpAddr;
use std::sync::Arc;

use kernel::{Act, AgentId, JournalEntry, Locale, Outcome, Rng, Secret};
use kernel_db::Tx;
use kernel_http::Sealer;
use serde_json::json;

use super::GUESTS;
use super::enter::{Door, Proof, let_in};
use crate::domain::agent::{Agent, AgentState};
use crate::domain::browser::Browser;
use crate::domain::guest_factor::{GuestNext, GuestStanding, HalfGuest};
use crate::domain::invitation::InvitationId;
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::local::{Counted, DeviceId, Login, Realm, TimeStep, TotpSecret, TypedCode, VerifyError};
use crate::service::Identity;
use crate::store;
use crate::texts::guests::FactorNews;

/// What seals the secrets of guests' factors.
pub(crate) const SECRET: &str = "identity/guest-factor/1";

/// One try at a code, after the mail.
#[derive(Debug)]
pub(crate) struct FactorTry<'a> {
    /// What was proved, and what is asked.
    pub(crate) half: &'a HalfGuest,
    /// The guest, as [`Identity::half_guest`] found them.
    pub(crate) guest: &'a Agent,
    /// As typed.
    pub(crate) typed: &'a str,
    /// The browser, when the guest entered by it before.
    pub(crate) device: Option<DeviceId>,
    /// From where.
    pub(crate) address: IpAddr,
    /// What the session is recognised by.
    pub(crate) browser: Browser,
    /// In which language they are told.
    pub(crate) locale: Locale,
}

/// A guest whose code was right.
#[derive(Debug)]
pub(crate) struct Came {
    /// The session that was opened; its cookie was not given yet.
    pub(crate) session: Session,
    /// The guest.
    pub(crate) guest: Agent,
    /// The new cookie's secret.
    pub(crate) secret: Secret,
    /// Their factor as it stands now.
    pub(crate) standing: GuestStanding,
}

impl Identity {
    /// The guest whose mailbox was proved a moment ago.
    ///
    /// # Errors
    /// [`IdentityError::NoInteraction`] when it waited too long, the account is no guest's, or its
    /// factor is not what it was; or when the database refuses.
    pub(crate) async fn half_guest(&self, half: &HalfGuest) -> Result<Agent, IdentityError> {
        if !half.is_fresh(self.house.clock.now()) {
            return Err(IdentityError::NoInteraction);
        }
        let standing = half.standing;
        self.house
            .db
            .read(move |tx| Box::pin(async move { still(tx, &standing).await }))
            .await
    }

    /// Takes a code of the guest's factor, or the first one of a factor that is added by it, and
    /// opens their session; none: it is another.
    ///
    /// # Errors
    /// [`VerifyError::TooManyAttempts`] before it is looked at; [`IdentityError::NoInteraction`]
    /// when the factor is not what it was, or nothing lets the guest in any more; or when the
    /// database refuses.
    pub(crate) async fn enter_by_factor(
        &self,
        attempt: &FactorTry<'_>,
    ) -> Result<Option<Came>, IdentityError> {
        let counted = self.count_factor(attempt)?;
        let came = self.try_factor(attempt).await;
        match (came, counted) {
            (Ok(Some(came)), counted) => {
                if let Some(counted) = counted {
                    counted.right();
                }
                Ok(Some(came))
            }
            // Dropped, it is a miss.
            (Ok(None), _) => Ok(None),
            (Err(cause), counted) => {
                if let Some(counted) = counted {
                    counted.not_tried();
                }
                Err(cause)
            }
        }
    }

    /// Lets a try through. The code of a factor that is being added is no guess: whoever adds it
    /// has its secret on the screen.
    fn count_factor(&self, attempt: &FactorTry<'_>) -> Result<Option<Counted<'_>>, IdentityError> {
        if attempt.half.next != GuestNext::Code {
            return Ok(None);
        }
        let login = login_of(attempt.guest)?;
        let (realm, now) = (Realm::of_guests(), self.house.clock.now());
        let begun =
            self.guest_attempts
                .begin_code(&realm, &login, attempt.device, attempt.address, now);
        let counted = begun.map_err(|wait| VerifyError::TooManyAttempts { wait })?;
        Ok(Some(counted))
    }

    async fn try_factor(&self, attempt: &FactorTry<'_>) -> Result<Option<Came>, IdentityError> {
        let now = self.house.clock.now();
        let rng = self.house.rng.as_ref();
        let (door, secret) = Door::draw(attempt.browser, now, rng);
        let to_add = match &attempt.half.next {
            GuestNext::Code => None,
            GuestNext::Enrol { secret } => {
                let secret = TotpSecret::parse(secret).ok_or(IdentityError::NoInteraction)?;
                let sealed = seal(&self.sealer, rng, attempt.half.standing, &secret);
                Some((secret, sealed))
            }
        };
        let work = Arc::new(Work {
            identity: self.clone(),
            half: attempt.half.clone(),
            typed: TypedCode::parse(attempt.typed),
            door,
            to_add,
            locale: attempt.locale,
        });
        let came = self
            .house
            .db
            .write(move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move { work.enter(tx).await })
            })
            .await?;
        Ok(came.map(|(session, guest, standing)| Came {
            session,
            guest,
            secret,
            standing,
        }))
    }
}

/// What the tries of a guest are counted under.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when the account has no address any more.
pub(crate) fn login_of(guest: &Agent) -> Result<Login, IdentityError> {
    Login::parse(&guest.attributes.email).map_err(|_| IdentityError::NoInteraction)
}

/// The guest whose factor stands so still.
async fn still(tx: &mut Tx, standing: &GuestStanding) -> Result<Agent, IdentityError> {
    let today = store::guest_factor::standing(tx, standing.guest).await?;
    let known = store::agent::by_id(tx, standing.guest).await?;
    known
        .filter(|known| known.state == AgentState::Guest && today == *standing)
        .ok_or(IdentityError::NoInteraction)
}

/// What is drawn and made before the transaction, which may be run again.
struct Work {
    identity: Identity,
    half: HalfGuest,
    /// None: nothing that could be a code.
    typed: Option<TypedCode>,
    door: Door,
    /// The factor to come, in the clear and sealed; none: there is one.
    to_add: Option<(TotpSecret, Secret)>,
    locale: Locale,
}

impl Work {
    async fn enter(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<(Session, Agent, GuestStanding)>, IdentityError> {
        let guest = still(tx, &self.half.standing).await?;
        let is_right = match &self.to_add {
            Some((secret, sealed)) => self.add(tx, &guest, secret, sealed).await?,
            None => self.prove(tx, &guest).await?,
        };
        if !is_right {
            return Ok(None);
        }
        let id = guest.id;
        let rng = self.identity.house.rng.as_ref();
        let invitation = self.half.invitation;
        let came = let_in(tx, &self.door, guest, invitation, Proof::Factor, rng).await?;
        // What opened nothing is not spent, and what was added for it is not kept.
        let (session, guest) = came.ok_or(IdentityError::NoInteraction)?;
        let standing = store::guest_factor::standing(tx, id).await?;
        Ok(Some((session, guest, standing)))
    }

    async fn prove(&self, tx: &mut Tx, guest: &Agent) -> Result<bool, IdentityError> {
        let factor = store::guest_factor::of(tx, guest.id).await?;
        let factor = factor.ok_or(IdentityError::NoInteraction)?;
        let secret = open(&self.identity.sealer, self.half.standing, &factor.sealed);
        if secret.is_none() {
            tracing::error!("a guest's second factor is sealed under another master key");
        }
        let now = self.door.now;
        let step = secret
            .zip(self.typed.as_ref())
            .and_then(|(secret, typed)| secret.step_of(typed, now, factor.last_step));
        if let Some(step) = step
            && store::guest_factor::spend_step(tx, guest.id, step, now).await?
        {
            return Ok(true);
        }
        let data = json!({ "provider": GUESTS, "reason": "code" });
        self.journal(tx, guest, refused(guest), data).await?;
        Ok(false)
    }

    async fn add(
        &self,
        tx: &mut Tx,
        guest: &Agent,
        secret: &TotpSecret,
        sealed: &Secret,
    ) -> Result<bool, IdentityError> {
        let now = self.door.now;
        let never = TimeStep::from_number(0);
        let step = self
            .typed
            .as_ref()
            .and_then(|typed| secret.step_of(typed, now, never));
        let Some(step) = step else {
            return Ok(false);
        };
        if !store::guest_factor::add(tx, &self.half.standing, sealed, step, now).await? {
            return Err(IdentityError::NoInteraction);
        }
        let done = Said {
            act: Act("identity.factor.add"),
            subject: format!("agent:{}", guest.id),
            outcome: Outcome::Done,
            by: Some(guest.id),
        };
        self.journal(tx, guest, done, json!({})).await?;
        self.identity
            .mail_factor(tx, guest, FactorNews::Added, self.locale)
            .await?;
        Ok(true)
    }

    /// Journals it with the guest's administration, and with each that relies on the factor.
    async fn journal(
        &self,
        tx: &mut Tx,
        guest: &Agent,
        said: Said,
        data: serde_json::Value,
    ) -> Result<(), IdentityError> {
        let entry = JournalEntry {
            at: self.door.now,
            organisation: Some(guest.organisation),
            actor: said.by,
            act: said.act,
            subject: said.subject,
            outcome: said.outcome,
            data,
            personal: None,
        };
        let whose = (guest.id, self.half.invitation);
        journal_of_factor(tx, whose, &entry, self.identity.house.rng.as_ref()).await
    }
}

/// Journals what became of a guest's factor with the entry's administration, and with each other
/// that relies on it; `answered` is the invitation that is being answered with it.
///
/// # Errors
/// When the database refuses.
pub(super) async fn journal_of_factor(
    tx: &mut Tx,
    (guest, answered): (AgentId, Option<InvitationId>),
    entry: &JournalEntry,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    tx.journal(entry.clone(), rng).await?;
    for organisation in store::guest_factor::asking(tx, guest, answered, entry.at).await? {
        if entry.organisation != Some(organisation) {
            let organisation = Some(organisation);
            let theirs = JournalEntry {
                organisation,
                ..entry.clone()
            };
            tx.journal(theirs, rng).await?;
        }
    }
    Ok(())
}

/// What the journal keeps of a try.
struct Said {
    act: Act,
    subject: String,
    outcome: Outcome,
    by: Option<AgentId>,
}

/// A wrong code: of the guest's administration, since whoever tries has their mailbox.
fn refused(guest: &Agent) -> Said {
    Said {
        act: Act("identity.session.open"),
        subject: format!("agent:{}", guest.id),
        outcome: Outcome::Refused,
        by: None,
    }
}

/// A secret as it is stored: with its guest, so that a row cannot be put under another.
fn seal(sealer: &Sealer, rng: &dyn Rng, standing: GuestStanding, secret: &TotpSecret) -> Secret {
    let mut bytes = standing.guest.as_bytes().to_vec();
    bytes.extend_from_slice(secret.bytes());
    Secret::new(sealer.seal(SECRET, &bytes, rng))
}

fn open(sealer: &Sealer, standing: GuestStanding, sealed: &Secret) -> Option<TotpSecret> {
    let bytes = sealer.open(SECRET, sealed.expose())?;
    let secret = bytes.strip_prefix(standing.guest.as_bytes().as_slice())?;
    Some(TotpSecret::from_bytes(secret.to_vec()))
}
