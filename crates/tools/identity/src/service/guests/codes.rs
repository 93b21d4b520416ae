//! Codes asked for, and the job that sends them. See [`super`] for why the two are apart.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use kernel::{BoxFuture, Locale, RngExt as _, Timestamp};
use kernel_db::{Db, JobError, JobHandler, NewJob, Tx};
use kernel_http::MasterKey;
use serde_json::{Value, json};

use super::GUESTS;
use crate::domain::agent::{Agent, AgentState};
use crate::domain::guest_code::{CodeId, Digits, LIFETIME, MOST_A_DAY, MOST_AN_HOUR};
use crate::domain::invitation::InvitationId;
use crate::domain::role::email_key;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::store::guest_code::CodeRow;
use crate::upstream::EmailAddress;

/// The kind of the job that sends codes.
pub(super) const SEND: &str = "identity.guest.code";

/// What a code is asked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CodeMail {
    /// A link that was received.
    Invitation(InvitationId),
    /// An address that somebody typed.
    Address(EmailAddress),
}

/// A code that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) code: CodeId,
    /// When.
    pub(crate) at: Timestamp,
}

impl Identity {
    /// Notes that a code was asked for, and leaves the rest to the job. A code that the same tab
    /// asked for before is good for nothing from then on.
    ///
    /// # Errors
    /// [`IdentityError::TooManyCodes`] by an invitation, or when the database refuses. By an address
    /// nothing is refused here: that others asked before would tell that it is known.
    pub(crate) async fn ask_for_code(
        &self,
        by: CodeMail,
        before: Option<CodeId>,
        locale: Locale,
    ) -> Result<Asked, IdentityError> {
        let now = self.house.clock.now();
        let rng = self.house.rng.as_ref();
        let (invitation, address) = match &by {
            CodeMail::Invitation(id) => (Some(*id), None),
            CodeMail::Address(address) => (None, Some(email_key(address.as_str()))),
        };
        let row = CodeRow {
            id: CodeId::new(now, rng),
            subject: self.subject(&by),
            invitation,
            // No digits give this; the job writes the true one over it, when there is somebody.
            code_hash: rng.bytes(),
            created_at: now,
            expires_at: now.plus(LIFETIME),
        };
        let asked = Asked {
            code: row.id,
            at: now,
        };
        let payload = json!({ "code": row.id, "address": address, "locale": locale.tag() });
        let work = Arc::new((row, payload));
        self.house
            .db
            .write(move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move { note(tx, &work, before, now).await })
            })
            .await?;
        Ok(asked)
    }

    /// What the limits count by.
    fn subject(&self, by: &CodeMail) -> [u8; 32] {
        match by {
            CodeMail::Invitation(id) => self.digest(&["invitation", &id.to_string()]),
            CodeMail::Address(address) => self.digest(&["address", &email_key(address.as_str())]),
        }
    }

    /// What a code is kept as: it tells nothing without the master key, though there are but a
    /// million codes.
    fn code_hash(&self, code: CodeId, digits: &Digits) -> [u8; 32] {
        self.digest(&["code", &code.to_string(), digits.as_str()])
    }

    /// What a code may be kept as: the master key may have changed since it was sent.
    pub(super) fn code_hashes(&self, code: CodeId, digits: &Digits) -> Vec<[u8; 32]> {
        let parts = ["code", &code.to_string(), digits.as_str()];
        let keys = self.house.keys().all();
        keys.map(|key| digest(key, &parts)).collect()
    }

    fn digest(&self, parts: &[&str]) -> [u8; 32] {
        digest(self.house.keys().current(), parts)
    }
}

fn digest(master: &MasterKey, parts: &[&str]) -> [u8; 32] {
    let key = master.derive("identity/guest-code/1");
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key));
    for part in parts {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    let mut digest = [0_u8; 32];
    let tag = context.sign();
    for (place, byte) in digest.iter_mut().zip(tag.as_ref()) {
        *place = *byte;
    }
    digest
}

