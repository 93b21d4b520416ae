//! The second factor of a password account: proved, added, renamed, removed.
//!
//! Invariants
//! - A proof and what it is for are one transaction: a code that is spent has done its work, and
//!   one that did nothing is not spent.
//! - A factor is added to an account as it stood before the proof by which that began: nobody adds
//!   one beside what its holder changed since.
//! - Every change is journalled and told to its holder by mail, in the same transaction.

use std::net::IpAddr;
use std::sync::Arc;

use kernel::{Act, JournalEntry, OrganisationId, Outcome, Rng, Secret, Timestamp};
use kernel_db::{DbError, Tx};
use kernel_http::Sealer;
use kernel_mail::Mailer;
use serde_json::{Value, json};

use super::{Identity, Method};
use crate::domain::agent::Agent;
use crate::error::IdentityError;
use crate::local::{
    self, DeviceId, Enrolment, Factor, FactorId, FactorName, LocalAccount, LocalAccounts,
    LocalSubject, Login, MOST_FACTORS, Means, Realm, RecoveryCode, SecondFactor, Standing,
    StoredFactor, TimeStep, TotpSecret, TypedCode, VerifyError, factor_store,
};
use crate::store;
use crate::texts::account_mail::{self, News};

/// What seals the secrets of factors.
pub(crate) const SECRET: &str = "identity/factor/1";

/// A provider of ours, ready to serve.
#[derive(Clone, Copy)]
pub(crate) struct Local<'a> {
    /// The accounts.
    pub(crate) accounts: &'a LocalAccounts,
    /// The realm whose accounts sign in.
    pub(crate) realm: &'a Realm,
    /// The administration of accounts without one.
    pub(crate) organisation: OrganisationId,
}

/// One try at a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeTry<'a> {
    /// Whose.
    pub(crate) account: &'a LocalAccount,
    /// As typed: six digits, or a recovery code.
    pub(crate) typed: &'a str,
    /// The browser, when it signed in to this account before.
    pub(crate) device: Option<DeviceId>,
    /// From where.
    pub(crate) address: IpAddr,
}

/// What a code is asked for.
#[derive(Debug, Clone)]
pub(crate) enum ForWhat {
    /// To know that it is them.
    SignIn,
    /// Another name for a factor.
    Rename(FactorId, FactorName),
    /// A factor is to go.
    Remove(FactorId),
    /// New recovery codes, these.
    Codes(Vec<RecoveryCode>),
}

/// How an addition ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Added {
    /// It counts.
    Yes {
        /// The recovery codes to show, when it is the first.
        codes: Vec<RecoveryCode>,
        /// The account as it stands with it.
        standing: Standing,
    },
    /// What was typed is not its code.
    Wrong,
    /// The account is no longer what it was when this began.
    Stale,
    /// The account has as many as it may.
    Full,
}

/// What was typed, as what it can be.
enum Typed {
    Code(TypedCode),
    Recovery(RecoveryCode),
}

impl Typed {
    fn parse(text: &str) -> Option<Self> {
        TypedCode::parse(text)
            .map(Self::Code)
            .or_else(|| RecoveryCode::parse(text).map(Self::Recovery))
    }
}

