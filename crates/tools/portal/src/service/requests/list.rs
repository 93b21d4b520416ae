//! Looking at requests.

use kernel::{Caller, OrganisationId, Role};

use super::super::Portal;
use super::super::audience::KnownNames;
use crate::domain::{Organisations, Request, RequestKind, RequestState, agents_of};
use crate::error::PortalError;
use crate::store;

/// Requests with the names that they need.
pub(crate) struct Requests {
    pub(crate) items: Vec<Request>,
    pub(crate) names: KnownNames,
}

impl Portal {
    /// What the caller asked, the newest first.
    ///
    /// # Errors
    /// What the database or the directory says.
    pub(crate) async fn my_requests(&self, caller: &Caller) -> Result<Requests, PortalError> {
        let agent = caller.agent;
        let requests = self
            .db
            .read(move |tx| Box::pin(async move { store::requests_of(tx, agent).await }))
            .await?;
        let organisations = self.organisations().await?;
        self.with_names(requests, organisations).await
    }

    /// What is asked of the administrations that the caller administers, the newest first, 200
    /// at most of each.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] for who administers nothing.
    pub(crate) async fn requests_for(
        &self,
        caller: &Caller,
        state: RequestState,
    ) -> Result<Requests, PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let organisations = self.organisations().await?;
        let requests = self.asked_of(caller, state, &organisations).await?;
        self.with_names(requests, organisations).await
    }

    /// The same without names.
    pub(in crate::service) async fn asked_of(
        &self,
        caller: &Caller,
        state: RequestState,
        organisations: &Organisations,
    ) -> Result<Vec<Request>, PortalError> {
        let asked = self
            .db
            .read(move |tx| Box::pin(async move { store::asked_organisations(tx, state).await }))
            .await?;
        let now = self.clock.now();
        let mine: Vec<OrganisationId> = asked
            .into_iter()
            .filter(|id| organisations.may(caller, Role::Administrator, *id, now))
            .collect();
        let mut requests = self
            .db
            .read(move |tx| {
                let mine = mine.clone();
                Box::pin(async move {
                    let mut found = Vec::new();
                    for organisation in mine {
                        found.extend(store::requests_to(tx, organisation, state).await?);
                    }
                    Ok::<_, PortalError>(found)
                })
            })
            .await?;
        requests.sort_by_key(|request| std::cmp::Reverse(request.id));
        Ok(requests)
    }

    /// With the names of whom requests name.
    pub(super) async fn with_names(
        &self,
        items: Vec<Request>,
        organisations: Organisations,
    ) -> Result<Requests, PortalError> {
        let mut agents = Vec::new();
        for request in &items {
            agents.push(request.asked_by);
            agents.extend(request.decided_by);
            if let RequestKind::Audience { audience, .. } = &request.kind {
                agents.extend(agents_of(audience));
            }
        }
        let names = self.names(organisations, agents).await?;
        Ok(Requests { items, names })
    }
}
