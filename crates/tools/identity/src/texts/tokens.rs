//! Why no token is made, in words; what an agent is told before one ends.

use kernel::{Problem, Text};

use crate::domain::credential::{LONGEST_DAYS, LONGEST_NAME, MOST, TokenRefusal};

/// What happened.
pub(crate) fn refusal(cause: TokenRefusal) -> (u16, &'static str, Text) {
    match cause {
        TokenRefusal::Name => (
            422,
            "token-name",
            Text::made(
                format!("Un jeton porte un nom de 1 à {LONGEST_NAME} caractères."),
                format!("A token has a name of 1 to {LONGEST_NAME} characters."),
            ),
        ),
        TokenRefusal::Scopes => (
            422,
            "token-scopes",
            Text::fixed(
                "Un jeton se fait pour une portée au moins, parmi celles qui existent.",
                "A token is made for one scope at least, of those there are.",
            ),
        ),
        TokenRefusal::Beyond(_) => (
            403,
            "token-beyond-roles",
            Text::fixed(
                "Un jeton ne donne pas plus que ce que vous pouvez faire.",
                "A token does not give more than you may do.",
            ),
        ),
        TokenRefusal::Days => (
            422,
            "token-days",
            Text::made(
                format!("Un jeton vit de 1 à {LONGEST_DAYS} jours."),
                format!("A token lives 1 to {LONGEST_DAYS} days."),
            ),
        ),
        TokenRefusal::TooMany => (
            409,
            "too-many-tokens",
            Text::made(
                format!("Vous avez déjà {MOST} jetons, le plus qu’un agent puisse avoir."),
                format!("You already have {MOST} tokens, the most an agent can have."),
            ),
        ),
    }
}

/// What is kept and what to do next.
pub(crate) fn advice(cause: TokenRefusal) -> Text {
    match cause {
        TokenRefusal::Name => Text::fixed(
            "Rien n’a été fait. Donnez-lui le nom du programme qui s’en servira.",
            "Nothing was done. Name it after the program that will use it.",
        ),
        TokenRefusal::Scopes => Text::fixed(
            "Rien n’a été fait. Choisissez ce que le programme pourra faire.",
            "Nothing was done. Choose what the program may do.",
        ),
        TokenRefusal::Beyond(_) => Text::fixed(
            "Rien n’a été fait. Cette portée demande un rôle que vous n’avez pas\u{a0}: vos administrateurs le donnent.",
            "Nothing was done. This scope needs a role that you do not hold: your administrators give it.",
        ),
        TokenRefusal::Days => Text::fixed(
            "Rien n’a été fait. Choisissez une durée plus courte.",
            "Nothing was done. Choose a shorter time.",
        ),
        TokenRefusal::TooMany => Text::fixed(
            "Rien n’a été fait. Révoquez ceux qui ne servent plus.",
            "Nothing was done. Revoke those no longer in use.",
        ),
    }
}

/// Told a week before its end.
pub(crate) fn ending(name: &str) -> Text {
    Text::made(
        format!("Le jeton «\u{a0}{name}\u{a0}» expire dans moins d’une semaine"),
        format!("The token “{name}” expires in less than a week"),
    )
}

/// What to do then.
pub(crate) const ENDING_DETAIL: Text = Text::fixed(
    "Le programme qui s’en sert n’entrera plus. S’il sert encore, faites un autre jeton et donnez-le-lui.",
    "The program that uses it will no longer get in. If it is still in use, make another token and give it to the program.",
);

/// Where it is done.
pub(crate) const ENDING_ACTION: Text = Text::fixed("Voir mes jetons", "See my tokens");

/// The same as a problem.
pub(crate) fn problem(cause: TokenRefusal) -> Problem {
    let (status, kind, title) = refusal(cause);
    let problem = Problem::new(status, kind, title).with_detail(advice(cause));
    match cause {
        TokenRefusal::Beyond(scope) => problem.with_extension("scope", scope.word().into()),
        TokenRefusal::Name | TokenRefusal::Scopes | TokenRefusal::Days | TokenRefusal::TooMany => {
            problem
        }
    }
}
