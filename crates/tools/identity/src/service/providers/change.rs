//! What administrators change of providers.

use std::sync::Arc;

use kernel::{
    Act, Caller, JournalEntry, OrganisationId, Outcome, Rng, RngExt as _, Secret, Timestamp,
};
use kernel_db::Tx;
use kernel_http::EntityTag;
use serde_json::{Value, json};

use super::show::{self, SeenProvider, Source};
use super::{ProviderRefusal, rights};
use crate::domain::provider::{
    ProviderFacts, ProviderFault, ProviderInput, ProviderState, judge_secret, slug,
};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::store::provider::ProviderRow;
use crate::upstream::{ProviderConfig, ProviderId};

/// A provider to plug in.
pub(crate) struct NewProvider {
    /// Its name in the machine; none: one made of its title.
    pub(crate) id: Option<String>,
    pub(crate) organisation: OrganisationId,
    pub(crate) input: ProviderInput,
    pub(crate) secret: Option<Secret>,
}

/// What a provider becomes.
pub(crate) struct ProviderEdit {
    pub(crate) organisation: OrganisationId,
    pub(crate) input: ProviderInput,
    /// None: the kept one stays.
    pub(crate) secret: Option<Secret>,
    /// The version that was read.
    pub(crate) read: EntityTag,
}

/// How an edit ended.
pub(crate) enum Put {
    /// As it stands now.
    Done(SeenProvider),
    /// Somebody else was first: what stands.
    Stale(SeenProvider),
}

/// What a change needs beside the caller's wish, the same in each run of the transaction.
struct Change {
    caller: Caller,
    id: ProviderId,
    configured: Option<ProviderConfig>,
    /// Titles and domains of the configured ones.
    held: Vec<(String, Vec<String>)>,
    now: Timestamp,
    rng: Arc<dyn Rng>,
}

impl Change {
    /// The provider to change, whose administration the caller administers.
    async fn row(&self, tx: &mut Tx) -> Result<ProviderRow, IdentityError> {
        let source = show::one(tx, &self.id, self.configured.as_ref()).await?;
        rights::administers(tx, &self.caller, show::owner(&source), self.now).await?;
        match source {
            Source::Configured(_) => Err(ProviderRefusal::Configured.into()),
            Source::Stored(row) => Ok(*row),
        }
    }

    /// Whether a provider may be in service as it is: its domains are free and proved.
    async fn admit(&self, tx: &mut Tx, row: &mut ProviderRow) -> Result<(), IdentityError> {
        rights::may_be(&row.facts, &self.caller, self.now)?;
        rights::domains_are_free(tx, &row.id, &row.facts.domains, &self.held).await?;
        row.proved = rights::proved_domains(tx, row, &self.caller, self.now).await?;
        Ok(())
    }

    async fn journal(
        &self,
        tx: &mut Tx,
        act: Act,
        row: &ProviderRow,
        data: Value,
    ) -> Result<(), IdentityError> {
        let entry = JournalEntry {
            at: self.now,
            organisation: Some(row.organisation),
            actor: Some(self.caller.agent),
            act,
            subject: format!("provider:{}", row.id),
            outcome: Outcome::Done,
            data,
            personal: None,
        };
        Ok(tx.journal(entry, self.rng.as_ref()).await?)
    }
}

