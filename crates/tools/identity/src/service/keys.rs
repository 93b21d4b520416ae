//! The signing keys: ES256 first, RS256 beside it; kept sealed in the database.
//!
//! Invariants
//! - A process signs only with keys whose rows it has compared within two seconds, and every process
//!   publishes every key from the moment it is made: they agree on which one signs.
//! - Of an algorithm one key at most waits to sign, whoever rotates at once.

use std::sync::Arc;

use jose::{Algorithm, JwkSet, SigningKey};
use kernel::{Act, Clock, JournalEntry, Outcome, Rng, Timestamp};
use kernel_db::{Db, DbError, Revised, Tx};
use kernel_http::{House, Sealer};
use serde_json::json;

use crate::domain::client::Client;
use crate::domain::signing::{ALGORITHMS, KeyFacts, KeyState, Rotation, next_at};
use crate::error::IdentityError;
use crate::store::key::{self, KeyRow};
use crate::store::revision::KEYS;

/// What keys are sealed for.
pub(crate) const PURPOSE: &str = "identity/signing-key/1";

/// The keys, read again when their rows change.
pub(crate) struct Keys {
    rows: Revised<Ring>,
    sealer: Sealer,
    clock: Arc<dyn Clock>,
}

/// Every key that can be opened.
#[derive(Default)]
struct Ring {
    facts: Vec<KeyFacts>,
    keys: Vec<SigningKey>,
    /// How many cannot: another master key sealed them.
    closed: usize,
}

/// The keys as they stand at a moment.
pub(crate) struct Signers {
    ring: Arc<Ring>,
    now: Timestamp,
}

impl Keys {
    /// Reads the keys, making those that are missing.
    pub(crate) async fn start(locksmith: &Locksmith) -> Result<Self, IdentityError> {
        locksmith.rotate(Rotation::First).await?;
        let clock = &locksmith.clock;
        let keys = Self {
            rows: Revised::new(
                locksmith.db.clone(),
                Arc::clone(clock),
                KEYS,
                Ring::default(),
            ),
            sealer: locksmith.sealer.clone(),
            clock: Arc::clone(clock),
        };
        if keys.current().await?.ring.closed > 0 {
            return Err(jose::Error::Key.into());
        }
        Ok(keys)
    }

    /// The keys, two seconds old at most.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn current(&self) -> Result<Signers, DbError> {
        let sealer = &self.sealer;
        let ring = self
            .rows
            .get(
                |tx| Box::pin(key::all(tx)),
                |rows, _| Ring::open(&rows, sealer),
            )
            .await?;
        Ok(self.at_this_moment(ring))
    }

    /// The public keys, for `/jwks`; while the database does not answer, those last read.
    pub(crate) async fn published(&self) -> JwkSet {
        match self.current().await {
            Ok(signers) => signers.public(),
            Err(cause) => {
                tracing::warn!(%cause, "the signing keys cannot be read again");
                self.at_this_moment(self.rows.last()).public()
            }
        }
    }

    /// Says that keys were written by this process: every node compares.
    pub(crate) fn changed(&self) {
        self.rows.changed();
    }

    fn at_this_moment(&self, ring: Arc<Ring>) -> Signers {
        Signers {
            ring,
            now: self.clock.now(),
        }
    }
}

impl Ring {
    fn open(rows: &[KeyRow], sealer: &Sealer) -> Self {
        let mut ring = Self::default();
        for row in rows {
            let opened = sealer
                .open(PURPOSE, &row.sealed)
                .and_then(|der| SigningKey::from_pkcs8(row.facts.algorithm, &der).ok());
            if let Some(key) = opened {
                ring.facts.push(row.facts.clone());
                ring.keys.push(key);
            } else {
                tracing::error!(kid = row.facts.kid, "a signing key cannot be opened");
                ring.closed += 1;
            }
        }
        ring
    }
}

impl Signers {
    /// Signs for a client: by the active key of its algorithm, or by its own secret for HS256.
    pub(crate) fn sign(
        &self,
        client: &Client,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &impl serde::Serialize,
    ) -> Result<String, IdentityError> {
        if algorithm == Algorithm::Hs256 {
            let secret = client.secret.key().ok_or(jose::Error::Key)?;
            let key = SigningKey::hs256(secret)?;
            return Ok(key.sign(typ, claims)?);
        }
        let key = self
            .each()
            .find(|(facts, _, state)| facts.algorithm == algorithm && *state == KeyState::Active)
            .map(|(_, key, _)| key)
            .ok_or(jose::Error::Key)?;
        Ok(key.sign(typ, claims)?)
    }

    /// Signs in this instance's own name, for who holds its published keys: ES256.
    pub(crate) fn sign_own(
        &self,
        typ: &str,
        claims: &impl serde::Serialize,
    ) -> Result<String, IdentityError> {
        let is_ours = |facts: &KeyFacts, state| {
            facts.algorithm == Algorithm::Es256 && state == KeyState::Active
        };
        let key = self
            .each()
            .find(|(facts, _, state)| is_ours(facts, *state))
            .map(|(_, key, _)| key)
            .ok_or(jose::Error::Key)?;
        Ok(key.sign(Some(typ), claims)?)
    }

