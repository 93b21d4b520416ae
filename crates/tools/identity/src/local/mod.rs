//! Password accounts, for the identity providers that this program runs itself.
//!
//! A ministry with a provider of its own never comes here. Each such provider is a [`Realm`]:
//! a login of one opens nothing in another.
//!
//! Invariants
//! - A password is hashed (Argon2id, 19 MiB, 2 passes, 1 lane) on one thread with a short queue,
//!   so that a storm of passwords never slows the sign-ins that have none.
//! - An unknown login costs the same time and gets the same text as a wrong password.
//! - Misses slow down and never lock: there is always a next attempt within a minute (of a code,
//!   within a quarter of an hour), and a device that signed in before has a budget that strangers
//!   cannot spend.
//! - What was proved is good while the account stands as it stood then: a new password or a change
//!   of the factors ends a sign-in under way, a factor that is being added, and what browsers are
//!   known by.
//! - A code of a second factor, and a recovery code, is good for once, whoever else shows it at
//!   the same moment. A factor counts once one of its codes came back.
//! - An account that the configuration no longer names opens nothing, and neither does what it
//!   was given.

mod account;
mod accounts;
mod attempts;
mod base32;
pub(crate) mod choice;
pub(crate) mod device;
mod factor;
pub(crate) mod factor_store;
mod hashing;
pub(crate) mod link;
mod recovery;
mod standing;
mod store;
#[cfg(test)]
pub(crate) mod testing;
mod totp;

pub use account::{
    AccountError, Attributes, DeviceId, LocalAccount, LocalSubject, Login, NewAccount, Realm,
    StoredAccount,
};
pub use accounts::{Attempt, LocalAccounts, Proved, VerifyError};
pub use attempts::{AttemptLimits, Attempts, Budget, Counted, LIMITS, Step};
pub use choice::Weak;
pub use factor::{
    Enrolment, Factor, FactorId, FactorName, MOST as MOST_FACTORS, Means, SecondFactor,
    StoredFactor,
};
pub use hashing::{HashError, MAX_WAITING, PATIENCE, PasswordHashing, Verdict};
pub use link::LinkPurpose;
pub use recovery::{COUNT as RECOVERY_CODES, RecoveryCode, generate_all as recovery_codes};
pub use standing::Standing;
pub(crate) use standing::{standing_of, still_stands};
pub(crate) use store::account as account_of_row;
pub use store::{
    account_of_subject, delete_account, end_sessions_of, find_account, insert_invited, logins_of,
    replace_hash, set_password, upsert_account,
};
pub use totp::{TimeStep, TotpSecret, TypedCode};
