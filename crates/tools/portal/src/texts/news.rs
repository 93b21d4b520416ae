//! Of announcements, notices and settings.

use kernel::Text;

use crate::domain::news::{AnnouncementError, NoticeError, SettingsError};
use crate::news_error::PostLimit;

pub(crate) const NOT_ANNOUNCER: Text = Text::fixed(
    "Les annonces d’une administration sont écrites par ses annonceurs et ses administrateurs.",
    "The announcements of an administration are written by its announcers and administrators.",
);
pub(crate) const UNKNOWN_ORGANISATION: Text = Text::fixed(
    "Cette administration n’existe pas.",
    "There is no such administration.",
);
pub(crate) const OUT_OF_REACH: Text = Text::fixed(
    "Ce public dépasse les agents à qui vous pouvez annoncer.",
    "This audience goes beyond the agents to whom you may announce.",
);
pub(crate) const OUT_OF_REACH_ANYWHERE: Text = Text::fixed(
    "Limitez le public à une administration dont vous êtes annonceur, ou demandez à l’opérateur.",
    "Limit the audience to an administration of which you are an announcer, or ask the operator.",
);
pub(crate) const WITHDRAWN: Text = Text::fixed(
    "Cette annonce a été retirée\u{a0}: elle ne change plus.",
    "This announcement was withdrawn: it no longer changes.",
);
pub(crate) const DRAFT: Text = Text::fixed(
    "Cette annonce n’a pas été publiée.",
    "This announcement was not published.",
);
pub(crate) const INVALID_ANNOUNCEMENT: Text = Text::fixed(
    "Cette annonce ne peut pas être enregistrée ainsi.",
    "This announcement cannot be saved like this.",
);
pub(crate) const INVALID_NOTICE: Text = Text::fixed(
    "Cette notification ne peut pas être acceptée.",
    "This notice cannot be accepted.",
);
pub(crate) const INVALID_SETTINGS: Text = Text::fixed(
    "Ces réglages ne peuvent pas être enregistrés.",
    "These settings cannot be saved.",
);
pub(crate) const TOO_MANY: Text = Text::fixed(
    "Cette application envoie trop de notifications.",
    "This application sends too many notices.",
);
pub(crate) const UNDO_EXPIRED: Text = Text::fixed(
    "Il est trop tard pour annuler. Chaque notification peut être marquée comme non lue.",
    "It is too late to undo. Each notice can be marked as unread.",
);
pub(crate) const CURSOR: Text = Text::fixed(
    "La suite de cette liste n’est plus connue. Rechargez-la depuis le début.",
    "The rest of this list is no longer known. Load it again from its beginning.",
);

/// Why an announcement cannot be saved.
pub(crate) const fn announcement(error: AnnouncementError) -> Text {
    match error {
        AnnouncementError::Withdrawn => WITHDRAWN,
        AnnouncementError::Draft => DRAFT,
        AnnouncementError::Title => Text::fixed(
            "Le titre est une ligne de 1 à 140 caractères.",
            "The title is one line of 1 to 140 characters.",
        ),
        AnnouncementError::Body => Text::fixed(
            "Le texte a de 1 à 5\u{a0}000 caractères.",
            "The text has 1 to 5,000 characters.",
        ),
        AnnouncementError::Link => Text::fixed(
            "Le lien est une adresse https, ou un chemin d’ici qui commence par «\u{a0}/\u{a0}».",
            "The link is an https address, or a path here that begins with “/”.",
        ),
        AnnouncementError::Dates => Text::fixed(
            "La fin vient après le début.",
            "The end comes after the beginning.",
        ),
        AnnouncementError::Audience => Text::fixed(
            "La règle du public est trop longue.",
            "The rule of the audience is too long.",
        ),
    }
}

