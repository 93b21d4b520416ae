//! Of tools and their tiles.

use kernel::Text;

/// A tile was written for a category that is not there.
pub(crate) const UNKNOWN_CATEGORY: Text = Text::fixed(
    "La catégorie choisie pour cet outil n’existe pas.",
    "The category chosen for this tool does not exist.",
);
