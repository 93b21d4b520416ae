//! Of requests.

use kernel::Text;

/// Where an administrator answers.
pub(crate) const LINK: &str = "/administration/demandes";

/// The action of a notice.
pub(crate) const EXAMINE: Text = Text::fixed("Examiner la demande", "Examine the request");

/// A request to an administration that is not the asker's.
pub(crate) const NOT_YOURS: Text = Text::fixed(
    "Vous pouvez demander un outil à votre administration, ou à celle dont elle dépend.",
    "You can ask your own administration for a tool, or the one above it.",
);

/// A request that cannot become a draft.
pub(crate) const NOT_FIT: Text = Text::fixed(
    "Cette demande ne peut pas devenir un outil. Refusez-la, puis créez l’outil vous-même.",
    "This request cannot become a tool. Refuse it, then create the tool yourself.",
);

/// A second answer.
pub(crate) const ENDED: Text = Text::fixed(
    "Cette demande a déjà reçu une réponse, ou n’est plus d’actualité.",
    "This request was answered already, or no longer stands.",
);

/// Nowhere to put a draft.
pub(crate) const NO_CATEGORY: Text = Text::fixed(
    "Aucune catégorie n’existe où ranger cet outil. Demandez à l’exploitant d’en créer une.",
    "There is no category for this tool. Ask the operator to make one.",
);

/// A refusal without a reason.
pub(crate) const REASON: Text = Text::fixed(
    "Donnez une raison, de 300 caractères au plus\u{a0}: la personne la lira.",
    "Give a reason of at most 300 characters: the person will read it.",
);

/// A request without a name or a purpose.
pub(crate) const NAME: Text = Text::fixed(
    "Donnez le nom de l’outil, de 40 caractères au plus.",
    "Give the tool’s name, of at most 40 characters.",
);

/// What for.
pub(crate) const PURPOSE: Text = Text::fixed(
    "Dites à quoi l’outil servira, en 500 caractères au plus.",
    "Say what the tool is for, in at most 500 characters.",
);

/// A word that names no state.
pub(crate) const UNKNOWN_STATE: Text = Text::fixed(
    "L’état est «\u{a0}pending\u{a0}», «\u{a0}approved\u{a0}», «\u{a0}refused\u{a0}» ou «\u{a0}withdrawn\u{a0}».",
    "The state is “pending”, “approved”, “refused” or “withdrawn”.",
);

/// The limit of waiting requests.
pub(crate) fn too_many(most: u32) -> Text {
    Text::made(
        format!(
            "Vous avez déjà {most} demandes en attente. Attendez une réponse, ou retirez-en une."
        ),
        format!("You have {most} requests waiting already. Wait for an answer, or withdraw one."),
    )
}

/// An agent asks for a tool.
pub(crate) fn tool_asked(asker: Option<&str>, tool: &str) -> Text {
    Text::made(
        format!(
            "{} demande l’outil «\u{a0}{tool}\u{a0}»",
            asker.unwrap_or("Un agent")
        ),
        format!("{} asks for the tool “{tool}”", asker.unwrap_or("An agent")),
    )
}

/// Another administration wants to show a tool.
pub(crate) fn audience_asked(asker: Option<&str>, tool: &str) -> Text {
    Text::made(
        format!(
            "{} propose l’outil «\u{a0}{tool}\u{a0}» à vos agents",
            asker.unwrap_or("Une administration")
        ),
        format!(
            "{} offers the tool “{tool}” to your agents",
            asker.unwrap_or("An administration")
        ),
    )
}

/// How many of an administration's agents.
pub(crate) fn agents_of_yours(agents: u64) -> Text {
    if agents == 1 {
        return Text::fixed(
            "Un agent de votre administration le verrait.",
            "One agent of your administration would see it.",
        );
    }
    Text::made(
        format!("{agents} agents de votre administration le verraient."),
        format!("{agents} agents of your administration would see it."),
    )
}

/// The answer to who asked for a tool.
pub(crate) fn tool_decided(approved: bool, tool: &str) -> Text {
    if approved {
        return Text::made(
            format!("Votre demande est acceptée\u{a0}: «\u{a0}{tool}\u{a0}» est en préparation"),
            format!("Your request was accepted: “{tool}” is being prepared"),
        );
    }
    Text::made(
        format!("Votre demande de l’outil «\u{a0}{tool}\u{a0}» est refusée"),
        format!("Your request for the tool “{tool}” was refused"),
    )
}

/// The answer to who published a tool.
pub(crate) fn audience_decided(approved: bool, tool: &str) -> Text {
    if approved {
        return Text::made(
            format!("Accord donné\u{a0}: «\u{a0}{tool}\u{a0}» est montré à leurs agents"),
            format!("Agreed: “{tool}” is shown to their agents"),
        );
    }
    Text::made(
        format!("Accord refusé pour l’outil «\u{a0}{tool}\u{a0}»"),
        format!("No agreement for the tool “{tool}”"),
    )
}
