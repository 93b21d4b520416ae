//! The second factor of an account of ours: asked for, added, and its recovery codes.

use askama::Template;
use kernel::Secret;

use super::qr::Qr;
use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::{self, second_factor as words, sign_in};

/// Names under which the forms post.
pub mod field {
    /// A code, or a recovery code.
    pub const CODE: &str = "code";
    /// What a factor is to be called.
    pub const NAME: &str = "name";
    /// Present: go on without.
    pub const SKIP: &str = "skip";
}

/// How the last try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// There was none.
    None,
    /// Not the right code, or one that was used.
    Refused,
    /// Slowed down.
    TooManyAttempts {
        /// How long.
        seconds: u32,
    },
    /// The queue of passwords is full.
    Busy,
    /// Not a name.
    Name,
}

impl Tried {
    /// What it says, and whether a field is to be looked at.
    pub(super) fn told(self, reader: &Reader<'_>, refused: &str) -> Option<String> {
        let locale = reader.locale;
        match self {
            Self::None => None,
            Self::Refused => Some(refused.to_owned()),
            Self::TooManyAttempts { seconds } => Some(texts::wait_seconds(locale, seconds)),
            Self::Busy => Some(texts::PASSWORDS_BUSY.get(locale).to_owned()),
            Self::Name => Some(words::Enrol::of(locale).bad_name.to_owned()),
        }
    }
}

/// Whose code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of an account of ours, which has recovery codes.
    Account,
    /// Of a guest, who has none: who invited them resets the factor.
    Guest,
}

/// After the password, or after the code of the mail.
#[derive(Debug, Clone, Copy)]
pub struct AskCode<'a> {
    /// Posts the code.
    pub form: Form<'a>,
    /// Whose it is.
    pub whose: Whose,
    /// How the last try ended.
    pub tried: Tried,
    /// To begin anew.
    pub restart_url: &'a str,
    /// Who removes a lost factor.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/ask_code.html")]
struct AskCodeMain<'a> {
    t: &'static words::AskCode,
    code: &'static str,
    code_hint: &'static str,
    /// Six digits, and never a recovery code.
    guest: bool,
    form: Form<'a>,
    error: Option<String>,
    linked: Option<&'static str>,
    restart_url: &'a str,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl AskCode<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = words::AskCode::of(reader.locale);
        let (code, code_hint) = match self.whose {
            Whose::Account => (t.code, t.code_hint),
            Whose::Guest => (t.guest_code, t.guest_lost),
        };
        let main = AskCodeMain {
            t,
            code,
            code_hint,
            guest: self.whose == Whose::Guest,
            form: self.form,
            error: self.tried.told(reader, t.refused),
            linked: (self.tried == Tried::Refused).then_some(field::CODE),
            restart_url: self.restart_url,
            help: self.help,
            help_question: t.lost,
            help_or: sign_in::SignIn::of(reader.locale).or_by_mail,
            colon: reader.colon(),
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// Why a factor is added.
#[derive(Debug, Clone, Copy)]
pub enum Why<'a> {
    /// Its holder wants one.
    Wanted,
    /// Those of the account were removed by somebody else.
    Required,
    /// An administration that answers for a guest asks for one: they have one, without a name.
    AskedOfGuests,
    /// This application asks for one, and may be left without.
    AskedBy(&'a str),
}

/// A factor is added: its secret, as a picture and as text.
#[derive(Debug, Clone, Copy)]
pub struct Enrol<'a> {
    /// Posts name and code.
    pub form: Form<'a>,
    /// The address that an application scans.
    pub uri: &'a Secret,
    /// The secret in base32.
    pub key: &'a Secret,
    /// The name in the field; none: a proposal.
    pub name: Option<&'a str>,
    /// How the last try ended.
    pub tried: Tried,
    /// Why.
    pub why: Why<'a>,
    /// Back to the account; none during a sign-in.
    pub back_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "pages/enrol.html")]
struct EnrolMain<'a> {
    t: &'static words::Enrol,
    lead: String,
    form: Form<'a>,
    error: Option<String>,
    linked: Option<&'static str>,
    qr: Option<Qr>,
    uri: &'a str,
    key: String,
    /// In its field; none: it has none.
    name: Option<&'a str>,
    may_skip: bool,
    back_url: Option<&'a str>,
    back_text: &'static str,
}

