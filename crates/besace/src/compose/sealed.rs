//! Every column of the tools that holds values sealed under the master key: what is counted and
//! sealed anew when the key changes.

use kernel_db::SealedColumn;

/// Every one.
pub(crate) fn columns() -> Vec<SealedColumn> {
    [::identity::SEALED, ::portal::SEALED].concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel_db::testing::TestDb;
    use kernel_db::{DbError, values};

    use super::*;
    use crate::compose::MIGRATIONS;

    /// Words in the name of a column that make one ask whether it is sealed.
    const SUSPICIOUS: &[&str] = &["seal", "secret", "token", "key", "password", "seed", "otp"];
    /// Columns with such a name that hold nothing sealed.
    const OTHERS: &[(&str, &str)] = &[
        // Digests, of which nothing has to be opened.
        ("identity_client", "secret_hash"),
        ("identity_credential", "secret_hash"),
        ("identity_invitation", "secret_hash"),
        ("identity_local_account", "password_hash"),
        ("identity_local_link", "token_hash"),
        ("identity_session", "token_hash"),
        ("identity_session_end", "token_hash"),
        // Times.
        ("identity_local_account", "password_at"),
        ("identity_provider", "secret_at"),
        // Folded names, by which things are found and put in order.
        ("identity_agent", "name_key"),
        ("identity_expected", "email_key"),
        ("identity_role_promise", "email_key"),
        // The kernel's: digests, which lease is the present one, and times of the master keys. An
        // answer that is kept for who asks again leaves after a day: one that does not open any more
        // is known to be given.
        ("idempotency", "key"),
        ("job", "token"),
        ("master_key", "resealed_at"),
        ("master_key", "seals_from"),
    ];

    #[tokio::test]
    async fn every_column_that_may_be_sealed_is_declared_or_known_not_to_be() {
        let test = TestDb::sqlite(MIGRATIONS).await;
        let found: Result<BTreeSet<(String, String)>, DbError> = test
            .db
            .read(|tx| {
                Box::pin(async move {
                    let rows = tx
                        .query(
                            "SELECT m.name AS t, c.name AS c FROM sqlite_master m
                             JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
                             AND m.name NOT LIKE 'sqlite_%'",
                            &values![],
                        )
                        .await?;
                    rows.iter()
                        .map(|row| Ok((row.get("t")?, row.get("c")?)))
                        .collect()
                })
            })
            .await;
        let found = found.expect("read");
        let declared: BTreeSet<(String, String)> = columns()
            .iter()
            .map(|one| (one.table.to_owned(), one.column.to_owned()))
            .collect();
        let gone: Vec<_> = declared.difference(&found).collect();
        assert!(gone.is_empty(), "no such columns: {gone:?}");
        let asked: Vec<_> = found
            .iter()
            .filter(|(_, column)| SUSPICIOUS.iter().any(|word| column.contains(word)))
            .filter(|place| !declared.contains(*place))
            .filter(|(table, column)| !OTHERS.contains(&(table.as_str(), column.as_str())))
            .collect();
        assert!(
            asked.is_empty(),
            "declare these in their tool's SEALED, or say here what they hold: {asked:?}"
        );
        let places = OTHERS
            .iter()
            .map(|(t, c)| ((*t).to_owned(), (*c).to_owned()));
        let absent: Vec<_> = places.filter(|place| !found.contains(place)).collect();
        assert!(absent.is_empty(), "no such columns: {absent:?}");
    }

    #[tokio::test]
    async fn each_declared_column_can_be_counted_and_paged_by_its_key() {
        let test = TestDb::sqlite(MIGRATIONS).await;
        for column in columns() {
            let counted = kernel_http::count_sealed(&test.db, &[column]).await;
            assert_eq!(counted.expect("counted"), [], "{column:?}");
            let emptied = kernel_http::set_empty(&test.db, &[column], "AAAAA").await;
            assert_eq!(emptied.expect("looked at"), 0, "{column:?}");
        }
    }
}
