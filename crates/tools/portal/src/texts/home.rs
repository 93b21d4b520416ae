//! Of the home page.

use kernel::Text;

/// The home page cannot be shown; the tools themselves are elsewhere.
pub(crate) const TOOLS_STILL_ANSWER: Text = Text::fixed(
    "La liste des outils ne peut pas être lue. Les outils eux-mêmes répondent toujours à leur adresse.",
    "The list of tools cannot be read. The tools themselves still answer at their addresses.",
);

/// Over 24 favourites.
pub(crate) const TOO_MANY_FAVOURITES: Text = Text::fixed(
    "Vous pouvez garder 24 favoris au plus.",
    "You can keep 24 favourites at most.",
);
