//! A file is read and held against what is known; nothing of any agent is written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use kernel::{AgentId, Caller, OrganisationId, Scope, Timestamp};
use kernel_db::Tx;

use super::known::{Makes, by_address, makes};
use super::{BATCH, FAULTS, WAITS};
use crate::domain::import::plan::Said;
use crate::domain::import::report::{ImportId, ImportState, Planned, Report};
use crate::domain::import::{self, Cause, Fault, Field, File, Line};
use crate::domain::role::{email_key, subtree};
use crate::error::IdentityError;
use crate::service::administration::administers;
use crate::service::{Identity, Method};
use crate::store;
use crate::store::expected::{AT_ONCE, Known};
use crate::store::import::{Import, Kind};
use crate::upstream::{EmailAddress, ProviderKind, Route};

/// The administrations that a file may name: those that the caller administers, with those above
/// each, nearest first.
struct Reach {
    root: OrganisationId,
    scope: Scope,
    by_siret: HashMap<String, OrganisationId>,
    above: HashMap<OrganisationId, Vec<OrganisationId>>,
}

/// What becomes of a file.
#[derive(Default)]
struct Sorted {
    planned: Vec<Planned>,
    faults: Vec<Fault>,
    created: u64,
    updated: u64,
    unchanged: u64,
    /// Agents there whom the file names.
    named: HashSet<AgentId>,
}

impl Identity {
    /// Reads a file for an administration and keeps what it would do.
    ///
    /// # Errors
    /// When the caller does not administer it, the file cannot be used, or the database refuses.
    pub(crate) async fn dry_run(
        &self,
        caller: Caller,
        organisation: OrganisationId,
        bytes: Vec<u8>,
    ) -> Result<(Import, Vec<Fault>), IdentityError> {
        // Rights first: reading a file costs.
        let reach = self.reach(caller.clone(), organisation).await?;
        let read = tokio::task::spawn_blocking(move || import::read(&bytes)).await;
        let file = read.map_err(|_| IdentityError::Worker)??;
        let known = self.known_of(&file.lines).await?;
        if let Method::Upstream(providers) = &self.method {
            providers.current().await?;
        }
        let sorted = self.sort(&file, &reach, &known);
        let absent = self.absent(&reach, &sorted).await?;
        let now = self.house.clock.now();
        let import = Import {
            id: ImportId::new(now, self.house.rng.as_ref()),
            organisation,
            subtree: subtree(reach.scope),
            by: caller.agent,
            state: ImportState::Ready,
            report: report(&file, &sorted, absent),
            done: 0,
            created: 0,
            updated: 0,
            next_batch: 0,
            created_at: now,
            expires_at: now.plus(WAITS),
        };
        self.keep_dry_run(&import, &sorted, now).await?;
        let mut faults = sorted.faults;
        faults.truncate(FAULTS);
        Ok((import, faults))
    }

    async fn reach(&self, caller: Caller, root: OrganisationId) -> Result<Reach, IdentityError> {
        let now = self.house.clock.now();
        let caller = Arc::new(caller);
        self.house
            .db
            .read(move |tx| {
                let caller = Arc::clone(&caller);
                Box::pin(async move {
                    let scope = administers(tx, &caller, root, now).await?;
                    let (mut by_siret, mut above) = (HashMap::new(), HashMap::new());
                    for one in store::organisation::within(tx, scope).await? {
                        by_siret.insert(one.siret.as_str().to_owned(), one.id);
                        let parents = store::organisation::ancestors(tx, one.id).await?;
                        above.insert(one.id, parents);
                    }
                    Ok(Reach {
                        root,
                        scope,
                        by_siret,
                        above,
                    })
                })
            })
            .await
    }

    /// The agents of the addresses of a file.
    async fn known_of(&self, lines: &[Line]) -> Result<HashMap<String, Vec<Known>>, IdentityError> {
        let mut known = Vec::new();
        for some in lines.chunks(BATCH) {
            let keys: Arc<Vec<String>> = Arc::new(
                some.iter()
                    .map(|line| email_key(line.email.as_str()))
                    .collect(),
            );
            let found = self.house.db.read(move |tx: &mut Tx| {
                let keys = Arc::clone(&keys);
                Box::pin(async move {
                    let mut found = Vec::new();
                    for few in keys.chunks(AT_ONCE) {
                        let few: Vec<&str> = few.iter().map(String::as_str).collect();
                        found.extend(store::expected::of_addresses(tx, &few).await?);
                    }
                    Ok::<_, IdentityError>(found)
                })
            });
            known.extend(found.await?);
        }
        Ok(by_address(known))
    }

