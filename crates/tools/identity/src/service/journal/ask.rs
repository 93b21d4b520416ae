//! From what is asked to what is looked for: reaches become chains, names become agents.

use std::collections::BTreeSet;

use kernel::{Act, AgentId, Caller, Limit, OrganisationId, Outcome, Scope, Timestamp};
use kernel_db::{JournalQuery, Tx};
use serde_json::{Map, Value};

use super::chains;
use crate::domain::role::email_key;
use crate::domain::words::Question;
use crate::error::IdentityError;
use crate::service::administration::administered;
use crate::service::directory::{Asked as AskedPeople, people_found};
use crate::store;

/// Agents that a name may stand for.
const MOST_AGENTS: u16 = 50;

/// By whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// By this agent.
    Agent(AgentId),
    /// By those whose name or address begins so.
    Named(String),
}

/// What is asked of the journal; what is absent asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct JournalFilter {
    /// Of this administration and below; absent: of all that the caller administers.
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
    pub(crate) who: Option<Who>,
    /// The name of an act or of a family, and the acts of it.
    pub(crate) act: Option<(String, Vec<Act>)>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) subject: Option<String>,
}

/// A filter under the caller's rights.
pub(crate) struct Asked {
    pub(crate) scopes: Vec<Scope>,
    pub(crate) query: JournalQuery,
    /// The filter as the journal keeps it: ids, no names.
    pub(crate) told: Value,
}

/// What a filter means for this caller.
///
/// # Errors
/// When the caller administers nothing there, or the database refuses.
pub(crate) async fn resolve(
    tx: &mut Tx,
    caller: &Caller,
    filter: &JournalFilter,
    now: Timestamp,
) -> Result<Asked, IdentityError> {
    let scopes = administered(tx, caller, filter.organisation, now).await?;
    let actors = match &filter.who {
        None => None,
        Some(Who::Agent(id)) => Some(vec![*id]),
        Some(Who::Named(words)) => Some(named(tx, words).await?),
    };
    let query = JournalQuery {
        chains: chains(tx, &scopes).await?,
        from: filter.from,
        before: filter.before,
        actors,
        acts: filter
            .act
            .as_ref()
            .map(|(_, acts)| acts.clone())
            .unwrap_or_default(),
        outcome: filter.outcome,
        subject: filter.subject.clone(),
    };
    Ok(Asked {
        told: told(filter, &query),
        scopes,
        query,
    })
}

/// The agents that a name or an address stands for: those of the directory, and by their whole
/// address those who have left it.
async fn named(tx: &mut Tx, words: &str) -> Result<Vec<AgentId>, IdentityError> {
    let asked = AskedPeople {
        question: Some(Question::parse(words)),
        organisation: None,
    };
    let people = people_found(tx, &asked, Limit::new(MOST_AGENTS)).await?;
    let mut agents: BTreeSet<AgentId> = people.into_iter().map(|person| person.id).collect();
    if words.contains('@') {
        let of_address = store::role::agents_of_address(tx, &email_key(words)).await?;
        agents.extend(of_address.into_iter().map(|(agent, _)| agent));
    }
    Ok(agents.into_iter().collect())
}

fn told(filter: &JournalFilter, query: &JournalQuery) -> Value {
    let mut told = Map::new();
    let mut say = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(key.to_owned(), value);
        }
    };
    let millis = |time: Timestamp| Value::from(time.millis());
    let organisation = filter.organisation.map(|id| id.to_string().into());
    say("organisation", organisation);
    say("from", filter.from.map(millis));
    say("before", filter.before.map(millis));
    let actors = query.actors.as_ref().map(|actors| {
        let ids = actors.iter().map(|actor| Value::from(actor.to_string()));
        ids.collect::<Value>()
    });
    say("actors", actors);
    let act = filter.act.as_ref().map(|(name, _)| name.as_str().into());
    say("act", act);
    let outcome = filter.outcome.map(|outcome| outcome.word().into());
    say("outcome", outcome);
    let subject = filter.subject.as_deref().map(Value::from);
    say("subject", subject);
    Value::Object(told)
}
