//! Of the launcher that other sites embed.

use kernel::Text;

/// The agent of the token may not sign in any more.
pub(crate) const AGENT_GONE: Text = Text::fixed(
    "Un jeton d’accès valable est nécessaire.",
    "A valid access token is required.",
);