    /// The public keys: those that sign, that will, and that did.
    pub(crate) fn public(&self) -> JwkSet {
        let published = |wanted: KeyState| {
            self.each()
                .filter(move |(_, _, state)| *state == wanted)
                .filter_map(|(_, key, _)| key.public_jwk().cloned())
        };
        let order = [KeyState::Active, KeyState::Next, KeyState::Retired];
        JwkSet::new(order.into_iter().flat_map(published).collect())
    }

    fn each(&self) -> impl Iterator<Item = (&KeyFacts, &SigningKey, KeyState)> {
        let all = &self.ring.facts;
        let pairs = all.iter().zip(&self.ring.keys);
        pairs.map(|(facts, key)| (facts, key, facts.state(all, self.now)))
    }
}

/// A key and where it is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLife {
    /// The key.
    pub facts: KeyFacts,
    /// Where it is.
    pub state: KeyState,
}

/// A key that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The key.
    pub facts: KeyFacts,
    /// Where it was in its life.
    pub state: KeyState,
    /// What signs in its place; none: it did not sign.
    pub successor: Option<Successor>,
}

/// What signs in the place of a key that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    /// The one that waited: applications may have read it.
    Published(String),
    /// One made now: applications must read the keys again.
    Made(String),
}

impl Withdrawn {
    const fn new_key(&self) -> bool {
        matches!(self.successor, Some(Successor::Made(_)))
    }
}

/// Makes keys and lists them: at start, as a job, and for an operator beside the running program.
#[derive(Clone)]
pub struct Locksmith {
    /// Where the keys are kept.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness of the seals.
    pub rng: Arc<dyn Rng>,
    /// Under which they are kept.
    pub sealer: Sealer,
}

impl Locksmith {
    /// With the house's things.
    pub fn of(house: &House) -> Self {
        Self {
            db: house.db.clone(),
            clock: Arc::clone(&house.clock),
            rng: Arc::clone(&house.rng),
            sealer: house.sealer(),
        }
    }

    /// Every key, that which signs last first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self) -> Result<Vec<KeyLife>, IdentityError> {
        let all = self.facts().await?;
        let now = self.clock.now();
        let lives = all.iter().map(|facts| KeyLife {
            facts: facts.clone(),
            state: facts.state(&all, now),
        });
        Ok(lives.collect())
    }

    /// Makes the keys that `rotation` asks for, and removes those that are gone. Answers what was
    /// made.
    ///
    /// # Errors
    /// When the database refuses, or no key can be made.
    pub async fn rotate(&self, rotation: Rotation) -> Result<Vec<KeyFacts>, IdentityError> {
        let known = self.facts().await?;
        let now = self.clock.now();
        let wanted: Vec<Algorithm> = ALGORITHMS
            .into_iter()
            .filter(|one| next_at(&known, *one, rotation, now).is_some())
            .collect();
        let made = if wanted.is_empty() {
            Vec::new()
        } else {
            self.make(wanted, rotation).await?
        };
        let gone: Vec<String> = known
            .iter()
            .filter(|facts| facts.state(&known, now) == KeyState::Gone)
            .map(|facts| facts.kid.clone())
            .collect();
        if !gone.is_empty() {
            let gone = Arc::new(gone);
            self.db
                .write(move |tx| {
                    let gone = Arc::clone(&gone);
                    Box::pin(async move { key::remove(tx, &gone).await })
                })
                .await?;
        }
        Ok(made)
    }

    /// Takes a key away at once, because somebody else may hold it: it leaves `/jwks`, and nothing
    /// that it signed is believed here any more. When it was the one that signs, the next one of
    /// its algorithm signs from now on, or one made now, which nobody has read yet.
    ///
    /// # Errors
    /// When the database refuses, or no key can be made.
    pub async fn withdraw(&self, kid: &str) -> Result<Option<Withdrawn>, IdentityError> {
        let all = self.facts().await?;
        let Some(key) = all.iter().find(|key| key.kid == kid) else {
            return Ok(None);
        };
        let algorithm = key.algorithm;
        let spare = tokio::task::spawn_blocking(move || generate(algorithm));
        let spare = spare.await.map_err(|_| IdentityError::Worker)??;
        let now = self.clock.now();
        let spare = self.row_of(&spare, now)?;
        let asked = Arc::new((kid.to_owned(), spare, Arc::clone(&self.rng)));
        self.db
            .write(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (kid, spare, rng) = &*asked;
                    let done = take_away(tx, kid, spare, now).await?;
                    if let Some(done) = &done {
                        tx.journal(withdrawn_entry(done, now), rng.as_ref()).await?;
                        if done.new_key() {
                            tx.journal(made_entry(&spare.facts), rng.as_ref()).await?;
                        }
                    }
                    Ok::<_, IdentityError>(done)
                })
            })
            .await
    }

    async fn facts(&self) -> Result<Vec<KeyFacts>, DbError> {
        let rows = self.db.read(|tx| Box::pin(key::all(tx))).await?;
        Ok(rows.into_iter().map(|row| row.facts).collect())
    }

    fn row_of(&self, key: &SigningKey, now: Timestamp) -> Result<KeyRow, IdentityError> {
        Ok(KeyRow {
            facts: KeyFacts {
                kid: key.key_id().unwrap_or_default().to_owned(),
                algorithm: key.algorithm(),
                created_at: now,
                active_at: now,
            },
            sealed: self
                .sealer
                .seal(PURPOSE, &key.to_pkcs8()?, self.rng.as_ref()),
        })
    }

    /// Makes a key of each algorithm, outside the transaction, since it takes its time; inside,
    /// keeps those that are still wanted.
    async fn make(
        &self,
        wanted: Vec<Algorithm>,
        rotation: Rotation,
    ) -> Result<Vec<KeyFacts>, IdentityError> {
        let made = tokio::task::spawn_blocking(move || {
            let keys = wanted.into_iter().map(generate);
            keys.collect::<Result<Vec<_>, _>>()
        });
        let made = made.await.map_err(|_| IdentityError::Worker)??;
        let now = self.clock.now();
        let mut rows = Vec::new();
        for key in &made {
            rows.push(self.row_of(key, now)?);
        }
        let (rows, rng) = (Arc::new(rows), Arc::clone(&self.rng));
        self.db
            .write(move |tx| {
                let (rows, rng) = (Arc::clone(&rows), Arc::clone(&rng));
                Box::pin(async move {
                    let known = key::all(tx).await?;
                    let known: Vec<_> = known.into_iter().map(|row| row.facts).collect();
                    let mut kept = Vec::new();
                    for row in rows.iter() {
                        let at = next_at(&known, row.facts.algorithm, rotation, now);
                        let Some(active_at) = at else { continue };
                        let mut row = row.clone();
                        row.facts.active_at = active_at;
                        key::insert(tx, &row).await?;
                        tx.journal(made_entry(&row.facts), rng.as_ref()).await?;
                        kept.push(row.facts);
                    }
                    Ok::<_, IdentityError>(kept)
                })
            })
            .await
    }
}

