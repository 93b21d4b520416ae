//! The directory as other tools ask it.

use std::sync::Arc;

use kernel::port::{Directory, Membership, OrganisationFacts, Person, PortError};
use kernel::{AgentId, Audience, BoxFuture, Caller, Limit, OrganisationId, Role};
use kernel_db::{DbError, Tx};

use super::Asked;
use super::find;
use crate::domain::words::{self, Question};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

/// Ids of one question, at most.
const MOST_IDS: usize = 1_000;
/// Members of one answer, at most.
const MOST_MEMBERS: u16 = 1_000;

impl Directory for Identity {
    fn people(&self, agents: Vec<AgentId>) -> BoxFuture<'_, Result<Vec<Person>, PortError>> {
        Box::pin(async move {
            if agents.len() > MOST_IDS {
                let refusal = format!("{} ids are more than {MOST_IDS}", agents.len());
                return Err(PortError::Refused(refusal));
            }
            let agents = Arc::new(agents);
            self.ask(move |tx| {
                let agents = Arc::clone(&agents);
                Box::pin(async move { store::directory::people(tx, &agents).await })
            })
            .await
        })
    }

    fn search(
        &self,
        words: String,
        _seen_by: Caller,
        limit: Limit,
    ) -> BoxFuture<'_, Result<Vec<Person>, PortError>> {
        Box::pin(async move {
            let asked = Arc::new(Asked {
                question: Some(Question::parse(&words)),
                organisation: None,
            });
            self.ask(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move { Ok(find::page(tx, &asked, None, limit).await?.items) })
            })
            .await
        })
    }

    fn by_email(&self, email: String) -> BoxFuture<'_, Result<Option<Person>, PortError>> {
        Box::pin(async move {
            let address: Arc<str> = Arc::from(words::address(&email));
            self.ask(move |tx| {
                let address = Arc::clone(&address);
                Box::pin(async move { store::directory::by_address(tx, &address).await })
            })
            .await
        })
    }

    fn membership(&self, agent: AgentId) -> BoxFuture<'_, Result<Option<Membership>, PortError>> {
        Box::pin(self.ask(move |tx| Box::pin(store::directory::membership(tx, agent))))
    }

    fn head_count(&self, audience: Audience) -> BoxFuture<'_, Result<u64, PortError>> {
        Box::pin(async move {
            let counts = self.head_counts(audience).await?;
            Ok(counts.iter().map(|(_, heads)| heads).sum())
        })
    }

    fn head_counts(
        &self,
        audience: Audience,
    ) -> BoxFuture<'_, Result<Vec<(OrganisationId, u64)>, PortError>> {
        Box::pin(async move {
            let audience = checked(audience)?;
            self.ask(move |tx| {
                let audience = Arc::clone(&audience);
                Box::pin(async move { store::audience::head_counts(tx, &audience).await })
            })
            .await
        })
    }

    fn members(
        &self,
        audience: Audience,
        after: Option<AgentId>,
        rows: u16,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>> {
        Box::pin(async move {
            let audience = checked(audience)?;
            let rows = rows.clamp(1, MOST_MEMBERS);
            self.ask(move |tx| {
                let audience = Arc::clone(&audience);
                Box::pin(async move { store::audience::members(tx, &audience, after, rows).await })
            })
            .await
        })
    }

    fn organisations(&self) -> BoxFuture<'_, Result<Arc<Vec<OrganisationFacts>>, PortError>> {
        Box::pin(async move { Identity::organisations(self).await.map_err(port_error) })
    }

    fn holders(
        &self,
        role: Role,
        organisation: OrganisationId,
    ) -> BoxFuture<'_, Result<Vec<AgentId>, PortError>> {
        let now = self.house.clock.now();
        Box::pin(self.ask(move |tx| {
            Box::pin(async move {
                if role == Role::Operator {
                    return store::role::operators(tx, now).await;
                }
                let mut holders = store::role::holders(tx, role, organisation, now).await?;
                if role == Role::Announcer {
                    let implied = Role::Administrator;
                    holders.extend(store::role::holders(tx, implied, organisation, now).await?);
                    holders.sort_unstable();
                    holders.dedup();
                }
                Ok(holders)
            })
        }))
    }
}

impl Identity {
    async fn ask<T, F>(&self, job: F) -> Result<T, PortError>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, DbError>> + Send + Sync + 'static,
        T: Send + 'static,
    {
        let answer = self.house.db.read(job).await;
        answer.map_err(|cause| port_error(IdentityError::Database(cause)))
    }
}

/// A rule that keeps its limits.
fn checked(audience: Audience) -> Result<Arc<Audience>, PortError> {
    match audience.check() {
        Ok(()) => Ok(Arc::new(audience)),
        Err(cause) => Err(PortError::Refused(cause.to_string())),
    }
}

/// What another tool is told.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
pub(super) fn port_error(cause: IdentityError) -> PortError {
    if cause.problem().status == 503 {
        PortError::Unavailable(cause.to_string())
    } else {
        PortError::Failed(cause.to_string())
    }
}
