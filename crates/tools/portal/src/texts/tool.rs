//! Of tools and their tiles.

use kernel::Text;

/// A tile was written for a category that is not there.
pub(crate) const UNKNOWN_CATEGORY: Text = Text::fixed(
    "La catégorie choisie pour cet outil n’existe pas.",
    "The category chosen for this tool does not exist.",
);

/// An owner who is not in the directory.
pub(crate) const UNKNOWN_OWNER: Text = Text::fixed(
    "La personne choisie comme responsable n’est pas dans l’annuaire.",
    "The person chosen to answer for the tool is not in the directory.",
);

/// An edit that would give a tool away.
pub(crate) const ORGANISATION_STAYS: Text = Text::fixed(
    "Un outil reste à l’administration qui l’a créé.",
    "A tool stays with the administration that made it.",
);

/// A notice that says nothing.
pub(crate) const NOTICE_LEVEL: Text = Text::fixed(
    "Le niveau est «\u{a0}disturbed\u{a0}» ou «\u{a0}down\u{a0}». Pour dire que tout va bien, retirez l’avis.",
    "The level is “disturbed” or “down”. To say that all is well, take the notice back.",
);

/// A notice that is over before it is said.
pub(crate) const NOTICE_OVER: Text = Text::fixed(
    "La fin de l’avis est déjà passée.",
    "The end of the notice is past already.",
);

/// The message of a notice.
pub(crate) const NOTICE_MESSAGE: Text = Text::fixed(
    "Donnez un message en français, d’une ligne et de 200 caractères au plus.",
    "Give a message in French, on one line and of at most 200 characters.",
);

/// A tool's name.
pub(crate) const NAME: Text = Text::fixed(
    "Donnez un nom en français, d’une ligne et de 40 caractères au plus.",
    "Give a name in French, on one line and of at most 40 characters.",
);

/// A tool's description.
pub(crate) const DESCRIPTION: Text = Text::fixed(
    "Donnez une description en français, d’une ligne et de 120 caractères au plus.",
    "Give a description in French, on one line and of at most 120 characters.",
);

/// A tool's icon.
pub(crate) const ICON: Text = Text::fixed(
    "Ce n’est pas le nom d’une icône du système de design.",
    "This is not the name of an icon of the design system.",
);

/// A tool's address.
pub(crate) const ADDRESS: Text = Text::fixed(
    "L’adresse commence par https:// et ne contient ni nom d’utilisateur ni mot de passe.",
    "The address begins with https:// and holds neither a user name nor a password.",
);

/// A tool's networks.
pub(crate) const REACHES: Text = Text::fixed(
    "Choisissez au moins un réseau\u{a0}: internet, rie ou vpn.",
    "Choose at least one network: internet, rie or vpn.",
);

/// An act that the tool's state does not allow.
pub(crate) const WRONG_STATE: Text = Text::fixed(
    "L’état de cet outil ne le permet pas.",
    "This tool’s state does not allow it.",
);

/// A tile of the configuration.
pub(crate) const CONFIGURED: Text = Text::fixed(
    "Cet outil vient de la configuration\u{a0}: seul l’exploitant le modifie, dans son fichier.",
    "This tool comes from the configuration: only the operator edits it, in its file.",
);

/// Everybody.
pub(crate) fn everybody(count: u64) -> Text {
    Text::made(
        format!("Cet outil serait montré à tous les agents\u{a0}: {count} personnes."),
        format!("This tool would be shown to all agents: {count} people."),
    )
}

/// What to do about it.
pub(crate) const CONFIRM_EVERYBODY: Text = Text::fixed(
    "Confirmez que c’est bien voulu, ou choisissez un public.",
    "Confirm that this is meant, or choose an audience.",
);

/// The registration of an application was refused.
pub(crate) const APPLICATION_REFUSED: Text = Text::fixed(
    "La connexion de cet outil n’a pas pu être créée.",
    "This tool’s sign-in could not be created.",
);

/// What came of a look at an address.
pub(crate) fn checked(code: &str) -> Text {
    match code {
        "malformed" => Text::fixed(
            "Ce n’est pas une adresse complète, comme https://outil.gouv.fr/.",
            "This is not a whole address, such as https://outil.gouv.fr/.",
        ),
        "scheme" | "credentials" => ADDRESS,
        "not-reachable-from-here" => Text::fixed(
            "Cette adresse n’est pas publique\u{a0}: Besace ne peut pas la vérifier. L’exploitant peut l’autoriser.",
            "This address is not public: Besace cannot check it. The operator can allow it.",
        ),
        "silent" => Text::fixed(
            "Pas de réponse en 5 secondes.",
            "No answer within 5 seconds.",
        ),
        "fails" => Text::fixed(
            "L’outil répond par une erreur.",
            "The tool answers with an error.",
        ),
        _ => Text::fixed(
            "Personne ne répond à cette adresse, ou son certificat n’est pas valide.",
            "Nobody answers at this address, or its certificate is not valid.",
        ),
    }
}
