//! Who may administer what.

use kernel::{Caller, OrganisationId, Role};

use super::Portal;
use crate::domain::{Organisations, TileId, Tool};
use crate::error::PortalError;
use crate::store;

impl Portal {
    /// All administrations.
    ///
    /// # Errors
    /// What the directory says.
    pub(super) async fn organisations(&self) -> Result<Organisations, PortalError> {
        Ok(Organisations::new(self.directory.organisations().await?))
    }

    /// That a caller acts in `role` somewhere.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] when nowhere.
    pub(super) fn must_hold(&self, caller: &Caller, role: Role) -> Result<(), PortalError> {
        if caller.scopes(role, self.clock.now()).is_empty() {
            return Err(PortalError::Forbidden);
        }
        Ok(())
    }

    /// That a caller acts in `role` for an administration that exists.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] when not.
    pub(super) fn must_act_for(
        &self,
        caller: &Caller,
        role: Role,
        organisation: OrganisationId,
        organisations: &Organisations,
    ) -> Result<(), PortalError> {
        let known = organisations.get(organisation).is_some();
        if known && organisations.may(caller, role, organisation, self.clock.now()) {
            return Ok(());
        }
        Err(PortalError::Forbidden)
    }

    /// Whether a caller administers a tool: its administration's, or the operator's own.
    pub(super) fn administers(
        &self,
        caller: &Caller,
        tool: &Tool,
        organisations: &Organisations,
    ) -> bool {
        let now = self.clock.now();
        match tool.organisation {
            Some(organisation) => organisations.may(caller, Role::Administrator, organisation, now),
            None => !caller.scopes(Role::Operator, now).is_empty(),
        }
    }

    /// A tool that the caller administers.
    ///
    /// # Errors
    /// [`PortalError::NotFound`], or [`PortalError::Forbidden`] when it is another's.
    pub(super) async fn administered(
        &self,
        caller: &Caller,
        id: TileId,
    ) -> Result<(Tool, Organisations), PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let tool = self
            .db
            .read(move |tx| Box::pin(async move { store::tool(tx, id).await }))
            .await?
            .ok_or(PortalError::NotFound)?;
        let organisations = self.organisations().await?;
        if !self.administers(caller, &tool, &organisations) {
            return Err(PortalError::Forbidden);
        }
        Ok((tool, organisations))
    }
}
