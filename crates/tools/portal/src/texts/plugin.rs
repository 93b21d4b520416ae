//! Of other applications' counts and searches.

use kernel::Text;

/// No tile leads to the application.
pub(crate) const NO_TILE: Text = Text::fixed(
    "Aucun outil du portail ne correspond à cette application.",
    "No tool of the portal belongs to this application.",
);

/// What to do then.
pub(crate) const NO_TILE_DETAIL: Text = Text::fixed(
    "Un administrateur relie l’application à son outil dans la gestion des outils.",
    "An administrator links the application to its tool where tools are managed.",
);

/// The agent does not see the tile, or is nobody.
pub(crate) const UNKNOWN_AGENT: Text = Text::fixed(
    "Aucun agent de cet identifiant n’a accès à l’outil de cette application.",
    "No agent of this id has access to this application’s tool.",
);

/// An address that cannot be asked.
pub(crate) const ADDRESS: Text = Text::fixed(
    "Cette adresse de recherche ne peut pas être appelée.",
    "This search address cannot be called.",
);

/// Its form.
pub(crate) const ADDRESS_DETAIL: Text = Text::fixed(
    "Donnez une adresse https complète, sans nom ni mot de passe, de 2\u{a0}048 caractères au plus.",
    "Give a whole https address, without name or password, of 2,048 characters at most.",
);

/// Where it leads.
pub(crate) const ADDRESS_INSIDE: Text = Text::fixed(
    "Elle mène à un réseau interne que l’exploitant n’a pas autorisé (outgoing.allow).",
    "It leads to an internal network that the operator has not allowed (outgoing.allow).",
);

/// Over 999.
pub(crate) const BADGE_COUNT: Text =
    Text::fixed("Un compteur va de 0 à 999.", "A count goes from 0 to 999.");
