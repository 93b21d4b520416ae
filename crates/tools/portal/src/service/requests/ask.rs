//! An agent asks that a tool be published.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Act, Caller, OrganisationId};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::notices::announce_asked;
use super::{Requests, subject};
use crate::domain::{Request, RequestId, RequestKind, RequestState, TileAddress};
use crate::error::PortalError;
use crate::{store, texts};

/// How long a request stands under *Maintenant*.
pub(in crate::service) const WAITING_FOR: Duration = Duration::from_hours(30 * 24);

/// What one agent may have waiting.
const MOST_PENDING: u32 = 20;

/// What an agent asks.
pub(crate) struct NewToolRequest {
    /// The tool's name.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) address: TileAddress,
    /// What for.
    pub(crate) purpose: String,
    /// Of which administration; none: the agent's own.
    pub(crate) organisation: Option<OrganisationId>,
}

impl Portal {
    /// Asks the administrators of the caller's administration, or of one above it.
    ///
    /// # Errors
    /// [`PortalError::Invalid`] for another administration; [`PortalError::TooManyRequests`].
    pub(crate) async fn ask_for_tool(
        &self,
        caller: &Caller,
        asked: NewToolRequest,
    ) -> Result<Requests, PortalError> {
        let organisation = asked.organisation.unwrap_or(caller.organisation);
        if organisation != caller.organisation && !caller.ancestors.contains(&organisation) {
            return Err(PortalError::Invalid {
                field: "organisation",
                said: texts::request::NOT_YOURS,
            });
        }
        let organisations = self.organisations().await?;
        let now = self.clock.now();
        let request = Request {
            id: RequestId::new(now, self.rng.as_ref()),
            kind: RequestKind::Tool {
                purpose: asked.purpose,
            },
            state: RequestState::Pending,
            organisation,
            asked_by: caller.agent,
            asked_at: now,
            tool: None,
            name: asked.name,
            address: asked.address.as_str().to_owned(),
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        let work = Arc::new((request.clone(), caller.actor(), Arc::clone(&self.rng)));
        self.db
            .write(move |tx: &mut Tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (request, actor, rng) = work.as_ref();
                    let pending = store::pending_count_of(tx, request.asked_by).await?;
                    if pending >= i64::from(MOST_PENDING) {
                        return Err(PortalError::TooManyRequests { most: MOST_PENDING });
                    }
                    store::insert_request(tx, request).await?;
                    announce_asked(tx, request.id, request.asked_at).await?;
                    let done = Done {
                        act: Act("portal.request.create"),
                        organisation: Some(request.organisation),
                        actor: *actor,
                        subject: subject(request.id),
                        data: serde_json::json!({ "kind": request.kind.word() }),
                    };
                    record(tx, rng.as_ref(), request.asked_at, done).await?;
                    Ok(())
                })
            })
            .await?;
        self.requests_changed(organisation, &organisations, now);
        self.with_names(vec![request], organisations).await
    }

    /// Takes back a request of the caller's own.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] when it is another's; [`PortalError::RequestEnded`].
    pub(crate) async fn withdraw_request(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<(), PortalError> {
        let (now, actor, rng) = (self.clock.now(), caller.actor(), Arc::clone(&self.rng));
        let request = self
            .db
            .write(move |tx: &mut Tx| {
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let found = store::request(tx, id).await?;
                    let mine = found.filter(|request| {
                        request.asked_by == actor.agent
                            && matches!(request.kind, RequestKind::Tool { .. })
                    });
                    let request = mine.ok_or(PortalError::NotFound)?;
                    let state = request.state.withdraw()?;
                    let by = actor.agent;
                    store::end_request(tx, id, state, by, now, None, request.tool).await?;
                    let done = Done {
                        act: Act("portal.request.withdraw"),
                        organisation: Some(request.organisation),
                        actor,
                        subject: subject(id),
                        data: serde_json::json!({}),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok::<_, PortalError>(request)
                })
            })
            .await?;
        let organisations = self.organisations().await?;
        self.requests_changed(request.organisation, &organisations, now);
        Ok(())
    }
}
