//! A guest enters with their code.

use std::sync::Arc;

use kernel::{
    Act, AgentId, Event, EventId, JournalEntry, Outcome, Rng, RngExt as _, Secret, SessionId,
    Timestamp,
};
use kernel_db::Tx;
use serde_json::json;

use super::{Done, GUESTS, record};
use crate::domain::acr::Acr;
use crate::domain::agent::{Agent, AgentState};
use crate::domain::browser::Browser;
use crate::domain::guest_code::{CodeId, Digits, TRIES};
use crate::domain::guest_factor::{GuestNext, HalfGuest};
use crate::domain::invitation::{InvitationId, InvitationState};
use crate::domain::role::email_key;
use crate::domain::session::{LIFETIME, Session, hash};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// What became of the digits.
pub(crate) enum Entered {
    /// A session was opened; its cookie was not given yet.
    In {
        /// The session.
        session: Box<Session>,
        /// The guest.
        guest: Box<Agent>,
        /// The new cookie's secret.
        secret: Secret,
    },
    /// The digits were right, and a second factor is asked before a session is opened.
    More(HalfGuest),
    /// Other digits.
    Wrong {
        /// How often they may be tried still.
        left: u32,
    },
    /// The code is good for nothing: its time is over, it was tried too often, or what it opened is
    /// over.
    Dead,
}

/// A session to be opened: drawn before the transaction, which may be run again.
pub(super) struct Door {
    session: SessionId,
    token_hash: [u8; 32],
    event: EventId,
    browser: Browser,
    pub(super) now: Timestamp,
}

impl Door {
    /// One, and its cookie's secret.
    pub(super) fn draw(browser: Browser, now: Timestamp, rng: &dyn Rng) -> (Self, Secret) {
        let secret = rng.secret();
        let door = Self {
            session: SessionId::new(now, rng),
            token_hash: hash(secret.expose()),
            event: EventId::new(now, rng),
            browser,
            now,
        };
        (door, secret)
    }
}

struct Attempt {
    code: CodeId,
    hashes: Vec<[u8; 32]>,
    door: Door,
    /// What is asked of a guest who is to add a second factor.
    enrol: GuestNext,
}

/// The same as [`Entered`], before there is a secret beside it.
enum Outcomes {
    In(Box<(Session, Agent)>),
    More(HalfGuest),
    Wrong(u32),
    Dead,
}

impl Identity {
    /// Compares digits with a code that this tab asked for; those that are right open a session,
    /// and answer the invitation by which they were asked for. Of whom a second factor is asked,
    /// they open nothing yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn enter_by_code(
        &self,
        code: CodeId,
        typed: &str,
        browser: Browser,
    ) -> Result<Entered, IdentityError> {
        let now = self.house.clock.now();
        let rng = self.house.rng.as_ref();
        let (door, secret) = Door::draw(browser, now, rng);
        let attempt = Arc::new(Attempt {
            code,
            hashes: Digits::parse(typed)
                .map(|digits| self.code_hashes(code, &digits))
                .unwrap_or_default(),
            door,
            enrol: GuestNext::enrol(rng),
        });
        let rng = Arc::clone(&self.house.rng);
        let came = self
            .house
            .db
            .write(move |tx| {
                let (attempt, rng) = (Arc::clone(&attempt), Arc::clone(&rng));
                Box::pin(async move { enter(tx, &attempt, rng.as_ref()).await })
            })
            .await?;
        Ok(match came {
            Outcomes::In(came) => {
                let (session, guest) = *came;
                Entered::In {
                    session: Box::new(session),
                    guest: Box::new(guest),
                    secret,
                }
            }
            Outcomes::More(half) => Entered::More(half),
            Outcomes::Wrong(left) => Entered::Wrong { left },
            Outcomes::Dead => Entered::Dead,
        })
    }
}

async fn enter(tx: &mut Tx, attempt: &Attempt, rng: &dyn Rng) -> Result<Outcomes, IdentityError> {
    let now = attempt.door.now;
    let tried = store::guest_code::attempt(tx, attempt.code, TRIES, now).await?;
    let Some(tried) = tried else {
        return Ok(Outcomes::Dead);
    };
    // Compared whether or not there is somebody.
    let mut right = false;
    for hash in &attempt.hashes {
        right |= same(hash, &tried.code_hash);
    }
    let (true, Some(guest)) = (right, tried.guest) else {
        note_wrong(tx, attempt, tried.guest.is_some(), rng).await?;
        return Ok(Outcomes::Wrong(TRIES.saturating_sub(tried.tries)));
    };
    store::guest_code::spend(tx, attempt.code).await?;
    let known = store::agent::by_id(tx, guest).await?;
    let Some(guest) = known.filter(|known| known.state == AgentState::Guest) else {
        return Ok(Outcomes::Dead);
    };
    let asking = store::guest_factor::asking(tx, guest.id, tried.invitation, now).await?;
    if !asking.is_empty() {
        let has = store::guest_factor::of(tx, guest.id).await?.is_some();
        return Ok(Outcomes::More(HalfGuest {
            standing: store::guest_factor::standing(tx, guest.id).await?,
            invitation: tried.invitation,
            at: now,
            next: if has {
                GuestNext::Code
            } else {
                attempt.enrol.clone()
            },
        }));
    }
    let came = let_in(tx, &attempt.door, guest, tried.invitation, Proof::Mail, rng).await?;
    Ok(came.map_or(Outcomes::Dead, |came| Outcomes::In(Box::new(came))))
}

