//! Whether a password may be chosen: long enough, and not one that is tried first.
//!
//! Length and a list of what is common, as NIST SP 800-63B §5.1.1.2 has it, and no rule of
//! composition: those make people write `Motdepasse2026!`, which is what is tried first. What is
//! common is taken away (the words of the list, the person's own names, rows of the keyboard,
//! repetitions, years), and of what stays there must be enough. An estimator with dictionaries
//! (zxcvbn) judges finer and brings a dozen crates and a megabyte of English words.

use kernel::{Secret, fold};

use super::account::LocalAccount;

/// The shortest, in characters.
pub(crate) const SHORTEST: usize = 12;
/// The longest, in bytes: what is hashed.
pub(crate) const LONGEST: usize = 1_024;
/// Characters that must stay once what is common was taken away.
const OWN: usize = 6;

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Under 12 characters.
    Short,
    /// Over 1,024 bytes.
    Long,
    /// Made of what is tried first.
    Common,
}

/// What most passwords are made of, in French offices and elsewhere: folded, the longer ones
/// that hold a shorter one first.
const COMMON: &[&str] = &[
    "motdepasse",
    "passedemot",
    "password",
    "passw",
    "passe",
    "azertyuiop",
    "azerty",
    "qwertyuiop",
    "qwertz",
    "qwerty",
    "administrateur",
    "administration",
    "administrator",
    "admin",
    "utilisateur",
    "user",
    "connexion",
    "identifiant",
    "ministere",
    "prefecture",
    "gouvernement",
    "gouv",
    "republique",
    "marianne",
    "france",
    "liberte",
    "egalite",
    "fraternite",
    "besace",
    "agent",
    "service",
    "bureau",
    "direction",
    "secret",
    "changezmoi",
    "changemoi",
    "changeme",
    "bienvenue",
    "welcome",
    "bonjour",
    "bonsoir",
    "salut",
    "coucou",
    "hello",
    "soleil",
    "lune",
    "etoile",
    "sunshine",
    "doudou",
    "chouchou",
    "loulou",
    "nounours",
    "cheval",
    "licorne",
    "princesse",
    "princess",
    "jetaime",
    "iloveyou",
    "amour",
    "coeur",
    "bisous",
    "famille",
    "maman",
    "papa",
    "enfant",
    "chaton",
    "chien",
    "football",
    "baseball",
    "rugby",
    "marseille",
    "paris",
    "lyon",
    "bordeaux",
    "toulouse",
    "lille",
    "nantes",
    "bretagne",
    "printemps",
    "automne",
    "hiver",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "letmein",
    "trustno",
    "login",
    "abcdef",
    "test",
    "demo",
    "temporaire",
    "provisoire",
    "default",
    "guest",
    "root",
    "toto",
    "titi",
];

/// Rows that fingers and heads follow, forwards and backwards.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
];
/// Neighbours in a row, from so many on, are no choice.
const RUN: usize = 3;

/// Judges a password for an account.
///
/// # Errors
/// Why it may not be chosen.
pub(crate) fn judge(password: &Secret, account: &LocalAccount) -> Result<(), Weak> {
    let text = password.expose();
    if text.len() > LONGEST {
        return Err(Weak::Long);
    }
    if text.chars().count() < SHORTEST {
        return Err(Weak::Short);
    }
    let mut left = plain(text);
    for word in own_words(account) {
        left = left.replace(&word, " ");
    }
    for word in COMMON {
        left = left.replace(word, " ");
    }
    if chosen(&left) < OWN {
        return Err(Weak::Common);
    }
    Ok(())
}

/// Folded (case, accents), signs that stand for letters read as those, spaces taken out.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in fold(text).chars() {
        match c {
            '@' => plain.push('a'),
            '$' => plain.push('s'),
            '€' => plain.push('e'),
            c if c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\'' | '’') => {}
            c => plain.push(c),
        }
    }
    plain
}

/// What everybody knows of a person: names and the parts of the address, of four letters and
/// more.
fn own_words(account: &LocalAccount) -> Vec<String> {
    let said = &account.attributes;
    let all = format!(
        "{} {} {} {}",
        said.given_name,
        said.usual_name,
        said.uid,
        account.login.as_str()
    );
    let mut words: Vec<String> = all
        .split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .filter(|word| word.chars().count() >= 4)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// Characters that are neither repeated, nor the next of a row, nor of a year.
fn chosen(left: &str) -> usize {
    let mut count = 0;
    for part in left.split(' ') {
        let part: Vec<char> = part.chars().collect();
        let mut at = 0;
        while at < part.len() {
            let rest = part.get(at..).unwrap_or_default();
            let skipped = run(rest).max(year(rest));
            if skipped >= RUN {
                at += skipped;
            } else {
                count += 1;
                at += 1;
            }
        }
    }
    count
}

/// How many characters follow each other: the same, a pair again and again, or neighbours of a
/// row.
fn run(text: &[char]) -> usize {
    let mut longest = 0;
    for period in 1..=3 {
        let again = text
            .iter()
            .zip(text.iter().skip(period))
            .take_while(|(one, next)| one == next)
            .count();
        if again >= period.max(2) {
            longest = longest.max(again + period);
        }
    }
    for row in ROWS {
        let row: Vec<char> = row.chars().collect();
        for step in [1_isize, -1] {
            longest = longest.max(along(text, &row, step));
        }
    }
    longest
}

fn along(text: &[char], row: &[char], step: isize) -> usize {
    let mut place: Option<usize> = None;
    for (length, c) in text.iter().enumerate() {
        let found = match place.and_then(|place| place.checked_add_signed(step)) {
            Some(next) => row.get(next).filter(|wanted| *wanted == c).map(|_| next),
            None if length == 0 => row.iter().position(|one| one == c),
            None => None,
        };
        if found.is_none() {
            return length;
        }
        place = found;
    }
    text.len()
}

/// A year of our time: four digits.
fn year(text: &[char]) -> usize {
    let digits: String = text.iter().take(4).collect();
    match digits.parse::<u32>() {
        Ok(1_900..=2_099) if digits.len() == 4 => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::testing::somebody;

    fn judged(text: &str) -> Result<(), Weak> {
        judge(&Secret::new(text), &somebody("clementine", 1))
    }

    #[test]
    fn a_sentence_or_twelve_random_characters_may_be_chosen() {
        for text in [
            "le vélo bleu roule vers la gare",
            "correct horse battery staple",
            "fk29xqpw7vhz",
            "Trois pommes vertes 7",
        ] {
            assert_eq!(judged(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_tried_first_may_not() {
        for text in [
            "Motdepasse2026!",
            "M0tdepasse-2026",
            "azertyuiop123",
            "password1234",
            "P@ssw0rd2025!",
            "aaaaaaaaaaaa",
            "121212121212",
            "123456789012",
            "abcabcabcabcabc",
            "Clementine2026!",
            "clementine@interieur",
            "Martin-Clementine",
            "bonjourbonjour",
            "Juillet2026!!",
            "qsdfghjklm123456",
        ] {
            assert_eq!(judged(text), Err(Weak::Common), "{text}");
        }
    }

    #[test]
    fn length_has_two_ends() {
        assert_eq!(judged("fk29xqpw7vh"), Err(Weak::Short));
        assert_eq!(judged(""), Err(Weak::Short));
        assert_eq!(judged(&"fk29xqpw7vhz".repeat(100)), Err(Weak::Long));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fall(text in ".{0,200}") {
            let _ = judged(&text);
        }
    }
}
