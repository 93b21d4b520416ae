//! Commands beside a running server: a socket in the data folder, through which `besace backup`,
//! `besace check`, `besace admin journal verify`, `besace admin keys` and `besace admin local` reach the
//! process that holds the folder.
//!
//! Invariants
//! - Only the user who runs the server, and root, are heard: the socket is of mode 0600 and the
//!   kernel says who is at the other end.
//! - It takes the orders of [`Order`] and nothing else; an order is one line, a bounded one.
//! - A caller that goes away ends what it asked for.

mod client;
mod keys;
mod server;

use std::path::{Path, PathBuf};

use kernel::Population;
use kernel_db::backup::Manifest;
use serde::{Deserialize, Serialize};

use crate::keyring::KeyReport;

pub(crate) use client::ask;
pub(crate) use keys::of_keys;
pub(crate) use server::{Clerk, NOBODY_SIGNS_IN_HERE, invite, open, reset_factor};

/// The socket in a data folder.
pub(crate) fn socket(folder: &Path) -> PathBuf {
    folder.join("admin.sock")
}

/// What may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Order {
    /// Back the database up into a folder, an absolute path as the server sees it.
    Backup {
        /// Where.
        folder: PathBuf,
        /// Whether the master key goes in.
        master_key: bool,
    },
    /// Recompute the journal's chains.
    JournalVerify,
    /// Say which keys there are, and what stands under each master key.
    Keys,
    /// Publish the next signing keys.
    RotateKeys,
    /// Take a signing key away at once.
    WithdrawKey {
        /// Which.
        kid: String,
    },
    /// Seal under the present master key what stands under others.
    Reseal,
    /// Say which providers in service were plugged in on the pages.
    Providers,
    /// Make a password account and mail a link to choose its password.
    LocalInvite {
        /// Of whom.
        invitation: LocalInvitation,
    },
    /// Remove the second factors of a password account.
    LocalResetFactor {
        /// By which its holder signs in.
        address: String,
    },
}

/// Somebody who is to have a password account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LocalInvitation {
    /// By which they will sign in.
    pub(crate) address: String,
    /// First names.
    pub(crate) given_name: String,
    /// The name in use.
    pub(crate) usual_name: String,
    /// SIRET of their establishment.
    pub(crate) siret: Option<String>,
    /// Their service.
    pub(crate) organizational_unit: Option<String>,
    /// What they are there.
    pub(crate) population: Option<Population>,
}

impl From<LocalInvitation> for identity::Invitation {
    fn from(asked: LocalInvitation) -> Self {
        Self {
            address: asked.address,
            given_name: asked.given_name,
            usual_name: asked.usual_name,
            siret: asked.siret,
            organizational_unit: asked.organizational_unit,
            population: asked.population,
        }
    }
}

/// What is answered, a line each; the last one is not `Progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// How far it is: a copy in pages, a reseal in values.
    Progress {
        /// Done.
        copied: u64,
        /// All.
        all: u64,
    },
    /// The backup is whole.
    BackedUp {
        /// What it holds.
        manifest: Box<Manifest>,
    },
    /// The journal was recomputed.
    Verified(Verdict),
    /// The keys.
    Keys(Box<KeyReport>),
    /// Keys were asked for.
    Rotated {
        /// Whether any was made.
        made: bool,
    },
    /// A key was taken away.
    Withdrawn {
        /// What to tell.
        lines: Vec<String>,
    },
    /// What stood under other keys stands under the present one.
    Resealed {
        /// How many values.
        rows: u64,
        /// How many no key opens.
        unreadable: u64,
    },
    /// The providers plugged in.
    Providers {
        /// Those in service.
        providers: Vec<identity::PluggedIn>,
    },
    /// The account is made.
    Invited {
        /// The link, where no mail leaves.
        link: Option<String>,
    },
    /// The second factors are gone.
    FactorReset {
        /// How many sessions ended.
        sessions: usize,
    },
    /// It could not be done.
    Failed {
        /// What happened, what is kept, what to do.
        words: String,
    },
}

/// What a verification of the journal found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// Chains read.
    pub(crate) chains: usize,
    /// Entries recomputed.
    pub(crate) entries: u64,
    /// What is wrong.
    pub(crate) findings: Vec<String>,
}

impl From<&kernel_db::VerifyReport> for Verdict {
    fn from(report: &kernel_db::VerifyReport) -> Self {
        Self {
            chains: report.chains,
            entries: report.entries,
            findings: report.findings.iter().map(ToString::to_string).collect(),
        }
    }
}
