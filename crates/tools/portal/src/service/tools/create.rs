//! A new tool: a draft, shown to nobody.

use std::sync::Arc;

use kernel::{Act, AgentId, Caller, OrganisationId, Role};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::{Sheet, subject};
use crate::domain::{Origin, Publication, TileId, Tool, ToolFields};
use crate::error::PortalError;
use crate::{store, texts};

impl Portal {
    /// Writes a draft for an administration of the caller's.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] when it is another's; [`PortalError::Invalid`] naming the
    /// field; [`PortalError::UnknownCategory`].
    pub(crate) async fn create_tool(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
        fields: ToolFields,
    ) -> Result<Sheet, PortalError> {
        let organisations = self.organisations().await?;
        self.must_act_for(caller, Role::Administrator, organisation, &organisations)?;
        self.owner_must_exist(fields.owner).await?;
        let weighed = self
            .weigh(
                caller,
                Role::Administrator,
                &organisations,
                &fields.audience,
            )
            .await?;
        let now = self.clock.now();
        let tool = Tool {
            id: TileId::new(now, self.rng.as_ref()),
            origin: Origin::Stored,
            organisation: Some(organisation),
            fields,
            state: Publication::Draft,
            client_id: None,
            version: 1,
            updated_at: now,
            published_at: None,
            agents: Some(weighed.spread.count()),
            notice: None,
        };
        let work = Arc::new((tool.clone(), caller.actor(), Arc::clone(&self.rng)));
        self.db
            .write(move |tx: &mut Tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (tool, actor, rng) = work.as_ref();
                    insert(tx, tool).await?;
                    let done = Done {
                        act: Act("portal.tool.create"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({}),
                    };
                    record(tx, rng.as_ref(), tool.updated_at, done).await?;
                    Ok::<(), PortalError>(())
                })
            })
            .await?;
        self.sheet(tool, organisations).await
    }

    /// That who is to answer for a tool is in the directory.
    pub(super) async fn owner_must_exist(&self, owner: Option<AgentId>) -> Result<(), PortalError> {
        let Some(owner) = owner else { return Ok(()) };
        if self.directory.people(vec![owner]).await?.is_empty() {
            return Err(PortalError::Invalid {
                field: "owner",
                said: texts::tool::UNKNOWN_OWNER,
            });
        }
        Ok(())
    }
}

/// Writes a new tool of a category that must exist.
///
/// # Errors
/// [`PortalError::UnknownCategory`]; what the database says.
pub(in crate::service) async fn insert(tx: &mut Tx, tool: &Tool) -> Result<(), PortalError> {
    must_exist(tx, tool).await?;
    store::insert_tool(tx, tool).await?;
    Ok(())
}

/// That a tool's category exists.
///
/// # Errors
/// [`PortalError::UnknownCategory`]; what the database says.
pub(super) async fn must_exist(tx: &mut Tx, tool: &Tool) -> Result<(), PortalError> {
    if store::category_exists(tx, tool.fields.category).await? {
        return Ok(());
    }
    Err(PortalError::UnknownCategory {
        tile: tool.id,
        category: tool.fields.category,
    })
}
