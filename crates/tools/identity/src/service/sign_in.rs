//! What happens once somebody has proved who they are: the agent is found or created by
//! (provider, subject), brought up to date, and a new session is opened — in one transaction.

use std::sync::Arc;

use kernel::{
    Act, AgentId, Event, EventId, JournalEntry, OrganisationId, Outcome, RngExt as _, Secret,
    SessionId, Timestamp,
};
use kernel_db::Tx;
use serde_json::json;

use super::Identity;
use crate::domain::acr::Acr;
use crate::domain::agent::{Agent, AgentState, Attributes};
use crate::domain::browser::Browser;
use crate::domain::import::plan::Entry;
use crate::domain::organisation::{Organisation, id_of_siret};
use crate::domain::role::email_key;
use crate::domain::session::{LIFETIME, Session, hash};
use crate::error::IdentityError;
use crate::local::{self, Standing};
use crate::store;
use crate::upstream::Siret;

/// Somebody, as the one who proved them says.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// The provider's id, or the local realm.
    pub provider: String,
    /// The provider's `sub`, case-sensitive.
    pub subject: String,
    /// What it says of the person.
    pub attributes: Attributes,
    /// The administration it names; none: the fallback.
    pub siret: Option<Siret>,
    /// Whether the provider named it: else what a directory says goes before.
    pub siret_stated: bool,
    /// The administration when the provider names none.
    pub fallback: OrganisationId,
    /// Whether they are of the fallback, or of an administration below it, whatever is named.
    pub confined: bool,
    /// The level.
    pub acr: Acr,
    /// The means.
    pub amr: Vec<String>,
    /// When they proved it.
    pub auth_time: Timestamp,
    /// Whether whoever proved them said when.
    pub auth_time_stated: bool,
    /// The provider's id token, sealed, for the sign-out there.
    pub upstream_id_token: Option<String>,
    /// What the agent will recognise the session by.
    pub browser: Browser,
    /// The password account as it stood when it was proved; none: proved elsewhere.
    pub standing: Option<Standing>,
}

/// Ids drawn before the transaction, which may be run again.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    agent: AgentId,
    event: EventId,
    now: Timestamp,
}

impl Identity {
    /// Opens a session for somebody just proved. Answers the session, the agent and the secret of
    /// the new cookie; a session that the browser held lives on until that cookie is given.
    ///
    /// # Errors
    /// When the agent may not sign in, or the database refuses; [`IdentityError::NoInteraction`]
    /// when a password account is no longer what it was when it was proved.
    pub async fn open_session(
        &self,
        vouched: Vouched,
    ) -> Result<(Session, Agent, Secret), IdentityError> {
        let now = self.house.clock.now();
        let rng = self.house.rng.as_ref();
        let cookie = rng.secret();
        let token_hash = hash(cookie.expose());
        let drawn = Drawn {
            agent: AgentId::new(now, rng),
            event: EventId::new(now, rng),
            now,
        };
        let session_id = SessionId::new(now, rng);
        let vouches = self.vouches(&vouched.provider, &vouched.attributes.email);
        let promised = Arc::new(self.promised(&vouched.provider, &vouched.attributes.email));
        let vouched = Arc::new(vouched);
        let rng = Arc::clone(&self.house.rng);
        let (session, agent) = self
            .house
            .db
            .write(move |tx| {
                let vouched = Arc::clone(&vouched);
                let (promised, rng) = (Arc::clone(&promised), Arc::clone(&rng));
                Box::pin(async move {
                    // A change of the password or of the factors ends the sessions of before, and
                    // none proved before is opened after it.
                    if let Some(standing) = &vouched.standing
                        && !local::still_stands(tx, standing).await?
                    {
                        return Err(IdentityError::NoInteraction);
                    }
                    let agent = agent(tx, &vouched, vouches, drawn).await?;
                    for configured in promised.iter() {
                        super::roles::keep(tx, configured, agent.id, now, rng.as_ref()).await?;
                    }
                    let session = Session {
                        id: session_id,
                        agent: agent.id,
                        provider: vouched.provider.clone(),
                        acr: vouched.acr,
                        amr: vouched.amr.clone(),
                        auth_time: vouched.auth_time,
                        created_at: now,
                        expires_at: now.plus(LIFETIME),
                        upstream_id_token: vouched.upstream_id_token.clone(),
                        browser: vouched.browser,
                    };
                    store::session::insert(tx, &session, token_hash).await?;
                    tx.journal(entry(&session, &agent, now), rng.as_ref())
                        .await?;
                    tx.emit(&event(&session, &agent, drawn)).await?;
                    Ok::<_, IdentityError>((session, agent))
                })
            })
            .await?;
        Ok((session, agent, cookie))
    }
}

