//! What was agreed to is written, a batch a transaction.

use std::collections::HashSet;
use std::sync::Arc;

use kernel::{Event, EventId, OrganisationId, Rng, Scope, Timestamp};
use kernel_db::{BoxFuture, Db, DbError, JobError, JobHandler, Tx};
use kernel_http::Reached;
use serde_json::json;

use super::KEPT;
use super::known::{Makes, makes};
use crate::domain::agent::{Agent, AgentState};
use crate::domain::import::report::{ImportId, ImportState, Planned};
use crate::domain::role::email_key;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::store::import::{Import, Kind};

/// The kind of the job.
pub(crate) const JOB: &str = "identity.import";

/// Writes imports that were agreed to.
pub(crate) struct Apply(Identity);

impl Apply {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(identity)
    }
}

impl JobHandler for Apply {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn run<'a>(
        &'a self,
        _db: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let id = payload.get("import").and_then(serde_json::Value::as_str);
            let id = id.and_then(|text| ImportId::parse(text).ok());
            let id = id.ok_or_else(|| JobError::Failed("no import is named".to_owned()))?;
            loop {
                match self.0.write_batch(id).await {
                    Ok(Some(import)) => {
                        let version = self.0.house.clock.now().millis();
                        let live = &self.0.house.live;
                        live.say("import", version, Reached::Agent(import.by));
                        if import.state != ImportState::Running {
                            return Ok(());
                        }
                    }
                    // Forgotten, or written by another worker.
                    Ok(None) => return Ok(()),
                    // A plan that cannot be read will not be read later either.
                    Err(IdentityError::Database(cause @ DbError::Decode { .. })) => {
                        self.0.fail_import(id).await.map_err(job_error)?;
                        return Err(JobError::Failed(cause.to_string()));
                    }
                    Err(cause) => return Err(job_error(cause)),
                }
            }
        })
    }
}

fn job_error(cause: IdentityError) -> JobError {
    match cause {
        IdentityError::Database(cause) => JobError::Db(cause),
        other => JobError::Failed(other.to_string()),
    }
}

impl Identity {
    /// Writes the next batch of an import, and its end after the last; none: nothing is to do.
    ///
    /// # Errors
    /// When the database refuses; nothing of the batch is then written.
    pub(crate) async fn write_batch(&self, id: ImportId) -> Result<Option<Import>, IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let Some(mut import) = store::import::by_id(tx, id, now).await? else {
                        return Ok(None);
                    };
                    if import.state != ImportState::Running {
                        return Ok(None);
                    }
                    let number = import.next_batch;
                    let batch = store::import::batch(tx, id, Kind::Plan, number).await?;
                    if let Some(lines) = batch {
                        write_lines(tx, &mut import, &lines, now, rng.as_ref()).await?;
                    } else {
                        end(tx, &mut import, now, rng.as_ref()).await?;
                    }
                    store::import::update(tx, &import).await?;
                    Ok(Some(import))
                })
            })
            .await
    }

    /// Notes that an import cannot go on.
    async fn fail_import(&self, id: ImportId) -> Result<(), IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let by = self
            .house
            .db
            .write(move |tx| {
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let Some(mut import) = store::import::by_id(tx, id, now).await? else {
                        return Ok(None);
                    };
                    import.state = ImportState::Failed;
                    store::import::update(tx, &import).await?;
                    tx.emit(&ended(&import, now, rng.as_ref())).await?;
                    Ok::<_, IdentityError>(Some(import.by))
                })
            })
            .await?;
        if let Some(by) = by {
            self.house
                .live
                .say("import", now.millis(), Reached::Agent(by));
        }
        Ok(())
    }
}

async fn write_lines(
    tx: &mut Tx,
    import: &mut Import,
    lines: &[Planned],
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    let within = within(tx, import).await?;
    let before = import.created;
    for line in lines {
        write_line(tx, import, line, &within, now).await?;
        import.done += 1;
    }
    import.next_batch += 1;
    let created = import.created - before;
    if created > 0 {
        let kind = "identity.agent.created";
        let data = json!({ "count": created, "import": import.id });
        tx.emit(&event(import, kind, data, now, rng)).await?;
    }
    Ok(())
}

async fn within(tx: &mut Tx, import: &Import) -> Result<HashSet<OrganisationId>, DbError> {
    let scope = Scope::Organisation {
        root: import.organisation,
        subtree: import.subtree,
    };
    let organisations = store::organisation::within(tx, scope).await?;
    Ok(organisations.into_iter().map(|one| one.id).collect())
}

/// Writes a line against what is known now: the agent may have come since the dry run.
async fn write_line(
    tx: &mut Tx,
    import: &mut Import,
    line: &Planned,
    within: &HashSet<OrganisationId>,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let Some(provider) = line.providers.first() else {
        return Ok(());
    };
    let key = email_key(&line.said.email);
    let known = store::expected::of_addresses(tx, &[key.as_str()]).await?;
    match makes(&line.said, &line.providers, &known, within) {
        Ok(Makes::New) => {
            let agent = Agent {
                id: line.agent,
                state: AgentState::PreCreated,
                organisation: line.said.organisation,
                attributes: line.said.attributes(),
            };
            store::agent::insert(tx, &agent, now).await?;
            store::expected::insert(tx, provider, &key, agent.id).await?;
            let entry = line.said.entry(None);
            store::expected::write_entry(tx, agent.id, &entry, now).await?;
            import.created += 1;
        }
        Ok(Makes::Changed(changed)) => {
            let (agent, entry) = *changed;
            store::agent::update(tx, &agent, now).await?;
            store::expected::write_entry(tx, agent.id, &entry, now).await?;
            import.updated += 1;
        }
        // As the line says already; or closed, or moved elsewhere, since the dry run.
        Ok(Makes::Nothing(_)) | Err(_) => {}
    }
    Ok(())
}

async fn end(
    tx: &mut Tx,
    import: &mut Import,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), IdentityError> {
    import.state = ImportState::Done;
    import.done = import.report.ready();
    import.expires_at = now.plus(KEPT);
    store::import::delete_lines(tx, import.id, Kind::Plan).await?;
    let event = ended(import, now, rng);
    tx.emit(&event).await?;
    Ok(())
}

/// What is told when an import has ended, well or not.
fn ended(import: &Import, now: Timestamp, rng: &dyn Rng) -> Event {
    let data = json!({
        "import": import.id,
        "state": import.state.word(),
        "total": import.report.total,
        "created": import.created,
        "updated": import.updated,
        "unchanged": import.report.unchanged,
        "faulty": import.report.faulty,
    });
    event(import, "identity.import.done", data, now, rng)
}

fn event(
    import: &Import,
    kind: &str,
    data: serde_json::Value,
    now: Timestamp,
    rng: &dyn Rng,
) -> Event {
    Event {
        id: EventId::new(now, rng),
        kind: kind.to_owned(),
        version: 1,
        at: now,
        actor: Some(import.by),
        organisation: Some(import.organisation),
        subject: format!("import:{}", import.id),
        data,
    }
}