impl Identity {
    /// Plugs a provider in, as a draft.
    ///
    /// # Errors
    /// When the caller does not administer the administration, a field cannot be, a name or a
    /// domain is another's, or the database refuses.
    pub(crate) async fn create_provider(
        &self,
        caller: Caller,
        new: NewProvider,
    ) -> Result<SeenProvider, IdentityError> {
        let facts = ProviderFacts::judge(new.input).map_err(ProviderRefusal::from)?;
        let secret = new
            .secret
            .ok_or(ProviderRefusal::Fault(ProviderFault::Secret))?;
        judge_secret(&secret, &facts).map_err(ProviderRefusal::from)?;
        let id = match &new.id {
            Some(text) => {
                ProviderId::parse(text).map_err(|_| ProviderRefusal::Fault(ProviderFault::Id))?
            }
            None => self.free_id(&facts.title)?,
        };
        let change = self.change(caller, id)?;
        if change.configured.is_some() {
            return Err(ProviderRefusal::IdTaken.into());
        }
        let row = ProviderRow {
            id: change.id.clone(),
            organisation: new.organisation,
            state: ProviderState::Draft,
            revision: 1,
            facts,
            proved: Vec::new(),
            sealed_secret: self.providers()?.seal(&secret, self.house.rng.as_ref()),
            secret_at: change.now,
            created_by: change.caller.agent,
        };
        let asked = Arc::new((change, row));
        let made = self
            .house
            .db
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (change, row) = &*asked;
                    rights::administers(tx, &change.caller, row.organisation, change.now).await?;
                    rights::may_be(&row.facts, &change.caller, change.now)?;
                    exists(tx, row.organisation).await?;
                    let domains = &row.facts.domains;
                    rights::domains_are_free(tx, &row.id, domains, &change.held).await?;
                    if !store::provider::insert(tx, row, change.now).await? {
                        return Err(ProviderRefusal::IdTaken.into());
                    }
                    let data = json!({ "issuer": row.facts.issuer, "domains": domains });
                    let act = Act("identity.provider.create");
                    change.journal(tx, act, row, data).await?;
                    show::seen(tx, Source::Stored(Box::new(row.clone())), true).await
                })
            })
            .await?;
        self.providers()?.changed().await?;
        Ok(made)
    }

    /// Changes a provider when it is still of the version that was read.
    ///
    /// # Errors
    /// When the caller may not, a field cannot be, a domain is another's or not proved while it is
    /// in service, or the database refuses.
    pub(crate) async fn edit_provider(
        &self,
        caller: Caller,
        id: ProviderId,
        edit: ProviderEdit,
    ) -> Result<Put, IdentityError> {
        let facts = ProviderFacts::judge(edit.input).map_err(ProviderRefusal::from)?;
        if let Some(secret) = &edit.secret {
            judge_secret(secret, &facts).map_err(ProviderRefusal::from)?;
        }
        let sealed = match &edit.secret {
            Some(secret) => Some(self.providers()?.seal(secret, self.house.rng.as_ref())),
            None => None,
        };
        let change = self.change(caller, id)?;
        let asked = Arc::new((change, facts, sealed, edit.organisation, edit.read));
        let put = self
            .house
            .db
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (change, facts, sealed, organisation, read) = &*asked;
                    let before = change.row(tx).await?;
                    if !read.is(before.revision) {
                        let current = Source::Stored(Box::new(before));
                        return Ok(Put::Stale(show::seen(tx, current, true).await?));
                    }
                    let after = edited(&before, facts, sealed.as_ref(), *organisation, change.now);
                    let after = allowed(tx, change, &before, after).await?;
                    store::provider::update(tx, &after, change.now).await?;
                    let mut fields = before.facts.changes(&after.facts);
                    if sealed.is_some() {
                        fields.push("clientSecret");
                    }
                    if before.organisation != after.organisation {
                        fields.push("organisation");
                    }
                    let data = json!({ "changed": fields, "issuer": after.facts.issuer });
                    let act = Act("identity.provider.amend");
                    change.journal(tx, act, &after, data).await?;
                    let after = Source::Stored(Box::new(after));
                    Ok::<_, IdentityError>(Put::Done(show::seen(tx, after, true).await?))
                })
            })
            .await?;
        self.providers()?.changed().await?;
        Ok(put)
    }

    /// Puts a provider in service.
    ///
    /// # Errors
    /// When the caller may not, a domain is another's or not proved, or the database refuses.
    pub(crate) async fn enable_provider(
        &self,
        caller: Caller,
        id: ProviderId,
    ) -> Result<SeenProvider, IdentityError> {
        self.set_provider(caller, id, true).await
    }

    /// Takes a provider out of service: nobody signs in by it any more, and sessions that it
    /// vouched for answer no application.
    ///
    /// # Errors
    /// When the caller may not, it never was in service, or the database refuses.
    pub(crate) async fn disable_provider(
        &self,
        caller: Caller,
        id: ProviderId,
    ) -> Result<SeenProvider, IdentityError> {
        self.set_provider(caller, id, false).await
    }

    async fn set_provider(
        &self,
        caller: Caller,
        id: ProviderId,
        enabled: bool,
    ) -> Result<SeenProvider, IdentityError> {
        let change = Arc::new(self.change(caller, id)?);
        let seen = self
            .house
            .db
            .write(move |tx| {
                let change = Arc::clone(&change);
                Box::pin(async move {
                    let mut row = change.row(tx).await?;
                    let (state, act) = if enabled {
                        change.admit(tx, &mut row).await?;
                        (ProviderState::Enabled, Act("identity.provider.enable"))
                    } else {
                        let disabled = row.state.disabled();
                        let disabled = disabled.map_err(|_| ProviderRefusal::NeverEnabled)?;
                        (disabled, Act("identity.provider.disable"))
                    };
                    if row.state != state {
                        row.state = state;
                        row.revision += 1;
                        store::provider::update(tx, &row, change.now).await?;
                        let data = json!({ "domains": row.facts.domains });
                        change.journal(tx, act, &row, data).await?;
                    }
                    show::seen(tx, Source::Stored(Box::new(row)), true).await
                })
            })
            .await?;
        self.providers()?.changed().await?;
        Ok(seen)
    }

    fn change(&self, caller: Caller, id: ProviderId) -> Result<Change, IdentityError> {
        let upstreams = self.providers()?.last();
        Ok(Change {
            configured: self.configured_provider(&id)?,
            held: rights::held(upstreams.configured()),
            caller,
            id,
            now: self.house.clock.now(),
            rng: Arc::clone(&self.house.rng),
        })
    }

    /// A name in the machine that no provider bears: of the title, and random letters behind it
    /// when that one is taken.
    fn free_id(&self, title: &str) -> Result<ProviderId, IdentityError> {
        let upstreams = self.providers()?.last();
        let wanted = slug(title).filter(|id| upstreams.config(id).is_none());
        if let Some(id) = wanted {
            return Ok(id);
        }
        let random = hex::encode(self.house.rng.bytes::<4>());
        let stem = slug(title);
        let stem = stem.as_ref().map_or("provider", ProviderId::as_str);
        let id = ProviderId::parse(&format!("{stem}-{random}"));
        Ok(id.map_err(|_| ProviderRefusal::Fault(ProviderFault::Id))?)
    }
}

