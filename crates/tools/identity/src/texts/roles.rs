//! Why a role is neither given nor taken, in words.

use kernel::{Problem, Text};

use crate::domain::role::RoleRefusal;

/// What people are told; a refusal says who could allow it.
pub(crate) const fn refusal(cause: RoleRefusal) -> (u16, &'static str, Text) {
    match cause {
        RoleRefusal::NotAdministrator => (
            403,
            "forbidden",
            Text::fixed(
                "Vous n’administrez pas cette administration. Ses administrateurs, ou l’exploitant de l’instance, le peuvent.",
                "You do not administer this administration. Its administrators, or the operator of the instance, can do this.",
            ),
        ),
        RoleRefusal::MoreThanHeld => (
            403,
            "more-than-held",
            Text::fixed(
                "Personne ne donne plus que ce qui lui est confié\u{a0}: ni un autre rôle, ni plus d’administrations, ni plus longtemps.",
                "Nobody gives more than they hold: neither another role, nor more administrations, nor for longer.",
            ),
        ),
        RoleRefusal::NoOrganisation => (
            422,
            "organisation-required",
            Text::fixed(
                "Ce rôle se donne pour une administration\u{a0}: choisissez-la.",
                "This role is given for an administration: choose one.",
            ),
        ),
        RoleRefusal::OperatorEverywhere => (
            422,
            "operator-everywhere",
            Text::fixed(
                "L’exploitant l’est pour toute l’instance\u{a0}: n’indiquez pas d’administration.",
                "An operator runs the whole instance: do not name an administration.",
            ),
        ),
        RoleRefusal::EndIsPast => (
            422,
            "end-is-past",
            Text::fixed(
                "La date de fin est déjà passée. Choisissez-en une à venir.",
                "The end is already past. Choose a later one.",
            ),
        ),
        RoleRefusal::UnknownOrganisation => (
            422,
            "unknown-organisation",
            Text::fixed(
                "Aucune administration ne porte cet identifiant.",
                "No administration has this identifier.",
            ),
        ),
        RoleRefusal::UnknownAgent => (
            422,
            "unknown-agent",
            Text::fixed(
                "Cette personne n’est pas un agent des administrations que vous administrez. Importez-la d’abord, ou demandez à l’exploitant.",
                "This person is not an agent of the administrations that you administer. Import them first, or ask the operator.",
            ),
        ),
        RoleRefusal::HeldAlready => (
            409,
            "held-already",
            Text::fixed(
                "Cette personne tient déjà ce rôle pour cette administration.",
                "This person already holds this role for this administration.",
            ),
        ),
        RoleRefusal::Last => (
            409,
            "last-administrator",
            Text::fixed(
                "Vous êtes le dernier administrateur. Donnez d’abord ce rôle à quelqu’un d’autre.",
                "You are the last administrator. Give this role to somebody else first.",
            ),
        ),
    }
}

/// The same as a problem.
pub(crate) fn problem(cause: RoleRefusal) -> Problem {
    let (status, kind, title) = refusal(cause);
    Problem::new(status, kind, title)
}
