//! An administrator answers a request.

use std::sync::Arc;

use kernel::{Act, Actor, Audience, Caller, OrganisationId, Rng, Role, Timestamp};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::super::tools::{insert, whole};
use super::notices::announce_decided;
use super::{Requests, subject};
use crate::domain::{
    CategoryId, Consent, IconName, Label, Origin, Publication, Reach, Reaches, Request, RequestId,
    RequestKind, TileAddress, TileId, Tool, ToolFields,
};
use crate::error::PortalError;
use crate::{store, texts};

/// How an administrator answers.
#[derive(Debug, Clone)]
enum Decision {
    Approve,
    Refuse { reason: String },
}

/// What the transaction of a decision needs.
struct Deciding {
    id: RequestId,
    decision: Decision,
    actor: Actor,
    now: Timestamp,
    rng: Arc<dyn Rng>,
}

impl Portal {
    /// Agrees: a tool asked for becomes a draft of the administration; agents of this
    /// administration find the tool whose audience names them.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] when another administration decides;
    /// [`PortalError::RequestEnded`]; [`PortalError::NoCategory`] when a draft has nowhere to
    /// stand.
    pub(crate) async fn approve_request(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Requests, PortalError> {
        self.decide(caller, id, Decision::Approve).await
    }

    /// Refuses, with a reason that the asker reads.
    ///
    /// # Errors
    /// As [`Portal::approve_request`].
    pub(crate) async fn refuse_request(
        &self,
        caller: &Caller,
        id: RequestId,
        reason: String,
    ) -> Result<Requests, PortalError> {
        self.decide(caller, id, Decision::Refuse { reason }).await
    }

    async fn decide(
        &self,
        caller: &Caller,
        id: RequestId,
        decision: Decision,
    ) -> Result<Requests, PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let request = self
            .db
            .read(move |tx| Box::pin(async move { store::request(tx, id).await }))
            .await?
            .ok_or(PortalError::NotFound)?;
        let organisations = self.organisations().await?;
        let now = self.clock.now();
        let organisation = request.organisation;
        self.must_act_for(caller, Role::Administrator, organisation, &organisations)?;
        let deciding = Arc::new(Deciding {
            id,
            decision,
            actor: caller.actor(),
            now,
            rng: Arc::clone(&self.rng),
        });
        let ended = self
            .db
            .write(move |tx: &mut Tx| {
                let deciding = Arc::clone(&deciding);
                Box::pin(async move { decide_in(tx, &deciding).await })
            })
            .await?;
        if let RequestKind::Audience { audience, .. } = &ended.kind {
            self.tiles_changed(vec![audience.clone()], now);
        }
        self.requests_changed(organisation, &organisations, now);
        // Whoever asked looks at the answer.
        let asker = kernel_http::Reached::Agent(request.asked_by);
        self.live.say("requests", now.millis(), asker);
        self.with_names(vec![ended], organisations).await
    }
}

async fn decide_in(tx: &mut Tx, deciding: &Deciding) -> Result<Request, PortalError> {
    let Deciding {
        id,
        decision,
        actor,
        now,
        rng,
    } = deciding;
    let mut request = store::request(tx, *id)
        .await?
        .ok_or(PortalError::NotFound)?;
    let act = match decision {
        Decision::Approve => {
            request.state = request.state.approve()?;
            request.tool = Some(fulfil(tx, &request, deciding).await?);
            Act("portal.request.approve")
        }
        Decision::Refuse { reason } => {
            request.state = request.state.refuse()?;
            request.reason = Some(reason.clone());
            Act("portal.request.refuse")
        }
    };
    request.decided_by = Some(actor.agent);
    request.decided_at = Some(*now);
    let reason = request.reason.as_deref();
    let (state, by) = (request.state, actor.agent);
    store::end_request(tx, *id, state, by, *now, reason, request.tool).await?;
    announce_decided(tx, *id, *now).await?;
    let done = Done {
        act,
        organisation: Some(request.organisation),
        actor: *actor,
        subject: subject(*id),
        data: serde_json::json!({ "kind": request.kind.word(), "tool": request.tool }),
    };
    record(tx, rng.as_ref(), *now, done).await?;
    Ok(request)
}

/// Does what was asked; about which tool.
async fn fulfil(
    tx: &mut Tx,
    request: &Request,
    deciding: &Deciding,
) -> Result<TileId, PortalError> {
    match (&request.kind, request.tool) {
        (RequestKind::Audience { audience, .. }, Some(tool)) => {
            let consent = Consent {
                scope: whole(request.organisation),
                audience: audience.clone(),
            };
            store::give_consent(tx, tool, &consent, deciding.actor.agent, deciding.now).await?;
            store::raise_revision(tx).await?;
            Ok(tool)
        }
        (RequestKind::Audience { .. }, None) => Err(PortalError::NotFound),
        (RequestKind::Tool { purpose }, _) => {
            let category = first_category(tx).await?;
            let id = TileId::new(deciding.now, deciding.rng.as_ref());
            let fields = draft_fields(request, purpose, category)?;
            let draft = Tool {
                id,
                origin: Origin::Stored,
                organisation: Some(request.organisation),
                fields,
                state: Publication::Draft,
                client_id: None,
                version: 1,
                updated_at: deciding.now,
                published_at: None,
                agents: None,
                notice: None,
            };
            insert(tx, &draft).await?;
            Ok(id)
        }
    }
}

async fn first_category(tx: &mut Tx) -> Result<CategoryId, PortalError> {
    let mut categories = store::list_categories(tx).await?;
    categories.sort_by_key(|category| (category.position, category.id));
    let first = categories.first().ok_or(PortalError::NoCategory)?;
    Ok(first.id)
}

/// The draft that the administrator goes on with: what was asked, for the administration's own
/// agents.
fn draft_fields(
    request: &Request,
    purpose: &str,
    category: CategoryId,
) -> Result<ToolFields, PortalError> {
    let invalid = |field| PortalError::Invalid {
        field,
        said: texts::request::NOT_FIT,
    };
    let description: String = purpose.chars().take(ToolFields::DESCRIPTION).collect();
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(ToolFields {
        name: Label::parse(&request.name, None, ToolFields::NAME).map_err(|_| invalid("name"))?,
        description: Label::parse(&description, None, ToolFields::DESCRIPTION)
            .map_err(|_| invalid("purpose"))?,
        category,
        icon: IconName::parse("grid-line").map_err(|_| invalid("icon"))?,
        address: TileAddress::parse(&request.address).map_err(|_| invalid("url"))?,
        reaches: Reaches::one(Reach::Internet),
        owner: None,
        audience: own_agents(request.organisation),
        guests: false,
    })
}

const fn own_agents(organisation: OrganisationId) -> Audience {
    Audience::Organisation {
        id: organisation,
        subtree: true,
    }
}