/// By what a guest proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The digits of a mail.
    Mail,
    /// These, and a code of their second factor.
    Factor,
}

impl Proof {
    /// Nobody but the inviter has said who they are, and a factor does not change that.
    const fn acr(self) -> Acr {
        match self {
            Self::Mail => Acr::Eidas0,
            Self::Factor => Acr::Eidas0Mfa,
        }
    }

    /// RFC 8176 §2; `mail` is `ProConnect`'s.
    const fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Mail => &["mail"],
            Self::Factor => &["mail", "otp", "mfa"],
        }
    }
}

/// Takes the invitation by which a guest came, and opens their session; none: nothing lets them in.
///
/// # Errors
/// When the database refuses.
pub(super) async fn let_in(
    tx: &mut Tx,
    door: &Door,
    guest: Agent,
    invitation: Option<InvitationId>,
    proof: Proof,
    rng: &dyn Rng,
) -> Result<Option<(Session, Agent)>, IdentityError> {
    let now = door.now;
    if let Some(invitation) = invitation
        && !accept(tx, invitation, guest.id, now, rng).await?
    {
        return Ok(None);
    }
    let Some((_, until)) = store::invitation::pass(tx, guest.id, now).await? else {
        return Ok(None);
    };
    if proof == Proof::Factor {
        // What the mail alone opened is over, and does not come back when nobody asks any more.
        store::session::end_at(tx, guest.id, Acr::Eidas0, now).await?;
    }
    let session = session(door, guest.id, proof, until);
    store::session::insert(tx, &session, door.token_hash).await?;
    store::agent::seen(tx, GUESTS, &email_key(&guest.attributes.email), now).await?;
    tx.journal(opened(&session, &guest, now), rng).await?;
    tx.emit(&event(&session, &guest, door.event, now)).await?;
    Ok(Some((session, guest)))
}

/// Journals wrong digits, when there is a guest whom they were to let in: of an address that
/// somebody invents nothing stays. Then another write is made in its place, so that the answer does
/// not come sooner.
async fn note_wrong(
    tx: &mut Tx,
    attempt: &Attempt,
    is_guest: bool,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    if is_guest {
        tx.journal(refused(attempt.door.now), rng).await?;
    } else {
        store::guest_code::redraw(tx, attempt.code, rng.bytes()).await?;
    }
    Ok(())
}

/// In time that does not depend on where they differ.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// Answers an invitation; whether it lets this guest in.
async fn accept(
    tx: &mut Tx,
    id: InvitationId,
    guest: AgentId,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<bool, IdentityError> {
    let one = store::invitation::by_id(tx, id).await?;
    let Some(one) = one.filter(|one| one.guest == guest) else {
        return Ok(false);
    };
    let read = one.state;
    let Ok(one) = one.accept(now) else {
        return Ok(false);
    };
    if read == InvitationState::Accepted {
        return Ok(true);
    }
    if !store::invitation::update(tx, &one, read).await? {
        return Ok(false);
    }
    let done = Done {
        act: Act("identity.invitation.accept"),
        event: "identity.invitation.accepted",
        one: &one,
        by: Some(guest),
        personal: None,
    };
    record(tx, done, now, rng).await?;
    Ok(true)
}

fn session(door: &Door, guest: AgentId, proof: Proof, until: Timestamp) -> Session {
    let now = door.now;
    Session {
        id: door.session,
        agent: guest,
        provider: GUESTS.to_owned(),
        acr: proof.acr(),
        amr: proof.amr().iter().map(|&one| one.to_owned()).collect(),
        auth_time: now,
        created_at: now,
        expires_at: now.plus(LIFETIME).min(until),
        upstream_id_token: None,
        browser: door.browser,
    }
}

fn opened(session: &Session, guest: &Agent, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: Some(guest.organisation),
        actor: Some(guest.id),
        act: Act("identity.session.open"),
        subject: format!("session:{}", session.id),
        outcome: Outcome::Done,
        data: json!({ "provider": GUESTS, "acr": session.acr.value() }),
        personal: Some(guest.attributes.email.clone()),
    }
}

fn refused(now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: None,
        actor: None,
        act: Act("identity.session.open"),
        subject: format!("provider:{GUESTS}"),
        outcome: Outcome::Refused,
        data: json!({ "reason": "credentials" }),
        personal: None,
    }
}

fn event(session: &Session, guest: &Agent, id: EventId, now: Timestamp) -> Event {
    Event {
        id,
        kind: "identity.guest.signed_in".into(),
        version: 1,
        at: now,
        actor: Some(guest.id),
        organisation: Some(guest.organisation),
        subject: format!("agent:{}", guest.id),
        data: json!({ "acr": session.acr.value() }),
    }
}
