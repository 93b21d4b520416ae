//! What an agent is found by, and what a question asks for.
//!
//! Each word of an agent makes an entry: the word, then the agent's other words, so that all who
//! have a word beginning with some letters stand together, in order, and each further word can be
//! looked for in the entry itself. Both sides are folded here ([`kernel::fold`]), never by a
//! database.

use std::collections::BTreeSet;

use kernel::fold;
use kernel::port::Person;

use super::agent::Attributes;

/// Raised when entries are made otherwise than before: those of older versions are made anew.
pub const VERSION: i64 = 1;

/// Words of one agent, at most.
const MOST_WORDS: usize = 24;
/// Words of one question, at most; further ones narrow nothing.
const MOST_ASKED: usize = 6;
/// Letters of a word, at most; a longer one is cut.
const LONGEST_WORD: usize = 40;
/// Bytes of an entry, at most.
const LONGEST_ENTRY: usize = 400;
/// Words of a service's name that part nobody from anybody.
const EMPTY_WORDS: &[&str] = &[
    "a", "and", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of",
    "pour", "sur", "the",
];

/// Where a word comes from; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The name in use.
    UsualName,
    /// First names.
    GivenName,
    /// The professional address.
    Address,
    /// The service.
    Unit,
}

impl Field {
    /// All, the best first.
    pub const ALL: [Self; 4] = [Self::UsualName, Self::GivenName, Self::Address, Self::Unit];

    /// The stored number.
    pub const fn number(self) -> i64 {
        match self {
            Self::UsualName => 0,
            Self::GivenName => 1,
            Self::Address => 2,
            Self::Unit => 3,
        }
    }
}

/// What words are made of.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// First names.
    pub given_name: &'a str,
    /// The name in use.
    pub usual_name: &'a str,
    /// The professional address.
    pub email: &'a str,
    /// The service.
    pub unit: Option<&'a str>,
}

impl<'a> From<&'a Attributes> for Known<'a> {
    fn from(attributes: &'a Attributes) -> Self {
        Self {
            given_name: &attributes.given_name,
            usual_name: &attributes.usual_name,
            email: &attributes.email,
            unit: attributes.organizational_unit.as_deref(),
        }
    }
}

impl<'a> From<&'a Person> for Known<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            given_name: &person.given_name,
            usual_name: &person.usual_name,
            email: &person.email,
            unit: person.organizational_unit.as_deref(),
        }
    }
}

/// The entries of one agent, in the order in which they are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries(BTreeSet<(Field, String)>);

impl Entries {
    /// The entries of somebody.
    pub fn of<'a>(known: impl Into<Known<'a>>) -> Self {
        let known = known.into();
        let usual = words(known.usual_name);
        let given = words(known.given_name);
        let local = words(known.email.split('@').next().unwrap_or_default());
        let unit = words(known.unit.unwrap_or_default());
        let unit = unit.filter(|word| !EMPTY_WORDS.contains(&word.as_str()));
        let fields = [
            (Field::UsualName, with_whole(usual)),
            (Field::GivenName, given.collect()),
            (Field::Address, local.collect()),
            (Field::Unit, unit.collect()),
        ];
        let all = distinct(fields.iter().flat_map(|(_, words)| words));
        let mut entries = BTreeSet::new();
        for (field, words) in &fields {
            for word in words.iter().filter(|word| all.contains(word)) {
                // An address is mostly made of the names, which find it already.
                let is_name = |(_, names): &(Field, Vec<String>)| names.contains(word);
                if *field == Field::Address && fields.iter().take(2).any(is_name) {
                    continue;
                }
                entries.insert((*field, entry(word, &all)));
            }
        }
        if !known.email.is_empty() {
            entries.insert((Field::Address, cut(address(known.email), LONGEST_ENTRY)));
        }
        Self(entries)
    }

    /// The first entry that begins so: where a question finds its agent, once.
    pub fn first(&self, beginning: &str) -> Option<(Field, &str)> {
        let found = self.0.iter().find(|(_, text)| text.starts_with(beginning));
        found.map(|(field, text)| (*field, text.as_str()))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }

    /// Those that `other` does not have.
    pub fn but(&self, other: &Self) -> Vec<(Field, String)> {
        self.0.difference(&other.0).cloned().collect()
    }
}

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Nothing that could be found.
    Nothing,
    /// Whose address begins so.
    Address(String),
    /// Who has, for each of these, a word that begins so; one at least.
    Words(Vec<String>),
}

impl Question {
    /// Reads what was typed. With an address in it, the address alone counts.
    pub fn parse(typed: &str) -> Self {
        let is_around = |c: char| "<>()[],;:\"'".contains(c);
        let chunks = typed
            .split_whitespace()
            .map(|chunk| chunk.trim_matches(is_around));
        let found = chunks
            .filter(|chunk| chunk.find('@').is_some_and(|at| at > 0))
            .map(address)
            .next();
        if let Some(found) = found {
            return Self::Address(cut(found, LONGEST_ENTRY));
        }
        let all: Vec<String> = words(typed).collect();
        let telling = |word: &&String| !EMPTY_WORDS.contains(&word.as_str());
        let mut asked = distinct(all.iter().filter(telling));
        if asked.is_empty() {
            asked = distinct(&all);
        }
        asked.truncate(MOST_ASKED);
        if asked.is_empty() {
            Self::Nothing
        } else {
            Self::Words(asked)
        }
    }
}

