//! On the way out, and when time is up.

use kernel::Locale;

catalogue!(
    /// The question before signing out.
    SignOut {
        title: "Se déconnecter ?" | "Sign out?",
        lead: "La session est fermée sur ce poste, ici et chez votre administration."
            | "The session is closed on this computer, here and at your administration.",
        submit: "Se déconnecter" | "Sign out",
        stay: "Garder la session ouverte" | "Keep the session open",
    }
);

catalogue!(
    /// Afterwards.
    SignedOut {
        title: "La session est fermée" | "The session is closed",
        lead: "Plus rien n’est ouvert à votre nom dans cette fenêtre."
            | "Nothing is open in your name in this window any more.",
        shared: "Sur un poste partagé, fermez aussi le navigateur."
            | "On a shared computer, close the browser too.",
        again: "Se connecter à nouveau" | "Sign in again",
    }
);

catalogue!(
    /// Time is up.
    Expired {
        session_title: "Votre session a pris fin" | "Your session has ended",
        session_lead: "Une session dure douze heures au plus. Ce qui était enregistré est gardé."
            | "A session lasts twelve hours at most. What was saved is kept.",
        interaction_title: "Cette connexion a attendu trop longtemps"
            | "This sign-in waited too long",
        interaction_lead:
            "Une connexion commencée doit aboutir en quinze minutes, dans la même fenêtre. Rien n’a été ouvert."
            | "A sign-in once begun must end within fifteen minutes, in the same window. Nothing was opened.",
        restart: "Recommencer la connexion" | "Start signing in again",
    }
);

/// The administration's own session is closed too.
pub(crate) fn administration_closed(locale: Locale, title: &str) -> String {
    match locale {
        Locale::Fr => format!("La session de l’administration est fermée aussi : {title}."),
        Locale::En => format!("The administration’s session is closed too: {title}."),
    }
}

/// The administration's own session could not be closed.
pub(crate) fn administration_open(locale: Locale, title: &str) -> String {
    match locale {
        Locale::Fr => format!(
            "La session de l’administration est peut-être encore ouverte sur ce poste : {title}."
        ),
        Locale::En => {
            format!("The administration’s session may still be open on this computer: {title}.")
        }
    }
}
