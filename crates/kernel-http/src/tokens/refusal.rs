//! Why a token does not open an operation, in words.

use kernel::{Problem, Text, TokenScope};

use super::LONGEST;

/// 401: unknown, over, taken back, or its agent may no longer sign in. Which, is not told: only
/// who has the agent's session may know what tokens there are.
pub(super) fn unknown() -> Problem {
    Problem::new(
        401,
        "invalid-token",
        Text::fixed(
            "Ce jeton n’ouvre rien\u{a0}: il est inconnu, expiré ou révoqué.",
            "This token opens nothing: it is unknown, expired or revoked.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été fait. Faites-en un autre sur «\u{a0}Mon compte\u{a0}».",
        "Nothing was done. Make another one on “My account”.",
    ))
}

/// 400: what was sent calls itself a token and cannot be one (RFC 6750 §3.1).
pub(crate) fn unusable() -> Problem {
    Problem::new(
        400,
        "invalid-request",
        Text::fixed(
            "L’en-tête Authorization ne porte pas un jeton.",
            "The Authorization header does not bear a token.",
        ),
    )
    .with_detail(Text::made(
        format!(
            "Rien n’a été fait. Envoyez un seul en-tête, avec un jeton d’au plus {LONGEST} octets."
        ),
        format!("Nothing was done. Send one header, with a token of {LONGEST} bytes at most."),
    ))
}

/// 403: the operation names no scope, or would do here what none opens.
pub fn closed() -> Problem {
    Problem::new(
        403,
        "closed-to-tokens",
        Text::fixed(
            "Aucun jeton n’ouvre cette opération.",
            "No token opens this operation.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été fait. Elle se fait dans Besace, après connexion.",
        "Nothing was done. It is done in Besace, after signing in.",
    ))
}

/// 403: the token was not made for this.
pub(super) fn lacks(scope: TokenScope) -> Problem {
    let word = scope.word();
    Problem::new(
        403,
        "insufficient-scope",
        Text::fixed(
            "Ce jeton ne donne pas ce droit.",
            "This token does not give this right.",
        ),
    )
    .with_detail(Text::made(
        format!("Rien n’a été fait. Faites un jeton avec la portée «\u{a0}{word}\u{a0}»."),
        format!("Nothing was done. Make a token with the scope “{word}”."),
    ))
    .with_extension("scope", word.into())
}
