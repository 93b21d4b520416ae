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

mod account;
mod accounts;
mod attempts;
mod hashing;
mod store;

pub use account::{
    AccountError, Attributes, DeviceId, LocalAccount, LocalSubject, Login, NewAccount, Realm,
    StoredAccount,
};
pub use accounts::{Attempt, LocalAccounts, VerifyError};
pub use attempts::{AttemptLimits, Attempts, LIMITS, Step};
pub use hashing::{HashError, MAX_WAITING, PATIENCE, PasswordHashing, Verdict};
pub use store::{find_account, replace_hash, upsert_account};
