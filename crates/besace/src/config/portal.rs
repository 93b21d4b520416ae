//! `[portal]`: categories and tiles.

use kernel::Population;
use serde::Deserialize;

use super::BilingualText;

/// `[portal]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PortalSection {
    /// `[[portal.categories]]`, in order.
    pub(crate) categories: Vec<CategorySection>,
}

/// A group of tiles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategorySection {
    /// Its name in the machine; its id is made of it.
    pub(crate) id: String,
    /// Shown.
    pub(crate) title: BilingualText,
    /// `blue`, `teal`, `rust`, `sand`, `plum` or `green`.
    pub(crate) family: String,
    /// `[[portal.categories.tiles]]`, in order.
    #[serde(default)]
    pub(crate) tiles: Vec<TileSection>,
}

/// One tool.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileSection {
    /// Its name in the machine; its id is made of it.
    pub(crate) id: String,
    /// Shown.
    pub(crate) name: BilingualText,
    /// One line.
    pub(crate) description: BilingualText,
    /// An icon of the design system, without prefix (`chat-3-line`).
    pub(crate) icon: String,
    /// Where it leads.
    pub(crate) url: String,
    /// `internet` (default), `rie` or `vpn`.
    #[serde(default)]
    pub(crate) reach: Option<String>,
    /// `new` or `trial`.
    #[serde(default)]
    pub(crate) badge: Option<String>,
    /// For whom; absent: everyone.
    #[serde(default)]
    pub(crate) audience: Option<AudienceSection>,
    /// Whether agents who find it may share it with their guests.
    #[serde(default)]
    pub(crate) guests: bool,
}

/// For whom: every condition that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AudienceSection {
    /// SIRETs: one of these administrations, or of those below it.
    pub(crate) organisations: Vec<String>,
    /// One of these populations.
    pub(crate) populations: Vec<Population>,
}
