//! What the portal keeps of an agent, as [`kernel::port::Erase`] wants it.

use std::sync::Arc;

use kernel::port::{AgentColumn, BoxFuture, Erase, Fate, PortError};
use kernel::{AgentId, Clock};
use kernel_db::{Db, DbError};
use serde_json::Value;

use crate::store::belongings as store;

/// What the portal keeps of agents.
pub struct Belongings {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Belongings {
    /// Those of this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    async fn move_all(&self, from: AgentId, into: AgentId) -> Result<(), DbError> {
        self.db
            .write(move |tx| Box::pin(store::move_own(tx, from, into)))
            .await?;
        while self
            .db
            .write(move |tx| Box::pin(store::move_notices(tx, from, into)))
            .await?
            > 0
        {}
        let now = self.clock.now();
        self.db
            .write(move |tx| Box::pin(store::recount(tx, into, now)))
            .await?;
        // What could not be moved, since the account has its own.
        self.erase_all(from).await
    }

    async fn erase_all(&self, agent: AgentId) -> Result<(), DbError> {
        while self
            .db
            .write(move |tx| Box::pin(store::erase_some(tx, agent)))
            .await?
        {}
        Ok(())
    }
}

const fn erased(table: &'static str, column: &'static str) -> AgentColumn {
    AgentColumn {
        table,
        column,
        fate: Fate::Erased,
    }
}

const fn kept(table: &'static str, column: &'static str, why: &'static str) -> AgentColumn {
    AgentColumn {
        table,
        column,
        fate: Fate::Kept(why),
    }
}

const ACT: &str = "an act for an administration, by an id that names a tombstone";

const COLUMNS: &[AgentColumn] = &[
    erased("portal_favourite", "agent_id"),
    erased("portal_recent", "agent_id"),
    erased("portal_visit", "agent_id"),
    erased("portal_inbox_item", "agent_id"),
    erased("portal_inbox", "agent_id"),
    erased("portal_inbox_count", "agent_id"),
    erased("portal_settings", "agent_id"),
    erased("portal_announcement_read", "agent_id"),
    erased("portal_badge", "agent_id"),
    kept(
        "portal_request",
        "asked_by",
        "answered: the administration's; unanswered ones leave",
    ),
    kept("portal_request", "decided_by", ACT),
    kept("portal_consent", "given_by", ACT),
    kept("portal_notice", "written_by", ACT),
    kept("portal_announcement", "written_by", ACT),
    kept(
        "portal_tile",
        "owner_id",
        "administrators are shown that nobody owns the tool",
    ),
];

impl Erase for Belongings {
    fn tool(&self) -> &'static str {
        "portal"
    }

    fn columns(&self) -> &'static [AgentColumn] {
        COLUMNS
    }

    fn export(&self, agent: AgentId) -> BoxFuture<'_, Result<Value, PortError>> {
        Box::pin(async move {
            let read: Result<Value, DbError> = self
                .db
                .read(move |tx| Box::pin(store::export(tx, agent)))
                .await;
            read.map_err(PortError::from)
        })
    }

    fn merge(&self, from: AgentId, into: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async move {
            let moved = self.move_all(from, into).await;
            moved.map_err(PortError::from)
        })
    }

    fn erase(&self, agent: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async move {
            let gone = self.erase_all(agent).await;
            gone.map_err(PortError::from)
        })
    }
}
