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

catalogue!(
    /// A session that somebody else than its own browser ended.
    Ended {
        suspended_title: "Votre compte est suspendu" | "Your account is suspended",
        suspended_lead:
            "Votre administration l’a suspendu, et vos sessions sont fermées. Elle seule peut le rouvrir. Ce qui était enregistré est gardé."
            | "Your administration suspended it, and your sessions are closed. Only it can reopen it. What was saved is kept.",
        closed_title: "Votre compte est clos" | "Your account is closed",
        closed_lead:
            "Votre administration l’a clos, et vos sessions sont fermées. Si c’est une erreur, elle seule peut le rouvrir."
            | "Your administration closed it, and your sessions are closed. If this is a mistake, only it can reopen it.",
        invitation_title: "Votre invitation a pris fin" | "Your invitation has ended",
        invitation_lead:
            "Ce qui était partagé avec vous ne l’est plus. Le lien reçu par courriel dit pourquoi, et permet de demander un nouvel accès."
            | "What was shared with you no longer is. The link you received by mail says why, and lets you ask for a new access.",
        factor_title: "Votre second facteur a été réinitialisé" | "Your second factor was reset",
        factor_lead:
            "L’administration qui vous accueille l’a retiré, et vos sessions sont fermées. Reconnectez-vous par le code du courriel\u{a0}: un nouveau second facteur vous sera demandé."
            | "The administration that receives you removed it, and your sessions are closed. Sign in again by the code of the mail: a new second factor will be asked for.",
        elsewhere_title: "Cette session a été fermée" | "This session was closed",
        elsewhere_lead:
            "Elle l’a été depuis un autre de vos appareils. Ce qui était enregistré est gardé. Si ce n’est pas vous, prévenez l’assistance."
            | "It was closed from another of your devices. What was saved is kept. If it was not you, tell the support.",
        again: "Se connecter à nouveau" | "Sign in again",
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
