//! Why nothing is done to an account, in words; what a browser is told whose session was ended.

use kernel::{Problem, Text};

use crate::domain::agent::AgentState;
use crate::domain::life::{LifeRefusal, Step};

/// What happened.
pub(crate) const fn refusal(cause: LifeRefusal) -> (u16, &'static str, Text) {
    match cause {
        LifeRefusal::NotAdministrator => (
            403,
            "forbidden",
            Text::fixed(
                "Vous n’administrez pas l’administration de cette personne.",
                "You do not administer this person’s administration.",
            ),
        ),
        LifeRefusal::Oneself => (
            409,
            "oneself",
            Text::fixed(
                "Personne ne suspend, ne clôt ni n’efface son propre compte.",
                "Nobody suspends, closes or erases their own account.",
            ),
        ),
        LifeRefusal::HoldsMore => (
            403,
            "more-than-held",
            Text::fixed(
                "Cette personne tient un rôle plus large que le vôtre.",
                "This person holds a wider role than yours.",
            ),
        ),
        LifeRefusal::State { from, .. } => (409, "account-state", standing(from)),
        LifeRefusal::Same => (
            422,
            "same-account",
            Text::fixed(
                "Un compte ne se réunit pas à lui-même.",
                "An account is not merged into itself.",
            ),
        ),
        LifeRefusal::Unmergeable => (
            409,
            "unmergeable",
            Text::fixed(
                "Ces deux comptes ne peuvent pas être réunis en l’état.",
                "These two accounts cannot be merged as they stand.",
            ),
        ),
        LifeRefusal::NoReason => (
            422,
            "reason-required",
            Text::fixed(
                "Une suspension demande un motif.",
                "A suspension needs a reason.",
            ),
        ),
        LifeRefusal::LongReason => (
            422,
            "reason-too-long",
            Text::fixed(
                "Le motif dépasse 500 caractères.",
                "The reason is longer than 500 characters.",
            ),
        ),
    }
}

/// What is kept and what to do next.
pub(crate) const fn advice(cause: LifeRefusal) -> Text {
    match cause {
        LifeRefusal::NotAdministrator => Text::fixed(
            "Rien n’a été fait. Ses administrateurs, ou l’exploitant de l’instance, le peuvent.",
            "Nothing was done. Its administrators, or the operator of the instance, can do this.",
        ),
        LifeRefusal::Oneself => Text::fixed(
            "Rien n’a été fait. Un autre administrateur, ou l’exploitant, peut le faire.",
            "Nothing was done. Another administrator, or the operator, can do this.",
        ),
        LifeRefusal::HoldsMore => Text::fixed(
            "Rien n’a été fait. Quelqu’un qui pourrait lui retirer ses rôles, ou l’exploitant, le peut.",
            "Nothing was done. Somebody who could take these roles back, or the operator, can do this.",
        ),
        LifeRefusal::State {
            from: AgentState::Erased,
            ..
        } => Text::fixed(
            "Ce qui a été effacé ne revient pas. La prochaine connexion de cette personne ouvrira un nouveau compte.",
            "What was erased does not come back. This person’s next sign-in will open a new account.",
        ),
        LifeRefusal::State {
            step: Step::Erase, ..
        } => Text::fixed(
            "Rien n’a été fait. Seul un compte clos peut être effacé\u{a0}: enregistrez d’abord le départ.",
            "Nothing was done. Only a closed account can be erased: record the departure first.",
        ),
        LifeRefusal::State { .. } => Text::fixed(
            "Rien n’a été fait. Quelqu’un d’autre est peut-être passé avant vous\u{a0}: rechargez la page.",
            "Nothing was done. Somebody else may have been first: reload the page.",
        ),
        LifeRefusal::Same => Text::fixed(
            "Rien n’a été fait. Choisissez l’autre compte de la même personne.",
            "Nothing was done. Choose the other account of the same person.",
        ),
        LifeRefusal::Unmergeable => Text::fixed(
            "Rien n’a été fait. Le compte gardé doit être ouvert, et aucun des deux suspendu, effacé ni celui d’un invité.",
            "Nothing was done. The account that stays must be open, and neither suspended, erased nor a guest’s.",
        ),
        LifeRefusal::NoReason => Text::fixed(
            "Rien n’a été fait. Écrivez pourquoi\u{a0}: le journal le garde à part, et l’efface avec le compte.",
            "Nothing was done. Write why: the journal keeps it apart, and erases it with the account.",
        ),
        LifeRefusal::LongReason => Text::fixed(
            "Rien n’a été fait. Raccourcissez-le.",
            "Nothing was done. Make it shorter.",
        ),
    }
}

const fn standing(state: AgentState) -> Text {
    match state {
        AgentState::PreCreated => Text::fixed(
            "Ce compte est annoncé et n’a pas encore servi.",
            "This account is announced and has not been used yet.",
        ),
        AgentState::Active | AgentState::Guest => {
            Text::fixed("Ce compte est ouvert.", "This account is open.")
        }
        AgentState::Suspended => {
            Text::fixed("Ce compte est suspendu.", "This account is suspended.")
        }
        AgentState::Departed => Text::fixed(
            "Ce compte est clos depuis le départ de la personne.",
            "This account has been closed since the person left.",
        ),
        AgentState::Erased => Text::fixed("Ce compte a été effacé.", "This account was erased."),
    }
}

/// The same as a problem.
pub(crate) fn problem(cause: LifeRefusal) -> Problem {
    let (status, kind, title) = refusal(cause);
    Problem::new(status, kind, title).with_detail(advice(cause))
}
