//! Sources of the one search.

use super::{BoxFuture, PortError};
use crate::{Caller, Limit, Locale, Text};

/// What is looked for, and by whom.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    /// As typed, trimmed, 1 to 200 characters.
    pub words: String,
    /// Who looks: a source shows only what this caller may see.
    pub caller: Caller,
    /// The reader's language.
    pub locale: Locale,
    /// The most hits wanted.
    pub limit: Limit,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Stable within its source.
    pub id: String,
    /// Its name, in the reader's language.
    pub title: String,
    /// What it is, one line.
    pub detail: Option<String>,
    /// A DSFR icon's name without prefix; none: that of the source.
    pub icon: Option<String>,
    /// Where it leads: a path of ours, or `https`.
    pub link: String,
}

/// A source. The caller of this port cuts it after 400 ms.
pub trait SearchProvider: Send + Sync {
    /// Stable name of the source, kebab-case (`people`).
    fn source(&self) -> &'static str;

    /// Its title over the results.
    fn title(&self) -> Text;

    /// What it finds, best first.
    fn search(&self, query: SearchQuery) -> BoxFuture<'_, Result<Vec<Hit>, PortError>>;
}
