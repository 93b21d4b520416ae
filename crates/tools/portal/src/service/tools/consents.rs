//! Asking other administrations whose agents a tool's audience names.
//!
//! Invariant: who publishes agrees for what they administer themselves; for all others a request
//! stands until that administration answers, and nothing is shown there before.

use std::sync::Arc;

use kernel::{AgentId, Caller, OrganisationId, Rng, Scope, Timestamp};
use kernel_db::Tx;

use super::super::audience::Weighed;
use super::super::requests::announce_asked;
use crate::domain::{Consent, Request, RequestId, RequestKind, RequestState, Tool};
use crate::error::PortalError;
use crate::store;

/// Who asks whom.
pub(super) struct Asking {
    by: AgentId,
    scopes: Vec<Scope>,
    elsewhere: Vec<(OrganisationId, u64)>,
    now: Timestamp,
    rng: Arc<dyn Rng>,
}

impl Asking {
    /// From a weighed audience.
    pub(super) fn new(
        caller: &Caller,
        weighed: &Weighed,
        now: Timestamp,
        rng: Arc<dyn Rng>,
    ) -> Self {
        Self {
            by: caller.agent,
            scopes: weighed.scopes.clone(),
            elsewhere: weighed.spread.elsewhere.clone(),
            now,
            rng,
        }
    }
}

/// Writes the publisher's own agreement, withdraws requests for another audience and makes those
/// that are missing. How many administrations have not agreed yet.
///
/// # Errors
/// What the database says.
pub(super) async fn ask(tx: &mut Tx, tool: &Tool, asking: &Asking) -> Result<usize, PortalError> {
    let audience = &tool.fields.audience;
    for scope in &asking.scopes {
        let own = Consent {
            scope: *scope,
            audience: audience.clone(),
        };
        store::give_consent(tx, tool.id, &own, asking.by, asking.now).await?;
    }
    let given = store::consents_of(tx, tool.id).await?;
    let mut waiting = Vec::new();
    for (organisation, agents) in &asking.elsewhere {
        let wanted = Consent {
            scope: whole(*organisation),
            audience: audience.clone(),
        };
        if !given.contains(&wanted) {
            waiting.push((*organisation, *agents));
        }
    }
    let kept = withdraw_others(tx, tool, asking, &waiting).await?;
    for (organisation, agents) in &waiting {
        if kept.contains(organisation) {
            continue;
        }
        let request = Request {
            id: RequestId::new(asking.now, asking.rng.as_ref()),
            kind: RequestKind::Audience {
                audience: audience.clone(),
                agents: *agents,
            },
            state: RequestState::Pending,
            organisation: *organisation,
            asked_by: asking.by,
            asked_at: asking.now,
            tool: Some(tool.id),
            name: tool.fields.name.fr().to_owned(),
            address: tool.fields.address.as_str().to_owned(),
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        store::insert_request(tx, &request).await?;
        announce_asked(tx, request.id, asking.now).await?;
    }
    Ok(waiting.len())
}

/// Withdraws what is asked for another audience, or of who is not concerned any more; of whom
/// the same is asked still.
async fn withdraw_others(
    tx: &mut Tx,
    tool: &Tool,
    asking: &Asking,
    waiting: &[(OrganisationId, u64)],
) -> Result<Vec<OrganisationId>, PortalError> {
    let mut kept = Vec::new();
    for request in store::requests_about(tx, tool.id).await? {
        let RequestKind::Audience { audience, .. } = &request.kind else {
            continue;
        };
        if request.state != RequestState::Pending {
            continue;
        }
        let concerned = waiting.iter().any(|(id, _)| *id == request.organisation);
        if concerned && *audience == tool.fields.audience {
            kept.push(request.organisation);
            continue;
        }
        withdraw(tx, &request, asking.by, asking.now).await?;
    }
    Ok(kept)
}

/// Withdraws every pending request about a tool.
///
/// # Errors
/// What the database says.
pub(super) async fn withdraw_all(
    tx: &mut Tx,
    tool: &Tool,
    by: AgentId,
    now: Timestamp,
) -> Result<(), PortalError> {
    for request in store::requests_about(tx, tool.id).await? {
        if request.state == RequestState::Pending {
            withdraw(tx, &request, by, now).await?;
        }
    }
    Ok(())
}

async fn withdraw(
    tx: &mut Tx,
    request: &Request,
    by: AgentId,
    now: Timestamp,
) -> Result<(), PortalError> {
    let state = request.state.withdraw()?;
    store::end_request(tx, request.id, state, by, now, None, request.tool).await?;
    Ok(())
}

/// An administration with all below it.
pub(in crate::service) const fn whole(organisation: OrganisationId) -> Scope {
    Scope::Organisation {
        root: organisation,
        subtree: true,
    }
}
