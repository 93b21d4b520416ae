//! The domain of an administration's addresses changes its name: its agents keep their accounts.
//!
//! Who signs in is found by (provider, subject), never by the address; what an address decides
//! (who is announced, who is found, who is told by mail) follows here. Killed, it is run again:
//! who was renamed is not found any more.

use std::sync::Arc;

use kernel::{
    Act, AgentId, Event, EventId, JournalEntry, OrganisationId, Outcome, Rng, Scope, Timestamp,
};
use kernel_db::{Db, Tx};
use serde_json::json;

use crate::domain::organisation::id_of_siret;
use crate::domain::role::email_key;
use crate::error::IdentityError;
use crate::store;

/// Agents of one transaction.
const BATCH: i64 = 200;

/// What changes its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The domain until now, in lower case.
    pub old: String,
    /// The domain from now on, in lower case.
    pub new: String,
    /// The SIRET of the administration; those below it are reached too.
    pub siret: String,
}

/// What came of it, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Agents whose address follows.
    pub agents: u64,
    /// New addresses that somebody else has: these agents stay as they are.
    pub taken: Vec<String>,
}

/// Renames the domain of addresses, or only counts when not `apply`; none: no such administration.
///
/// # Errors
/// When the database refuses.
pub async fn rename_domain(
    db: &Db,
    (now, rng): (Timestamp, Arc<dyn Rng>),
    renaming: Renaming,
    apply: bool,
) -> Result<Option<Renamed>, IdentityError> {
    let root = id_of_siret(&renaming.siret);
    let known = db
        .read(move |tx| {
            Box::pin(
                async move { Ok::<_, IdentityError>(store::organisation::exists(tx, root).await?) },
            )
        })
        .await?;
    if !known {
        return Ok(None);
    }
    let renaming = Arc::new(renaming);
    let mut renamed = Renamed::default();
    let mut after = None;
    loop {
        let asked = Arc::clone(&renaming);
        let batch = if apply {
            db.write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move { batch(tx, root, &asked, after, Some(now)).await })
            })
            .await?
        } else {
            db.read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move { batch(tx, root, &asked, after, None).await })
            })
            .await?
        };
        let Some((last, some)) = batch else { break };
        after = Some(last);
        renamed.agents += some.agents;
        renamed.taken.extend(some.taken);
    }
    if apply && renamed.agents > 0 {
        let agents = renamed.agents;
        db.write(move |tx| {
            let (renaming, rng) = (Arc::clone(&renaming), Arc::clone(&rng));
            Box::pin(async move { record(tx, root, &renaming, agents, now, rng.as_ref()).await })
        })
        .await?;
    }
    Ok(Some(renamed))
}

/// The next agents: the last one looked at, and what came of them; none: there are no more.
async fn batch(
    tx: &mut Tx,
    root: OrganisationId,
    renaming: &Renaming,
    after: Option<AgentId>,
    write_at: Option<Timestamp>,
) -> Result<Option<(AgentId, Renamed)>, IdentityError> {
    let scope = Scope::Organisation {
        root,
        subtree: true,
    };
    let agents = store::rename::agents_at(tx, scope, &renaming.old, after, BATCH).await?;
    let Some(last) = agents.last().map(|agent| agent.id) else {
        return Ok(None);
    };
    let mut renamed = Renamed::default();
    for mut agent in agents {
        let Some((local, _)) = agent.attributes.email.rsplit_once('@') else {
            continue;
        };
        let address = format!("{local}@{}", renaming.new);
        let key = email_key(&address);
        if store::rename::is_taken(tx, &key, agent.id).await? {
            renamed.taken.push(address);
            continue;
        }
        renamed.agents += 1;
        if let Some(now) = write_at {
            agent.attributes.email = address;
            store::agent::update(tx, &agent, now).await?;
            store::rename::expect_at(tx, agent.id, &key).await?;
        }
    }
    Ok(Some((last, renamed)))
}

async fn record(
    tx: &mut Tx,
    organisation: OrganisationId,
    renaming: &Renaming,
    agents: u64,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let data = json!({ "from": renaming.old, "to": renaming.new, "agents": agents });
    let subject = format!("organisation:{organisation}");
    tx.journal(
        JournalEntry {
            at: now,
            organisation: Some(organisation),
            actor: None,
            act: Act("identity.domain.rename"),
            subject: subject.clone(),
            outcome: Outcome::Done,
            data: data.clone(),
            personal: None,
        },
        rng,
    )
    .await?;
    tx.emit(&Event {
        id: EventId::new(now, rng),
        kind: "identity.domain.renamed".into(),
        version: 1,
        at: now,
        actor: None,
        organisation: Some(organisation),
        subject,
        data,
    })
    .await?;
    Ok(())
}
