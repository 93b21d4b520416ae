//! Password accounts, for the identity providers that this program runs itself.
//!
//! A ministry with a provider of its own never comes here. Each such provider is a [`Realm`]:
//! a login of one opens nothing in another.
//!
//! Invariants
//! - A password is hashed (Argon2id, 19 MiB, 2 passes, 1 lane) on one thread with a short queue,
//!   so that a storm of passwords never slows the sign-ins that have none.
//! - An unknown login costs the same time and gets the same text as a wrong password.
//! - Misses slow down and never lock: there is always a next attempt within a minute, and a
//!   device that signed in before has a budget that strangers cannot spend.
//! - An account that the configuration no longer names opens nothing, and neither does what it
//!   was given.

mod account;
mod accounts;
mod attempts;
pub(crate) mod device;
mod hashing;
mod store;
#[cfg(test)]
pub(crate) mod testing;

pub use account::{
    AccountError, Attributes, DeviceId, LocalAccount, LocalSubject, Login, NewAccount, Realm,
    StoredAccount,
};
pub use accounts::{Attempt, LocalAccounts, VerifyError};
pub use attempts::{AttemptLimits, Attempts, Budget, Counted, LIMITS, Step};
pub use hashing::{HashError, MAX_WAITING, PATIENCE, PasswordHashing, Verdict};
pub use store::{
    delete_account, end_sessions_of, find_account, logins_of, replace_hash, upsert_account,
};
