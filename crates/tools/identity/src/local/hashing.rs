//! Passwords hashed on one thread, behind a short queue.
//!
//! One hash costs about 20 ms of a core. On the request threads a storm of passwords would
//! starve every other sign-in; here it fills a queue of [`MAX_WAITING`], and who would wait
//! over [`PATIENCE`] is told to come back.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Rng, RngExt as _, Secret};
use tokio::sync::{mpsc, oneshot};

/// Passwords that may wait.
pub const MAX_WAITING: usize = 100;
/// How long one waits at most.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The longest password looked at, in bytes.
const MAX_PASSWORD: usize = 1_024;

/// Why a password was not hashed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many wait, or one waited too long.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The thread could not be started, or has ended.
    #[error("the hashing thread does not run")]
    Stopped,
    /// The password is empty or over 1,024 bytes.
    #[error("not a password of 1 to 1024 bytes")]
    Length,
    /// The library refused, or a stored hash cannot be read.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// What a password was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The right one.
    Right {
        /// Whether the stored hash has other parameters than today's.
        outdated: bool,
    },
    /// Not the right one, or of nobody.
    Wrong,
}

enum Work {
    Verify {
        password: Secret,
        /// None: nobody's; hashed all the same.
        stored: Option<String>,
        answer: oneshot::Sender<Result<Verdict, HashError>>,
    },
    Hash {
        password: Secret,
        salt: [u8; 16],
        answer: oneshot::Sender<Result<String, HashError>>,
    },
}

/// The queue's entrance. The thread ends when the last one is dropped.
#[derive(Clone)]
pub struct PasswordHashing {
    queue: mpsc::Sender<Work>,
    rng: Arc<dyn Rng>,
    patience: Duration,
}

impl PasswordHashing {
    /// Starts the thread.
    ///
    /// # Errors
    /// [`HashError::Stopped`] when the system gives no thread; [`HashError::Failed`] when the
    /// library refuses its parameters.
    pub fn start(rng: Arc<dyn Rng>) -> Result<Self, HashError> {
        let argon2 = argon2()?;
        let nobody = hash(&argon2, rng.secret().expose(), &rng.bytes())?;
        let (queue, waiting) = mpsc::channel(MAX_WAITING);
        std::thread::Builder::new()
            .name("password-hashing".to_owned())
            .spawn(move || work(&argon2, &nobody, waiting))
            .map_err(|_| HashError::Stopped)?;
        Ok(Self {
            queue,
            rng,
            patience: PATIENCE,
        })
    }

    /// Hashes a new password into a PHC string.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn hash(&self, password: &Secret) -> Result<String, HashError> {
        let length = password.expose().len();
        if length == 0 || length > MAX_PASSWORD {
            return Err(HashError::Length);
        }
        let (answer, answered) = oneshot::channel();
        self.enter(Work::Hash {
            password: password.clone(),
            salt: self.rng.bytes(),
            answer,
        })?;
        self.wait(answered).await
    }

    /// Compares a password with a stored hash; with none it takes the same time and is wrong.
    ///
    /// # Errors
    /// See [`HashError`]; a password of impossible length is merely wrong.
    pub async fn verify(
        &self,
        password: &Secret,
        stored: Option<String>,
    ) -> Result<Verdict, HashError> {
        let length = password.expose().len();
        if length == 0 || length > MAX_PASSWORD {
            return Ok(Verdict::Wrong);
        }
        let (answer, answered) = oneshot::channel();
        self.enter(Work::Verify {
            password: password.clone(),
            stored,
            answer,
        })?;
        self.wait(answered).await
    }

    fn enter(&self, work: Work) -> Result<(), HashError> {
        self.queue.try_send(work).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => HashError::Busy,
            mpsc::error::TrySendError::Closed(_) => HashError::Stopped,
        })
    }

    async fn wait<T>(
        &self,
        answered: oneshot::Receiver<Result<T, HashError>>,
    ) -> Result<T, HashError> {
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(HashError::Stopped),
            Err(_) => Err(HashError::Busy),
        }
    }
}

