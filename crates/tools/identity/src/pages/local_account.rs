//! The account of somebody who signs in here, and what is asked before it is changed.

use askama::Template;

use super::second_factor::Tried;
use super::{Content, Form, Reader, Rendered};
use crate::local::{Factor, MOST_FACTORS, SecondFactor};
use crate::texts::second_factor as words;

/// Names under which the forms post.
pub mod field {
    /// A code, a recovery code or the password.
    pub const PROOF: &str = "proof";
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A factor was added.
    Added,
    /// A factor was renamed.
    Renamed,
    /// A factor was removed.
    Removed,
    /// The password was changed.
    PasswordChanged,
}

impl Done {
    /// The word in the page's address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "ajoute",
            Self::Renamed => "renomme",
            Self::Removed => "retire",
            Self::PasswordChanged => "change",
        }
    }

    /// From the page's address.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Added,
            Self::Renamed,
            Self::Removed,
            Self::PasswordChanged,
        ]
        .into_iter()
        .find(|done| done.word() == word)
    }
}

/// The account.
#[derive(Debug, Clone, Copy)]
pub struct AccountPage<'a> {
    /// Whose.
    pub name: &'a str,
    /// Its address.
    pub login: &'a str,
    /// What it has beside its password.
    pub second: &'a SecondFactor,
    /// What was just done.
    pub done: Option<Done>,
    /// The stem of its pages' addresses.
    pub base: &'a str,
    /// Whether the administration of accounts is for them.
    pub administers: bool,
}

/// Where the accounts are administered.
const ADMINISTRATION: &str = "/administration/comptes";

struct Line<'a> {
    url: String,
    name: &'a str,
    dates: String,
}

#[derive(Template)]
#[template(path = "pages/local_account.html")]
struct AccountMain<'a> {
    t: &'static words::Account,
    name: &'a str,
    login: &'a str,
    done: Option<&'static str>,
    factors: Vec<Line<'a>>,
    full: bool,
    codes_left: String,
    add_url: String,
    codes_url: String,
    password_url: String,
    sign_out_url: &'static str,
    administration_url: Option<&'static str>,
}

impl AccountPage<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = words::Account::of(reader.locale);
        let mut factors = Vec::new();
        for factor in &self.second.factors {
            factors.push(Line {
                url: format!("{}/second-facteur/{}", self.base, factor.id),
                name: factor.name.as_str(),
                dates: dates(reader, factor),
            });
        }
        let done = self.done.map(|done| match done {
            Done::Added => t.added,
            Done::Renamed => t.renamed,
            Done::Removed => t.removed,
            Done::PasswordChanged => t.changed,
        });
        let main = AccountMain {
            t,
            name: self.name,
            login: self.login,
            done,
            full: factors.len() >= MOST_FACTORS,
            factors,
            codes_left: words::codes_left(reader.locale, self.second.codes_left),
            add_url: format!("{}/second-facteur", self.base),
            codes_url: format!("{}/codes-de-secours", self.base),
            password_url: format!("{}/mot-de-passe", self.base),
            sign_out_url: "/deconnexion",
            administration_url: self.administers.then_some(ADMINISTRATION),
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

fn dates(reader: &Reader<'_>, factor: &Factor) -> String {
    let (added, used) = (reader.at(factor.created_at), reader.at(factor.used_at));
    words::factor_dates(reader.locale, &added, &used)
}

/// For what a proof is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To add a factor.
    Add,
    /// For new recovery codes.
    Codes,
}

/// A proof before a change.
#[derive(Debug, Clone, Copy)]
pub struct Prove<'a> {
    /// Posts it.
    pub form: Form<'a>,
    /// For what.
    pub wanted: Wanted,
    /// The account's address when the password is the proof; none: a code is.
    pub login: Option<&'a str>,
    /// How the last try ended.
    pub tried: Tried,
    /// Back to the account.
    pub back_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/prove.html")]
struct ProveMain<'a> {
    t: &'static words::Prove,
    title: &'static str,
    lead: &'static str,
    submit: &'static str,
    form: Form<'a>,
    login: Option<&'a str>,
    error: Option<String>,
    linked: Option<&'static str>,
    back_url: &'a str,
    back: &'static str,
}

impl Prove<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let locale = reader.locale;
        let t = words::Prove::of(locale);
        let codes = words::Codes::of(locale);
        let (title, lead, submit) = match self.wanted {
            Wanted::Add => (words::Enrol::of(locale).title, t.add_lead, t.submit),
            Wanted::Codes => (codes.replace, codes.replace_lead, codes.submit),
        };
        let refused = match self.login {
            Some(_) => t.wrong_password,
            None => words::AskCode::of(locale).refused,
        };
        let main = ProveMain {
            t,
            title,
            lead,
            submit,
            form: self.form,
            login: self.login,
            error: self.tried.told(reader, refused),
            linked: (self.tried == Tried::Refused).then_some(field::PROOF),
            back_url: self.back_url,
            back: words::Account::of(locale).back,
        };
        Ok(Content {
            title: title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// Which of a factor's two forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Its new name.
    Rename,
    /// Its removal.
    Remove,
}

/// One factor: renamed, or removed.
#[derive(Debug, Clone, Copy)]
pub struct FactorPage<'a> {
    /// It.
    pub factor: &'a Factor,
    /// Posts another name.
    pub rename: Form<'a>,
    /// Posts the removal.
    pub remove: Form<'a>,
    /// The name in the field.
    pub typed_name: &'a str,
    /// Which form was sent, and how it ended.
    pub tried: (Sent, Tried),
    /// Back to the account.
    pub back_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/factor.html")]
struct FactorMain<'a> {
    t: &'static words::Prove,
    name: &'a str,
    dates: String,
    rename: Form<'a>,
    remove: Form<'a>,
    name_label: &'static str,
    typed_name: &'a str,
    error: Option<String>,
    linked: Option<&'static str>,
    back_url: &'a str,
    back: &'static str,
}

