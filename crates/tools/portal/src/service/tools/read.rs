//! Looking at tools.

use kernel::{Caller, OrganisationId, Role};

use super::super::Portal;
use super::super::audience::KnownNames;
use crate::domain::{Category, Organisations, Origin, Request, TileId, Tool, agents_of};
use crate::error::PortalError;
use crate::store;

/// A tool in a list.
pub(crate) struct Listed {
    pub(crate) tool: Tool,
    /// The label of its administration; none: the operator's.
    pub(crate) organisation: Option<String>,
    /// Administrations that have not answered yet.
    pub(crate) pending: i64,
}

/// A tool with all that its page shows.
pub(crate) struct Sheet {
    pub(crate) tool: Tool,
    /// What other administrations were asked, the newest first.
    pub(crate) requests: Vec<Request>,
    pub(crate) names: KnownNames,
}

impl Portal {
    /// The tools that the caller administers, or those of one administration, in the order of
    /// their names. With `configured` the operator sees those of the configuration too.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] for who administers nothing, or not that administration.
    pub(crate) async fn tools(
        &self,
        caller: &Caller,
        organisation: Option<OrganisationId>,
        configured: bool,
    ) -> Result<Vec<Listed>, PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let organisations = self.organisations().await?;
        if let Some(organisation) = organisation {
            self.must_act_for(caller, Role::Administrator, organisation, &organisations)?;
        }
        let (tools, pending) = self
            .db
            .read(|tx| {
                Box::pin(async move {
                    let tools = store::list_tools(tx).await?;
                    let pending = store::pending_by_tool(tx).await?;
                    Ok::<_, PortalError>((tools, pending))
                })
            })
            .await?;
        let mut listed = Vec::new();
        for tool in tools {
            let is_asked = configured || tool.origin == Origin::Stored;
            let wanted = is_asked && organisation.is_none_or(|id| tool.organisation == Some(id));
            if wanted && self.administers(caller, &tool, &organisations) {
                listed.push(Listed {
                    organisation: tool
                        .organisation
                        .and_then(|id| organisations.label(id))
                        .map(str::to_owned),
                    pending: pending.get(&tool.id).copied().unwrap_or(0),
                    tool,
                });
            }
        }
        listed.sort_by_key(|one| (kernel::fold(one.tool.fields.name.fr()), one.tool.id));
        Ok(listed)
    }

    /// One tool with all that its page shows.
    ///
    /// # Errors
    /// [`PortalError::NotFound`], or [`PortalError::Forbidden`] when it is another's.
    pub(crate) async fn tool(&self, caller: &Caller, id: TileId) -> Result<Sheet, PortalError> {
        let (tool, organisations) = self.administered(caller, id).await?;
        self.sheet(tool, organisations).await
    }

    /// The page of a tool as it stands.
    pub(super) async fn sheet(
        &self,
        tool: Tool,
        organisations: Organisations,
    ) -> Result<Sheet, PortalError> {
        let id = tool.id;
        let requests = self
            .db
            .read(move |tx| Box::pin(async move { store::requests_about(tx, id).await }))
            .await?;
        let mut agents = agents_of(&tool.fields.audience);
        agents.extend(tool.fields.owner);
        Ok(Sheet {
            names: self.names(organisations, agents).await?,
            tool,
            requests,
        })
    }

    /// The categories among which a tool may stand, in the order of the page.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] for who administers nothing.
    pub(crate) async fn categories(&self, caller: &Caller) -> Result<Vec<Category>, PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let mut categories = self
            .db
            .read(|tx| Box::pin(async move { store::list_categories(tx).await }))
            .await?;
        categories.sort_by_key(|category| (category.position, category.id));
        Ok(categories)
    }
}
