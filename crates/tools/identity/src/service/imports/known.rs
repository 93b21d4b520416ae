//! What is known of a line's address, and what the line makes of it.

use std::collections::{HashMap, HashSet};

use kernel::OrganisationId;

use crate::domain::agent::{Agent, AgentState};
use crate::domain::import::Cause;
use crate::domain::import::plan::{Entry, Said};
use crate::domain::role::email_key;
use crate::store::expected::Known;

/// The agents of some addresses, by the folded address.
pub(super) fn by_address(known: Vec<Known>) -> HashMap<String, Vec<Known>> {
    let mut by_address: HashMap<String, Vec<Known>> = HashMap::new();
    for one in known {
        let key = email_key(&one.agent.attributes.email);
        by_address.entry(key).or_default().push(one);
    }
    by_address
}

/// What a line makes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Makes {
    /// A new agent.
    New,
    /// Of this agent, what stands here, with what directories now say.
    Changed(Box<(Agent, Entry)>),
    /// Nothing: the agent is as the line says.
    Nothing(kernel::AgentId),
}

/// What a line makes of the agents of its address, at the providers that may vouch for it. Agents
/// of other providers are others, whatever their address.
///
/// # Errors
/// What keeps the line from being imported.
pub(super) fn makes(
    said: &Said,
    providers: &[String],
    known: &[Known],
    within: &HashSet<OrganisationId>,
) -> Result<Makes, Cause> {
    let mut same = known.iter().filter(|one| providers.contains(&one.provider));
    let Some(first) = same.next() else {
        return Ok(Makes::New);
    };
    if same.any(|other| other.agent.id != first.agent.id) {
        return Err(Cause::AnotherAgent);
    }
    let agent = &first.agent;
    if !within.contains(&agent.organisation) {
        return Err(Cause::AnotherAgent);
    }
    if !matches!(agent.state, AgentState::PreCreated | AgentState::Active) {
        return Err(Cause::AccountClosed);
    }
    let entry = said.entry(first.entry.as_ref());
    let mut after = agent.clone();
    if first.expected {
        after.organisation = said.organisation;
        after.attributes = said.renewed(&agent.attributes);
    } else {
        after.attributes = said.filled(&agent.attributes, first.entry.as_ref());
    }
    // What a directory says of somebody whose provider says everything changes nothing to see.
    let news = after != *agent || (first.expected && first.entry.as_ref() != Some(&entry));
    if news {
        Ok(Makes::Changed(Box::new((after, entry))))
    } else {
        Ok(Makes::Nothing(agent.id))
    }
}
