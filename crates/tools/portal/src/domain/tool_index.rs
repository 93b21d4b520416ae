//! Tools found by their words.

use std::cmp::Reverse;
use std::sync::Arc;

use kernel::{Locale, Profile, fold};

use super::{Catalogue, Tile};

/// Words of a question looked at; the others are left out.
const WORDS: usize = 8;

/// A catalogue with the folded words of its tools, made once for each state of it.
#[derive(Debug)]
pub struct ToolIndex {
    catalogue: Arc<Catalogue>,
    /// In the order of [`Catalogue::tiles`].
    keys: Vec<Keys>,
}

#[derive(Debug)]
struct Keys {
    names: [String; 2],
    descriptions: [String; 2],
}

/// How well a word fits a tool, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    InDescription,
    InsideName,
    BeginsWord,
    BeginsName,
}

impl ToolIndex {
    /// The index of a catalogue.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        let keys = catalogue
            .tiles()
            .map(|tile| Keys {
                names: [fold(&tile.name.fr), fold(&tile.name.en)],
                descriptions: [fold(&tile.description.fr), fold(&tile.description.en)],
            })
            .collect();
        Self { catalogue, keys }
    }

    /// Whether it is the index of this very catalogue.
    pub fn is_of(&self, catalogue: &Arc<Catalogue>) -> bool {
        Arc::ptr_eq(&self.catalogue, catalogue)
    }

    /// The tools meant for this person that hold every word, best first: the word begins the
    /// name, a word of it, is inside it, or is in the description. Accents and case do not
    /// count. Words in the other language find too, after those in the reader's.
    pub fn find(
        &self,
        words: &str,
        profile: &Profile<'_>,
        locale: Locale,
        limit: usize,
    ) -> Vec<&Tile> {
        let folded = fold(words);
        let words: Vec<&str> = folded.split(' ').take(WORDS).collect();
        if folded.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (tile, keys) in self.catalogue.tiles().zip(&self.keys) {
            if let Some(fit) = keys.fit(&words, locale)
                && tile.is_for(profile)
            {
                found.push((fit, tile));
            }
        }
        // Stable: equal ones stay in the order of the page.
        found.sort_by_key(|(fit, _)| Reverse(*fit));
        found
            .into_iter()
            .take(limit)
            .map(|(_, tile)| tile)
            .collect()
    }
}

impl Keys {
    /// The worst fit of the words, whether in the reader's language, and the sum of the fits;
    /// none when a word is nowhere.
    fn fit(&self, words: &[&str], locale: Locale) -> Option<(Fit, bool, u32)> {
        let [french, english] = [0, 1].map(|language| self.fit_in(words, language));
        let (own, other) = match locale {
            Locale::Fr => (french, english),
            Locale::En => (english, french),
        };
        let own = own.map(|(worst, sum)| (worst, true, sum));
        let other = other.map(|(worst, sum)| (worst, false, sum));
        own.max(other)
    }

    fn fit_in(&self, words: &[&str], language: usize) -> Option<(Fit, u32)> {
        let (name, description) = (self.names.get(language)?, self.descriptions.get(language)?);
        let (mut worst, mut sum) = (Fit::BeginsName, 0);
        for word in words {
            let fit = fit_of(word, name, description)?;
            worst = worst.min(fit);
            sum += fit as u32;
        }
        Some((worst, sum))
    }
}

fn fit_of(word: &str, name: &str, description: &str) -> Option<Fit> {
    if name.starts_with(word) {
        Some(Fit::BeginsName)
    } else if begins_a_word(name, word) {
        Some(Fit::BeginsWord)
    } else if name.contains(word) {
        Some(Fit::InsideName)
    } else if description.contains(word) {
        Some(Fit::InDescription)
    } else {
        None
    }
}

fn begins_a_word(text: &str, word: &str) -> bool {
    text.split(' ').any(|part| part.starts_with(word))
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, Audience, OrganisationId, Population, Text};

    use super::*;
    use crate::domain::{Family, Publication};
    use crate::sample;

    const PROFILE: Profile<'static> = Profile {
        agent: AgentId::from_u128(9),
        organisation: OrganisationId::from_u128(2),
        ancestors: &[],
        population: Population::Agent,
        guest: false,
    };

    fn tool(id: u128, name: &'static str, description: &'static str) -> Tile {
        let mut tile = sample::tile(id, 1, u32::try_from(id).expect("small"), Audience::Everyone);
        tile.name = Text::fixed(name, "Other");
        tile.description = Text::fixed(description, "Thing");
        tile
    }

    fn index(tiles: Vec<Tile>) -> ToolIndex {
        let categories = vec![sample::category(1, 1, Family::Blue)];
        ToolIndex::new(Arc::new(Catalogue::new(1, categories, tiles)))
    }

    fn names(index: &ToolIndex, words: &str) -> Vec<String> {
        index
            .find(words, &PROFILE, Locale::Fr, 10)
            .into_iter()
            .map(|tile| tile.name.fr.to_string())
            .collect()
    }

    fn state() -> ToolIndex {
        index(vec![
            tool(1, "Transmission", "Passer le relais"),
            tool(2, "Congés", "Poser et suivre, en mission aussi"),
            tool(3, "Frais de mission", "Ordres et remboursements"),
            tool(4, "Missions à l’étranger", "Autorisations et sécurité"),
            tool(5, "Œuvres sociales", "Vacances"),
        ])
    }

    #[test]
    fn a_name_s_beginning_goes_before_a_word_s_then_inside_then_the_description() {
        assert_eq!(
            names(&state(), "mission"),
            [
                "Missions à l’étranger",
                "Frais de mission",
                "Transmission",
                "Congés"
            ]
        );
    }

    #[test]
    fn accents_case_and_ligatures_do_not_part_words() {
        for words in ["CONGES", "congés", " Congé "] {
            assert_eq!(names(&state(), words), ["Congés"], "{words}");
        }
        assert_eq!(names(&state(), "oeuvres"), ["Œuvres sociales"]);
        assert_eq!(names(&state(), "l'etranger"), ["Missions à l’étranger"]);
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert_eq!(names(&state(), "mission frais"), ["Frais de mission"]);
        assert_eq!(
            names(&state(), "mission remboursement"),
            ["Frais de mission"]
        );
        assert!(names(&state(), "mission licorne").is_empty());
        assert!(names(&state(), "  ").is_empty());
    }

    #[test]
    fn the_other_language_finds_too_and_comes_after() {
        let mut both = tool(1, "Messages", "Discuter");
        both.name = Text::fixed("Messages", "Chat");
        let mut chat = tool(2, "Chat noir", "Cabaret");
        chat.name = Text::fixed("Chat noir", "Black cat");
        assert_eq!(
            names(&index(vec![both, chat]), "chat"),
            ["Chat noir", "Messages"]
        );
    }

    #[test]
    fn a_neighbour_s_tool_and_a_draft_are_never_found() {
        let mut foreign = tool(1, "Missions", "x");
        foreign.audience = Audience::Organisation {
            id: OrganisationId::from_u128(3),
            subtree: true,
        };
        let mut draft = tool(2, "Missions", "x");
        draft.publication = Publication::Draft;
        assert!(names(&index(vec![foreign, draft]), "mission").is_empty());
    }

    #[test]
    fn no_more_than_asked_come_back() {
        let tiles = (1..40).map(|id| tool(id, "Mission", "x")).collect();
        assert_eq!(names(&index(tiles), "mission").len(), 10);
    }
}