impl Enrol<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = words::Enrol::of(reader.locale);
        let lead = match self.why {
            Why::Wanted => t.scan.to_owned(),
            Why::Required => format!("{} {}", t.required, t.scan),
            Why::AskedOfGuests => format!("{} {}", t.asked_of_guests, t.scan),
            Why::AskedBy(application) => {
                format!("{} {}", words::asked_by(reader.locale, application), t.scan)
            }
        };
        let is_unnamed = matches!(self.why, Why::AskedOfGuests);
        let linked = match self.tried {
            Tried::Refused => Some(field::CODE),
            Tried::Name if !is_unnamed => Some(field::NAME),
            Tried::None | Tried::Name | Tried::TooManyAttempts { .. } | Tried::Busy => None,
        };
        let main = EnrolMain {
            t,
            lead,
            form: self.form,
            error: self.tried.told(reader, t.wrong),
            linked,
            qr: Qr::of(self.uri.expose()),
            uri: self.uri.expose(),
            key: in_groups(self.key.expose()),
            name: (!is_unnamed).then_some(self.name.unwrap_or(t.default_name)),
            may_skip: matches!(self.why, Why::AskedBy(_)),
            back_url: self.back_url,
            back_text: words::Account::of(reader.locale).back,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// A key as it is read aloud and typed: in groups of four.
fn in_groups(key: &str) -> String {
    let mut text = String::new();
    for (place, c) in key.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

/// Recovery codes, shown once.
#[derive(Debug, Clone, Copy)]
pub struct RecoveryCodes<'a> {
    /// Them.
    pub codes: &'a [Secret],
    /// What goes on with a sign-in; none: a link does.
    pub form: Option<Form<'a>>,
    /// Where one goes on to without a form.
    pub next_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/recovery_codes.html")]
struct CodesMain<'a> {
    t: &'static words::Codes,
    codes: Vec<&'a str>,
    form: Option<Form<'a>>,
    next_url: &'a str,
}

impl RecoveryCodes<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = words::Codes::of(reader.locale);
        let main = CodesMain {
            t,
            codes: self.codes.iter().map(Secret::expose).collect(),
            form: self.form,
            next_url: self.next_url,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FORM, HELP, HOSTILE, both};
    use super::*;

    const TRIES: [Tried; 5] = [
        Tried::None,
        Tried::Refused,
        Tried::TooManyAttempts { seconds: 30 },
        Tried::Busy,
        Tried::Name,
    ];

    #[test]
    fn a_code_is_asked_with_a_way_out_and_somebody_to_call() {
        for tried in TRIES {
            let page = |whose, help| AskCode {
                form: FORM,
                tried,
                whose,
                restart_url: "/connexion",
                help,
            };
            let (guest, _) = both(|reader| page(Whose::Guest, None).render(reader));
            assert!(
                !guest.main.contains("secours"),
                "a guest has no recovery code"
            );
            assert!(
                guest
                    .main
                    .contains("Écrivez à la personne qui vous a invité")
            );
            let (fr, _) = both(|reader| page(Whose::Account, Some(HELP)).render(reader));
            assert!(fr.main.contains("autocomplete=\"one-time-code\""));
            assert_eq!(fr.main.contains("role=\"alert\""), tried != Tried::None);
            assert_eq!(fr.main.contains("aria-invalid"), tried == Tried::Refused);
            assert!(fr.main.contains("01 99 00 41 20"));
        }
    }

    #[test]
    fn a_secret_is_a_picture_and_a_text_and_nothing_is_marked_as_style() {
        let uri = Secret::new("otpauth://totp/a?secret=ABCDEFGH");
        let key = Secret::new("ABCDEFGHIJ");
        for (why, skips) in [
            (Why::Wanted, false),
            (Why::Required, false),
            (Why::AskedOfGuests, false),
            (Why::AskedBy(HOSTILE), true),
        ] {
            for tried in TRIES {
                let page = Enrol {
                    form: FORM,
                    uri: &uri,
                    key: &key,
                    name: Some(HOSTILE),
                    tried,
                    why,
                    back_url: Some("/compte"),
                };
                let (fr, _) = both(|reader| page.render(reader));
                assert!(fr.main.contains("<svg") && fr.main.contains("ABCD EFGH IJ"));
                assert_eq!(fr.main.contains("name=\"skip\""), skips);
                let is_named = !matches!(why, Why::AskedOfGuests);
                assert_eq!(fr.main.contains("name=\"name\""), is_named);
            }
        }
    }

    #[test]
    fn recovery_codes_are_a_list_and_go_on_by_a_form_or_a_link() {
        let codes = [Secret::new("aaaa-bbbb"), Secret::new(HOSTILE)];
        for form in [Some(FORM), None] {
            let page = RecoveryCodes {
                codes: &codes,
                form,
                next_url: "/compte",
            };
            let (fr, _) = both(|reader| page.render(reader));
            assert_eq!(fr.main.matches("<li>").count(), 2);
            assert_eq!(fr.main.contains("<form"), form.is_some());
            assert_eq!(fr.main.contains("href=\"/compte\""), form.is_none());
        }
    }
}
