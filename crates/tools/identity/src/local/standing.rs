//! By what an account is proved, as it stood at one moment.
//!
//! What was proved under it (a right password that waits for its code, a factor that is being
//! added, a browser that is known) is good while the account still stands so: whatever its holder
//! changes since, ends all of that at once.

use kernel::Timestamp;
use kernel_db::{DbError, Tx, values};

use super::account::LocalSubject;

/// The password and the second factors of an account, by when they last changed. Each change
/// makes another one, also two in one millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standing {
    subject: LocalSubject,
    /// When the holder last chose the password (0: never).
    password_at: Timestamp,
    /// When somebody last changed the factors (0: never).
    factor_at: Timestamp,
    /// How many factors there are: a configuration gives one without saying when.
    factors: i64,
}

impl Standing {
    /// Whose it is.
    pub fn subject(&self) -> LocalSubject {
        self.subject
    }

    /// Whether the password is the same as in `other`, whatever became of the factors.
    pub fn has_password_of(&self, other: &Self) -> bool {
        self.subject == other.subject && self.password_at == other.password_at
    }
}

/// How an account stands; none: there is no such account.
///
/// # Errors
/// What the database says.
pub(crate) async fn standing_of(
    tx: &mut Tx,
    subject: LocalSubject,
) -> Result<Option<Standing>, DbError> {
    let row = tx
        .query_optional(
            "SELECT password_at, factor_at,
                (SELECT COUNT(*) FROM identity_local_factor WHERE subject = $1) AS factors
             FROM identity_local_account WHERE subject = $1",
            &values![subject],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Standing {
        subject,
        password_at: row.get("password_at")?,
        factor_at: row.get("factor_at")?,
        factors: row.get("factors")?,
    }))
}

/// Whether an account still stands as it did.
///
/// # Errors
/// What the database says.
pub(crate) async fn still_stands(tx: &mut Tx, standing: &Standing) -> Result<bool, DbError> {
    Ok(standing_of(tx, standing.subject).await? == Some(*standing))
}

#[cfg(test)]
impl Standing {
    /// Of an account that nobody has changed.
    pub(crate) fn untouched(subject: LocalSubject) -> Self {
        let never = Timestamp::from_millis(0);
        Self {
            subject,
            password_at: never,
            factor_at: never,
            factors: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use super::super::factor::{Factor, FactorId, FactorName, StoredFactor};
    use super::super::testing::somebody;
    use super::super::totp::TimeStep;
    use super::super::{factor_store, store};
    use super::*;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        each_change_of_an_account_makes_another_standing_also_within_a_millisecond,
        a_factor_that_a_configuration_gives_makes_another_standing,
    );

    const CLAIRE: LocalSubject = LocalSubject::from_u128(1);
    const NOW: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    async fn with_claire(test: &TestDb) {
        let written: Result<(), DbError> = test
            .db
            .write(|tx: &mut Tx| {
                Box::pin(
                    async move { store::insert_invited(tx, &somebody("claire", 1), NOW).await },
                )
            })
            .await;
        written.expect("written");
    }

    async fn read(test: &TestDb) -> Standing {
        let read: Result<Option<Standing>, DbError> = test
            .db
            .read(|tx: &mut Tx| Box::pin(async move { standing_of(tx, CLAIRE).await }))
            .await;
        read.expect("read").expect("an account")
    }

    async fn each_change_of_an_account_makes_another_standing_also_within_a_millisecond(
        test: TestDb,
    ) {
        with_claire(&test).await;
        let mut before = read(&test).await;
        assert_eq!(before, Standing::untouched(CLAIRE));
        // The clock stands still, then goes back.
        for now in [NOW, NOW, NOW.minus(std::time::Duration::from_hours(1))] {
            let chosen: Result<(), DbError> = test
                .db
                .write(move |tx: &mut Tx| {
                    Box::pin(async move { store::set_password(tx, CLAIRE, "hash", now).await })
                })
                .await;
            chosen.expect("written");
            let after = read(&test).await;
            assert_ne!(after, before);
            assert!(!after.has_password_of(&before));
            let noted: Result<(), DbError> = test
                .db
                .write(move |tx: &mut Tx| {
                    Box::pin(
                        async move { factor_store::note_factors(tx, CLAIRE, false, now).await },
                    )
                })
                .await;
            noted.expect("written");
            before = read(&test).await;
            assert_ne!(before, after);
            assert!(before.has_password_of(&after), "the password is the same");
        }
    }

    async fn a_factor_that_a_configuration_gives_makes_another_standing(test: TestDb) {
        with_claire(&test).await;
        let before = read(&test).await;
        let given: Result<(), DbError> = test
            .db
            .write(|tx: &mut Tx| {
                Box::pin(async move {
                    let stored = StoredFactor {
                        factor: Factor {
                            id: FactorId::from_u128(1),
                            name: FactorName::parse("Configuration").expect("a name"),
                            created_at: NOW,
                            used_at: NOW,
                        },
                        sealed: kernel::Secret::new("sealed"),
                        last_step: TimeStep::from_number(0),
                    };
                    factor_store::insert_factor(tx, CLAIRE, &stored).await
                })
            })
            .await;
        given.expect("written");
        assert_ne!(read(&test).await, before);
    }
}
