//! All SQL of second factors and recovery codes.

use kernel::{Secret, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::account::LocalSubject;
use super::factor::{Factor, FactorId, FactorName, SecondFactor, StoredFactor};
use super::recovery::RecoveryCode;
use super::totp::TimeStep;

/// The factors of an account, the oldest first.
///
/// # Errors
/// What the database says.
pub(crate) async fn factors_of(
    tx: &mut Tx,
    subject: LocalSubject,
) -> Result<Vec<StoredFactor>, DbError> {
    let rows = tx
        .query(
            "SELECT id, name, secret, last_step, created_at, used_at
             FROM identity_local_factor WHERE subject = $1 ORDER BY created_at, id",
            &values![subject],
        )
        .await?;
    rows.iter().map(stored).collect()
}

/// What an account has beside its password; nothing when there is no such account.
///
/// # Errors
/// What the database says.
pub(crate) async fn second_factor_of(
    tx: &mut Tx,
    subject: LocalSubject,
) -> Result<SecondFactor, DbError> {
    let factors = factors_of(tx, subject).await?;
    let account = tx
        .query_optional(
            "SELECT must_enrol FROM identity_local_account WHERE subject = $1",
            &values![subject],
        )
        .await?;
    let must_enrol = match account {
        Some(row) => row.get::<i64>("must_enrol")? != 0,
        None => false,
    };
    Ok(SecondFactor {
        factors: factors.into_iter().map(|stored| stored.factor).collect(),
        codes_left: codes_left(tx, subject).await?,
        must_enrol,
    })
}

/// Writes a new factor, whose first code is spent.
///
/// # Errors
/// What the database says; [`DbError::is_unique`] when it is written already.
pub(crate) async fn insert_factor(
    tx: &mut Tx,
    subject: LocalSubject,
    stored: &StoredFactor,
) -> Result<(), DbError> {
    let factor = &stored.factor;
    tx.execute(
        "INSERT INTO identity_local_factor (
            id, subject, name, secret, last_step, created_at, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![
            factor.id,
            subject,
            factor.name.as_str(),
            stored.sealed.expose(),
            stored.last_step.number(),
            factor.created_at,
            factor.used_at,
        ],
    )
    .await?;
    Ok(())
}

/// Gives a factor of an account another secret. What was used of it stays used, and the recovery
/// codes stay. Answers whether it has such a factor.
///
/// # Errors
/// What the database says.
pub(crate) async fn replace_secret(
    tx: &mut Tx,
    subject: LocalSubject,
    factor: FactorId,
    sealed: &Secret,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_local_factor SET secret = $3 WHERE id = $1 AND subject = $2",
            &values![factor, subject, sealed.expose()],
        )
        .await?;
    Ok(rows == 1)
}

/// Spends a step of a factor. Answers whether it was still good: of two who come with one code,
/// one is first.
///
/// # Errors
/// What the database says.
pub(crate) async fn spend_step(
    tx: &mut Tx,
    factor: FactorId,
    step: TimeStep,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_local_factor SET last_step = $2, used_at = $3
             WHERE id = $1 AND last_step < $2",
            &values![factor, step.number(), now],
        )
        .await?;
    Ok(rows == 1)
}

/// Gives a factor of an account another name. Answers whether it has such a factor.
///
/// # Errors
/// What the database says.
pub(crate) async fn rename_factor(
    tx: &mut Tx,
    subject: LocalSubject,
    factor: FactorId,
    name: &FactorName,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_local_factor SET name = $3 WHERE id = $1 AND subject = $2",
            &values![factor, subject, name.as_str()],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes a factor of an account; the recovery codes go with the last one. Answers whether it
/// had such a factor.
///
/// # Errors
/// What the database says.
pub(crate) async fn remove_factor(
    tx: &mut Tx,
    subject: LocalSubject,
    factor: FactorId,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "DELETE FROM identity_local_factor WHERE id = $1 AND subject = $2",
            &values![factor, subject],
        )
        .await?;
    if factors_of(tx, subject).await?.is_empty() {
        remove_codes(tx, subject).await?;
    }
    Ok(rows == 1)
}

/// Removes every factor and recovery code of an account. Answers how many factors there were.
///
/// # Errors
/// What the database says.
pub(crate) async fn remove_factors(tx: &mut Tx, subject: LocalSubject) -> Result<u64, DbError> {
    remove_codes(tx, subject).await?;
    tx.execute(
        "DELETE FROM identity_local_factor WHERE subject = $1",
        &values![subject],
    )
    .await
}