    fn sort(&self, file: &File, reach: &Reach, known: &HashMap<String, Vec<Known>>) -> Sorted {
        let now = self.house.clock.now();
        let within: HashSet<OrganisationId> = reach.above.keys().copied().collect();
        let mut sorted = Sorted {
            faults: file.faults.clone(),
            ..Sorted::default()
        };
        for line in &file.lines {
            let judged = self.planned(line, reach).and_then(|(said, providers)| {
                let key = email_key(line.email.as_str());
                let same = known.get(&key).map_or(&[][..], Vec::as_slice);
                let made = makes(&said, &providers, same, &within);
                made.map(|made| (said, providers, made))
                    .map_err(|cause| (Field::Email, cause))
            });
            let (said, providers, made) = match judged {
                Ok(judged) => judged,
                Err((field, cause)) => {
                    sorted.faults.push(line.fault(&file.columns, field, cause));
                    continue;
                }
            };
            match made {
                Makes::Nothing(agent) => {
                    sorted.unchanged += 1;
                    sorted.named.insert(agent);
                    continue;
                }
                Makes::New => sorted.created += 1,
                Makes::Changed(changed) => {
                    sorted.updated += 1;
                    sorted.named.insert(changed.0.id);
                }
            }
            sorted.planned.push(Planned {
                providers,
                agent: AgentId::new(now, self.house.rng.as_ref()),
                said,
            });
        }
        sorted.faults.sort_by_key(|fault| fault.line);
        sorted
    }

    /// What a line says, and which providers may vouch for its address.
    fn planned(&self, line: &Line, reach: &Reach) -> Result<(Said, Vec<String>), (Field, Cause)> {
        let organisation = match &line.siret {
            None => reach.root,
            Some(siret) => *reach
                .by_siret
                .get(siret.as_str())
                .ok_or((Field::Siret, Cause::SiretElsewhere))?,
        };
        let above = reach
            .above
            .get(&organisation)
            .map_or(&[][..], Vec::as_slice);
        let providers = self.providers_of(&line.email, organisation, above);
        if providers.is_empty() {
            let meant = self.meant(&line.email);
            return Err((Field::Email, Cause::Domain { meant }));
        }
        Ok((Said::of(line, organisation), providers))
    }

    /// The providers of an administration, or of those above it, that hold the domain of an
    /// address: the nearest first.
    fn providers_of(
        &self,
        email: &EmailAddress,
        organisation: OrganisationId,
        above: &[OrganisationId],
    ) -> Vec<String> {
        let Method::Upstream(known) = &self.method else {
            return Vec::new();
        };
        let upstreams = known.last();
        let mut holders: BTreeMap<(usize, String), String> = BTreeMap::new();
        for config in upstreams.list() {
            let ProviderKind::Ministry { domains } = &config.kind else {
                continue;
            };
            let distance = if config.organisation == organisation {
                Some(0)
            } else {
                let place = above.iter().position(|one| *one == config.organisation);
                place.map(|place| place + 1)
            };
            let holds = domains.iter().any(|own| own == email.domain());
            if let (Some(distance), true) = (distance, holds) {
                let id = config.id.as_str().to_owned();
                holders.insert((distance, id.clone()), id);
            }
        }
        holders.into_values().collect()
    }

    /// The address with the domain that was probably meant.
    fn meant(&self, email: &EmailAddress) -> Option<String> {
        let Method::Upstream(known) = &self.method else {
            return None;
        };
        let upstreams = known.last();
        match upstreams.route(email) {
            Route::Unknown { suggestion } => suggestion,
            Route::One(_) | Route::Several(_) => None,
        }
    }

    /// How many agents there are not in the file.
    async fn absent(&self, reach: &Reach, sorted: &Sorted) -> Result<u64, IdentityError> {
        let scope = reach.scope;
        let there = self.house.db.read(move |tx: &mut Tx| {
            Box::pin(async move {
                Ok::<_, IdentityError>(store::administration::head_count(tx, scope).await?)
            })
        });
        let named = u64::try_from(sorted.named.len()).unwrap_or(u64::MAX);
        Ok(there.await?.saturating_sub(named))
    }

    /// Writes a dry run; its report comes last, so that none is seen by half.
    async fn keep_dry_run(
        &self,
        import: &Import,
        sorted: &Sorted,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let mut batches = Vec::new();
        for (number, some) in (0_i64..).zip(sorted.planned.chunks(BATCH)) {
            batches.push((Kind::Plan, number, serde_json::to_string(some)?));
        }
        for (number, some) in (0_i64..).zip(sorted.faults.chunks(FAULTS)) {
            batches.push((Kind::Faulty, number, serde_json::to_string(some)?));
        }
        let kept = Arc::new((import.clone(), batches));
        self.house
            .db
            .write(move |tx| {
                let kept = Arc::clone(&kept);
                Box::pin(async move {
                    let (import, batches) = &*kept;
                    let former = store::import::waiting(tx, import.organisation, import.by).await?;
                    for id in former {
                        store::import::delete(tx, id).await?;
                    }
                    while store::import::purge_one(tx, now).await? {}
                    for (kind, number, lines) in batches {
                        store::import::insert_batch(tx, import.id, *kind, *number, lines).await?;
                    }
                    store::import::insert(tx, import).await?;
                    Ok::<(), IdentityError>(())
                })
            })
            .await
    }
}

fn report(file: &File, sorted: &Sorted, absent: u64) -> Report {
    let count = |items: usize| u64::try_from(items).unwrap_or(u64::MAX);
    Report {
        total: count(file.lines.len() + file.faults.len()),
        created: sorted.created,
        updated: sorted.updated,
        unchanged: sorted.unchanged,
        faulty: count(sorted.faults.len()),
        absent,
        encoding: file.encoding,
        separator: file.separator,
        columns: file.columns.understood(true),
        ignored: file.columns.understood(false),
        headers: file.columns.headers().to_vec(),
    }
}
