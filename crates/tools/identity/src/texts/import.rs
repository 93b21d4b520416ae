//! What is wrong with a directory's file or line, and what would mend it.

use kernel::{Locale, Problem, Text};

use crate::domain::import::{Cause, Field, MOST_LINES, Refusal};

/// What a column says, for people.
pub(crate) const fn field(field: Field) -> Text {
    match field {
        Field::UsualName => Text::fixed("nom", "last name"),
        Field::GivenName => Text::fixed("prénom", "first name"),
        Field::Email => Text::fixed("courriel", "email"),
        Field::Siret => Text::fixed("siret", "siret"),
        Field::Unit => Text::fixed("service", "department"),
        Field::Population => Text::fixed("population", "population"),
        Field::Phone => Text::fixed("téléphone", "phone"),
        Field::Uid => Text::fixed("matricule", "staff number"),
    }
}

/// What is wrong, in a few words.
pub(crate) fn message(cause: &Cause) -> Text {
    match cause {
        Cause::Missing => Text::fixed("Valeur obligatoire", "Required value"),
        Cause::TooLong { .. } => Text::fixed("Valeur trop longue", "Value too long"),
        Cause::Control => Text::fixed("Caractère illisible", "Unreadable character"),
        Cause::Formula => Text::fixed("Formule de tableur", "Spreadsheet formula"),
        Cause::Address { .. } => Text::fixed("Adresse mal écrite", "Malformed address"),
        Cause::Domain { .. } => Text::fixed(
            "Domaine d’un autre fournisseur",
            "Domain of another provider",
        ),
        Cause::SiretLength { digits } => Text::made(
            format!("{digits} chiffres sur 14"),
            format!("{digits} digits out of 14"),
        ),
        Cause::SiretKey { .. } => Text::fixed("Clé de contrôle fausse", "Wrong check digit"),
        Cause::SiretElsewhere => Text::fixed(
            "Établissement hors de votre administration",
            "Establishment outside your administration",
        ),
        Cause::Population => Text::fixed("Population inconnue", "Unknown population"),
        Cause::TwiceInFile { line } => Text::made(
            format!("Déjà à la ligne {line}"),
            format!("Already on line {line}"),
        ),
        Cause::AnotherAgent => Text::fixed(
            "Adresse d’un agent d’une autre administration",
            "Address of an agent of another administration",
        ),
        Cause::AccountClosed => {
            Text::fixed("Compte suspendu ou fermé", "Account suspended or closed")
        }
        Cause::Fields { found, columns } => Text::made(
            format!("{found} valeurs pour {columns} colonnes"),
            format!("{found} values for {columns} columns"),
        ),
    }
}

/// What would mend it.
pub(crate) fn mend(cause: &Cause) -> Text {
    match cause {
        Cause::Missing => Text::fixed("Compléter la valeur", "Fill in the value"),
        Cause::TooLong { most } => Text::made(
            format!("{most} caractères au plus"),
            format!("{most} characters at most"),
        ),
        Cause::Control => Text::fixed(
            "Retaper la valeur sur une seule ligne",
            "Type the value again, on one line",
        ),
        Cause::Formula => Text::fixed(
            "Une valeur qui ne commence pas par = + - @",
            "A value that does not begin with = + - @",
        ),
        Cause::Address { meant } => meant_or(
            meant.as_deref(),
            Text::fixed("Une adresse complète", "A complete address"),
        ),
        Cause::Domain { meant } => meant_or(
            meant.as_deref(),
            Text::fixed(
                "Une adresse de votre administration",
                "An address of your administration",
            ),
        ),
        Cause::SiretLength { .. } => {
            Text::fixed("Les 14 chiffres du SIRET", "The 14 digits of the SIRET")
        }
        Cause::SiretKey { meant } => meant_or(
            Some(meant.as_str()).filter(|meant| !meant.is_empty()),
            Text::fixed("Vérifier le SIRET", "Check the SIRET"),
        ),
        Cause::SiretElsewhere => Text::fixed(
            "Le SIRET d’un service que vous administrez",
            "The SIRET of a service that you administer",
        ),
        Cause::Population => Text::fixed(
            "agent, prestataire, partenaire ou stagiaire",
            "agent, prestataire, partenaire or stagiaire",
        ),
        Cause::TwiceInFile { .. } => Text::fixed("Garder une seule ligne", "Keep one line only"),
        Cause::AnotherAgent => Text::fixed(
            "L’adresse de cette personne chez vous",
            "This person’s address at your administration",
        ),
        Cause::AccountClosed => Text::fixed(
            "Rouvrir le compte d’abord, ou retirer la ligne",
            "Reopen the account first, or take the line out",
        ),
        Cause::Fields { .. } => Text::fixed(
            "Mettre entre guillemets les valeurs qui contiennent un séparateur",
            "Quote the values that hold a separator",
        ),
    }
}