impl Identity {
    /// Journals a sign-in that was refused; the address is kept aside, erasable.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn journal_refusal(
        &self,
        provider: &str,
        login: &str,
        reason: &'static str,
    ) -> Result<(), IdentityError> {
        let entry = JournalEntry {
            at: self.house.clock.now(),
            organisation: None,
            actor: None,
            act: Act("identity.session.open"),
            subject: format!("provider:{provider}"),
            outcome: Outcome::Refused,
            data: json!({ "reason": reason }),
            personal: (!login.is_empty()).then(|| login.chars().take(254).collect()),
        };
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let entry = entry.clone();
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    tx.journal(entry, rng.as_ref()).await?;
                    Ok::<(), IdentityError>(())
                })
            })
            .await
    }
}

/// The agent behind the provider's subject, created or brought up to date. One whom a directory
/// announced is found by the address, once, when `vouches`: the provider holds its domain.
async fn agent(
    tx: &mut Tx,
    vouched: &Vouched,
    vouches: bool,
    drawn: Drawn,
) -> Result<Agent, IdentityError> {
    let (provider, subject) = (vouched.provider.as_str(), vouched.subject.as_str());
    let known = store::agent::known_by_login(tx, provider, subject).await?;
    if let Some((known, entry)) = known {
        store::agent::seen(tx, provider, subject, drawn.now).await?;
        return renewed(tx, vouched, &known, entry.as_ref(), drawn).await;
    }
    if vouches {
        let key = email_key(&vouched.attributes.email);
        if let Some((known, entry)) = store::expected::take(tx, provider, &key).await? {
            let agent = renewed(tx, vouched, &known, entry.as_ref(), drawn).await?;
            store::agent::insert_login(tx, provider, subject, agent.id, drawn.now).await?;
            return Ok(agent);
        }
    }
    let agent = Agent {
        id: drawn.agent,
        state: AgentState::Active,
        organisation: organisation(tx, vouched, None, drawn).await?,
        attributes: vouched.attributes.clone(),
    };
    store::agent::insert(tx, &agent, drawn.now).await?;
    store::agent::insert_login(tx, provider, subject, agent.id, drawn.now).await?;
    Ok(agent)
}

/// A known agent as the provider says, and as a directory says where the provider is silent.
async fn renewed(
    tx: &mut Tx,
    vouched: &Vouched,
    known: &Agent,
    entry: Option<&Entry>,
    drawn: Drawn,
) -> Result<Agent, IdentityError> {
    let state = known
        .state
        .signed_in()
        .map_err(|cause| IdentityError::AgentState(cause.from))?;
    let said = &vouched.attributes;
    let agent = Agent {
        id: known.id,
        state,
        organisation: organisation(tx, vouched, entry, drawn).await?,
        attributes: entry.map_or_else(|| said.clone(), |entry| entry.fill(said)),
    };
    if agent != *known {
        store::agent::update(tx, &agent, drawn.now).await?;
    }
    Ok(agent)
}

async fn organisation(
    tx: &mut Tx,
    vouched: &Vouched,
    entry: Option<&Entry>,
    drawn: Drawn,
) -> Result<OrganisationId, IdentityError> {
    if let (false, Some(entry)) = (vouched.siret_stated, entry) {
        return Ok(entry.organisation);
    }
    let Some(siret) = &vouched.siret else {
        return Ok(vouched.fallback);
    };
    let known = store::organisation::by_siret(tx, siret).await?;
    if vouched.confined {
        let Some(known) = known else {
            return Ok(vouched.fallback);
        };
        let above = store::organisation::ancestors(tx, known.id).await?;
        let within = known.id == vouched.fallback || above.contains(&vouched.fallback);
        return Ok(if within { known.id } else { vouched.fallback });
    }
    if let Some(known) = known {
        return Ok(known.id);
    }
    let made = Organisation {
        id: id_of_siret(siret.as_str()),
        siret: siret.clone(),
        label: siret.as_str().to_owned(),
        legal_category: None,
        parent: None,
    };
    store::organisation::upsert(tx, &made, drawn.now).await?;
    Ok(made.id)
}

fn entry(session: &Session, agent: &Agent, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: Some(agent.organisation),
        actor: Some(agent.id),
        act: Act("identity.session.open"),
        subject: format!("session:{}", session.id),
        outcome: Outcome::Done,
        data: json!({ "provider": session.provider, "acr": session.acr.value() }),
        personal: Some(agent.attributes.email.clone()),
    }
}

fn event(session: &Session, agent: &Agent, drawn: Drawn) -> Event {
    Event {
        id: drawn.event,
        kind: "identity.agent.signed_in".into(),
        version: 1,
        at: drawn.now,
        actor: Some(agent.id),
        organisation: Some(agent.organisation),
        subject: format!("agent:{}", agent.id),
        data: json!({ "provider": session.provider, "acr": session.acr.value() }),
    }
}
