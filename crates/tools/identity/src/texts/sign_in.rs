//! On the way in.

use kernel::Locale;

catalogue!(
    /// The first page: an address, a button.
    SignIn {
        title: "Se connecter" | "Sign in",
        lead: "Une seule connexion, celle de votre ministère, ouvre tous vos outils."
            | "One sign-in, your ministry’s, opens all your tools.",
        email: "Adresse électronique professionnelle" | "Work e-mail address",
        email_hint: "Par exemple : prenom.nom@interieur.gouv.fr"
            | "For example: first.last@interieur.gouv.fr",
        remembered: "Adresse gardée sur ce poste." | "Address kept on this computer.",
        not_you: "Ce n’est pas vous ?" | "Not you?",
        submit: "Continuer vers mon ministère" | "Continue to my ministry",
        or: "ou" | "or",
        choose: "Choisir mon administration dans la liste" | "Choose my administration in the list",
        keep: "Garder mon adresse et choisir dans la liste"
            | "Keep my address and choose in the list",
        malformed: "Saisissez une adresse complète, avec son « @ » et ce qui le suit."
            | "Enter a whole address, with its “@” and what follows it.",
        check: "Vérifiez l’adresse, ou choisissez votre administration dans la liste."
            | "Check the address, or choose your administration in the list.",
        need_help: "Besoin d’aide ?" | "Need help?",
        or_by_mail: "ou" | "or",
    }
);

catalogue!(
    /// The list of administrations.
    Administrations {
        title: "Choisir mon administration" | "Choose my administration",
        lead: "Vous vous connecterez ensuite chez elle, avec votre compte habituel."
            | "You will then sign in there, with your usual account.",
        list: "Administrations raccordées" | "Connected administrations",
        interrupted: "Connexion interrompue" | "Sign-in interrupted",
        none: "Aucune administration n’est encore raccordée."
            | "No administration is connected yet.",
        back: "Revenir à l’adresse électronique" | "Back to the e-mail address",
    }
);

catalogue!(
    /// Back without a password, on a computer that others may use.
    Silent {
        title: "Vous revenez sans mot de passe" | "You are back without a password",
        lead: "Une session de votre administration était encore ouverte sur ce poste."
            | "A session of your administration was still open on this computer.",
        change: "Ce n’est pas vous ? Changer d’agent" | "Not you? Change person",
        change_hint: "Changer d’agent ferme aussi la session de l’administration sur ce poste."
            | "Changing person also closes the administration’s session on this computer.",
    }
);

catalogue!(
    /// The password page of a provider of ours.
    PasswordForm {
        title: "Connexion à votre compte d’agent" | "Sign in to your staff account",
        email: "Adresse électronique" | "E-mail address",
        password: "Mot de passe" | "Password",
        submit: "Se connecter" | "Sign in",
        forgotten: "Mot de passe oublié ?" | "Forgotten password?",
    }
);

catalogue!(
    /// A page that goes on by itself.
    GoingOn {
        title: "La suite arrive" | "Moving on",
        lead: "La page suivante s’ouvre d’elle-même." | "The next page opens by itself.",
    }
);

/// Nobody answers for a domain.
pub(crate) fn unknown_domain(locale: Locale, domain: &str) -> String {
    match locale {
        Locale::Fr => format!("Aucune administration n’utilise « {domain} »."),
        Locale::En => format!("No administration uses “{domain}”."),
    }
}

/// A domain near the one typed.
pub(crate) fn did_you_mean(locale: Locale, domain: &str) -> String {
    match locale {
        Locale::Fr => format!("Vouliez-vous dire {domain} ?"),
        Locale::En => format!("Did you mean {domain}?"),
    }
}

/// The button that takes the suggestion.
pub(crate) fn continue_with(locale: Locale, domain: &str) -> String {
    match locale {
        Locale::Fr => format!("Continuer avec {domain}"),
        Locale::En => format!("Continue with {domain}"),
    }
}

/// The button of somebody recognised.
pub(crate) fn continue_as(locale: Locale, name: &str) -> String {
    match locale {
        Locale::Fr => format!("Continuer en tant que {name}"),
        Locale::En => format!("Continue as {name}"),
    }
}

/// Since when the administration's session is open.
pub(crate) fn session_opened(locale: Locale, moment: &str) -> String {
    match locale {
        Locale::Fr => format!("Session de l’administration ouverte {moment}"),
        Locale::En => format!("Administration’s session opened {moment}"),
    }
}

/// For whom a provider asks the password.
pub(crate) fn to_continue_to(locale: Locale, application: &str) -> String {
    match locale {
        Locale::Fr => format!("Pour continuer vers {application}."),
        Locale::En => format!("To continue to {application}."),
    }
}

/// The plain link of a page that goes on by itself.
pub(crate) fn go_on_to(locale: Locale, place: &str) -> String {
    match locale {
        Locale::Fr => format!("Continuer vers {place}"),
        Locale::En => format!("Continue to {place}"),
    }
}
