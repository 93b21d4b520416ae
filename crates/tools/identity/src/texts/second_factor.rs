//! The second factor, at the sign-in and on the account's page.

use kernel::Locale;

catalogue!(
    /// After the password: a code.
    AskCode {
        title: "Le code de votre second facteur" | "The code of your second factor",
        lead: "Ouvrez votre application d’authentification et recopiez les six chiffres qu’elle affiche."
            | "Open your authenticator application and copy the six digits that it shows.",
        code: "Code à six chiffres, ou code de secours" | "Six-digit code, or recovery code",
        code_hint: "Vous n’avez plus l’application ? Saisissez un de vos codes de secours."
            | "You no longer have the application? Enter one of your recovery codes.",
        guest_code: "Code à six chiffres" | "Six-digit code",
        guest_lost: "Vous n’avez plus l’application\u{a0}? Écrivez à la personne qui vous a invité\u{a0}: son administration, si elle demande ce second facteur, peut le réinitialiser."
            | "You no longer have the application? Write to whoever invited you: their administration, if it asks for this second factor, can reset it.",
        submit: "Continuer" | "Continue",
        restart: "Recommencer avec un autre compte" | "Start again with another account",
        refused: "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez."
            | "This code is not right, or was used already. Wait for the next one, then try again.",
        lost: "Ni l’application, ni les codes de secours ?"
            | "Neither the application nor the recovery codes?",
    }
);

catalogue!(
    /// A factor is added.
    Enrol {
        title: "Ajouter un second facteur" | "Add a second factor",
        required: "Vos seconds facteurs ont été retirés par votre administration. Ajoutez-en un pour continuer."
            | "Your second factors were removed by your administration. Add one to go on.",
        asked_of_guests: "L’administration qui vous accueille demande un second facteur à ses invités. Il vous sera demandé à chaque entrée, après le code du courriel."
            | "The administration that receives you asks its guests for a second factor. It will be asked for at each entry, after the code of the mail.",
        scan: "Scannez cette image avec votre application d’authentification."
            | "Scan this picture with your authenticator application.",
        picture: "Image à scanner. La clé écrite dessous dit la même chose."
            | "Picture to scan. The key written below says the same.",
        same_phone: "Ouvrir l’application de ce téléphone" | "Open this telephone’s application",
        key: "Ou saisissez cette clé dans l’application" | "Or enter this key in the application",
        name: "Nom du second facteur" | "Name of the second factor",
        name_hint: "Pour le reconnaître : par exemple « Téléphone de service »."
            | "To recognise it: for example “Work telephone”.",
        code: "Code à six chiffres que l’application affiche"
            | "Six-digit code that the application shows",
        submit: "Ajouter ce second facteur" | "Add this second factor",
        skip: "Pas maintenant" | "Not now",
        skip_hint: "L’application qui a demandé la connexion pourra vous refuser."
            | "The application that asked for the sign-in may refuse you.",
        wrong: "Ce code n’est pas le bon. Vérifiez l’heure du téléphone, attendez le code suivant, puis réessayez."
            | "This code is not right. Check the telephone’s time, wait for the next code, then try again.",
        bad_name: "Donnez-lui un nom, de 60 caractères au plus." | "Give it a name, of 60 characters at most.",
        default_name: "Mon téléphone" | "My telephone",
    }
);

catalogue!(
    /// Recovery codes, once.
    Codes {
        title: "Vos codes de secours" | "Your recovery codes",
        lead: "Chacun ouvre votre compte une fois, à la place du second facteur. Gardez-les hors de cet appareil : ils ne seront plus montrés."
            | "Each opens your account once, in place of the second factor. Keep them off this device: they will not be shown again.",
        list: "Codes de secours" | "Recovery codes",
        go_on: "Je les ai gardés, continuer" | "I have kept them, continue",
        replace: "Créer de nouveaux codes de secours" | "Make new recovery codes",
        replace_lead: "Les codes de secours que vous avez encore n’ouvriront plus rien."
            | "The recovery codes that you still have will open nothing any more.",
        submit: "Remplacer mes codes de secours" | "Replace my recovery codes",
    }
);

