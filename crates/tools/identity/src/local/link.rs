//! Links by which a password is chosen: mailed, good for once, opened by POST only.

use std::time::Duration;

use kernel::{Secret, Timestamp};
use kernel_db::{DbError, Tx, values};

use super::account::LocalSubject;
use crate::domain::session::hash;

/// Why a link was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The password was forgotten.
    NewPassword,
    /// The account was just made.
    Invitation,
}

impl LinkPurpose {
    /// How long the link is good.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::NewPassword => Duration::from_hours(1),
            Self::Invitation => Duration::from_hours(7 * 24),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::NewPassword => "new-password",
            Self::Invitation => "invitation",
        }
    }

    fn from_word(word: &str) -> Result<Self, DbError> {
        [Self::NewPassword, Self::Invitation]
            .into_iter()
            .find(|purpose| purpose.word() == word)
            .ok_or_else(|| DbError::Decode {
                column: "purpose".to_owned(),
                expected: "a word this version knows",
                found: "another one",
            })
    }
}

/// Writes a link; its secret is stored as its SHA-256 only.
///
/// # Errors
/// What the database says.
pub(crate) async fn insert_link(
    tx: &mut Tx,
    secret: &Secret,
    subject: LocalSubject,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_local_link (token_hash, subject, purpose, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        &values![
            hash(secret.expose()),
            subject,
            purpose.word(),
            now,
            now.plus(purpose.lifetime()),
        ],
    )
    .await?;
    Ok(())
}

/// Whose link this is, while it is good. It stays good.
///
/// # Errors
/// What the database says.
pub(crate) async fn find_link(
    tx: &mut Tx,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<(LocalSubject, LinkPurpose)>, DbError> {
    let row = tx
        .query_optional(
            "SELECT subject, purpose FROM identity_local_link
             WHERE token_hash = $1 AND expires_at > $2",
            &values![hash(secret.expose()), now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let purpose = LinkPurpose::from_word(&row.get::<String>("purpose")?)?;
    Ok(Some((row.get("subject")?, purpose)))
}

/// Spends a link. Answers whether it was still good: of two who open it at once, one is first.
///
/// # Errors
/// What the database says.
pub(crate) async fn spend_link(
    tx: &mut Tx,
    secret: &Secret,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "DELETE FROM identity_local_link WHERE token_hash = $1 AND expires_at > $2",
            &values![hash(secret.expose()), now],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes every link of an account.
///
/// # Errors
/// What the database says.
pub(crate) async fn remove_links(tx: &mut Tx, subject: LocalSubject) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM identity_local_link WHERE subject = $1",
        &values![subject],
    )
    .await?;
    Ok(())
}

/// Removes links that are no longer good, so many at most. Answers how many it removed.
///
/// # Errors
/// What the database says.
pub(crate) async fn purge_links(tx: &mut Tx, now: Timestamp, most: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_local_link WHERE token_hash IN (
             SELECT token_hash FROM identity_local_link WHERE expires_at <= $1 LIMIT $2)",
        &values![now, most],
    )
    .await
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use super::*;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_link_that_two_open_at_once_is_good_for_one,
        a_link_is_good_for_its_time_and_leaves_after_it,
    );

    const CLAIRE: LocalSubject = LocalSubject::from_u128(1);
    const NOW: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    async fn made(test: &TestDb, purpose: LinkPurpose) {
        let written: Result<(), DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    insert_link(tx, &Secret::new("secret"), CLAIRE, purpose, NOW).await
                })
            })
            .await;
        written.expect("written");
    }

    async fn found(test: &TestDb, text: &'static str, now: Timestamp) -> bool {
        let read: Result<_, DbError> = test
            .db
            .read(move |tx: &mut Tx| {
                Box::pin(async move { find_link(tx, &Secret::new(text), now).await })
            })
            .await;
        read.expect("read").is_some()
    }

    async fn a_link_that_two_open_at_once_is_good_for_one(test: TestDb) {
        made(&test, LinkPurpose::NewPassword).await;
        let spend = || {
            test.db.write(|tx: &mut Tx| {
                Box::pin(async move {
                    let secret = Secret::new("secret");
                    if find_link(tx, &secret, NOW).await?.is_none() {
                        return Ok::<_, DbError>(false);
                    }
                    spend_link(tx, &secret, NOW).await
                })
            })
        };
        let (one, other) = tokio::join!(spend(), spend());
        let both = [one.expect("written"), other.expect("written")];
        assert_eq!(both.iter().filter(|spent| **spent).count(), 1);
    }

    async fn a_link_is_good_for_its_time_and_leaves_after_it(test: TestDb) {
        for purpose in [LinkPurpose::NewPassword, LinkPurpose::Invitation] {
            made(&test, purpose).await;
            let end = NOW.plus(purpose.lifetime());
            let last = end.minus(Duration::from_millis(1));
            assert!(found(&test, "secret", last).await);
            assert!(!found(&test, "secret", end).await);
            assert!(!found(&test, "another", NOW).await);
            let purged: Result<u64, DbError> = test
                .db
                .write(move |tx: &mut Tx| Box::pin(async move { purge_links(tx, end, 500).await }))
                .await;
            assert_eq!(purged.expect("written"), 1);
        }
    }
}
