//! Second factors of guests, and who asks for them.

use kernel::{AgentId, OrganisationId, Secret, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::guest_factor::{GuestStanding, TakenOf};
use crate::domain::invitation::InvitationId;
use crate::local::TimeStep;

/// A guest's factor, with what its codes are made of.
#[derive(Debug, Clone)]
pub struct GuestFactor {
    /// Sealed.
    pub sealed: Secret,
    /// The last step accepted.
    pub last_step: TimeStep,
    /// When it was added.
    pub added_at: Timestamp,
    /// When a code of it was last accepted.
    pub used_at: Timestamp,
}

/// The factor of a guest; none: they have none, or it was reset.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, guest: AgentId) -> Result<Option<GuestFactor>, DbError> {
    let row = tx
        .query_optional(
            "SELECT secret, last_step, changed_at, used_at FROM identity_guest_factor
             WHERE agent = $1 AND secret IS NOT NULL",
            &values![guest],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(GuestFactor {
        sealed: Secret::new(row.get::<String>("secret")?),
        last_step: TimeStep::from_number(row.get("last_step")?),
        added_at: row.get("changed_at")?,
        used_at: row.get("used_at")?,
    }))
}

/// How the factor of a guest stands.
///
/// # Errors
/// When the database refuses.
pub async fn standing(tx: &mut Tx, guest: AgentId) -> Result<GuestStanding, DbError> {
    let row = tx
        .query_optional(
            "SELECT changed_at FROM identity_guest_factor WHERE agent = $1",
            &values![guest],
        )
        .await?;
    let never = Timestamp::from_millis(0);
    let changed_at = row.map_or(Ok(never), |row| row.get("changed_at"))?;
    Ok(GuestStanding { guest, changed_at })
}

/// Gives a guest whose factor stands so, with none, a factor whose first code is spent. Answers
/// whether it stood so still.
///
/// # Errors
/// When the database refuses.
pub async fn add(
    tx: &mut Tx,
    standing: &GuestStanding,
    sealed: &Secret,
    step: TimeStep,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "INSERT INTO identity_guest_factor (agent, secret, last_step, changed_at, used_at)
             VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (agent) DO UPDATE SET
                 secret = excluded.secret, last_step = excluded.last_step,
                 used_at = excluded.used_at,
                 changed_at = CASE WHEN identity_guest_factor.changed_at < excluded.changed_at
                     THEN excluded.changed_at ELSE identity_guest_factor.changed_at + 1 END
             WHERE identity_guest_factor.secret IS NULL
               AND identity_guest_factor.changed_at = $5",
            &values![
                standing.guest,
                sealed.expose(),
                step.number(),
                now,
                standing.changed_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Spends a step of a guest's factor. Answers whether it was still good: of two who come with one
/// code, one is first.
///
/// # Errors
/// When the database refuses.
pub async fn spend_step(
    tx: &mut Tx,
    guest: AgentId,
    step: TimeStep,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_guest_factor SET last_step = $2, used_at = $3
             WHERE agent = $1 AND last_step < $2 AND secret IS NOT NULL",
            &values![guest, step.number(), now],
        )
        .await?;
    Ok(rows == 1)
}

/// Takes a guest's factor away. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn reset(tx: &mut Tx, guest: AgentId, now: Timestamp) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_guest_factor
             SET secret = NULL,
                 changed_at = CASE WHEN changed_at < $2 THEN $2 ELSE changed_at + 1 END
             WHERE agent = $1 AND secret IS NOT NULL",
            &values![guest, now],
        )
        .await?;
    Ok(rows == 1)
}

/// The administrations that ask a second factor of a guest at `now`: of invitations that the guest
/// has taken, and of the one that is being answered. Another that waits for its answer asks for
/// nothing yet: whoever sends one would shut the guest out of what others share.
///
/// # Errors
/// When the database refuses.
pub async fn asking(
    tx: &mut Tx,
    guest: AgentId,
    answered: Option<InvitationId>,
    now: Timestamp,
) -> Result<Vec<OrganisationId>, DbError> {
    let rows = tx
        .query(
            "SELECT DISTINCT i.sponsor FROM identity_invitation i
             JOIN identity_organisation o ON o.id = i.sponsor
             WHERE i.guest = $1 AND o.guest_factor = 1 AND i.until_at > $2
               AND (i.state = 'accepted'
                    OR (i.state = 'pending' AND i.answer_by > $2 AND i.id = $3))
             ORDER BY i.sponsor",
            &values![guest, now, answered],
        )
        .await?;
    rows.iter().map(|row| row.get("sponsor")).collect()
}

/// What a guest took, by now or ever, of each administration that asks for a second factor.
///
/// # Errors
/// When the database refuses.
pub async fn taken(tx: &mut Tx, guest: AgentId, now: Timestamp) -> Result<Vec<TakenOf>, DbError> {
    let rows = tx
        .query(
            "SELECT i.sponsor,
                 MAX(CASE WHEN i.state = 'accepted' AND i.until_at > $2 THEN 1 ELSE 0 END) AS holds
             FROM identity_invitation i
             JOIN identity_organisation o ON o.id = i.sponsor
             WHERE i.guest = $1 AND o.guest_factor = 1 AND i.accepted_at IS NOT NULL
             GROUP BY i.sponsor ORDER BY i.sponsor",
            &values![guest, now],
        )
        .await?;
    let read = |row: &kernel_db::Row| {
        let holds = row.get::<i64>("holds")? == 1;
        Ok(TakenOf {
            sponsor: row.get("sponsor")?,
            holds,
        })
    };
    rows.iter().map(read).collect()
}