/// An address as it is compared.
pub fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The folded words of a text.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST_WORD).collect())
        .collect();
    words.into_iter()
}

/// The words of a name, and the name in one for who leaves the space out (`d’Haene`, `Ben Ali`).
fn with_whole(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.collect();
    if words.len() > 1 {
        words.push(words.concat().chars().take(LONGEST_WORD).collect());
    }
    words
}

fn distinct<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for word in words {
        if distinct.len() < MOST_WORDS && !distinct.contains(word) {
            distinct.push(word.clone());
        }
    }
    distinct
}

fn entry(word: &str, all: &[String]) -> String {
    let mut text = word.to_owned();
    for other in all.iter().filter(|other| *other != word) {
        text.push(' ');
        text.push_str(other);
    }
    cut(text, LONGEST_ENTRY)
}

fn cut(mut text: String, bytes: usize) -> String {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(given: &str, usual: &str, email: &str, unit: &str) -> Vec<(Field, String)> {
        let entries = Entries::of(Known {
            given_name: given,
            usual_name: usual,
            email,
            unit: Some(unit),
        });
        entries.0.into_iter().collect()
    }

    #[test]
    fn each_word_makes_an_entry_with_the_others_behind_it() {
        let made = entries(
            "Étienne",
            "Roussel-Maillard",
            "E.Roussel@interieur.gouv.fr",
            "Chef de la mission",
        );
        let expected = [
            (
                Field::UsualName,
                "maillard roussel rousselmaillard etienne e chef mission",
            ),
            (
                Field::UsualName,
                "roussel maillard rousselmaillard etienne e chef mission",
            ),
            (
                Field::UsualName,
                "rousselmaillard roussel maillard etienne e chef mission",
            ),
            (
                Field::GivenName,
                "etienne roussel maillard rousselmaillard e chef mission",
            ),
            (
                Field::Address,
                "e roussel maillard rousselmaillard etienne chef mission",
            ),
            (Field::Address, "e.roussel@interieur.gouv.fr"),
            (
                Field::Unit,
                "chef roussel maillard rousselmaillard etienne e mission",
            ),
            (
                Field::Unit,
                "mission roussel maillard rousselmaillard etienne e chef",
            ),
        ];
        let made: Vec<_> = made.iter().map(|(field, text)| (*field, &**text)).collect();
        assert_eq!(made, expected);
    }

    #[test]
    fn an_agent_is_found_once_where_they_are_found_best() {
        let entries = Entries::of(Known {
            given_name: "Claire",
            usual_name: "Delmas",
            email: "claire.delmas@interieur.gouv.fr",
            unit: Some("Clairance"),
        });
        let found = |beginning| entries.first(beginning).map(|(field, _)| field);
        assert_eq!(found("clair"), Some(Field::GivenName));
        assert_eq!(found("claira"), Some(Field::Unit));
        assert_eq!(found("claire.delmas@"), Some(Field::Address));
        assert_eq!(found("hugo"), None);
    }

    #[test]
    fn a_question_is_words_or_an_address() {
        let words =
            |words: &[&str]| Question::Words(words.iter().map(|word| (*word).to_owned()).collect());
        for (typed, question) in [
            ("  Cla  DEL ", words(&["cla", "del"])),
            ("claire.del", words(&["claire", "del"])),
            ("@interieur", words(&["interieur"])),
            ("direction de la mission", words(&["direction", "mission"])),
            ("de", words(&["de"])),
            ("jean jean", words(&["jean"])),
            ("%_' \\", Question::Nothing),
            ("", Question::Nothing),
        ] {
            assert_eq!(Question::parse(typed), question, "{typed}");
        }
        let pasted = "Claire Delmas <Claire.Delmas@interieur.gouv.fr>,";
        let address = Question::Address("claire.delmas@interieur.gouv.fr".to_owned());
        assert_eq!(Question::parse(pasted), address);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_or_written_stays_within_its_bounds(
            typed in ".{0,300}", given in ".{0,300}", usual in ".{0,300}", unit in ".{0,600}",
        ) {
            if let Question::Words(words) = Question::parse(&typed) {
                proptest::prop_assert!((1..=MOST_ASKED).contains(&words.len()));
                for word in words {
                    proptest::prop_assert!(word.chars().all(char::is_alphanumeric));
                    proptest::prop_assert!(word.chars().count() <= LONGEST_WORD);
                }
            }
            let entries = entries(&given, &usual, &typed, &unit);
            proptest::prop_assert!(entries.len() <= 4 * MOST_WORDS + 1);
            for (_, text) in entries {
                proptest::prop_assert!(text.len() <= LONGEST_ENTRY);
            }
        }
    }
}
