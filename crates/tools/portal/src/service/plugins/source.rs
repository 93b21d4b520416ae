//! An application registers where it answers in the search.

use kernel::port::{Hit, PortError, SearchQuery};
use kernel::{Act, JournalEntry, OrganisationId, Outcome, RngExt as _, Secret};
use kernel_db::{DbError, Tx};
use kernel_http::Outgoing;
use kernel_http::outgoing::Options;
use serde_json::json;

use super::PluginError;
use super::registry::Answering;
use crate::domain::{ANSWER_BYTES, TileAddress, read_answer};
use crate::service::Portal;
use crate::store;

/// What the secrets are sealed for.
pub(crate) const PURPOSE: &str = "portal/search-source";

/// A registration, its secret told this once.
#[derive(Debug)]
pub(crate) struct Registration {
    /// Where the application answers.
    pub(crate) url: String,
    /// What our questions bring in `Authorization: Bearer`.
    pub(crate) secret: Secret,
}

impl Portal {
    /// Registers where the application answers, in place of where it did; the secret is new.
    ///
    /// # Errors
    /// [`PluginError::NoTile`]; [`PluginError::Address`] or [`PluginError::Refused`] for an
    /// address that is not to be asked; [`PluginError::Database`].
    pub(crate) async fn register_search(
        &self,
        client_id: &str,
        organisation: Option<OrganisationId>,
        url: &str,
    ) -> Result<Registration, PluginError> {
        let address = TileAddress::parse(url)?;
        self.outgoing.check(address.url())?;
        let catalogue = self.cache.get().await?;
        let plugins = self.plugins.at(&catalogue).await?;
        if !plugins.iter().any(|plugin| plugin.client_id == client_id) {
            return Err(PluginError::NoTile);
        }
        let secret = self.rng.secret();
        let sealed = self
            .sealer
            .seal(PURPOSE, secret.expose().as_bytes(), self.rng.as_ref());
        let url = address.as_str().to_owned();
        let change = Change {
            client_id: client_id.to_owned(),
            organisation,
            registered: Some((url.clone(), sealed)),
        };
        self.write_search(change).await?;
        Ok(Registration { url, secret })
    }

    /// Takes the application out of the search. Doing it twice does no harm.
    ///
    /// # Errors
    /// [`PluginError::Database`].
    pub(crate) async fn end_search(
        &self,
        client_id: &str,
        organisation: Option<OrganisationId>,
    ) -> Result<(), PluginError> {
        let change = Change {
            client_id: client_id.to_owned(),
            organisation,
            registered: None,
        };
        self.write_search(change).await?;
        Ok(())
    }

    async fn write_search(&self, change: Change) -> Result<(), DbError> {
        let (rng, now) = (std::sync::Arc::clone(&self.rng), self.clock.now());
        self.db
            .write(move |tx: &mut Tx| {
                let (change, rng) = (change.clone(), std::sync::Arc::clone(&rng));
                Box::pin(async move {
                    let client = &change.client_id;
                    let (act, url) = match &change.registered {
                        Some((url, sealed)) => {
                            store::upsert_search_source(tx, client, url, sealed, now).await?;
                            (Act("portal.search_source.register"), Some(url))
                        }
                        None if store::delete_search_source(tx, client).await? => {
                            (Act("portal.search_source.end"), None)
                        }
                        None => return Ok(()),
                    };
                    store::raise_revision(tx).await?;
                    let entry = JournalEntry {
                        at: now,
                        organisation: change.organisation,
                        actor: None,
                        act,
                        subject: format!("client:{client}"),
                        outcome: Outcome::Done,
                        data: json!({ "url": url }),
                        personal: None,
                    };
                    tx.journal(entry, rng.as_ref()).await
                })
            })
            .await?;
        // The next search of this process asks it already.
        self.cache.changed();
        Ok(())
    }
}

/// What is to be written.
#[derive(Clone)]
struct Change {
    client_id: String,
    organisation: Option<OrganisationId>,
    /// Address and sealed secret; none: it ends.
    registered: Option<(String, String)>,
}

/// Asks an application what it finds. `home` is its tile's address: hits lead there only.
pub(crate) async fn ask(
    outgoing: &Outgoing,
    answering: &Answering,
    home: &TileAddress,
    query: &SearchQuery,
) -> Result<Vec<Hit>, PortError> {
    let question = json!({
        "q": query.words,
        "agent": query.caller.agent.to_string(),
        "locale": query.locale.tag(),
    });
    let options = Options {
        accept: Some("application/json"),
        bearer: Some(&answering.secret),
        answer_bytes: Some(ANSWER_BYTES),
        ..Options::default()
    };
    let answer = outgoing
        .post_json(&answering.url, &question, &options)
        .await
        .map_err(|cause| PortError::Unavailable(cause.to_string()))?;
    read_answer(answer.status, &answer.mime, &answer.body, home)
        .map_err(|cause| PortError::Failed(cause.to_string()))
}
