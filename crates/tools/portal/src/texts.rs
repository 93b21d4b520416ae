//! What the portal tells people, in both languages.

use kernel::Text;

/// The home page cannot be shown; the tools themselves are elsewhere.
pub(crate) const TOOLS_STILL_ANSWER: Text = Text::fixed(
    "La liste des outils ne peut pas être lue. Les outils eux-mêmes répondent toujours à leur adresse.",
    "The list of tools cannot be read. The tools themselves still answer at their addresses.",
);

/// A tile was written for a category that is not there.
pub(crate) const UNKNOWN_CATEGORY: Text = Text::fixed(
    "La catégorie choisie pour cet outil n’existe pas.",
    "The category chosen for this tool does not exist.",
);