fn work(argon2: &Argon2<'_>, nobody: &str, mut waiting: mpsc::Receiver<Work>) {
    while let Some(work) = waiting.blocking_recv() {
        match work {
            // Who has left is not worked for: that is what empties a full queue.
            Work::Verify {
                password,
                stored,
                answer,
            } if !answer.is_closed() => {
                let verdict = verify(argon2, password.expose(), stored.as_deref(), nobody);
                drop(answer.send(verdict));
            }
            Work::Hash {
                password,
                salt,
                answer,
            } if !answer.is_closed() => {
                drop(answer.send(hash(argon2, password.expose(), &salt)));
            }
            Work::Verify { .. } | Work::Hash { .. } => {}
        }
    }
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(argon2: &Argon2<'_>, password: &str, salt: &[u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash = argon2
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(failed)?;
    Ok(hash.to_string())
}

fn verify(
    argon2: &Argon2<'_>,
    password: &str,
    stored: Option<&str>,
    nobody: &str,
) -> Result<Verdict, HashError> {
    let parsed = PasswordHash::new(stored.unwrap_or(nobody)).map_err(failed)?;
    let outcome = argon2.verify_password(password.as_bytes(), &parsed);
    match outcome {
        Ok(()) if stored.is_some() => Ok(Verdict::Right {
            outdated: is_outdated(&parsed),
        }),
        Ok(()) | Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(failed(error)),
    }
}

fn is_outdated(hash: &PasswordHash) -> bool {
    let today = (MEMORY_KIB, PASSES, LANES);
    Params::try_from(hash).map_or(true, |params| {
        (params.m_cost(), params.t_cost(), params.p_cost()) != today
    })
}

fn failed(cause: impl std::fmt::Display) -> HashError {
    HashError::Failed(cause.to_string())
}

#[cfg(test)]
impl PasswordHashing {
    /// An entrance that nobody opens any more: whoever asks is told so.
    pub(crate) fn stopped() -> Self {
        let (queue, _) = mpsc::channel(1);
        Self {
            queue,
            rng: Arc::new(kernel::OsRng),
            patience: PATIENCE,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    /// An entrance whose thread never works: what waits in the channel stays there.
    fn stuck(patience: Duration) -> (PasswordHashing, mpsc::Receiver<Work>) {
        let (queue, waiting) = mpsc::channel(MAX_WAITING);
        let rng = Arc::new(OsRng);
        let hashing = PasswordHashing {
            queue,
            rng,
            patience,
        };
        (hashing, waiting)
    }

    #[test]
    fn nobody_s_password_is_compared_with_a_hash_all_the_same() {
        let argon2 = argon2().expect("parameters");
        let nobody = super::hash(&argon2, "sésame", &[7; 16]).expect("a hash");
        let even_the_same = verify(&argon2, "sésame", None, &nobody);
        assert_eq!(even_the_same, Ok(Verdict::Wrong));
        // Only what is looked at can be found unreadable.
        let looked_at = verify(&argon2, "sésame", None, "no hash");
        assert!(matches!(looked_at, Err(HashError::Failed(_))));
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let hashing = PasswordHashing::start(Arc::new(OsRng)).expect("a thread");
        let hash = hashing.hash(&Secret::new("sésame")).await.expect("a hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let right = hashing
            .verify(&Secret::new("sésame"), Some(hash.clone()))
            .await;
        assert_eq!(right, Ok(Verdict::Right { outdated: false }));
        for wrong in ["Sésame", "", "sésame "] {
            let verdict = hashing
                .verify(&Secret::new(wrong), Some(hash.clone()))
                .await;
            assert_eq!(verdict, Ok(Verdict::Wrong), "{wrong:?}");
        }
        assert_eq!(
            hashing.verify(&Secret::new("sésame"), None).await,
            Ok(Verdict::Wrong)
        );
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let hashing = PasswordHashing::start(Arc::new(OsRng)).expect("a thread");
        let first = hashing.hash(&Secret::new("sésame")).await.expect("a hash");
        assert_ne!(
            hashing.hash(&Secret::new("sésame")).await.expect("a hash"),
            first
        );
    }

    #[tokio::test]
    async fn a_hash_with_yesterday_s_parameters_is_right_and_outdated() {
        let params = Params::new(64, 1, 1, None).expect("parameters");
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored = super::hash(&old, "sésame", &[7; 16]).expect("a hash");
        let hashing = PasswordHashing::start(Arc::new(OsRng)).expect("a thread");
        let verdict = hashing.verify(&Secret::new("sésame"), Some(stored)).await;
        assert_eq!(verdict, Ok(Verdict::Right { outdated: true }));
    }

    #[tokio::test]
    async fn an_unreadable_hash_is_an_error_and_never_a_yes() {
        let hashing = PasswordHashing::start(Arc::new(OsRng)).expect("a thread");
        let verdict = hashing
            .verify(&Secret::new("x"), Some("plain".into()))
            .await;
        assert!(matches!(verdict, Err(HashError::Failed(_))));
    }

    #[tokio::test]
    async fn an_impossible_password_is_not_hashed() {
        let (hashing, waiting) = stuck(PATIENCE);
        for text in [String::new(), "a".repeat(MAX_PASSWORD + 1)] {
            assert_eq!(
                hashing.hash(&Secret::new(text.clone())).await,
                Err(HashError::Length)
            );
            assert_eq!(
                hashing.verify(&Secret::new(text), None).await,
                Ok(Verdict::Wrong)
            );
        }
        assert_eq!(waiting.len(), 0);
    }

    #[tokio::test]
    async fn who_waits_too_long_or_finds_the_queue_full_is_told_to_come_back() {
        let (hashing, mut waiting) = stuck(Duration::ZERO);
        for _ in 0..MAX_WAITING {
            let impatient = hashing.verify(&Secret::new("x"), None).await;
            assert_eq!(impatient, Err(HashError::Busy));
        }
        assert_eq!(waiting.len(), MAX_WAITING);
        assert_eq!(
            hashing.verify(&Secret::new("x"), None).await,
            Err(HashError::Busy)
        );
        waiting.close();
        drop(waiting);
        assert_eq!(
            hashing.verify(&Secret::new("x"), None).await,
            Err(HashError::Stopped)
        );
    }

    #[test]
    fn those_who_left_are_not_worked_for() {
        let (queue, waiting) = mpsc::channel(MAX_WAITING);
        let (answer, gone) = oneshot::channel();
        drop(gone);
        let stored = Some("a hash that would be an error".to_owned());
        let left = Work::Verify {
            password: Secret::new("x"),
            stored,
            answer,
        };
        assert!(queue.try_send(left).is_ok());
        drop(queue);
        let argon2 = argon2().expect("parameters");
        work(&argon2, "", waiting);
    }
}