/// Notes that the factors of an account were changed, and whether one must be added before
/// anything is opened. When grows whatever the clock says, so that no two changes are taken for
/// one.
///
/// # Errors
/// What the database says.
pub(crate) async fn note_factors(
    tx: &mut Tx,
    subject: LocalSubject,
    must_enrol: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_local_account
         SET must_enrol = $3,
            factor_at = CASE WHEN factor_at < $2 THEN $2 ELSE factor_at + 1 END
         WHERE subject = $1",
        &values![subject, now, i64::from(must_enrol)],
    )
    .await?;
    Ok(())
}

/// Whether the factors of an account were ever changed by somebody.
///
/// # Errors
/// What the database says.
pub(crate) async fn were_factors_changed(
    tx: &mut Tx,
    subject: LocalSubject,
) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT factor_at FROM identity_local_account WHERE subject = $1",
            &values![subject],
        )
        .await?;
    match row {
        Some(row) => Ok(row.get::<i64>("factor_at")? != 0),
        None => Ok(false),
    }
}

/// Replaces the recovery codes of an account.
///
/// # Errors
/// What the database says.
pub(crate) async fn replace_codes(
    tx: &mut Tx,
    subject: LocalSubject,
    codes: &[RecoveryCode],
) -> Result<(), DbError> {
    remove_codes(tx, subject).await?;
    for code in codes {
        tx.execute(
            "INSERT INTO identity_local_recovery_code (subject, code_hash) VALUES ($1, $2)",
            &values![subject, code.hash()],
        )
        .await?;
    }
    Ok(())
}

/// Spends a recovery code. Answers how many are left; none: it is not one of the account's, or
/// was used.
///
/// # Errors
/// What the database says.
pub(crate) async fn spend_code(
    tx: &mut Tx,
    subject: LocalSubject,
    code: &RecoveryCode,
) -> Result<Option<usize>, DbError> {
    let rows = tx
        .execute(
            "DELETE FROM identity_local_recovery_code WHERE subject = $1 AND code_hash = $2",
            &values![subject, code.hash()],
        )
        .await?;
    if rows == 1 {
        Ok(Some(codes_left(tx, subject).await?))
    } else {
        Ok(None)
    }
}

async fn codes_left(tx: &mut Tx, subject: LocalSubject) -> Result<usize, DbError> {
    let rows = tx
        .query(
            "SELECT code_hash FROM identity_local_recovery_code WHERE subject = $1",
            &values![subject],
        )
        .await?;
    Ok(rows.len())
}

async fn remove_codes(tx: &mut Tx, subject: LocalSubject) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM identity_local_recovery_code WHERE subject = $1",
        &values![subject],
    )
    .await?;
    Ok(())
}

