//! Why nothing is done to a password account, in words.

use kernel::{Problem, Text};

use crate::domain::local_account::LocalAccountRefusal;

/// What happened.
pub(crate) const fn refusal(cause: LocalAccountRefusal) -> (u16, &'static str, Text) {
    match cause {
        LocalAccountRefusal::NotHere => (
            404,
            "not-found",
            Text::fixed(
                "Personne ne se connecte ici avec un mot de passe.",
                "Nobody signs in here with a password.",
            ),
        ),
        LocalAccountRefusal::Taken => (
            409,
            "account-exists",
            Text::fixed(
                "Cette adresse a déjà un compte.",
                "This address has an account already.",
            ),
        ),
        LocalAccountRefusal::HasPassword => (
            409,
            "password-chosen",
            Text::fixed(
                "Cette personne a déjà choisi son mot de passe.",
                "This person has chosen a password already.",
            ),
        ),
        LocalAccountRefusal::Configured => (
            409,
            "configured",
            Text::fixed(
                "Ce compte vient de la configuration.",
                "This account comes from the configuration.",
            ),
        ),
        LocalAccountRefusal::Address => (
            422,
            "address",
            Text::fixed(
                "Ce n’est pas une adresse électronique.",
                "This is not an e-mail address.",
            ),
        ),
        LocalAccountRefusal::Name => (
            422,
            "name",
            Text::fixed(
                "Le prénom et le nom sont nécessaires, de 256 caractères au plus.",
                "Both names are needed, of 256 characters at most.",
            ),
        ),
        LocalAccountRefusal::Unit => (
            422,
            "unit",
            Text::fixed(
                "Le service tient sur une ligne de 256 caractères au plus.",
                "The service is one line of 256 characters at most.",
            ),
        ),
    }
}

/// What is kept and what to do next.
pub(crate) const fn advice(cause: LocalAccountRefusal) -> Text {
    match cause {
        LocalAccountRefusal::NotHere => Text::fixed(
            "Les agents se connectent chez le fournisseur d’identité de leur administration.",
            "Agents sign in at the identity provider of their administration.",
        ),
        LocalAccountRefusal::Taken => Text::fixed(
            "Personne n’a été invité. Qui a oublié son mot de passe en choisit un autre par «\u{a0}Mot de passe oublié\u{a0}».",
            "Nobody was invited. Who forgot their password chooses another by “Forgotten password”.",
        ),
        LocalAccountRefusal::HasPassword => Text::fixed(
            "Aucun lien n’a été envoyé. Qui a oublié son mot de passe en choisit un autre par «\u{a0}Mot de passe oublié\u{a0}».",
            "No link was sent. Who forgot their password chooses another by “Forgotten password”.",
        ),
        LocalAccountRefusal::Configured => Text::fixed(
            "Rien n’a été fait. Qui exploite l’instance le retire du fichier, puis la redémarre.",
            "Nothing was done. Whoever runs the instance takes it out of the file, then restarts it.",
        ),
        LocalAccountRefusal::Address | LocalAccountRefusal::Name | LocalAccountRefusal::Unit => {
            Text::fixed(
                "Personne n’a été invité. Corrigez, puis envoyez de nouveau.",
                "Nobody was invited. Correct it, then send again.",
            )
        }
    }
}

/// The same as a problem.
pub(crate) fn problem(cause: LocalAccountRefusal) -> Problem {
    let (status, kind, title) = refusal(cause);
    Problem::new(status, kind, title).with_detail(advice(cause))
}
