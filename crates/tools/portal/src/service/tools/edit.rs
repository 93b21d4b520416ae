//! Editing a tool; a published one changes at once, on the pages of whom it concerns.

use std::sync::Arc;

use kernel::{Act, Caller, OrganisationId, Role};
use kernel_db::Tx;
use kernel_http::EntityTag;

use super::super::Portal;
use super::super::act::{Done, record};
use super::consents::{Asking, ask};
use super::create::must_exist;
use super::{Sheet, must_be_stored, subject};
use crate::domain::{Publication, TileId, ToolFields};
use crate::error::PortalError;
use crate::{store, texts};

/// What an edit says.
pub(crate) struct Edit {
    /// The version it was made from.
    pub(crate) read: EntityTag,
    /// The tool's administration, which does not change.
    pub(crate) organisation: OrganisationId,
    pub(crate) fields: ToolFields,
    /// Whether an audience of everybody is meant.
    pub(crate) confirm_everybody: bool,
}

impl Portal {
    /// Writes an edit.
    ///
    /// # Errors
    /// [`PortalError::Outdated`] when somebody else edited it meanwhile;
    /// [`PortalError::Everybody`] when a published tool would be for everybody and nobody said
    /// that it is meant; [`PortalError::Invalid`] naming the field.
    pub(crate) async fn edit_tool(
        &self,
        caller: &Caller,
        id: TileId,
        edit: Edit,
    ) -> Result<Sheet, PortalError> {
        let (old, organisations) = self.administered(caller, id).await?;
        must_be_stored(&old)?;
        if !edit.read.is(old.version) {
            return Err(PortalError::Outdated);
        }
        if old.organisation != Some(edit.organisation) {
            return Err(PortalError::Invalid {
                field: "organisation",
                said: texts::tool::ORGANISATION_STAYS,
            });
        }
        self.owner_must_exist(edit.fields.owner).await?;
        let weighed = self
            .weigh(
                caller,
                Role::Administrator,
                &organisations,
                &edit.fields.audience,
            )
            .await?;
        let is_published = old.state == Publication::Published;
        let changes_audience = old.fields.audience != edit.fields.audience;
        let asks = is_published && changes_audience;
        if asks && weighed.everybody && !edit.confirm_everybody {
            return Err(PortalError::Everybody {
                count: weighed.spread.count(),
            });
        }
        let now = self.clock.now();
        let mut tool = old.clone();
        tool.fields = edit.fields;
        tool.version += 1;
        tool.updated_at = now;
        tool.agents = Some(weighed.spread.count());
        let asking = asks.then(|| Asking::new(caller, &weighed, now, Arc::clone(&self.rng)));
        let work = Arc::new((tool.clone(), old.version, caller.actor(), asking));
        let rng = Arc::clone(&self.rng);
        self.db
            .write(move |tx: &mut Tx| {
                let (work, rng) = (Arc::clone(&work), Arc::clone(&rng));
                Box::pin(async move {
                    let (tool, expected, actor, asking) = work.as_ref();
                    must_exist(tx, tool).await?;
                    if !store::update_tool(tx, tool, *expected).await? {
                        return Err(PortalError::Outdated);
                    }
                    if let Some(asking) = asking {
                        ask(tx, tool, asking).await?;
                    }
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act: Act("portal.tool.edit"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({ "version": tool.version }),
                    };
                    record(tx, rng.as_ref(), tool.updated_at, done).await?;
                    Ok(())
                })
            })
            .await?;
        if old.fields.name != tool.fields.name {
            self.rename_application(caller, &tool).await;
        }
        if is_published {
            let concerned = vec![old.fields.audience, tool.fields.audience.clone()];
            self.tiles_changed(concerned, now);
        }
        self.sheet(tool, organisations).await
    }
}
