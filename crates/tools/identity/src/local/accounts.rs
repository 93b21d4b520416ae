//! Use cases: an account is written, a password is verified.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Problem, Secret};
use kernel_db::{Db, DbError, Tx};

use super::account::{DeviceId, LocalAccount, Login, NewAccount, Realm, StoredAccount};
use super::attempts::{Attempts, Counted};
use super::hashing::{HashError, PasswordHashing, Verdict};
use super::standing::{Standing, standing_of};
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

/// An account whose password was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// Which.
    pub account: LocalAccount,
    /// As it stood when the password was read.
    pub standing: Standing,
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
        /// Over zero, a minute at most; for a code, a quarter of an hour.
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
    pub async fn verify(&self, attempt: &Attempt<'_>) -> Result<Proved, VerifyError> {
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
            Ok(proved) => {
                counted.right();
                Ok(proved)
            }
            Err(error) => {
                settle(counted, &error);
                Err(error)
            }
        }
    }

    /// Lets a try at a code through, or says how long it must wait.
    ///
    /// # Errors
    /// [`VerifyError::TooManyAttempts`].
    pub(crate) fn begin_code(
        &self,
        account: &LocalAccount,
        device: Option<DeviceId>,
        address: IpAddr,
    ) -> Result<Counted<'_>, VerifyError> {
        let now = self.clock.now();
        self.attempts
            .begin_code(&account.realm, &account.login, device, address, now)
            .map_err(|wait| VerifyError::TooManyAttempts { wait })
    }

    /// Whether one more link may be mailed for a login, asked from an address. It counts, whether
    /// or not there is such an account.
    pub(crate) fn may_mail(&self, realm: &Realm, login: &Login, address: IpAddr) -> bool {
        let now = self.clock.now();
        // Dropped, it counts as a miss: each link asked for makes the next one wait.
        self.attempts
            .begin_mail(realm, login, address, now)
            .map(drop)
            .is_ok()
    }

    /// Forgets the misses of an account whose password is another now.
    pub(crate) fn forget_misses(&self, account: &LocalAccount) {
        self.attempts.forget(&account.realm, &account.login);
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// See [`VerifyError`].
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String, VerifyError> {
        self.hashing.hash(password).await.map_err(hashing)
    }

    async fn look(
        &self,
        realm: Realm,
        login: Login,
        password: &Secret,
    ) -> Result<Proved, VerifyError> {
        let key = Arc::new((realm, login));
        // Read together: the hash compared is that of this standing, whatever happens meanwhile.
        let known = self
            .db
            .read::<_, DbError, _>(move |tx: &mut Tx| {
                let key = Arc::clone(&key);
                Box::pin(async move {
                    let Some(stored) = store::find_account(tx, &key.0, &key.1).await? else {
                        return Ok(None);
                    };
                    let standing = standing_of(tx, stored.account.subject).await?;
                    Ok(standing.map(|standing| (stored, standing)))
                })
            })
            .await?;
        let hash = known
            .as_ref()
            .map(|(stored, _)| stored.password_hash.clone());
        // An account whose password nobody has chosen yet opens to none.
        let hash = hash.filter(|hash| !hash.is_empty());
        let verdict = self.hashing.verify(password, hash).await.map_err(hashing)?;
        match (known, verdict) {
            (Some((stored, standing)), Verdict::Right { outdated }) => {
                if outdated {
                    self.renew(&stored, password).await;
                }
                Ok(Proved {
                    account: stored.account,
                    standing,
                })
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

/// A refusal is a miss; what was never compared is not.
fn settle(counted: Counted<'_>, error: &VerifyError) {
    if matches!(error, VerifyError::Refused) {
        drop(counted);
    } else {
        counted.not_tried();
    }
}

fn hashing(error: HashError) -> VerifyError {
    match error {
        HashError::Busy => VerifyError::Busy,
        other => VerifyError::Hashing(other),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use kernel::{OsRng, Population, Timestamp};
    use kernel_db::testing::TestDb;

    use super::super::account::{Attributes, LocalSubject};
    use super::super::attempts::LIMITS;
    use super::*;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        the_right_password_opens_its_account_and_no_other_does,
        an_unknown_login_and_a_wrong_password_are_told_the_same,
        an_unknown_login_waits_for_the_hashing_as_a_known_one_does,
        misses_slow_down_and_the_right_password_still_comes_through,
        a_rewritten_account_keeps_its_subject_and_takes_the_new_password,
        two_accounts_never_share_a_subject,
        an_old_hash_is_renewed_unless_the_password_changed_meanwhile,
    );

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_795_508_520_000)
        }
    }

    fn accounts(test: &TestDb) -> LocalAccounts {
        let hashing = PasswordHashing::start(Arc::new(OsRng)).expect("a thread");
        accounts_with(test, hashing)
    }

    fn accounts_with(test: &TestDb, hashing: PasswordHashing) -> LocalAccounts {
        let attempts = Attempts::new(LIMITS, Vec::new());
        LocalAccounts::new(test.db.clone(), Arc::new(Noon), hashing, attempts)
    }

    fn realm(name: &str) -> Realm {
        Realm::parse(name).expect("a realm")
    }

    fn claire(subject: u128) -> LocalAccount {
        LocalAccount {
            realm: realm("interieur"),
            login: Login::parse("claire.delmas@interieur.gouv.fr").expect("a login"),
            subject: LocalSubject::from_u128(subject),
            attributes: Attributes {
                given_name: "Claire".into(),
                usual_name: "Delmas".into(),
                uid: "cdelmas".into(),
                siret: Some("11001401600015".into()),
                organizational_unit: Some("Bureau de la gestion des crises".into()),
                population: Some(Population::Agent),
                phone: None,
            },
        }
    }

    fn new(account: LocalAccount, password: &str) -> NewAccount {
        NewAccount {
            account,
            password: Secret::new(password),
        }
    }

    async fn verify(
        accounts: &LocalAccounts,
        realm: &Realm,
        login: &str,
        password: &str,
    ) -> Result<LocalAccount, VerifyError> {
        let password = Secret::new(password);
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let attempt = Attempt {
            realm,
            login,
            password: &password,
            device: None,
            address,
        };
        let proved = accounts.verify(&attempt).await?;
        Ok(proved.account)
    }

    async fn the_right_password_opens_its_account_and_no_other_does(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let home = realm("interieur");
        let opened = verify(
            &accounts,
            &home,
            " Claire.Delmas@INTERIEUR.gouv.fr",
            "sésame",
        )
        .await;
        assert_eq!(opened.expect("opened"), claire(1));
        for (where_, login, password) in [
            ("interieur", "claire.delmas@interieur.gouv.fr", "Sésame"),
            ("agriculture", "claire.delmas@interieur.gouv.fr", "sésame"),
            ("interieur", "claire@interieur.gouv.fr", "sésame"),
            ("interieur", "claire", "sésame"),
            ("interieur", "", ""),
        ] {
            let refused = verify(&accounts, &realm(where_), login, password).await;
            assert!(
                matches!(refused, Err(VerifyError::Refused)),
                "{where_} {login}"
            );
        }
    }

    async fn an_unknown_login_and_a_wrong_password_are_told_the_same(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let home = realm("interieur");
        let wrong = verify(&accounts, &home, "claire.delmas@interieur.gouv.fr", "x").await;
        let unknown = verify(&accounts, &home, "personne@interieur.gouv.fr", "x").await;
        let (wrong, unknown) = (wrong.expect_err("wrong"), unknown.expect_err("unknown"));
        assert_eq!(wrong.problem(), unknown.problem());
        assert_eq!(wrong.problem().status, 401);
    }

    async fn an_unknown_login_waits_for_the_hashing_as_a_known_one_does(test: TestDb) {
        let known = new(claire(1), "sésame");
        accounts(&test).write(known).await.expect("written");
        let accounts = accounts_with(&test, PasswordHashing::stopped());
        let home = realm("interieur");
        for login in [
            "claire.delmas@interieur.gouv.fr",
            "personne@interieur.gouv.fr",
        ] {
            let stopped = verify(&accounts, &home, login, "x").await;
            let is_stopped = matches!(stopped, Err(VerifyError::Hashing(HashError::Stopped)));
            assert!(is_stopped, "{login}: {stopped:?}");
        }
    }

    async fn misses_slow_down_and_the_right_password_still_comes_through(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let (home, login) = (realm("interieur"), "claire.delmas@interieur.gouv.fr");
        for _ in 0..2 {
            assert!(verify(&accounts, &home, login, "x").await.is_err());
        }
        assert!(
            verify(&accounts, &home, login, "sésame").await.is_ok(),
            "third is right"
        );
        for _ in 0..3 {
            assert!(verify(&accounts, &home, login, "x").await.is_err());
        }
        let slowed = verify(&accounts, &home, login, "sésame")
            .await
            .expect_err("slowed down");
        assert_eq!(slowed.problem().retry_after, Some(1));
        let unknown = "personne@interieur.gouv.fr";
        for _ in 0..3 {
            assert!(verify(&accounts, &home, unknown, "x").await.is_err());
        }
        let same = verify(&accounts, &home, unknown, "x")
            .await
            .expect_err("slowed down too");
        assert_eq!(
            same.problem(),
            slowed.problem(),
            "an unknown login is slowed down alike"
        );
    }

    async fn a_rewritten_account_keeps_its_subject_and_takes_the_new_password(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let mut promoted = claire(2);
        promoted.attributes.organizational_unit = None;
        accounts
            .write(new(promoted, "nouveau"))
            .await
            .expect("rewritten");
        let (home, login) = (realm("interieur"), "claire.delmas@interieur.gouv.fr");
        let opened = verify(&accounts, &home, login, "nouveau")
            .await
            .expect("opened");
        assert_eq!(opened.subject, LocalSubject::from_u128(1));
        assert_eq!(opened.attributes.organizational_unit, None);
        assert!(verify(&accounts, &home, login, "sésame").await.is_err());
    }

    async fn two_accounts_never_share_a_subject(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let mut other = claire(1);
        other.realm = realm("agriculture");
        let refused = accounts.write(new(other, "sésame")).await;
        assert!(matches!(refused, Err(VerifyError::Database(error)) if error.is_unique()));
    }

    async fn an_old_hash_is_renewed_unless_the_password_changed_meanwhile(test: TestDb) {
        let accounts = accounts(&test);
        accounts
            .write(new(claire(1), "sésame"))
            .await
            .expect("written");
        let subject = LocalSubject::from_u128(1);
        let found = find(&test).await;
        let replaced = replace(&test, subject, found.password_hash.clone(), "another").await;
        assert!(replaced);
        assert_eq!(find(&test).await.password_hash, "another");
        let late = replace(&test, subject, found.password_hash, "too late").await;
        assert!(!late, "the hash compared is no longer the one stored");
        assert_eq!(find(&test).await.password_hash, "another");
    }

    async fn find(test: &TestDb) -> StoredAccount {
        let found: Result<_, DbError> = test
            .db
            .read(|tx: &mut Tx| {
                Box::pin(async move {
                    let account = claire(1);
                    store::find_account(tx, &account.realm, &account.login).await
                })
            })
            .await;
        found.expect("read").expect("an account")
    }

    async fn replace(test: &TestDb, subject: LocalSubject, old: String, new: &'static str) -> bool {
        let replaced: Result<bool, DbError> = test
            .db
            .write(move |tx: &mut Tx| {
                let old = old.clone();
                Box::pin(
                    async move { store::replace_hash(tx, subject, &old, new, Noon.now()).await },
                )
            })
            .await;
        replaced.expect("written")
    }
}
