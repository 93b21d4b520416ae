//! A password is chosen: forgotten, by a link, or from the account.

use askama::Template;

use super::second_factor::Tried;
use super::{Content, Form, Help, Reader, Rendered};
use crate::local::choice::Weak;
use crate::texts::{password as words, second_factor, sign_in};

/// Names under which the forms post.
pub mod field {
    /// The address.
    pub const EMAIL: &str = "email";
    /// The password until now.
    pub const BEFORE: &str = "before";
    /// The new one.
    pub const PASSWORD: &str = "password";
}

/// An address, to which a link goes.
#[derive(Debug, Clone, Copy)]
pub struct Forgotten<'a> {
    /// Posts the address.
    pub form: Form<'a>,
    /// Back to the sign-in.
    pub back_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/forgotten.html")]
struct ForgottenMain<'a> {
    t: &'static words::Forgotten,
    form: Form<'a>,
    back_url: &'a str,
}

impl Forgotten<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = words::Forgotten::of(reader.locale);
        let main = ForgottenMain {
            t,
            form: self.form,
            back_url: self.back_url,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// What there is to tell, and nothing to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// If there is an account, a link goes there.
    Sent,
    /// The link is no longer good.
    Gone,
    /// The password is chosen.
    Chosen,
}

/// Something to tell.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What.
    pub news: News,
    /// Where one goes on to.
    pub next_url: &'a str,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/told.html")]
struct ToldMain<'a> {
    title: &'static str,
    lead: &'static str,
    more: Option<&'static str>,
    next: &'static str,
    next_url: &'a str,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl Told<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let locale = reader.locale;
        let forgotten = words::Forgotten::of(locale);
        let choose = words::Choose::of(locale);
        let (title, lead, more, next) = match self.news {
            News::Sent => (
                forgotten.sent_title,
                forgotten.sent,
                Some(forgotten.sent_factor),
                forgotten.back,
            ),
            News::Gone => (choose.gone_title, choose.gone, None, choose.again),
            News::Chosen => (choose.chosen_title, choose.chosen, None, choose.sign_in),
        };
        let main = ToldMain {
            title,
            lead,
            more,
            next,
            next_url: self.next_url,
            help: self.help,
            help_question: forgotten.no_mail,
            help_or: sign_in::SignIn::of(locale).or_by_mail,
            colon: reader.colon(),
        };
        Ok(Content {
            title: title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// How a try at a password ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// There was none, or it ended as a try does (of the password until now).
    Tried(Tried),
    /// The new one may not be chosen.
    Weak(Weak),
}

/// Why a password is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It was forgotten.
    Forgotten,
    /// The account is new.
    Invited,
    /// Its holder wants another.
    Changed,
}

/// A new password.
#[derive(Debug, Clone, Copy)]
pub struct ChoosePassword<'a> {
    /// Posts it.
    pub form: Form<'a>,
    /// Why.
    pub occasion: Occasion,
    /// Whose: browsers keep it with the password.
    pub login: &'a str,
    /// How the last try ended.
    pub choice: Choice,
    /// Back to the account; none: by a link there is nothing to go back to.
    pub back_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "pages/choose_password.html")]
struct ChooseMain<'a> {
    t: &'static words::Choose,
    title: &'static str,
    lead: String,
    submit: &'static str,
    form: Form<'a>,
    login: &'a str,
    before: Option<&'static str>,
    error: Option<String>,
    linked: Option<&'static str>,
    back_url: Option<&'a str>,
    back_text: &'static str,
}

impl ChoosePassword<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let locale = reader.locale;
        let (t, change) = (words::Choose::of(locale), words::Change::of(locale));
        let (title, lead, submit) = match self.occasion {
            Occasion::Forgotten => (t.title, self.login.to_owned(), t.submit),
            Occasion::Invited => (t.welcome, self.login.to_owned(), t.submit),
            Occasion::Changed => (change.title, change.lead.to_owned(), change.submit),
        };
        let (error, linked) = match self.choice {
            Choice::Weak(cause) => {
                let told = words::weak(locale, cause).to_owned();
                (Some(told), Some(field::PASSWORD))
            }
            Choice::Tried(tried) => {
                let wrong = second_factor::Prove::of(locale).wrong_password;
                let linked = (tried == Tried::Refused).then_some(field::BEFORE);
                (tried.told(reader, wrong), linked)
            }
        };
        let before = (self.occasion == Occasion::Changed).then_some(change.before);
        let main = ChooseMain {
            t,
            title,
            lead,
            submit,
            form: self.form,
            login: self.login,
            before,
            error,
            linked,
            back_url: self.back_url,
            back_text: second_factor::Account::of(locale).back,
        };
        Ok(Content {
            title: title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FORM, HELP, HOSTILE, both};
    use super::*;

    #[test]
    fn an_address_is_asked_and_what_is_told_does_not_depend_on_it() {
        let page = Forgotten {
            form: FORM,
            back_url: "/connexion",
        };
        let (fr, _) = both(|reader| page.render(reader));
        assert!(fr.main.contains("autocomplete=\"username\""));
        for news in [News::Sent, News::Gone, News::Chosen] {
            let page = Told {
                news,
                next_url: "/connexion",
                help: Some(HELP),
            };
            let (fr, _) = both(|reader| page.render(reader));
            assert_eq!(fr.main.contains("Si un compte existe"), news == News::Sent);
        }
    }

    #[test]
    fn a_new_password_is_kept_by_the_browser_and_a_weak_one_is_told_why() {
        let choices = [
            Choice::Tried(Tried::None),
            Choice::Tried(Tried::Refused),
            Choice::Tried(Tried::Busy),
            Choice::Weak(Weak::Short),
            Choice::Weak(Weak::Long),
            Choice::Weak(Weak::Common),
        ];
        for occasion in [Occasion::Forgotten, Occasion::Invited, Occasion::Changed] {
            for choice in choices {
                if (occasion, choice) == (Occasion::Forgotten, Choice::Tried(Tried::Refused)) {
                    continue;
                }
                if (occasion, choice) == (Occasion::Invited, Choice::Tried(Tried::Refused)) {
                    continue;
                }
                let page = ChoosePassword {
                    form: FORM,
                    occasion,
                    login: HOSTILE,
                    choice,
                    back_url: Some("/compte"),
                };
                let (fr, _) = both(|reader| page.render(reader));
                assert!(fr.main.contains("autocomplete=\"new-password\""));
                let asks_before = fr.main.contains("current-password");
                assert_eq!(asks_before, occasion == Occasion::Changed);
                let told = fr.main.contains("role=\"alert\"");
                assert_eq!(told, choice != Choice::Tried(Tried::None));
            }
        }
    }
}
