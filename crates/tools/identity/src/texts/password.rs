//! A password is chosen: forgotten, for a new account, or changed.

use kernel::Locale;

use crate::local::choice::Weak;

catalogue!(
    /// It was forgotten.
    Forgotten {
        title: "Mot de passe oublié" | "Forgotten password",
        lead: "Saisissez votre adresse : vous recevrez un lien pour choisir un nouveau mot de passe."
            | "Enter your address: you will receive a link to choose a new password.",
        email: "Adresse électronique" | "E-mail address",
        submit: "Recevoir le lien" | "Receive the link",
        back: "Revenir à la connexion" | "Back to the sign-in",
        sent_title: "Regardez votre messagerie" | "Look at your mail",
        sent: "Si un compte existe à cette adresse, un courriel y arrive dans quelques minutes. Son lien sert une fois, pendant une heure."
            | "If an account exists at this address, a mail reaches it within minutes. Its link is good for once, for an hour.",
        sent_factor: "Le lien ne remplace pas le second facteur : s’il y en a un, son code sera demandé comme avant."
            | "The link does not replace the second factor: if there is one, its code will be asked as before.",
        no_mail: "Rien n’est arrivé ?" | "Nothing has come?",
    }
);

catalogue!(
    /// By a link.
    Choose {
        title: "Choisir un nouveau mot de passe" | "Choose a new password",
        welcome: "Choisir votre mot de passe" | "Choose your password",
        password: "Nouveau mot de passe" | "New password",
        hint: "Douze caractères au moins. Une phrase de plusieurs mots est plus sûre qu’un mot compliqué, et se retient mieux."
            | "Twelve characters at least. A sentence of several words is safer than a complicated word, and easier to remember.",
        submit: "Choisir ce mot de passe" | "Choose this password",
        gone_title: "Ce lien ne sert plus" | "This link is no longer good",
        gone: "Un lien sert une fois, et pas longtemps. Rien n’a été modifié. Demandez-en un nouveau."
            | "A link is good for once, and not for long. Nothing was changed. Ask for a new one.",
        again: "Demander un nouveau lien" | "Ask for a new link",
        chosen_title: "Votre mot de passe est choisi" | "Your password is chosen",
        chosen: "Vos sessions ouvertes ailleurs sont fermées. Connectez-vous maintenant ; votre second facteur, si vous en avez un, sera demandé."
            | "Your sessions elsewhere are closed. Sign in now; your second factor, if you have one, will be asked.",
        sign_in: "Se connecter" | "Sign in",
    }
);

catalogue!(
    /// From the account.
    Change {
        title: "Changer de mot de passe" | "Change my password",
        lead: "Vos autres sessions seront fermées. Votre second facteur ne change pas."
            | "Your other sessions will be closed. Your second factor does not change.",
        before: "Mot de passe actuel" | "Current password",
        submit: "Changer de mot de passe" | "Change my password",
    }
);

/// Why a password may not be chosen.
pub(crate) const fn weak(locale: Locale, cause: Weak) -> &'static str {
    match (locale, cause) {
        (Locale::Fr, Weak::Short) => "Il faut douze caractères au moins. Ajoutez un mot ou deux.",
        (Locale::En, Weak::Short) => "It needs twelve characters at least. Add a word or two.",
        (Locale::Fr, Weak::Long) => "C’est trop long : 1 024 caractères au plus.",
        (Locale::En, Weak::Long) => "This is too long: 1,024 characters at most.",
        (Locale::Fr, Weak::Common) => {
            "C’est de ceux qu’on essaie en premier (mot courant, votre nom, suite de touches, année). Choisissez plutôt une phrase à vous."
        }
        (Locale::En, Weak::Common) => {
            "It is one of those tried first (a common word, your name, a row of keys, a year). Choose a sentence of your own instead."
        }
    }
}
