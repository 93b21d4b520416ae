//! Applications registered while the program runs, for the tool that publishes them.

use std::sync::Arc;

use kernel::port::{
    Applications, KnownApplication, NewApplication, PortError, RegisteredApplication,
};
use kernel::{
    Act, AgentId, BoxFuture, JournalEntry, OrganisationId, Outcome, RngExt as _, Timestamp,
};
use kernel_db::DbError;
use serde_json::json;

use super::Identity;
use crate::domain::client::ClientId;
use crate::domain::registration::Registration;
use crate::domain::session::hash;
use crate::store;

/// Said of a name that is not this administration's to take; whose it is, is not said.
const TAKEN: &str = "this client id is taken";
const UNKNOWN: &str = "no application of this administration has this client id";

impl Applications for Identity {
    fn register(
        &self,
        application: NewApplication,
    ) -> BoxFuture<'_, Result<RegisteredApplication, PortError>> {
        Box::pin(self.register_application(application))
    }

    fn find(
        &self,
        client_id: String,
    ) -> BoxFuture<'_, Result<Option<KnownApplication>, PortError>> {
        Box::pin(self.find_application(client_id))
    }

    fn amend(&self, application: NewApplication) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(self.amend_application(application))
    }

    fn end(&self, client_id: String, by: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(self.end_application(client_id, by))
    }
}

impl Identity {
    async fn register_application(
        &self,
        application: NewApplication,
    ) -> Result<RegisteredApplication, PortError> {
        let facts = self.judge_application(&application)?;
        let secret = self.house.rng.secret();
        let secret_hash = hash(secret.expose());
        let client_id = facts.id.as_str().to_owned();
        let now = self.house.clock.now();
        let entry = entry(Act("identity.client.register"), &facts, now);
        let (facts, rng) = (Arc::new(facts), Arc::clone(&self.house.rng));
        let written = self
            .house
            .db
            .write(move |tx| {
                let (facts, rng) = (Arc::clone(&facts), Arc::clone(&rng));
                let entry = entry.clone();
                Box::pin(async move {
                    let written = store::client::register(tx, &facts, secret_hash, now).await?;
                    if written {
                        tx.journal(entry, rng.as_ref()).await?;
                    }
                    Ok::<_, DbError>(written)
                })
            })
            .await
            .map_err(PortError::from)?;
        if !written {
            return Err(PortError::Refused(TAKEN.to_owned()));
        }
        self.clients.changed();
        Ok(RegisteredApplication { client_id, secret })
    }

    async fn find_application(
        &self,
        client_id: String,
    ) -> Result<Option<KnownApplication>, PortError> {
        let id = ClientId::parse(&client_id).map_err(|cause| refused(&cause))?;
        if self.clients.is_configured(&id) {
            return Ok(None);
        }
        let found = self.clients.get(&id).await.map_err(PortError::from)?;
        let texts = |addresses: &[url::Url]| addresses.iter().map(url::Url::to_string).collect();
        Ok(found.map(|client| KnownApplication {
            client_id,
            name: client.name.clone(),
            redirect_uris: texts(&client.redirect_uris),
            post_logout_redirect_uris: texts(&client.post_logout_redirect_uris),
        }))
    }

    async fn amend_application(&self, application: NewApplication) -> Result<(), PortError> {
        let facts = self.judge_application(&application)?;
        let now = self.house.clock.now();
        let entry = entry(Act("identity.client.amend"), &facts, now);
        let (facts, rng) = (Arc::new(facts), Arc::clone(&self.house.rng));
        let written = self
            .house
            .db
            .write(move |tx| {
                let (facts, rng) = (Arc::clone(&facts), Arc::clone(&rng));
                let entry = entry.clone();
                Box::pin(async move {
                    let written = store::client::amend(tx, &facts, now).await?;
                    if written {
                        tx.journal(entry, rng.as_ref()).await?;
                    }
                    Ok::<_, DbError>(written)
                })
            })
            .await
            .map_err(PortError::from)?;
        if !written {
            return Err(PortError::Refused(UNKNOWN.to_owned()));
        }
        self.clients.changed();
        Ok(())
    }

    /// Ends an application; one that has ended already stays so.
    async fn end_application(&self, client_id: String, by: AgentId) -> Result<(), PortError> {
        let id = ClientId::parse(&client_id).map_err(|cause| refused(&cause))?;
        if self.clients.is_configured(&id) {
            return Err(PortError::Refused(TAKEN.to_owned()));
        }
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let (id, rng) = (id.clone(), Arc::clone(&rng));
                Box::pin(async move {
                    if let Some(organisation) = store::client::end(tx, &id, now).await? {
                        let entry = ended(&id, organisation, by, now);
                        tx.journal(entry, rng.as_ref()).await?;
                    }
                    Ok::<_, DbError>(())
                })
            })
            .await
            .map_err(PortError::from)?;
        self.clients.changed();
        Ok(())
    }

    fn judge_application(&self, application: &NewApplication) -> Result<Registration, PortError> {
        let facts = Registration::judge(application).map_err(|cause| refused(&cause))?;
        if self.clients.is_configured(&facts.id) {
            return Err(PortError::Refused(TAKEN.to_owned()));
        }
        Ok(facts)
    }
}

fn refused(cause: &impl std::fmt::Display) -> PortError {
    PortError::Refused(cause.to_string())
}

fn entry(act: Act, facts: &Registration, now: Timestamp) -> JournalEntry {
    let addresses: Vec<&str> = facts.redirect_uris.iter().map(url::Url::as_str).collect();
    JournalEntry {
        at: now,
        organisation: Some(facts.organisation),
        actor: None,
        act,
        subject: format!("client:{}", facts.id),
        outcome: Outcome::Done,
        data: json!({ "redirectUris": addresses }),
        personal: None,
    }
    .by(facts.by)
}

fn ended(id: &ClientId, organisation: OrganisationId, by: AgentId, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: Some(organisation),
        actor: Some(by),
        act: Act("identity.client.end"),
        subject: format!("client:{id}"),
        outcome: Outcome::Done,
        data: json!({}),
        personal: None,
    }
}
