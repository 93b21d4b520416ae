//! The tools that keep something of agents, besides the sign-in tool itself: shown to them, moved
//! when their accounts are merged, erased with them.

use std::sync::Arc;

use kernel::Clock;
use kernel::port::Erase;
use kernel_db::Db;

/// Every one, in the order in which they erase.
pub(super) fn keepers(db: &Db, clock: &Arc<dyn Clock>) -> Vec<Arc<dyn Erase>> {
    vec![Arc::new(portal::Belongings::new(
        db.clone(),
        Arc::clone(clock),
    ))]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use identity::{Identity, IdentityConfig, SignIn};
    use kernel::AgentId;
    use kernel::port::{AgentColumn, Fate};
    use kernel_db::testing::TestDb;
    use kernel_db::{DbError, Tx, Value, values};
    use kernel_http::{House, MasterKey, Outgoing, OutgoingConfig, Site};
    use testkit::{FixedClock, SeededRng};
    use url::Url;

    use super::*;
    use crate::compose::MIGRATIONS;

    kernel_db::store_suite!(
        MIGRATIONS;
        what_is_declared_to_leave_leaves_with_the_agent_and_nobody_else_s,
        what_is_merged_is_the_other_account_s_and_leaves_nothing_behind,
    );

    /// Columns of 16 or 32 bytes that name something else than an agent.
    const OTHERS: &[&str] = &[
        "above",
        "announcement_id",
        "category_id",
        "code_hash",
        "id",
        "import",
        "invitation",
        "organisation",
        "organisation_id",
        "parent",
        "read_mark",
        "secret_hash",
        "session",
        "sponsor",
        "subject",
        "tile_id",
        "token_hash",
    ];
    /// Tables of the tools. Those of the kernel hold ids of acts and work under way, no name.
    const TOOLS: [&str; 3] = ["identity_", "portal_", "mail_"];

    async fn everybody(test: &TestDb) -> Vec<Arc<dyn Erase>> {
        testkit::install_tls_provider();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
        let site = Site::new(Url::parse("https://besace.test/").expect("an address"));
        let house = House::new(
            Arc::new(site),
            Arc::clone(&clock),
            Arc::new(SeededRng::new(1)),
            test.db.clone(),
            Arc::new(MasterKey::from_bytes([1; 32])),
        );
        let outgoing = Outgoing::new(OutgoingConfig::default()).expect("a client");
        let settings = IdentityConfig {
            organisations: Vec::new(),
            clients: Vec::new(),
            sign_in: SignIn::Upstream {
                providers: Vec::new(),
                outgoing: Arc::new(outgoing),
            },
            administration_level: None,
            grants: Vec::new(),
            key_period: std::time::Duration::from_hours(30 * 24),
        };
        let identity = Identity::start(house, settings).await.expect("started");
        let mut all = keepers(&test.db, &clock);
        all.push(Arc::new(identity));
        all
    }

    fn declared(all: &[Arc<dyn Erase>]) -> Vec<AgentColumn> {
        all.iter().flat_map(|one| one.columns()).copied().collect()
    }

    /// A column as SQLite describes it.
    #[derive(Debug, Clone)]
    struct Column {
        name: String,
        kind: String,
        needed: bool,
    }

    async fn columns(tx: &mut Tx, table: &str) -> Result<Vec<Column>, DbError> {
        let rows = tx
            .query(
                "SELECT name, type, \"notnull\" AS needed, dflt_value, pk
                 FROM pragma_table_info($1)",
                &values![table],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let default: Option<String> = row.get("dflt_value")?;
                let (needed, pk): (i64, i64) = (row.get("needed")?, row.get("pk")?);
                Ok(Column {
                    name: row.get("name")?,
                    kind: row.get("type")?,
                    needed: (needed == 1 && default.is_none()) || pk > 0,
                })
            })
            .collect()
    }

    async fn tables(tx: &mut Tx) -> Result<Vec<String>, DbError> {
        let rows = tx
            .query(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
                &values![],
            )
            .await?;
        rows.iter().map(|row| row.get("name")).collect()
    }

    #[tokio::test]
    async fn every_column_that_may_name_an_agent_has_a_fate() {
        let test = TestDb::sqlite(MIGRATIONS).await;
        let all = everybody(&test).await;
        let found: Vec<(String, String)> = test
            .db
            .read(|tx| {
                Box::pin(async move {
                    let mut found = Vec::new();
                    for table in tables(tx).await? {
                        if !TOOLS.iter().any(|prefix| table.starts_with(prefix)) {
                            continue;
                        }
                        for column in columns(tx, &table).await? {
                            if column.kind == "BLOB" {
                                found.push((table.clone(), column.name));
                            }
                        }
                    }
                    Ok::<_, DbError>(found)
                })
            })
            .await
            .expect("read");
        let fates: BTreeSet<(String, String)> = declared(&all)
            .iter()
            .map(|one| (one.table.to_owned(), one.column.to_owned()))
            .collect();
        let without: Vec<_> = found
            .iter()
            .filter(|place| !fates.contains(*place) && !OTHERS.contains(&place.1.as_str()))
            .collect();
        assert!(without.is_empty(), "say what becomes of these: {without:?}");
        let gone: Vec<_> = fates
            .iter()
            .filter(|place| !found.contains(place))
            .collect();
        assert!(gone.is_empty(), "no such columns: {gone:?}");
    }

    const LEAVES: AgentId = AgentId::from_u128(0xa1);
    const STAYS: AgentId = AgentId::from_u128(0xb2);

    /// The tile, the announcement and the category that the rows of an agent refer to.
    const fn referred_to(agent: AgentId) -> [u8; 16] {
        *agent.as_bytes()
    }

    /// What a test writes into a column that it does not care for.
    fn filler(table: &str, column: &Column, (agent, number): (AgentId, u8)) -> Value {
        match (column.name.as_str(), column.kind.as_str()) {
            ("tile_id" | "announcement_id" | "category_id", _) => Value::from(referred_to(agent)),
            // The words of states and roles that the tools read back.
            ("role", _) => Value::from("operator"),
            ("scopes", _) => Value::from("openid"),
            ("acr", _) => Value::from("eidas1"),
            ("state", _) => Value::from(if table == "identity_agent" {
                "active"
            } else {
                "approved"
            }),
            ("subtree", _) => Value::from(1_i64),
            ("custom", _) => Value::from("{}"),
            ("id", "BLOB")
                if ["portal_tile", "portal_announcement", "portal_category"].contains(&table) =>
            {
                Value::from(referred_to(agent))
            }
            (_, "BLOB") => Value::from([number; 16]),
            (_, "TEXT") => Value::from(format!("x{number}")),
            _ => Value::from(i64::from(number)),
        }
    }

    /// One row of each table for each of the two agents; what other rows refer to first.
    async fn fill(test: &TestDb, fates: &[AgentColumn]) {
        let sqlite = TestDb::sqlite(MIGRATIONS).await;
        let mut wanted: Vec<(String, Option<String>)> =
            ["portal_category", "portal_tile", "portal_announcement"]
                .map(|table| (table.to_owned(), None))
                .into();
        for fate in fates {
            let parents = ["portal_tile", "portal_announcement"];
            if fate.table != "identity_agent" && !parents.contains(&fate.table) {
                wanted.push((fate.table.to_owned(), Some(fate.column.to_owned())));
            }
        }
        let mut number = 10_u8;
        for agent in [LEAVES, STAYS] {
            for (table, column) in &wanted {
                number += 1;
                let asked = table.clone();
                let described: Vec<Column> = sqlite
                    .db
                    .read(move |tx| {
                        let asked = asked.clone();
                        Box::pin(async move { columns(tx, &asked).await })
                    })
                    .await
                    .expect("described");
                insert(test, table, column.as_deref(), &described, (agent, number)).await;
            }
        }
    }

    async fn insert(
        test: &TestDb,
        table: &str,
        of: Option<&str>,
        columns: &[Column],
        (agent, number): (AgentId, u8),
    ) {
        let mut names = Vec::new();
        let mut given = Vec::new();
        for column in columns {
            let own = of == Some(column.name.as_str());
            if own || column.needed {
                names.push(column.name.clone());
                given.push(if own {
                    Value::from(agent)
                } else {
                    filler(table, column, (agent, number))
                });
            }
        }
        let places: Vec<String> = (1..=given.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            places.join(", ")
        );
        let sql: &'static str = Box::leak(sql.into_boxed_str());
        let given = Arc::new(given);
        let written: Result<u64, DbError> = test
            .db
            .write(move |tx| {
                let given = Arc::clone(&given);
                Box::pin(async move { tx.execute(sql, &given).await })
            })
            .await;
        assert_eq!(written.unwrap_or_else(|cause| panic!("{sql}: {cause}")), 1);
    }

    async fn count(test: &TestDb, fate: &AgentColumn, agent: AgentId) -> i64 {
        let sql = format!(
            "SELECT COUNT(*) AS n FROM {} WHERE {} = $1",
            fate.table, fate.column
        );
        let sql: &'static str = Box::leak(sql.into_boxed_str());
        let counted: Result<i64, DbError> = test
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let row = tx.query_optional(sql, &values![agent]).await?;
                    row.map_or(Ok(0), |row| row.get("n"))
                })
            })
            .await;
        counted.expect("counted")
    }

    async fn what_is_declared_to_leave_leaves_with_the_agent_and_nobody_else_s(test: TestDb) {
        let all = everybody(&test).await;
        let fates = declared(&all);
        fill(&test, &fates).await;
        for keeper in &all {
            // Killed halfway, it goes on; done again, it changes nothing.
            for _ in 0..2 {
                keeper.erase(LEAVES).await.expect("erased");
            }
        }
        // Emptied in the transaction of the act, not by the port.
        let in_the_act = [
            "identity_login",
            "identity_agent_word",
            "identity_expected",
            "identity_directory",
        ];
        for fate in &fates {
            if fate.table == "identity_agent" || in_the_act.contains(&fate.table) {
                continue;
            }
            let written = !["portal_tile", "portal_announcement"].contains(&fate.table);
            let left = count(&test, fate, LEAVES).await;
            match fate.fate {
                Fate::Erased => assert_eq!(left, 0, "{fate:?}"),
                Fate::Kept(_) => assert_eq!(left > 0, written, "{fate:?}"),
            }
            let others = count(&test, fate, STAYS).await;
            assert_eq!(others > 0, written, "another's: {fate:?}");
        }
    }

    async fn what_is_merged_is_the_other_account_s_and_leaves_nothing_behind(test: TestDb) {
        let all = everybody(&test).await;
        let fates = declared(&all);
        fill(&test, &fates).await;
        let new = AgentId::from_u128(0xc3);
        for keeper in &all {
            for _ in 0..2 {
                keeper.merge(LEAVES, new).await.expect("merged");
            }
        }
        for fate in fates.iter().filter(|fate| fate.fate == Fate::Erased) {
            if fate.table == "identity_agent_word" {
                continue;
            }
            assert_eq!(count(&test, fate, LEAVES).await, 0, "{fate:?}");
        }
        let moved = [
            ("portal_favourite", "agent_id"),
            ("portal_recent", "agent_id"),
            ("portal_inbox_item", "agent_id"),
            ("portal_settings", "agent_id"),
            ("portal_badge", "agent_id"),
            ("portal_announcement_read", "agent_id"),
            ("portal_request", "asked_by"),
            ("identity_login", "agent"),
            ("identity_role", "agent"),
            ("identity_received", "agent"),
        ];
        for (table, column) in moved {
            let place = AgentColumn {
                table,
                column,
                fate: Fate::Erased,
            };
            assert!(count(&test, &place, new).await > 0, "{table}");
        }
    }
}
