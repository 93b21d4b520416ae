//! What the ids in entries are called now: the journal keeps none of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{AgentId, CredentialId, OrganisationId, Text};
use kernel_db::{Chain, Entry};
use serde_json::Value;

use crate::domain::client::ClientId;
use crate::error::IdentityError;
use crate::service::guests::GUESTS;
use crate::service::{Identity, Method};
use crate::store::journal::Named;
use crate::upstream::ProviderId;

/// Names of subjects (`agent:…`, `organisation:…`, `provider:…`, `client:…`, `token:…`,
/// `tool:…`) and of the
/// ids in their data.
pub(crate) type NamesBySubject = BTreeMap<String, NameOf>;

/// What something is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameOf {
    pub(crate) name: Text,
    /// Of an agent, their administration.
    pub(crate) of: Option<String>,
}

impl NameOf {
    fn same(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            name: Text::made(name.clone(), name),
            of: None,
        }
    }
}

/// Members of an entry's data that hold the id of something with a name.
const MEMBERS: [&str; 6] = [
    "agent",
    "organisation",
    "provider",
    "client",
    "token",
    "tool",
];

impl Identity {
    /// The names of everybody and everything in these entries that still has one.
    ///
    /// # Errors
    /// When the database refuses. What another tool cannot say is absent.
    pub(crate) async fn names_in(
        &self,
        entries: &[Entry],
    ) -> Result<NamesBySubject, IdentityError> {
        let subjects = subjects_in(entries);
        let mut names = NamesBySubject::new();
        for agent in self.agents_named(&subjects).await? {
            // Of who was erased a number stays, without a name.
            if agent.name.is_empty() {
                continue;
            }
            let mut name = NameOf::same(agent.name);
            name.of = Some(agent.organisation).filter(|label| !label.is_empty());
            names.insert(format!("agent:{}", agent.id), name);
        }
        let organisations = self.organisations().await?;
        for one in organisations.iter() {
            let subject = format!("organisation:{}", one.id);
            if subjects.contains(&subject) {
                names.insert(subject, NameOf::same(&one.label));
            }
        }
        for subject in &subjects {
            if let Some(name) = self.own_name(subject).await? {
                names.insert(subject.clone(), NameOf::same(name));
            }
        }
        let guests = format!("provider:{GUESTS}");
        if subjects.contains(&guests) {
            let name = crate::texts::guests::PROVIDER;
            names.insert(guests, NameOf { name, of: None });
        }
        self.foreign_names(&subjects, &mut names).await;
        Ok(names)
    }

    async fn agents_named(&self, subjects: &BTreeSet<String>) -> Result<Vec<Named>, IdentityError> {
        let agents: Vec<AgentId> = subjects
            .iter()
            .filter_map(|subject| AgentId::parse(subject.strip_prefix("agent:")?).ok())
            .collect();
        if agents.is_empty() {
            return Ok(Vec::new());
        }
        let agents = Arc::new(agents);
        self.house
            .db
            .read(move |tx| {
                let agents = Arc::clone(&agents);
                Box::pin(async move { Ok(crate::store::journal::named(tx, &agents).await?) })
            })
            .await
    }

    /// The name of a provider, of an application or of a token.
    async fn own_name(&self, subject: &str) -> Result<Option<String>, IdentityError> {
        match subject.split_once(':') {
            Some(("provider", id)) => {
                let Method::Upstream(providers) = &self.method else {
                    return Ok(None);
                };
                let id = ProviderId::parse(id).ok();
                let known = providers.last();
                Ok(id.and_then(|id| known.config(&id).map(|config| config.title.clone())))
            }
            Some(("client", id)) => {
                let Ok(id) = ClientId::parse(id) else {
                    return Ok(None);
                };
                let client = self.clients.get(&id).await?;
                Ok(client.map(|client| client.name.clone()))
            }
            Some(("token", id)) => {
                let Ok(id) = CredentialId::parse(id) else {
                    return Ok(None);
                };
                let named = self
                    .house
                    .db
                    .read(move |tx| Box::pin(crate::store::credential::name(tx, id)));
                Ok(named.await?)
            }
            _ => Ok(None),
        }
    }

    async fn foreign_names(&self, subjects: &BTreeSet<String>, names: &mut NamesBySubject) {
        let Some(foreign) = self.foreign.get() else {
            return;
        };
        let asked: Vec<String> = subjects
            .iter()
            .filter(|subject| !names.contains_key(*subject))
            .cloned()
            .collect();
        if asked.is_empty() {
            return;
        }
        match foreign.names(asked).await {
            Ok(found) => {
                let found = found
                    .into_iter()
                    .map(|(subject, name)| (subject, NameOf { name, of: None }));
                names.extend(found);
            }
            Err(cause) => tracing::warn!(%cause, "the journal is shown without some names"),
        }
    }
}

fn subjects_in(entries: &[Entry]) -> BTreeSet<String> {
    let mut subjects = BTreeSet::new();
    for entry in entries {
        subjects.insert(entry.subject.clone());
        if let Some(of) = entry.subject.strip_prefix("journal:") {
            subjects.insert(format!("organisation:{of}"));
        }
        if let Some(actor) = entry.actor {
            subjects.insert(format!("agent:{actor}"));
        }
        if let Chain::Organisation(id) = entry.chain {
            subjects.insert(format!("organisation:{id}"));
        }
        let data: Value = serde_json::from_str(&entry.data).unwrap_or_default();
        for member in MEMBERS {
            if let Some(id) = data.get(member).and_then(Value::as_str) {
                subjects.insert(format!("{member}:{id}"));
            }
        }
        let filter = data.get("filter");
        let within = filter.and_then(|filter| filter.get("organisation"));
        if let Some(id) = within.and_then(Value::as_str) {
            subjects.insert(format!("organisation:{id}"));
        }
        let actors = filter.and_then(|filter| filter.get("actors"));
        let actors = actors.and_then(Value::as_array).into_iter().flatten();
        for actor in actors.filter_map(Value::as_str).take(10) {
            subjects.insert(format!("agent:{actor}"));
        }
    }
    subjects.retain(|subject| {
        subject
            .strip_prefix("organisation:")
            .is_none_or(|id| OrganisationId::parse(id).is_ok())
    });
    subjects
}
