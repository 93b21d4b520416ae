//! Of the one search.

use kernel::Text;

/// Title of the tools among the results.
pub(crate) const TOOLS: Text = Text::fixed("Outils", "Tools");

/// Nothing to look for, or too much.
pub(crate) const SEARCH_WORDS: Text = Text::fixed(
    "Saisissez de 1 à 200 caractères à rechercher.",
    "Type 1 to 200 characters to search for.",
);
