//! A little French grammar: the article of an administration's name.

/// First words by their article; what is in no list is quoted.
const FEMININE: &[&str] = &[
    "préfecture",
    "sous-préfecture",
    "direction",
    "délégation",
    "mission",
    "caisse",
    "cour",
    "région",
    "commune",
    "ville",
    "mairie",
    "métropole",
    "communauté",
    "gendarmerie",
    "police",
    "chancellerie",
    "représentation",
    "présidence",
    "bibliothèque",
];
const MASCULINE: &[&str] = &[
    "ministère",
    "secrétariat",
    "service",
    "conseil",
    "tribunal",
    "rectorat",
    "bureau",
    "centre",
    "département",
    "commissariat",
    "cabinet",
    "parquet",
    "musée",
    "groupement",
    "pôle",
    "laboratoire",
    "consulat",
];
const ELIDED: &[&str] = &[
    "administration",
    "agence",
    "école",
    "office",
    "établissement",
    "institut",
    "académie",
    "inspection",
    "université",
    "observatoire",
    "ambassade",
    "unité",
    "état-major",
    "autorité",
    "hôpital",
    "imprimerie",
    "opéra",
];
const PLURAL: &[&str] = &["services", "archives", "douanes", "musées", "terres"];

/// « de la préfecture des Landes », « du ministère de l’Intérieur », « de l’agence bio »,
/// « de l’administration « France Travail » » where the article is not known.
pub(super) fn of_organisation(label: &str) -> String {
    let first = label.split_whitespace().next().unwrap_or_default();
    let word = first.to_lowercase();
    let is = |list: &[&str]| list.contains(&word.as_str());
    if is(FEMININE) {
        format!("de la {}", lowered(label))
    } else if is(MASCULINE) {
        format!("du {}", lowered(label))
    } else if is(ELIDED) {
        format!("de l’{}", lowered(label))
    } else if is(PLURAL) {
        format!("des {}", lowered(label))
    } else if is_acronym(first) && first.starts_with('D') {
        // A « direction » nearly always: DDPP, DREAL, DGFIP.
        format!("de la {label}")
    } else if is_acronym(first) && first.starts_with(['A', 'E', 'I', 'O', 'U']) {
        format!("de l’{label}")
    } else {
        format!("de l’administration «\u{a0}{label}\u{a0}»")
    }
}

fn is_acronym(word: &str) -> bool {
    word.len() >= 2
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// With a small first letter: « Préfecture » in the middle of a sentence.
fn lowered(label: &str) -> String {
    let mut characters = label.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_their_article_and_unknown_ones_are_quoted() {
        for (label, said) in [
            ("Préfecture des Landes", "de la préfecture des Landes"),
            ("Ministère de l’Intérieur", "du ministère de l’Intérieur"),
            (
                "École nationale d’administration",
                "de l’école nationale d’administration",
            ),
            ("Archives nationales", "des archives nationales"),
            ("DDPP des Landes", "de la DDPP des Landes"),
            ("ANSSI", "de l’ANSSI"),
            (
                "France Travail",
                "de l’administration «\u{a0}France Travail\u{a0}»",
            ),
            ("SDIS 40", "de l’administration «\u{a0}SDIS 40\u{a0}»"),
        ] {
            assert_eq!(of_organisation(label), said);
        }
    }
}
