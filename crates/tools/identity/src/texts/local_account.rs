//! Why nothing is done to a password account, in words.

use kernel::{Problem, Text};

use crate::domain::local_account::{LocalAccountRefusal, MOST_A_DAY, MOST_TO_ONE};

/// What happened.
pub(crate) fn refusal(cause: LocalAccountRefusal) -> (u16, &'static str, Text) {
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
        LocalAccountRefusal::Invited(_) => (
            409,
            "already-invited",
            Text::fixed(
                "Cette personne a déjà été invitée.",
                "This person has been invited already.",
            ),
        ),
        LocalAccountRefusal::Closed => (
            409,
            "account-closed",
            Text::fixed(
                "Cette personne est suspendue ou partie.",
                "This person is suspended or has left.",
            ),
        ),
        LocalAccountRefusal::NoFactor => (
            409,
            "no-second-factor",
            Text::fixed(
                "Ce compte n’a pas de second facteur.",
                "This account has no second factor.",
            ),
        ),
        LocalAccountRefusal::NoMail => (
            403,
            "mail-needed",
            Text::fixed(
                "Aucun courriel ne part d’ici\u{a0}: vous ne pouvez pas recevoir le lien à la place de cette personne.",
                "No mail leaves here: you cannot be given the link in this person’s place.",
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
        LocalAccountRefusal::TooManyToday => (
            429,
            "too-many-invitations-today",
            Text::made(
                format!("Vous avez envoyé {MOST_A_DAY} invitations en un jour, le plus possible."),
                format!("You have sent {MOST_A_DAY} invitations in a day, the most possible."),
            ),
        ),
        LocalAccountRefusal::SentEnough => (
            429,
            "sent-enough-today",
            Text::made(
                format!(
                    "{MOST_TO_ONE} invitations ont été envoyées à cette personne en un jour, le plus possible."
                ),
                format!(
                    "{MOST_TO_ONE} invitations were sent to this person in a day, the most possible."
                ),
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
        LocalAccountRefusal::Invited(_) => Text::fixed(
            "Rien n’a été changé. Sur sa fiche, vous pouvez renvoyer l’invitation, ou retirer le compte et l’inviter de nouveau.",
            "Nothing was changed. On the person’s sheet you can send the invitation again, or remove the account and invite anew.",
        ),
        LocalAccountRefusal::Closed => Text::fixed(
            "Aucun lien n’a été envoyé. Il n’ouvrirait rien avant que son compte d’agent soit rouvert.",
            "No link was sent. It would open nothing until the agent’s account is reopened.",
        ),
        LocalAccountRefusal::NoFactor => Text::fixed(
            "Rien n’a été fait\u{a0}: il n’y avait rien à réinitialiser.",
            "Nothing was done: there was nothing to reset.",
        ),
        LocalAccountRefusal::NoMail => Text::fixed(
            "Aucun lien n’a été fait. Qui exploite l’instance doit régler l’envoi de courriels\u{a0}; d’ici là, un administrateur de l’administration du fournisseur peut inviter.",
            "No link was made. Whoever runs the instance must configure mail; until then an administrator of the provider’s own administration can invite.",
        ),
        LocalAccountRefusal::HasPassword => Text::fixed(
            "Aucun lien n’a été envoyé. Qui a oublié son mot de passe en choisit un autre par «\u{a0}Mot de passe oublié\u{a0}».",
            "No link was sent. Who forgot their password chooses another by “Forgotten password”.",
        ),
        LocalAccountRefusal::Configured => Text::fixed(
            "Rien n’a été fait. Qui exploite l’instance le retire du fichier, puis la redémarre.",
            "Nothing was done. Whoever runs the instance takes it out of the file, then restarts it.",
        ),
        LocalAccountRefusal::TooManyToday => Text::fixed(
            "Rien n’est parti. Reprenez demain.",
            "Nothing was sent. Go on tomorrow.",
        ),
        LocalAccountRefusal::SentEnough => Text::fixed(
            "Rien n’est parti, et le dernier lien sert encore. Demandez-lui de regarder ses courriels indésirables, ou reprenez demain.",
            "Nothing was sent, and the last link is still good. Have them look among their unwanted mails, or go on tomorrow.",
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
    let problem = Problem::new(status, kind, title).with_detail(advice(cause));
    match cause {
        // The way to the sheet.
        LocalAccountRefusal::Invited(account) => {
            problem.with_extension("account", account.to_string().into())
        }
        LocalAccountRefusal::TooManyToday | LocalAccountRefusal::SentEnough => {
            problem.with_retry_after(86_400)
        }
        _ => problem,
    }
}