impl Identity {
    /// The provider that people sign in to here.
    ///
    /// # Errors
    /// [`IdentityError::UnknownProvider`] when they sign in at their ministry.
    pub(crate) fn local(&self) -> Result<Local<'_>, IdentityError> {
        match &self.method {
            Method::Local {
                accounts,
                realm,
                organisation,
            } => Ok(Local {
                accounts,
                realm,
                organisation: *organisation,
            }),
            Method::Upstream(_) => Err(IdentityError::UnknownProvider),
        }
    }

    /// The account of a subject, as it stands now.
    ///
    /// # Errors
    /// When nobody signs in here, or the database refuses.
    pub(crate) async fn local_account(
        &self,
        subject: LocalSubject,
    ) -> Result<Option<(LocalAccount, Standing)>, IdentityError> {
        let realm = self.local()?.realm.clone();
        self.house
            .db
            .read(move |tx| {
                let realm = realm.clone();
                Box::pin(async move {
                    let stored = local::account_of_subject(tx, &realm, subject).await?;
                    let standing = local::standing_of(tx, subject).await?;
                    let account = stored.map(|stored| stored.account);
                    Ok(account.zip(standing))
                })
            })
            .await
    }

    /// The account by which an agent signs in here; none: there is none any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn local_account_of(
        &self,
        agent: &Agent,
    ) -> Result<Option<(LocalAccount, Standing)>, IdentityError> {
        let (realm, agent) = (self.local()?.realm.clone(), agent.id);
        self.house
            .db
            .read(move |tx| {
                let realm = realm.clone();
                Box::pin(async move {
                    for subject in store::agent::subjects_of(tx, agent, realm.as_str()).await? {
                        let Ok(subject) = LocalSubject::parse(&subject) else {
                            continue;
                        };
                        let stored = local::account_of_subject(tx, &realm, subject).await?;
                        let standing = local::standing_of(tx, subject).await?;
                        let account = stored.map(|stored| stored.account);
                        if let Some(known) = account.zip(standing) {
                            return Ok(Some(known));
                        }
                    }
                    Ok::<_, IdentityError>(None)
                })
            })
            .await
    }

    /// What an account has beside its password.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn second_factor(
        &self,
        subject: LocalSubject,
    ) -> Result<SecondFactor, IdentityError> {
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(factor_store::second_factor_of(tx, subject).await?) })
            })
            .await
    }

    /// Takes a code or a recovery code, and does what it is for. A factor that is not the
    /// account's is neither renamed nor removed.
    ///
    /// # Errors
    /// [`VerifyError::Refused`] when it is neither, [`VerifyError::TooManyAttempts`] before it is
    /// looked at, or when the database refuses.
    pub(crate) async fn take_code(
        &self,
        attempt: &CodeTry<'_>,
        what: ForWhat,
    ) -> Result<Means, IdentityError> {
        let local = self.local()?;
        let counted =
            local
                .accounts
                .begin_code(attempt.account, attempt.device, attempt.address)?;
        let Some(typed) = Typed::parse(attempt.typed) else {
            drop(counted);
            return Err(VerifyError::Refused.into());
        };
        let work = Arc::new(self.work(attempt.account));
        let asked = Arc::new((typed, what));
        let sealer = self.sealer.clone();
        let taken = self
            .house
            .db
            .write(move |tx| {
                let (work, asked) = (Arc::clone(&work), Arc::clone(&asked));
                let sealer = sealer.clone();
                Box::pin(async move {
                    let (typed, what) = &*asked;
                    let Some(means) = work.prove(tx, &sealer, typed).await? else {
                        return Ok::<_, IdentityError>(None);
                    };
                    work.do_it(tx, what).await?;
                    Ok(Some(means))
                })
            })
            .await;
        match taken {
            Ok(Some(means)) => {
                counted.right();
                Ok(means)
            }
            Ok(None) => {
                drop(counted);
                Err(VerifyError::Refused.into())
            }
            Err(cause) => {
                counted.not_tried();
                Err(cause)
            }
        }
    }

    /// A factor to be added to an account as it stood before it was proved: it counts once
    /// [`Identity::add_factor`] has seen one of its codes.
    pub(crate) fn begin_factor(&self, standing: Standing) -> Enrolment {
        let (now, rng) = (self.house.clock.now(), self.house.rng.as_ref());
        Enrolment::new(standing, now, rng)
    }

    /// Adds a factor whose code came back. Asked twice with it, it is added once and answered
    /// alike.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn add_factor(
        &self,
        account: &LocalAccount,
        enrolment: &Enrolment,
        name: FactorName,
        typed: &str,
    ) -> Result<Added, IdentityError> {
        let parts = enrolment.factor().zip(enrolment.secret());
        let Some((id, secret)) = parts.filter(|_| enrolment.is_of(account.subject)) else {
            return Err(IdentityError::NoInteraction);
        };
        let Some(typed) = TypedCode::parse(typed) else {
            return Ok(Added::Wrong);
        };
        let work = Arc::new(self.work(account));
        let sealed = seal(&self.sealer, work.rng.as_ref(), account.subject, &secret);
        let asked = Arc::new(Asked {
            standing: *enrolment.standing(),
            id,
            secret,
            sealed,
            name,
            codes: enrolment.codes(),
            typed,
        });
        self.house
            .db
            .write(move |tx| {
                let (work, asked) = (Arc::clone(&work), Arc::clone(&asked));
                Box::pin(async move { work.add(tx, &asked).await })
            })
            .await
    }

    /// Gives an account the factor that a configuration names, unless its factors were ever
    /// changed by somebody. Each start does: what it has already stays, with the recovery codes
    /// and the codes that were used.
    ///
    /// # Errors
    /// When nobody signs in here, or the database refuses.
    pub async fn give_local_factor(
        &self,
        login: &Login,
        secret: &TotpSecret,
    ) -> Result<(), IdentityError> {
        let realm = self.local()?.realm.clone();
        let (sealer, rng) = (self.sealer.clone(), Arc::clone(&self.house.rng));
        let now = self.house.clock.now();
        let given = Arc::new((realm, login.clone(), secret.clone()));
        self.house
            .db
            .write(move |tx| {
                let given = Arc::clone(&given);
                let (sealer, rng) = (sealer.clone(), Arc::clone(&rng));
                Box::pin(async move {
                    let (realm, login, secret) = &*given;
                    let Some(stored) = local::find_account(tx, realm, login).await? else {
                        return Ok::<(), IdentityError>(());
                    };
                    let subject = stored.account.subject;
                    if factor_store::were_factors_changed(tx, subject).await? {
                        return Ok(());
                    }
                    let id = FactorId::from_u128(u128::from_be_bytes(*subject.as_bytes()));
                    let had = factor_store::factors_of(tx, subject).await?;
                    if let Some(there) = had.iter().find(|one| one.factor.id == id) {
                        let before = open(&sealer, subject, &there.sealed);
                        if before.is_some_and(|before| before.bytes() == secret.bytes()) {
                            return Ok(());
                        }
                        let sealed = seal(&sealer, rng.as_ref(), subject, secret);
                        factor_store::replace_secret(tx, subject, id, &sealed).await?;
                        return Ok(());
                    }
                    let named = FactorName::parse("Configuration");
                    let Some(name) = named else { return Ok(()) };
                    let stored = StoredFactor {
                        factor: Factor {
                            id,
                            name,
                            created_at: now,
                            used_at: now,
                        },
                        sealed: seal(&sealer, rng.as_ref(), subject, secret),
                        last_step: TimeStep::from_number(0),
                    };
                    factor_store::insert_factor(tx, subject, &stored).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Tells a holder, and the journal, of a change of their account in a transaction.
    pub(crate) fn work(&self, account: &LocalAccount) -> Work {
        Work {
            account: account.clone(),
            mailer: self.mailer(),
            provider: self.house.site.name.clone(),
            rng: Arc::clone(&self.house.rng),
            now: self.house.clock.now(),
        }
    }
}

/// A factor that is asked for, with the code typed.
struct Asked {
    /// The account as it stood when this began.
    standing: Standing,
    id: FactorId,
    secret: TotpSecret,
    sealed: Secret,
    name: FactorName,
    /// The recovery codes that it comes with, when it is the first.
    codes: Vec<RecoveryCode>,
    typed: TypedCode,
}

/// What is done to an account in one transaction.
pub(crate) struct Work {
    pub(crate) account: LocalAccount,
    pub(super) mailer: Mailer,
    /// What the provider is called.
    pub(super) provider: String,
    pub(super) rng: Arc<dyn Rng>,
    pub(crate) now: Timestamp,
}

impl Work {
    /// By what the second factor is proved; none: it is not. What proves is spent.
    async fn prove(
        &self,
        tx: &mut Tx,
        sealer: &Sealer,
        typed: &Typed,
    ) -> Result<Option<Means>, IdentityError> {
        let subject = self.account.subject;
        match typed {
            Typed::Code(typed) => {
                for stored in factor_store::factors_of(tx, subject).await? {
                    let Some(secret) = open(sealer, subject, &stored.sealed) else {
                        tracing::error!("a second factor is sealed under another master key");
                        continue;
                    };
                    let step = secret.step_of(typed, self.now, stored.last_step);
                    let Some(step) = step else { continue };
                    let id = stored.factor.id;
                    if factor_store::spend_step(tx, id, step, self.now).await? {
                        return Ok(Some(Means::Code(id)));
                    }
                }
                Ok(None)
            }
            Typed::Recovery(code) => {
                let Some(left) = factor_store::spend_code(tx, subject, code).await? else {
                    return Ok(None);
                };
                let act = Act("identity.factor.recover");
                self.journal(tx, act, json!({ "left": left })).await?;
                self.tell(tx, &News::CodeUsed(left)).await?;
                Ok(Some(Means::Recovery { left }))
            }
        }
    }

    async fn add(&self, tx: &mut Tx, asked: &Asked) -> Result<Added, IdentityError> {
        let (subject, now) = (self.account.subject, self.now);
        let Some(standing) = local::standing_of(tx, subject).await? else {
            return Ok(Added::Stale);
        };
        let had = factor_store::factors_of(tx, subject).await?;
        if let Some(there) = had.iter().find(|one| one.factor.id == asked.id) {
            // The answer was lost: whoever sends the code again that added it, or a later one,
            // gets it again.
            let before = TimeStep::from_number(there.last_step.number().saturating_sub(1));
            if !standing.has_password_of(&asked.standing) {
                return Ok(Added::Stale);
            }
            let Some(step) = asked.secret.step_of(&asked.typed, now, before) else {
                return Ok(Added::Wrong);
            };
            factor_store::spend_step(tx, asked.id, step, now).await?;
            let codes = if had.len() == 1 {
                asked.codes.clone()
            } else {
                Vec::new()
            };
            return Ok(Added::Yes { codes, standing });
        }
        if standing != asked.standing {
            return Ok(Added::Stale);
        }
        if had.len() >= MOST_FACTORS {
            return Ok(Added::Full);
        }
        let never = TimeStep::from_number(0);
        let Some(last_step) = asked.secret.step_of(&asked.typed, now, never) else {
            return Ok(Added::Wrong);
        };
        let stored = StoredFactor {
            factor: Factor {
                id: asked.id,
                name: asked.name.clone(),
                created_at: now,
                used_at: now,
            },
            sealed: asked.sealed.clone(),
            last_step,
        };
        factor_store::insert_factor(tx, subject, &stored).await?;
        factor_store::note_factors(tx, subject, false, now).await?;
        let act = Act("identity.factor.add");
        self.journal(tx, act, json!({ "factor": asked.id })).await?;
        let news = News::FactorAdded(asked.name.as_str());
        self.tell(tx, &news).await?;
        let mut codes = Vec::new();
        if had.is_empty() {
            codes.clone_from(&asked.codes);
            factor_store::replace_codes(tx, subject, &codes).await?;
        }
        match local::standing_of(tx, subject).await? {
            Some(standing) => Ok(Added::Yes { codes, standing }),
            None => Ok(Added::Stale),
        }
    }

    async fn do_it(&self, tx: &mut Tx, what: &ForWhat) -> Result<(), IdentityError> {
        let (subject, now) = (self.account.subject, self.now);
        match what {
            ForWhat::SignIn => Ok(()),
            ForWhat::Rename(id, name) => {
                if factor_store::rename_factor(tx, subject, *id, name).await? {
                    let act = Act("identity.factor.rename");
                    self.journal(tx, act, json!({ "factor": id })).await?;
                    self.tell(tx, &News::FactorRenamed(name.as_str())).await?;
                }
                Ok(())
            }
            ForWhat::Remove(id) => {
                let all = factor_store::factors_of(tx, subject).await?;
                let Some(gone) = all.iter().find(|one| one.factor.id == *id) else {
                    return Ok(());
                };
                factor_store::remove_factor(tx, subject, *id).await?;
                factor_store::note_factors(tx, subject, false, now).await?;
                let left = all.len().saturating_sub(1);
                let said = json!({ "factor": id, "left": left });
                self.journal(tx, Act("identity.factor.remove"), said)
                    .await?;
                let name = gone.factor.name.as_str();
                self.tell(tx, &News::FactorRemoved { name, left }).await
            }
            ForWhat::Codes(codes) => {
                factor_store::replace_codes(tx, subject, codes).await?;
                let said = json!({ "count": codes.len() });
                self.journal(tx, Act("identity.factor.codes"), said).await?;
                self.tell(tx, &News::CodesMade).await
            }
        }
    }

    /// Journals an act of the holder on their own account.
    pub(crate) async fn journal(
        &self,
        tx: &mut Tx,
        act: Act,
        data: Value,
    ) -> Result<(), IdentityError> {
        let agent = self.agent(tx).await?;
        let actor = agent.as_ref().map(|agent| agent.id);
        self.journal_by(tx, act, data, agent.as_ref(), actor).await
    }

    /// Journals an act of somebody who runs the provider.
    pub(crate) async fn journal_by(
        &self,
        tx: &mut Tx,
        act: Act,
        data: Value,
        agent: Option<&Agent>,
        actor: Option<kernel::AgentId>,
    ) -> Result<(), IdentityError> {
        let entry = JournalEntry {
            at: self.now,
            organisation: agent.map(|agent| agent.organisation),
            actor,
            act,
            subject: match agent {
                Some(agent) => format!("agent:{}", agent.id),
                None => format!("provider:{}", self.account.realm.as_str()),
            },
            outcome: Outcome::Done,
            data,
            personal: None,
        };
        tx.journal(entry, self.rng.as_ref()).await?;
        Ok(())
    }

    /// The agent of the account.
    pub(crate) async fn agent(&self, tx: &mut Tx) -> Result<Option<Agent>, DbError> {
        let (realm, subject) = (self.account.realm.as_str(), self.account.subject);
        store::agent::by_login(tx, realm, &subject.to_string()).await
    }

    /// Tells the holder by mail, where mail is configured.
    pub(crate) async fn tell(&self, tx: &mut Tx, news: &News<'_>) -> Result<(), IdentityError> {
        let mail = account_mail::compose(&self.account, &self.provider, news);
        if let Some(mail) = mail {
            self.mailer.queue(tx, &mail).await?;
        }
        Ok(())
    }
}

/// A secret as it is stored: with its account, so that a row cannot be put under another.
fn seal(sealer: &Sealer, rng: &dyn Rng, subject: LocalSubject, secret: &TotpSecret) -> Secret {
    let mut bytes = subject.as_bytes().to_vec();
    bytes.extend_from_slice(secret.bytes());
    Secret::new(sealer.seal(SECRET, &bytes, rng))
}

fn open(sealer: &Sealer, subject: LocalSubject, sealed: &Secret) -> Option<TotpSecret> {
    let bytes = sealer.open(SECRET, sealed.expose())?;
    let secret = bytes.strip_prefix(subject.as_bytes().as_slice())?;
    Some(TotpSecret::from_bytes(secret.to_vec()))
}
