//! Signing agents in to a tool through us.

use std::sync::Arc;

use kernel::Caller;
use kernel::port::{NewApplication, RegisteredApplication};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::{must_be_stored, subject};
use crate::domain::{TileId, client_id_of};
use crate::error::PortalError;
use crate::store;

impl Portal {
    /// Registers a tool's application, or gives it new addresses and a new secret. The secret is
    /// in the answer and nowhere else.
    ///
    /// # Errors
    /// [`PortalError::ApplicationRefused`] in the words of who registers.
    pub(crate) async fn register_application(
        &self,
        caller: &Caller,
        id: TileId,
        redirect_uris: Vec<String>,
        post_logout_redirect_uris: Vec<String>,
    ) -> Result<RegisteredApplication, PortalError> {
        let (tool, _) = self.administered(caller, id).await?;
        must_be_stored(&tool)?;
        let organisation = tool.organisation.ok_or(PortalError::Configured)?;
        // Registered before it is noted here: should the note fail, registering again gives the
        // same application a new secret.
        let registered = self
            .applications
            .register(NewApplication {
                client_id: client_id_of(id),
                name: tool.fields.name.fr().to_owned(),
                organisation,
                redirect_uris,
                post_logout_redirect_uris,
                by: caller.agent,
            })
            .await
            .map_err(PortalError::from_registration)?;
        let (now, actor, rng) = (self.clock.now(), caller.agent, Arc::clone(&self.rng));
        let client_id = registered.client_id.clone();
        self.db
            .write(move |tx: &mut Tx| {
                let (rng, client_id) = (Arc::clone(&rng), client_id.clone());
                Box::pin(async move {
                    let Some(mut tool) = store::tool(tx, id).await? else {
                        return Err(PortalError::NotFound);
                    };
                    let expected = tool.version;
                    tool.client_id = Some(client_id.clone());
                    tool.version += 1;
                    tool.updated_at = now;
                    store::update_tool(tx, &tool, expected).await?;
                    store::raise_revision(tx).await?;
                    let done = Done {
                        name: "portal.tool.application",
                        organisation: tool.organisation,
                        actor,
                        subject: subject(id),
                        data: serde_json::json!({ "client": client_id }),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok::<(), PortalError>(())
                })
            })
            .await?;
        self.cache.forget().await;
        Ok(registered)
    }
}
