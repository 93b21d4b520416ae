//! The configuration: one TOML file, one section a file here, environment variables above it.
//!
//! Invariants
//! - An unknown key is refused, with the nearest known one: a misspelt setting never passes for a
//!   default.
//! - A secret is given in the file, by the name of a file or by an environment variable; it is
//!   never printed.

mod bus;
mod error;
mod identity;
mod load;
mod mail;
mod portal;
mod server;
mod site;

use serde::Deserialize;

pub(crate) use bus::BusSection;
pub(crate) use error::ConfigError;
pub(crate) use identity::{
    ClientSection, GrantSection, IdentitySection, LocalAccountSection, OrganisationSection,
    ProviderKindSection, ProviderSection,
};
pub(crate) use load::load;
pub(crate) use mail::{MailSection, MailSecurity};
pub(crate) use portal::{AudienceSection, PortalSection, TileSection};
pub(crate) use server::{
    DatabaseSection, HttpSection, JournalSection, KeysSection, OutgoingSection,
};
pub(crate) use site::{BilingualText, SiteSection, ThemeSection};

/// The whole configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Listener and address.
    pub(crate) http: HttpSection,
    /// Where data lives.
    pub(crate) database: DatabaseSection,
    /// The master key.
    pub(crate) keys: KeysSection,
    /// The journal's checkpoints.
    pub(crate) journal: JournalSection,
    /// What may be reached.
    pub(crate) outgoing: OutgoingSection,
    /// The other nodes.
    pub(crate) bus: Option<BusSection>,
    /// Public facts.
    pub(crate) site: SiteSection,
    /// Sign-in.
    pub(crate) identity: IdentitySection,
    /// Where mails leave.
    pub(crate) mail: Option<MailSection>,
    /// Tiles.
    pub(crate) portal: PortalSection,
}