/// The row after an edit, as far as the edit alone says.
fn edited(
    before: &ProviderRow,
    facts: &ProviderFacts,
    sealed: Option<&String>,
    organisation: OrganisationId,
    now: Timestamp,
) -> ProviderRow {
    let mut after = before.clone();
    after.revision += 1;
    after.organisation = organisation;
    after.facts = facts.clone();
    // What the screens do not ask for is kept while the software stays the same.
    if facts.preset == before.facts.preset {
        let kept = &before.facts;
        let facts = &mut after.facts;
        facts.scopes = facts.scopes.take().or_else(|| kept.scopes.clone());
        facts.claim_names = facts
            .claim_names
            .take()
            .or_else(|| kept.claim_names.clone());
        facts.id_token_alg = facts
            .id_token_alg
            .take()
            .or_else(|| kept.id_token_alg.clone());
    }
    if let Some(sealed) = sealed {
        after.sealed_secret.clone_from(sealed);
        after.secret_at = now;
    }
    after
}

/// The edit, when it may be.
async fn allowed(
    tx: &mut Tx,
    change: &Change,
    before: &ProviderRow,
    mut after: ProviderRow,
) -> Result<ProviderRow, IdentityError> {
    rights::may_be(&after.facts, &change.caller, change.now)?;
    if after.organisation != before.organisation {
        rights::administers(tx, &change.caller, after.organisation, change.now).await?;
        exists(tx, after.organisation).await?;
        // What proved a domain was of the other administration.
        after.proved.clear();
    }
    if before.state == ProviderState::Enabled {
        if after.facts.issuer != before.facts.issuer {
            return Err(ProviderRefusal::InService.into());
        }
        change.admit(tx, &mut after).await?;
    } else {
        let domains = &after.facts.domains;
        rights::domains_are_free(tx, &after.id, domains, &change.held).await?;
        after.proved.retain(|domain| domains.contains(domain));
    }
    Ok(after)
}

async fn exists(tx: &mut Tx, organisation: OrganisationId) -> Result<(), IdentityError> {
    let known = store::organisation::name_and_siret(tx, organisation).await?;
    known
        .map(|_| ())
        .ok_or_else(|| ProviderRefusal::UnknownOrganisation.into())
}