/// A question that shows what may have been meant.
fn meant_or(meant: Option<&str>, else_said: Text) -> Text {
    match meant {
        Some(meant) => Text::made(format!("{meant}\u{a0}?"), format!("{meant}?")),
        None => else_said,
    }
}

/// Headers added to the lines that are given back.
pub(crate) const fn added(locale: Locale) -> [&'static str; 2] {
    match locale {
        Locale::Fr => ["cause", "ce qu’il faudrait"],
        Locale::En => ["cause", "what would mend it"],
    }
}

/// Why a file cannot be used at all.
pub(crate) fn refusal(cause: &Refusal) -> Problem {
    match cause {
        Refusal::TooLarge => Problem::new(
            413,
            "body-too-large",
            Text::fixed(
                "Ce fichier dépasse 5\u{a0}Mo. Coupez-le en deux\u{a0}: un import ne ferme aucun compte.",
                "This file is over 5\u{a0}MB. Cut it in two: an import closes no account.",
            ),
        ),
        Refusal::TooManyLines => Problem::new(
            422,
            "too-many-lines",
            Text::made(
                format!(
                    "Ce fichier a plus de {MOST_LINES} lignes. Coupez-le en deux\u{a0}: un import ne ferme aucun compte."
                ),
                format!(
                    "This file has over {MOST_LINES} lines. Cut it in two: an import closes no account."
                ),
            ),
        ),
        Refusal::Empty => Problem::new(
            422,
            "empty-file",
            Text::fixed(
                "Ce fichier n’a aucune ligne sous ses noms de colonnes.",
                "This file has no line below its column names.",
            ),
        ),
        Refusal::Columns(missing) => {
            let names = |locale| {
                let names: Vec<String> = missing
                    .iter()
                    .map(|one| field(*one).get(locale).to_owned())
                    .collect();
                names.join(", ")
            };
            Problem::new(
                422,
                "columns-missing",
                Text::made(
                    format!("Il manque des colonnes\u{a0}: {}.", names(Locale::Fr)),
                    format!("Columns are missing: {}.", names(Locale::En)),
                ),
            )
            .with_detail(Text::fixed(
                "La première ligne doit nommer les colonnes. Le modèle de fichier les montre.",
                "The first line must name the columns. The template shows them.",
            ))
        }
    }
}

/// The template: the columns' names and one line to show how they are filled in.
pub(crate) const fn template(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => {
            "\u{feff}nom;prénom;courriel;siret;service;population;téléphone;matricule\r\n\
             Delmas;Claire;claire.delmas@administration.example;11001401600015;Bureau de la gestion des crises;agent;01 99 00 51 30;A00001\r\n"
        }
        Locale::En => {
            "\u{feff}last name;first name;email;siret;department;population;phone;staff number\r\n\
             Delmas;Claire;claire.delmas@administration.example;11001401600015;Crisis management office;agent;01 99 00 51 30;A00001\r\n"
        }
    }
}
