//! Of the home page.

use kernel::Text;

/// The home page cannot be shown; the tools themselves are elsewhere.
pub(crate) const TOOLS_STILL_ANSWER: Text = Text::fixed(
    "La liste des outils ne peut pas être lue. Les outils eux-mêmes répondent toujours à leur adresse.",
    "The list of tools cannot be read. The tools themselves still answer at their addresses.",
);
