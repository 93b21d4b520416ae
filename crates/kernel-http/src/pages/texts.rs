//! The pages' words.

use kernel::{Locale, Text};

use crate::accessibility::Accessibility;

pub(super) static SKIP: Text = Text::fixed("Aller au contenu", "Skip to content");
pub(super) static NOTICE: Text = Text::fixed("Mentions légales", "Legal notice");
pub(super) static PRIVACY: Text = Text::fixed("Données personnelles", "Personal data");
pub(super) static DISPLAY: Text = Text::fixed("Paramètres d’affichage", "Display settings");
pub(super) static ACCESSIBILITY: Text = Text::fixed("Accessibilité", "Accessibility");
pub(super) static DEMO: Text = Text::fixed(
    "Démonstration\u{a0}: personnes et ministères imaginaires, rien n’est conservé.",
    "Demonstration: imaginary people and ministries, nothing is kept.",
);
pub(super) static BACK_HOME: Text = Text::fixed("Revenir à l’accueil", "Back to the home page");
pub(super) static TRY_AGAIN: Text = Text::fixed("Réessayer", "Try again");
pub(super) static SIGN_IN: Text = Text::fixed("Se connecter", "Sign in");
pub(super) static WHOM_TO_CALL: Text = Text::fixed("Qui contacter", "Whom to contact");
pub(super) static REQUEST: Text = Text::fixed("Demande", "Request");
pub(super) static THEME: Text = Text::fixed("Thème", "Theme");
pub(super) static THEME_INTRO: Text = Text::fixed(
    "Ce choix est gardé sur ce poste.",
    "This choice is kept on this computer.",
);
pub(super) static LIGHT: Text = Text::fixed("Clair", "Light");
pub(super) static DARK: Text = Text::fixed("Sombre", "Dark");
pub(super) static SYSTEM: Text = Text::fixed("Comme mon système", "Same as my system");
pub(super) static KEEP: Text = Text::fixed("Garder ce thème", "Keep this theme");
pub(super) static NOT_STATED: Text = Text::fixed(
    "L’exploitant de cette instance ne l’a pas encore renseigné.",
    "The operator of this instance has not stated it yet.",
);

/// The footer's link, as the law words it.
pub(super) fn accessibility_state(state: Accessibility, locale: Locale) -> String {
    let word = state.text();
    let label = ACCESSIBILITY.get(locale);
    match locale {
        Locale::Fr => format!("{label}\u{a0}: {}", word.get(locale)),
        Locale::En => format!("{label}: {}", word.get(locale)),
    }
}
