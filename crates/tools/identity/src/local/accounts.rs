//! Use cases: an account is written, a password is verified.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Problem, Secret};
use kernel_db::{Db, DbError, Tx};

use super::account::{DeviceId, LocalAccount, Login, NewAccount, Realm, StoredAccount};
use super::attempts::{Attempts, Counted};
use super::hashing::{HashError, PasswordHashing, Verdict};
use super::store;
use crate::texts;

/// One try at signing in.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// At which provider.
    pub realm: &'a Realm,
    /// As typed.
    pub login: &'a str,
    /// As typed.
    pub password: &'a Secret,
    /// The browser, when a signed cookie proves that it signed in to this account before.
    pub device: Option<DeviceId>,
    /// From where.
    pub address: IpAddr,
}

/// Why a password did not open an account.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No such account, or not its password: nobody is told which.
    #[error("unknown account or wrong password")]
    Refused,
    /// Too many misses; the next attempt is let through after the wait.
    #[error("too many attempts, wait {wait:?}")]
    TooManyAttempts {
        /// Over zero, a minute at most.
        wait: Duration,
    },
    /// Too many passwords wait to be hashed.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// Hashing failed otherwise.
    #[error(transparent)]
    Hashing(HashError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl VerifyError {
    /// What a person is told. The texts are constant: they never depend on the account.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Refused => Problem::new(401, "bad-credentials", texts::BAD_CREDENTIALS),
            Self::TooManyAttempts { wait } => {
                Problem::new(429, "too-many-attempts", texts::TOO_MANY_ATTEMPTS)
                    .with_retry_after(seconds(*wait))
            }
            Self::Busy | Self::Database(DbError::Busy | DbError::Unreachable(_)) => {
                Problem::unavailable(2)
            }
            Self::Hashing(_) | Self::Database(_) => Problem::internal(),
        }
    }
}

/// Whole seconds, rounded up: whoever waits so long is let through.
fn seconds(wait: Duration) -> u32 {
    let whole = wait
        .as_secs()
        .saturating_add(u64::from(wait.subsec_nanos() > 0));
    u32::try_from(whole).unwrap_or(u32::MAX)
}

/// Password accounts of all realms.
pub struct LocalAccounts {
    db: Db,
    clock: Arc<dyn Clock>,
    hashing: PasswordHashing,
    attempts: Attempts,
}

impl LocalAccounts {
    /// The accounts in `db`.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        hashing: PasswordHashing,
        attempts: Attempts,
    ) -> Self {
        Self {
            db,
            clock,
            hashing,
            attempts,
        }
    }

    /// Writes an account under its realm and login, with a hash of its password. What was there
    /// is replaced, except its subject.
    ///
    /// # Errors
    /// See [`VerifyError`]; [`DbError::Unique`] when the subject is another account's.
    pub async fn write(&self, new: NewAccount) -> Result<(), VerifyError> {
        let password_hash = self.hashing.hash(&new.password).await.map_err(hashing)?;
        let stored = Arc::new(StoredAccount {
            account: new.account,
            password_hash,
        });
        let now = self.clock.now();
        self.db
            .write(move |tx: &mut Tx| {
                let stored = Arc::clone(&stored);
                Box::pin(async move { store::upsert_account(tx, &stored, now).await })
            })
            .await
            .map_err(VerifyError::Database)
    }

    /// The account that a login and a password open.
    ///
    /// # Errors
    /// [`VerifyError::Refused`] with the same delay and text for an unknown login and for a
    /// wrong password; [`VerifyError::TooManyAttempts`] before the password is looked at.
    pub async fn verify(&self, attempt: &Attempt<'_>) -> Result<LocalAccount, VerifyError> {
        // A text that is no address is nobody's, as everybody can see: it costs nothing.
        let Ok(login) = Login::parse(attempt.login) else {
            return Err(VerifyError::Refused);
        };
        let counted = self
            .attempts
            .begin(
                attempt.realm,
                &login,
                attempt.device,
                attempt.address,
                self.clock.now(),
            )
            .map_err(|wait| VerifyError::TooManyAttempts { wait })?;
        match self
            .look(attempt.realm.clone(), login, attempt.password)
            .await
        {
            Ok(account) => {
                self.attempts.right(counted);
                Ok(account)
            }
            Err(error) => {
                self.settle(counted, &error);
                Err(error)
            }
        }
    }

    /// A refusal stays counted; what was never compared does not.
    fn settle(&self, counted: Counted, error: &VerifyError) {
        if !matches!(error, VerifyError::Refused) {
            self.attempts.not_tried(counted);
        }
    }

    async fn look(
        &self,
        realm: Realm,
        login: Login,
        password: &Secret,
    ) -> Result<LocalAccount, VerifyError> {
        let key = Arc::new((realm, login));
        let stored = self
            .db
            .read::<_, DbError, _>(move |tx: &mut Tx| {
                let key = Arc::clone(&key);
                Box::pin(async move { store::find_account(tx, &key.0, &key.1).await })
            })
            .await?;
        let hash = stored.as_ref().map(|stored| stored.password_hash.clone());
        let verdict = self.hashing.verify(password, hash).await.map_err(hashing)?;
        match (stored, verdict) {
            (Some(stored), Verdict::Right { outdated }) => {
                if outdated {
                    self.renew(&stored, password).await;
                }
                Ok(stored.account)
            }
            _ => Err(VerifyError::Refused),
        }
    }

    /// Gives an account a hash with today's parameters. A failure does not refuse the sign-in:
    /// the next one tries again.
    async fn renew(&self, stored: &StoredAccount, password: &Secret) {
        let Ok(new) = self.hashing.hash(password).await else {
            return;
        };
        let (subject, now) = (stored.account.subject, self.clock.now());
        let hashes = Arc::new((stored.password_hash.clone(), new));
        let renewed: Result<bool, DbError> = self
            .db
            .write(move |tx: &mut Tx| {
                let hashes = Arc::clone(&hashes);
                Box::pin(async move {
                    store::replace_hash(tx, subject, &hashes.0, &hashes.1, now).await
                })
            })
            .await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "a password's hash could not be renewed");
        }
    }
}

fn hashing(error: HashError) -> VerifyError {
    match error {
        HashError::Busy => VerifyError::Busy,
        other => VerifyError::Hashing(other),
    }
}