/// Removes a key, and sees to it that another signs; none: there is no such key.
async fn take_away(
    tx: &mut Tx,
    kid: &str,
    spare: &KeyRow,
    now: Timestamp,
) -> Result<Option<Withdrawn>, DbError> {
    let all: Vec<KeyFacts> = key::all(tx)
        .await?
        .into_iter()
        .map(|row| row.facts)
        .collect();
    let Some(facts) = all.iter().find(|one| one.kid == kid) else {
        return Ok(None);
    };
    let state = facts.state(&all, now);
    key::remove(tx, &[kid.to_owned()]).await?;
    let mut successor = None;
    if state == KeyState::Active {
        let next = all
            .iter()
            .filter(|one| one.algorithm == facts.algorithm)
            .find(|one| one.state(&all, now) == KeyState::Next);
        successor = Some(if let Some(next) = next {
            key::sign_from(tx, &next.kid, now).await?;
            Successor::Published(next.kid.clone())
        } else {
            key::insert(tx, spare).await?;
            Successor::Made(spare.facts.kid.clone())
        });
    }
    Ok(Some(Withdrawn {
        facts: facts.clone(),
        state,
        successor,
    }))
}

fn generate(algorithm: Algorithm) -> Result<SigningKey, jose::Error> {
    match algorithm {
        Algorithm::Es256 => SigningKey::generate_es256(),
        Algorithm::Rs256 => SigningKey::generate_rs256(),
        Algorithm::Hs256 => Err(jose::Error::KeyKind(algorithm)),
    }
}

fn made_entry(key: &KeyFacts) -> JournalEntry {
    JournalEntry {
        at: key.created_at,
        organisation: None,
        actor: None,
        act: Act("identity.key.made"),
        subject: format!("key:{}", key.kid),
        outcome: Outcome::Done,
        data: json!({ "algorithm": key.algorithm.name(), "active_at": key.active_at }),
        personal: None,
    }
}

fn withdrawn_entry(done: &Withdrawn, now: Timestamp) -> JournalEntry {
    let successor = done.successor.as_ref().map(|successor| match successor {
        Successor::Published(kid) | Successor::Made(kid) => kid,
    });
    JournalEntry {
        at: now,
        organisation: None,
        actor: None,
        act: Act("identity.key.withdraw"),
        subject: format!("key:{}", done.facts.kid),
        outcome: Outcome::Done,
        data: json!({
            "algorithm": done.facts.algorithm.name(),
            "state": done.state.word(),
            "successor": successor,
        }),
        personal: None,
    }
}