fn stored(row: &Row) -> Result<StoredFactor, DbError> {
    let name = FactorName::parse(&row.get::<String>("name")?);
    Ok(StoredFactor {
        factor: Factor {
            id: row.get("id")?,
            name: name.ok_or_else(|| DbError::Decode {
                column: "name".to_owned(),
                expected: "a factor's name",
                found: "another text",
            })?,
            created_at: row.get("created_at")?,
            used_at: row.get("used_at")?,
        },
        sealed: Secret::new(row.get::<String>("secret")?),
        last_step: TimeStep::from_number(row.get("last_step")?),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::OsRng;
    use kernel_db::testing::TestDb;

    use super::*;
    use crate::local::recovery;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_step_that_two_show_at_once_is_good_for_one,
        a_recovery_code_that_two_show_at_once_is_good_for_one,
        the_last_factor_takes_the_recovery_codes_with_it,
        somebody_else_s_factor_is_neither_renamed_nor_removed,
    );

    const CLAIRE: LocalSubject = LocalSubject::from_u128(1);
    const HUGO: LocalSubject = LocalSubject::from_u128(2);
    const NOW: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    fn factor(number: u128) -> StoredFactor {
        StoredFactor {
            factor: Factor {
                id: FactorId::from_u128(number),
                name: FactorName::parse("Téléphone").expect("a name"),
                created_at: NOW,
                used_at: NOW,
            },
            sealed: Secret::new("sealed"),
            last_step: TimeStep::from_number(10),
        }
    }

    async fn with_factors(test: &TestDb, factors: &'static [u128]) {
        let written: Result<(), DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    for number in factors {
                        insert_factor(tx, CLAIRE, &factor(*number)).await?;
                    }
                    Ok(())
                })
            })
            .await;
        written.expect("written");
    }

    async fn seen(test: &TestDb) -> SecondFactor {
        let read: Result<_, DbError> = test
            .db
            .read(|tx: &mut Tx| Box::pin(async move { second_factor_of(tx, CLAIRE).await }))
            .await;
        read.expect("read")
    }

    async fn a_step_that_two_show_at_once_is_good_for_one(test: TestDb) {
        with_factors(&test, &[1]).await;
        let spend = || {
            test.db.write(|tx: &mut Tx| {
                Box::pin(async move {
                    let step = TimeStep::from_number(11);
                    let id = FactorId::from_u128(1);
                    // As a sign-in does: looked at, then spent.
                    let known = factors_of(tx, CLAIRE).await?;
                    if known.iter().all(|one| one.last_step >= step) {
                        return Ok::<_, DbError>(false);
                    }
                    spend_step(tx, id, step, NOW).await
                })
            })
        };
        let (one, other) = tokio::join!(spend(), spend());
        let both = [one.expect("written"), other.expect("written")];
        assert_eq!(both.iter().filter(|spent| **spent).count(), 1);
        assert!(!spend().await.expect("written"), "nor later");
        let unseen: Result<bool, DbError> = test
            .db
            .write(|tx: &mut Tx| {
                let (id, step) = (FactorId::from_u128(1), TimeStep::from_number(11));
                Box::pin(spend_step(tx, id, step, NOW))
            })
            .await;
        assert!(!unseen.expect("written"), "whether or not somebody looks");
    }

    async fn a_recovery_code_that_two_show_at_once_is_good_for_one(test: TestDb) {
        let codes = Arc::new(recovery::generate_all(&OsRng));
        let made = Arc::clone(&codes);
        let written: Result<(), DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                let made = Arc::clone(&made);
                Box::pin(async move { replace_codes(tx, CLAIRE, &made).await })
            })
            .await;
        written.expect("written");
        let spend = |subject| {
            let codes = Arc::clone(&codes);
            test.db.write(move |tx: &mut Tx| {
                let codes = Arc::clone(&codes);
                Box::pin(async move {
                    let code = codes.first().expect("a code");
                    spend_code(tx, subject, code).await
                })
            })
        };
        let stranger: Result<_, DbError> = spend(HUGO).await;
        assert_eq!(stranger.expect("written"), None, "it is Claire's");
        let (one, other) = tokio::join!(spend(CLAIRE), spend(CLAIRE));
        let mut both = [one.expect("written"), other.expect("written")];
        both.sort_unstable();
        assert_eq!(both, [None, Some(9)]);
    }

    async fn the_last_factor_takes_the_recovery_codes_with_it(test: TestDb) {
        with_factors(&test, &[1, 2]).await;
        for (number, factors, codes) in [(1, 1, 1), (2, 0, 0)] {
            let removed: Result<bool, DbError> = test
                .db
                .write(move |tx: &mut Tx| {
                    Box::pin(async move {
                        let code = recovery::RecoveryCode::generate(&OsRng);
                        replace_codes(tx, CLAIRE, &[code]).await?;
                        remove_factor(tx, CLAIRE, FactorId::from_u128(number)).await
                    })
                })
                .await;
            assert!(removed.expect("written"));
            let left = seen(&test).await;
            assert_eq!((left.factors.len(), left.codes_left), (factors, codes));
        }
    }

    async fn somebody_else_s_factor_is_neither_renamed_nor_removed(test: TestDb) {
        with_factors(&test, &[1]).await;
        let done: Result<(bool, bool), DbError> = test
            .db
            .write(|tx: &mut Tx| {
                Box::pin(async move {
                    let id = FactorId::from_u128(1);
                    let name = FactorName::parse("Le mien").expect("a name");
                    let renamed = rename_factor(tx, HUGO, id, &name).await?;
                    Ok((renamed, remove_factor(tx, HUGO, id).await?))
                })
            })
            .await;
        assert_eq!(done.expect("written"), (false, false));
        assert_eq!(seen(&test).await.factors, [factor(1).factor]);
    }
}