impl FactorPage<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let locale = reader.locale;
        let (sent, tried) = self.tried;
        let linked = match (tried, sent) {
            (Tried::Refused, Sent::Rename) => Some("rename-proof"),
            (Tried::Refused, Sent::Remove) => Some("remove-proof"),
            (Tried::Name, _) => Some("name"),
            (Tried::None | Tried::TooManyAttempts { .. } | Tried::Busy, _) => None,
        };
        let main = FactorMain {
            t: words::Prove::of(locale),
            name: self.factor.name.as_str(),
            dates: dates(reader, self.factor),
            rename: self.rename,
            remove: self.remove,
            name_label: words::Enrol::of(locale).name,
            typed_name: self.typed_name,
            error: tried.told(reader, words::AskCode::of(locale).refused),
            linked,
            back_url: self.back_url,
            back: words::Account::of(locale).back,
        };
        Ok(Content {
            title: self.factor.name.as_str().to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FORM, HOSTILE, NOW, SINCE, both};
    use super::*;
    use crate::local::{FactorId, FactorName};

    fn factor(number: u128) -> Factor {
        let name: String = HOSTILE.chars().take(60).collect();
        Factor {
            id: FactorId::from_u128(number),
            name: FactorName::parse(&name).expect("a name"),
            created_at: SINCE,
            used_at: NOW,
        }
    }

    #[test]
    fn an_account_shows_what_it_has_and_what_may_be_added() {
        for count in [0, 1, 5] {
            let second = SecondFactor {
                factors: (0..count).map(factor).collect(),
                codes_left: 3,
                must_enrol: false,
            };
            let page = AccountPage {
                name: HOSTILE,
                login: HOSTILE,
                second: &second,
                done: Some(Done::Added),
                base: "/compte",
                administers: count == 5,
            };
            let (fr, _) = both(|reader| page.render(reader));
            assert_eq!(fr.main.contains(ADMINISTRATION), count == 5);
            let links = fr.main.matches("href=\"/compte/second-facteur/").count();
            assert_eq!(links, second.factors.len());
            let may_add = fr.main.contains("href=\"/compte/second-facteur\"");
            assert_eq!(may_add, count < 5);
            assert_eq!(fr.main.contains("Il vous en reste 3."), count > 0);
            assert!(fr.main.contains("role=\"status\""));
        }
    }

    #[test]
    fn a_proof_is_the_password_or_a_code() {
        for (login, kind) in [
            (Some(HOSTILE), "type=\"password\""),
            (None, "one-time-code"),
        ] {
            for wanted in [Wanted::Add, Wanted::Codes] {
                for tried in [Tried::None, Tried::Refused] {
                    let page = Prove {
                        form: FORM,
                        wanted,
                        login,
                        tried,
                        back_url: "/compte",
                    };
                    let (fr, _) = both(|reader| page.render(reader));
                    assert!(fr.main.contains(kind));
                    assert_eq!(fr.main.contains("aria-invalid"), tried == Tried::Refused);
                }
            }
        }
    }

    #[test]
    fn a_factor_is_renamed_or_removed_and_a_refusal_marks_the_form_that_was_sent() {
        for (sent, tried, marked) in [
            (Sent::Rename, Tried::None, None),
            (Sent::Rename, Tried::Refused, Some("rename-proof")),
            (Sent::Remove, Tried::Refused, Some("remove-proof")),
            (Sent::Rename, Tried::Name, Some("name")),
            (Sent::Remove, Tried::TooManyAttempts { seconds: 30 }, None),
        ] {
            let one = factor(1);
            let page = FactorPage {
                factor: &one,
                rename: FORM,
                remove: FORM,
                typed_name: HOSTILE,
                tried: (sent, tried),
                back_url: "/compte",
            };
            let (fr, _) = both(|reader| page.render(reader));
            assert_eq!(fr.main.matches("<form").count(), 2);
            let link = marked.map(|field| format!("href=\"#{field}\""));
            assert!(link.is_none_or(|link| fr.main.contains(&link)));
            assert_eq!(fr.main.contains("aria-invalid"), marked.is_some());
        }
    }

    #[test]
    fn what_was_done_is_a_word_of_the_address() {
        for done in [
            Done::Added,
            Done::Renamed,
            Done::Removed,
            Done::PasswordChanged,
        ] {
            assert_eq!(Done::from_word(done.word()), Some(done));
        }
        assert_eq!(Done::from_word("autre"), None);
    }
}
