//! The directory of all administrations: finding colleagues, counting audiences, and the port
//! through which other tools ask.

mod find;
mod port;
mod source;

pub(crate) use find::{Asked, people_found};

use std::sync::Arc;

use kernel::port::{OrganisationFacts, Person};
use kernel::{AgentId, Cursor, CursorError, Limit, Page};
use kernel_db::{BoxFuture, DbError, Tx};

use super::Identity;
use crate::error::IdentityError;
use crate::store;

impl Identity {
    /// An agent as colleagues see them; none: unknown, or may not sign in.
    pub(crate) async fn person(&self, agent: AgentId) -> Result<Option<Person>, IdentityError> {
        self.house
            .db
            .read(move |tx| Box::pin(async move { Ok(store::directory::person(tx, agent).await?) }))
            .await
    }

    /// All administrations in the order of their labels, at most two seconds old.
    pub(crate) async fn organisations(&self) -> Result<Arc<Vec<OrganisationFacts>>, IdentityError> {
        Ok(self.organisations.get(rows, |all, _| all).await?)
    }

    /// A page of colleagues: those found, best first, or all in the order of their names.
    ///
    /// # Errors
    /// [`IdentityError::Cursor`] for a cursor that no such page gave, else when the database
    /// refuses.
    pub(crate) async fn people(
        &self,
        asked: Asked,
        cursor: Option<Cursor>,
        limit: Limit,
    ) -> Result<Page<Person>, IdentityError> {
        let after = cursor.map(|cursor| find::Place::read(&cursor)).transpose();
        let after = after.map_err(|CursorError| IdentityError::Cursor)?;
        let asked = Arc::new(asked);
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move { Ok(find::page(tx, &asked, after, limit).await?) })
            })
            .await
    }
}

fn rows(tx: &mut Tx) -> BoxFuture<'_, Result<Vec<OrganisationFacts>, DbError>> {
    Box::pin(store::organisation::all(tx))
}
