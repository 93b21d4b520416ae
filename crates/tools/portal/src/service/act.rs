//! Administrative acts: each leaves one entry in the journal and one event of the same name, in
//! the transaction of the act.

use kernel::{Act, Actor, Event, EventId, JournalEntry, OrganisationId, Outcome, Rng, Timestamp};
use kernel_db::{DbError, Tx};

/// What was done.
pub(super) struct Done {
    /// What, `portal.noun.verb`.
    pub(super) act: Act,
    /// Whose chain it belongs to; none: the system's.
    pub(super) organisation: Option<OrganisationId>,
    /// By whom.
    pub(super) actor: Actor,
    /// On what, `tool:…` or `request:…`.
    pub(super) subject: String,
    /// Ids, figures and words of ours; no names.
    pub(super) data: serde_json::Value,
}

/// Journals an act and emits its event.
///
/// # Errors
/// What the database says.
pub(super) async fn record(
    tx: &mut Tx,
    rng: &dyn Rng,
    now: Timestamp,
    done: Done,
) -> Result<(), DbError> {
    let entry = JournalEntry {
        at: now,
        organisation: done.organisation,
        actor: None,
        act: done.act,
        subject: done.subject.clone(),
        outcome: Outcome::Done,
        data: done.data.clone(),
        personal: None,
    }
    .by(done.actor);
    tx.journal(entry, rng).await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: done.act.0.to_owned(),
        version: 1,
        at: now,
        actor: Some(done.actor.agent),
        organisation: done.organisation,
        subject: done.subject,
        data: done.data,
    })
    .await
}
