//! Rows of `portal_badge`.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Tx, values};

use crate::domain::BadgeCount;

/// Says what waits for an agent in an application; whether that is new.
///
/// # Errors
/// What the database says.
pub(crate) async fn set_badge(
    tx: &mut Tx,
    client_id: &str,
    agent: AgentId,
    count: BadgeCount,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = if count.is_nothing() {
        tx.execute(
            "DELETE FROM portal_badge WHERE agent_id = $1 AND client_id = $2",
            &values![agent, client_id],
        )
        .await?
    } else {
        tx.execute(
            "INSERT INTO portal_badge (agent_id, client_id, count, updated_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (agent_id, client_id) DO UPDATE SET
                count = excluded.count,
                updated_at = excluded.updated_at
             WHERE portal_badge.count <> excluded.count",
            &values![agent, client_id, count.get(), now],
        )
        .await?
    };
    Ok(changed > 0)
}

/// What waits for an agent, by `client_id`, in its order; applications where nothing waits are
/// absent. Whether the agent sees an application's tile is for the reader to know.
///
/// # Errors
/// What the database says.
pub(crate) async fn badges_of(tx: &mut Tx, agent: AgentId) -> Result<Vec<(String, u32)>, DbError> {
    let rows = tx
        .query(
            "SELECT client_id, count FROM portal_badge WHERE agent_id = $1 ORDER BY client_id",
            &values![agent],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("client_id")?, row.get("count")?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use super::*;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_badge_is_of_one_agent_in_one_application_and_leaves_with_nothing,
        of_two_writers_at_once_one_count_stands,
    );

    const CLAIRE: AgentId = AgentId::from_u128(1);
    const HUGO: AgentId = AgentId::from_u128(2);

    async fn set(test: &TestDb, client_id: &'static str, agent: AgentId, count: u32) -> bool {
        let count = BadgeCount::parse(count).expect("a count");
        let now = Timestamp::from_millis(1_000);
        let changed: Result<bool, DbError> = test
            .db
            .write(move |tx| Box::pin(set_badge(tx, client_id, agent, count, now)))
            .await;
        changed.expect("written")
    }

    async fn read(test: &TestDb, agent: AgentId) -> Vec<(String, u32)> {
        let badges: Result<_, DbError> =
            test.db.read(move |tx| Box::pin(badges_of(tx, agent))).await;
        badges.expect("read")
    }

    async fn a_badge_is_of_one_agent_in_one_application_and_leaves_with_nothing(test: TestDb) {
        assert!(set(&test, "mission", CLAIRE, 3).await);
        assert!(set(&test, "conges", CLAIRE, 1).await);
        assert!(!set(&test, "mission", CLAIRE, 3).await, "said already");
        assert!(set(&test, "mission", CLAIRE, 4).await);
        assert_eq!(
            read(&test, CLAIRE).await,
            [("conges".to_owned(), 1), ("mission".to_owned(), 4)]
        );
        assert!(read(&test, HUGO).await.is_empty());
        assert!(set(&test, "mission", CLAIRE, 0).await);
        assert!(!set(&test, "mission", CLAIRE, 0).await);
        assert_eq!(read(&test, CLAIRE).await, [("conges".to_owned(), 1)]);
    }

    async fn of_two_writers_at_once_one_count_stands(test: TestDb) {
        tokio::join!(
            set(&test, "mission", CLAIRE, 3),
            set(&test, "mission", CLAIRE, 5)
        );
        let [(_, count)] = &read(&test, CLAIRE).await[..] else {
            panic!("one row");
        };
        assert!([3, 5].contains(count));
    }
}