/// Why a notice cannot be accepted.
pub(crate) const fn notice(error: NoticeError) -> Text {
    match error {
        NoticeError::Source | NoticeError::Kind | NoticeError::Dedup => Text::fixed(
            "Les noms «\u{a0}kind\u{a0}» et «\u{a0}dedup\u{a0}» ont de 1 à 128 caractères ASCII visibles.",
            "The names “kind” and “dedup” have 1 to 128 visible ASCII characters.",
        ),
        NoticeError::Title => Text::fixed(
            "Le titre est une ligne de 1 à 140 caractères, sans caractère de contrôle.",
            "The title is one line of 1 to 140 characters, without control characters.",
        ),
        NoticeError::Detail => Text::fixed(
            "Le détail a de 1 à 500 caractères, sans caractère de contrôle.",
            "The detail has 1 to 500 characters, without control characters.",
        ),
        NoticeError::Link => Text::fixed(
            "Le lien est une adresse https, ou un chemin d’ici qui commence par «\u{a0}/\u{a0}».",
            "The link is an https address, or a path here that begins with “/”.",
        ),
        NoticeError::Action => Text::fixed(
            "L’action est une ligne de 1 à 60 caractères et va avec un lien.",
            "The action is one line of 1 to 60 characters and goes with a link.",
        ),
    }
}

/// Why settings cannot be saved.
pub(crate) const fn settings(error: SettingsError) -> Text {
    match error {
        SettingsError::Zone => Text::fixed(
            "Ce fuseau horaire n’est pas connu.",
            "This time zone is not known.",
        ),
        SettingsError::Days => Text::fixed(
            "Les heures de silence ont sept jours, du lundi au dimanche.",
            "Quiet hours have seven days, Monday to Sunday.",
        ),
        SettingsError::Hours => Text::fixed(
            "Une heure s’écrit 20:00\u{a0}; le début et la fin diffèrent.",
            "A time is written 20:00; beginning and end differ.",
        ),
        SettingsError::DigestAt => Text::fixed(
            "L’heure du résumé s’écrit 08:00.",
            "The time of the digest is written 08:00.",
        ),
        SettingsError::Sources => Text::fixed(
            "Au plus 100 outils peuvent être mis en silence.",
            "At most 100 tools can be silenced.",
        ),
    }
}

/// Which limit an application has reached.
pub(crate) const fn post_limit(limit: PostLimit) -> Text {
    match limit {
        PostLimit::Minute => Text::fixed(
            "60 notifications par minute et par application.",
            "60 notices a minute and application.",
        ),
        PostLimit::Day => Text::fixed(
            "1\u{a0}000 notifications par jour et par application.",
            "1,000 notices a day and application.",
        ),
        PostLimit::AgentHour => Text::fixed(
            "20 notifications par heure, par application et par agent.",
            "20 notices an hour, application and agent.",
        ),
    }
}

/// The name for people of a tool of ours; none: it is not one.
pub(crate) fn source_name(source: &str) -> Option<Text> {
    match source {
        "portal" => Some(Text::fixed("Portail", "Portal")),
        "identity" => Some(Text::fixed("Annuaire", "Directory")),
        "guests" => Some(Text::fixed("Invités", "Guests")),
        _ => None,
    }
}

/// The title over announcements found.
pub(crate) const ANNOUNCEMENTS: Text = Text::fixed("Annonces", "Announcements");

/// An import has ended.
pub(crate) const IMPORT_DONE: Text = Text::fixed(
    "L’import de l’annuaire est terminé",
    "The import of the directory is done",
);
/// An import has failed.
pub(crate) const IMPORT_FAILED: Text = Text::fixed(
    "L’import de l’annuaire a échoué",
    "The import of the directory failed",
);

/// How many agents an import wrote.
pub(crate) fn import_counts(created: u64, updated: u64) -> Text {
    Text::made(
        format!("Agents créés\u{a0}: {created}. Mis à jour\u{a0}: {updated}."),
        format!("Agents created: {created}. Updated: {updated}."),
    )
}
