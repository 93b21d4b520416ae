//! Writes that may be asked for twice: what became of the first.
//!
//! Invariant: of all writes of one owner under one key, one at most is run. Whose answer was lost
//! with the program that ran it is never run again: nobody knows whether it was done.

use std::time::Duration;

use kernel::Timestamp;

use crate::{Db, DbError, Tx, values};

/// How long a write that was not answered may still be running.
const RUNNING: Duration = Duration::from_mins(1);
/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_hours(24);

/// One try of a write. Digests only: neither who nor what can be read from the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Of who writes.
    pub owner: [u8; 32],
    /// Of the key that they gave.
    pub key: [u8; 32],
    /// Of what they ask.
    pub fingerprint: [u8; 32],
}

/// What a try meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: it is the first, and is to be run.
    First,
    /// The first is running.
    Running,
    /// The first was never answered.
    Unknown,
    /// The first asked for something else.
    Different,
    /// What the first was answered.
    Answered(String),
}

impl Attempt {
    /// Notes the first try, or says what became of it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(self, db: &Db, now: Timestamp) -> Result<Begun, DbError> {
        db.write(move |tx| Box::pin(async move { begin(tx, self, now).await }))
            .await
    }

    /// Keeps the answer of the first try.
    ///
    /// # Errors
    /// What the database says.
    pub async fn answered(self, db: &Db, answer: String) -> Result<(), DbError> {
        db.write(move |tx| {
            let answer = answer.clone();
            Box::pin(async move {
                tx.execute(
                    "UPDATE idempotency SET answer = $3 WHERE owner = $1 AND key = $2",
                    &values![self.owner, self.key, answer],
                )
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Lets the next try be the first: this one has changed nothing.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget(self, db: &Db) -> Result<(), DbError> {
        db.write(move |tx| {
            Box::pin(async move {
                tx.execute(
                    "DELETE FROM idempotency WHERE owner = $1 AND key = $2",
                    &values![self.owner, self.key],
                )
                .await?;
                Ok(())
            })
        })
        .await
    }
}

async fn begin(tx: &mut Tx, attempt: Attempt, now: Timestamp) -> Result<Begun, DbError> {
    let Attempt {
        owner,
        key,
        fingerprint,
    } = attempt;
    let added = tx
        .execute(
            "INSERT INTO idempotency (owner, key, fingerprint, begun_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (owner, key) DO NOTHING",
            &values![owner, key, fingerprint, now],
        )
        .await?;
    if added == 1 {
        return Ok(Begun::First);
    }
    let row = tx
        .query_optional(
            "SELECT fingerprint, begun_at, answer FROM idempotency \
             WHERE owner = $1 AND key = $2",
            &values![owner, key],
        )
        .await?;
    // Gone between the two: it is asked again in a moment.
    let Some(row) = row else {
        return Ok(Begun::Running);
    };
    if row.get::<[u8; 32]>("fingerprint")? != fingerprint {
        return Ok(Begun::Different);
    }
    if let Some(answer) = row.get::<Option<String>>("answer")? {
        return Ok(Begun::Answered(answer));
    }
    let begun_at: Timestamp = row.get("begun_at")?;
    Ok(if now < begun_at.plus(RUNNING) {
        Begun::Running
    } else {
        Begun::Unknown
    })
}