/// Whether an administration asks its guests for a second factor; none: unknown.
///
/// # Errors
/// When the database refuses.
pub async fn asks(tx: &mut Tx, organisation: OrganisationId) -> Result<Option<bool>, DbError> {
    let row = tx
        .query_optional(
            "SELECT guest_factor FROM identity_organisation WHERE id = $1",
            &values![organisation],
        )
        .await?;
    row.map(|row| Ok(row.get::<i64>("guest_factor")? != 0))
        .transpose()
}

/// Writes whether an administration asks its guests for a second factor.
///
/// # Errors
/// When the database refuses.
pub async fn set_asks(
    tx: &mut Tx,
    organisation: OrganisationId,
    asks: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_organisation
         SET guest_factor = $2, version = version + 1, updated_at = $3 WHERE id = $1",
        &values![organisation, i64::from(asks), now],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use super::*;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_guest_has_one_factor,
        a_step_that_two_show_at_once_is_good_for_one,
        each_change_is_another_one_within_one_millisecond,
    );

    const HELENE: AgentId = AgentId::from_u128(1);
    const PAUL: AgentId = AgentId::from_u128(2);
    const NOW: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    async fn added(test: &TestDb, sealed: &'static str) -> bool {
        let written: Result<bool, DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    let step = TimeStep::from_number(10);
                    let standing = standing(tx, HELENE).await?;
                    add(tx, &standing, &Secret::new(sealed), step, NOW).await
                })
            })
            .await;
        written.expect("written")
    }

    async fn known(test: &TestDb, guest: AgentId) -> (Option<String>, Timestamp) {
        let read: Result<_, DbError> = test
            .db
            .read(move |tx: &mut Tx| {
                Box::pin(async move {
                    let factor = of(tx, guest).await?;
                    let sealed = factor.map(|factor| factor.sealed.expose().to_owned());
                    Ok((sealed, standing(tx, guest).await?.changed_at))
                })
            })
            .await;
        read.expect("read")
    }

    async fn reset_of(test: &TestDb, guest: AgentId) -> bool {
        let written: Result<bool, DbError> = test
            .db
            .write(move |tx: &mut Tx| Box::pin(async move { reset(tx, guest, NOW).await }))
            .await;
        written.expect("written")
    }

    async fn a_guest_has_one_factor(test: TestDb) {
        assert!(added(&test, "first").await);
        assert!(!added(&test, "second").await, "there is one");
        assert_eq!(known(&test, HELENE).await.0.as_deref(), Some("first"));
        assert_eq!(known(&test, PAUL).await.0, None, "it is hers");
        assert!(!reset_of(&test, PAUL).await);
        assert!(reset_of(&test, HELENE).await);
        assert!(!reset_of(&test, HELENE).await, "it is gone");
        assert_eq!(known(&test, HELENE).await.0, None);
        let stale: Result<bool, DbError> = test
            .db
            .write(|tx: &mut Tx| {
                Box::pin(async move {
                    let before = GuestStanding {
                        guest: HELENE,
                        changed_at: NOW,
                    };
                    let step = TimeStep::from_number(10);
                    add(tx, &before, &Secret::new("stale"), step, NOW).await
                })
            })
            .await;
        assert!(!stale.expect("written"), "it was begun before the reset");
        assert!(added(&test, "second").await, "there is none any more");
    }

    async fn a_step_that_two_show_at_once_is_good_for_one(test: TestDb) {
        added(&test, "sealed").await;
        let spend = |guest| {
            test.db.write(move |tx: &mut Tx| {
                Box::pin(async move { spend_step(tx, guest, TimeStep::from_number(11), NOW).await })
            })
        };
        let stranger: Result<bool, DbError> = spend(PAUL).await;
        assert!(!stranger.expect("written"), "he has none");
        let (one, other) = tokio::join!(spend(HELENE), spend(HELENE));
        let both = [one.expect("written"), other.expect("written")];
        assert_eq!(both.iter().filter(|spent| **spent).count(), 1);
        assert!(!spend(HELENE).await.expect("written"), "nor later");
        reset_of(&test, HELENE).await;
        let gone: Result<bool, DbError> = test
            .db
            .write(|tx: &mut Tx| {
                Box::pin(
                    async move { spend_step(tx, HELENE, TimeStep::from_number(12), NOW).await },
                )
            })
            .await;
        assert!(!gone.expect("written"), "it was reset");
    }

    async fn each_change_is_another_one_within_one_millisecond(test: TestDb) {
        let mut seen = vec![known(&test, HELENE).await.1];
        for sealed in ["first", "second"] {
            added(&test, sealed).await;
            seen.push(known(&test, HELENE).await.1);
            reset_of(&test, HELENE).await;
            seen.push(known(&test, HELENE).await.1);
        }
        assert!(seen.windows(2).all(|two| two[0] < two[1]), "{seen:?}");
    }
}
