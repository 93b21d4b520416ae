//! Groups of tiles.

use kernel::Text;

use super::Family;

kernel::define_id!(
    /// One category of the portal.
    CategoryId
);

/// A group of tiles on the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Ours.
    pub id: CategoryId,
    /// What the tools have in common, in a few words.
    pub title: Text,
    /// The colour of its icons.
    pub family: Family,
    /// Order on the page; equal ones follow their ids.
    pub position: u32,
}

/// A category as configuration or the demonstration writes it: whole, under a known id.
pub type NewCategory = Category;
