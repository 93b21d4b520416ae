//! One tool on the home page.

use kernel::{Audience, Profile, Text};

use super::{Badge, CategoryId, IconName, Publication, Reach, TileAddress};

kernel::define_id!(
    /// One tile of the portal.
    TileId
);

/// One tool, as agents find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Ours.
    pub id: TileId,
    /// Where it stands.
    pub category: CategoryId,
    /// The tool's name.
    pub name: Text,
    /// What it is for, in one line.
    pub description: Text,
    /// Its picture.
    pub icon: IconName,
    /// Where it leads.
    pub address: TileAddress,
    /// From which network it answers.
    pub reach: Reach,
    /// New, or on trial; none: neither.
    pub badge: Option<Badge>,
    /// For whom it is.
    pub audience: Audience,
    /// Whether it is shown at all.
    pub publication: Publication,
    /// Order in its category; equal ones follow their ids.
    pub position: u32,
}

/// A tile as configuration or the demonstration writes it: whole, under a known id.
pub type NewTile = Tile;

impl Tile {
    /// Whether this person finds the tile on their page.
    pub fn is_for(&self, profile: &Profile<'_>) -> bool {
        self.publication == Publication::Published && self.audience.includes(profile)
    }
}