catalogue!(
    /// The account of somebody at a provider of ours.
    Account {
        title: "Mon compte" | "My account",
        factor: "Second facteur" | "Second factor",
        none: "Votre compte n’est protégé que par son mot de passe. Avec un second facteur, qui apprend votre mot de passe n’entre pas."
            | "Your account is protected by its password alone. With a second factor, whoever learns your password does not get in.",
        some: "Après le mot de passe, un code de l’une de ces applications vous est demandé."
            | "After the password, a code of one of these applications is asked.",
        add: "Ajouter un second facteur" | "Add a second factor",
        add_another: "Ajouter une autre application" | "Add another application",
        full: "Cinq applications au plus : retirez-en une pour en ajouter une autre."
            | "Five applications at most: remove one to add another.",
        change: "Renommer ou retirer" | "Rename or remove",
        codes: "Codes de secours" | "Recovery codes",
        make_codes: "Créer de nouveaux codes de secours" | "Make new recovery codes",
        password: "Mot de passe" | "Password",
        change_password: "Changer de mot de passe" | "Change my password",
        administration: "Administration" | "Administration",
        administer: "Administrer les comptes" | "Administer the accounts",
        session: "Session" | "Session",
        sign_out: "Se déconnecter" | "Sign out",
        back: "Revenir à mon compte" | "Back to my account",
        added: "Le second facteur est ajouté." | "The second factor is added.",
        renamed: "Le second facteur a un nouveau nom." | "The second factor has a new name.",
        removed: "Le second facteur est retiré." | "The second factor is removed.",
        changed: "Votre mot de passe est changé." | "Your password is changed.",
    }
);

catalogue!(
    /// One more proof before a change.
    Prove {
        add_lead: "Avant de continuer, prouvez que c’est vous." | "Before going on, prove that it is you.",
        password: "Votre mot de passe" | "Your password",
        code: "Code d’une de vos applications, ou code de secours"
            | "Code of one of your applications, or recovery code",
        submit: "Continuer" | "Continue",
        wrong_password: "Ce mot de passe n’est pas le bon. Réessayez." | "This password is not right. Try again.",
        rename: "Renommer" | "Rename",
        rename_submit: "Donner ce nom" | "Give this name",
        remove: "Retirer" | "Remove",
        remove_lead: "Son code n’ouvrira plus rien. Si c’est le dernier, vos codes de secours partent avec lui."
            | "Its code will open nothing any more. If it is the last one, your recovery codes go with it.",
        remove_submit: "Retirer ce second facteur" | "Remove this second factor",
    }
);

/// How many recovery codes are left.
pub(crate) fn codes_left(locale: Locale, left: usize) -> String {
    match (locale, left) {
        (Locale::Fr, 0) => "Il ne vous en reste aucun.".to_owned(),
        (Locale::Fr, 1) => "Il vous en reste un.".to_owned(),
        (Locale::Fr, _) => format!("Il vous en reste {left}."),
        (Locale::En, 0) => "You have none left.".to_owned(),
        (Locale::En, 1) => "You have one left.".to_owned(),
        (Locale::En, _) => format!("You have {left} left."),
    }
}

/// Since when a factor is there, and when it last served.
pub(crate) fn factor_dates(locale: Locale, added: &str, used: &str) -> String {
    match locale {
        Locale::Fr => format!("Ajouté {added}, a servi {used}"),
        Locale::En => format!("Added {added}, last used {used}"),
    }
}

/// Why a factor is asked for during a sign-in.
pub(crate) fn asked_by(locale: Locale, application: &str) -> String {
    match locale {
        Locale::Fr => {
            format!("{application} demande un second facteur, et votre compte n’en a pas.")
        }
        Locale::En => {
            format!("{application} asks for a second factor, and your account has none.")
        }
    }
}