async fn note(
    tx: &mut Tx,
    work: &(CodeRow, Value),
    before: Option<CodeId>,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let (row, payload) = work;
    if row.invitation.is_some() {
        let (hour, day) = counted_since(now);
        let counts = store::guest_code::counts(tx, row.subject, hour, day).await?;
        if is_too_many(counts) {
            return Err(IdentityError::TooManyCodes);
        }
    }
    if let Some(before) = before {
        store::guest_code::spend(tx, before).await?;
    }
    store::guest_code::insert(tx, row).await?;
    tx.enqueue(NewJob {
        kind: SEND,
        payload: payload.clone(),
        run_at: now,
        dedup: None,
    })
    .await?;
    Ok(())
}

/// Since when codes count: for the limit of an hour, and for that of a day.
fn counted_since(now: Timestamp) -> (Timestamp, Timestamp) {
    let ago = |hours| now.minus(Duration::from_hours(hours));
    (ago(1), ago(24))
}

const fn is_too_many((lately, today): (u64, u64)) -> bool {
    lately >= MOST_AN_HOUR || today >= MOST_A_DAY
}

/// Sends a code that was asked for, when there is a guest to have it.
pub(crate) struct CodeJob(Identity);

impl CodeJob {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for CodeJob {
    fn kind(&self) -> &'static str {
        SEND
    }

    fn run<'a>(&'a self, db: &'a Db, payload: &'a Value) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let member = |name: &str| payload.get(name).and_then(Value::as_str);
            let code = member("code").and_then(|text| CodeId::parse(text).ok());
            let code = code.ok_or_else(|| JobError::Hopeless("no code is named".into()))?;
            let address = member("address").map(str::to_owned);
            let locale = member("locale")
                .and_then(Locale::from_tag)
                .unwrap_or_default();
            let identity = self.0.clone();
            let digits = Digits::draw(identity.house.rng.as_ref());
            let now = identity.house.clock.now();
            let sent: Result<(), IdentityError> = db
                .write(move |tx| {
                    let (identity, digits) = (identity.clone(), digits.clone());
                    let address = address.clone();
                    Box::pin(async move {
                        let to = Sending {
                            code,
                            address: address.as_deref(),
                            locale,
                        };
                        identity.send_code(tx, &to, &digits, now).await
                    })
                })
                .await;
            sent.map_err(|cause| JobError::Failed(cause.to_string()))
        })
    }
}

/// A code to be sent.
struct Sending<'a> {
    code: CodeId,
    address: Option<&'a str>,
    locale: Locale,
}

impl Identity {
    async fn send_code(
        &self,
        tx: &mut Tx,
        to: &Sending<'_>,
        digits: &Digits,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let Some(guest) = receiver(tx, to, now).await? else {
            return Ok(());
        };
        if to.address.is_some() {
            let (hour, day) = counted_since(now);
            let mailed = store::guest_code::mailed(tx, to.code, hour, day).await?;
            if is_too_many(mailed) {
                return Ok(());
            }
        }
        let hash = self.code_hash(to.code, digits);
        if !store::guest_code::give(tx, to.code, guest.id, hash, now).await? {
            return Ok(());
        }
        let said = &guest.attributes;
        let name = said.display_name();
        self.mail_code(tx, (&name, &said.email), digits, to.locale)
            .await
    }
}

/// Who gets a code: the guest of an open invitation, or of an address by which one came before.
async fn receiver(
    tx: &mut Tx,
    to: &Sending<'_>,
    now: Timestamp,
) -> Result<Option<Agent>, IdentityError> {
    let guest = if let Some(key) = to.address {
        let guest = store::agent::by_login(tx, GUESTS, key).await?;
        let Some(guest) = guest else { return Ok(None) };
        // The first time is by the link, which says what is shared and what is seen.
        let pass = store::invitation::pass(tx, guest.id, now).await?;
        pass.map(|_| guest)
    } else {
        let Some(invitation) = store::guest_code::invitation_of(tx, to.code).await? else {
            return Ok(None);
        };
        match store::invitation::by_id(tx, invitation).await? {
            Some(one) if one.is_open(now) => store::agent::by_id(tx, one.guest).await?,
            _ => None,
        }
    };
    Ok(guest.filter(|guest| guest.state == AgentState::Guest))
}
