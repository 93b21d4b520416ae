//! Every text that people read here, French beside English: a missing one does not compile.
//!
//! French follows the house's typography: a no-break space before `: ; ? !` and inside « »,
//! ’ as apostrophe. A test below proves it for each catalogue.

use kernel::{Locale, Text};

/// Declares a catalogue: one field per text, with its French and its English.
macro_rules! catalogue {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $fr:literal | $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name {
            $($(#[$field_doc])* pub(crate) $field: &'static str),+
        }

        impl $name {
            const FR: Self = Self { $($field: $fr),+ };
            const EN: Self = Self { $($field: $en),+ };

            /// The texts in a language.
            pub(crate) const fn of(locale: ::kernel::Locale) -> &'static Self {
                match locale {
                    ::kernel::Locale::Fr => &Self::FR,
                    ::kernel::Locale::En => &Self::EN,
                }
            }

            #[cfg(test)]
            pub(crate) const ALL: &'static [(&'static str, &'static str)] = &[$(($fr, $en)),+];
        }
    };
}

pub(crate) mod account_mail;
pub(crate) mod error;
pub(crate) mod guests;
pub(crate) mod import;
pub(crate) mod life;
pub(crate) mod local_account;
pub(crate) mod password;
pub(crate) mod providers;
pub(crate) mod roles;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod tokens;

/// The same text for an unknown login and for a wrong password.
pub(crate) const BAD_CREDENTIALS: Text = Text::fixed(
    "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, puis réessayez.",
    "The address or the password is not right. Check both, then try again.",
);

/// Slowed down, never locked.
pub(crate) const TOO_MANY_ATTEMPTS: Text = Text::fixed(
    "Trop d’essais en peu de temps. Attendez un peu, puis réessayez : le compte n’est pas bloqué.",
    "Too many attempts in a short time. Wait a little, then try again: the account is not locked.",
);

/// The queue of passwords is full.
pub(crate) const PASSWORDS_BUSY: Text = Text::fixed(
    "Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes.",
    "Many people are signing in right now. Try again in a few seconds.",
);

/// The wait, counted.
pub(crate) fn wait_seconds(locale: Locale, seconds: u32) -> String {
    match (locale, seconds) {
        (Locale::Fr, 0 | 1) => {
            "Trop d’essais en peu de temps. Réessayez dans une seconde : le compte n’est pas bloqué."
                .to_owned()
        }
        (Locale::Fr, _) => format!(
            "Trop d’essais en peu de temps. Réessayez dans {seconds} secondes : le compte n’est pas bloqué."
        ),
        (Locale::En, 0 | 1) => {
            "Too many attempts in a short time. Try again in one second: the account is not locked."
                .to_owned()
        }
        (Locale::En, _) => format!(
            "Too many attempts in a short time. Try again in {seconds} seconds: the account is not locked."
        ),
    }
}

#[cfg(test)]
const NO_BREAK: char = '\u{a0}';

/// Why a French text breaks the house's typography.
#[cfg(test)]
pub(crate) fn fault(text: &str) -> Option<&'static str> {
    let chars: Vec<char> = text.chars().collect();
    for (place, c) in chars.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(place + 1).copied();
        match c {
            ':' | ';' | '?' | '!' | '»' if before != Some(NO_BREAK) => {
                return Some("no no-break space before a mark");
            }
            '«' if after != Some(NO_BREAK) => return Some("no no-break space after «"),
            '\'' => return Some("straight apostrophe"),
            '!' => return Some("exclamation mark"),
            _ => {}
        }
    }
    None
}

/// The same of a mail, whose addresses are no prose.
#[cfg(test)]
pub(crate) fn fault_of_prose(text: &str) -> Option<&'static str> {
    let words = text.split(' ').map(|word| {
        let lines = word.split('\n').filter(|line| !line.contains("://"));
        lines.collect::<Vec<_>>().join("\n")
    });
    fault(&words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use kernel::TokenScope;

    use super::*;
    use crate::domain::agent::AgentState;
    use crate::domain::credential::TokenRefusal;
    use crate::domain::import::Cause;
    use crate::domain::invitation::{InvitationRefusal, InvitationState};
    use crate::domain::life::{LifeRefusal, Step};
    use crate::domain::local_account::LocalAccountRefusal;
    use crate::domain::role::RoleRefusal;
    use crate::local::choice::Weak;

    #[test]
    fn french_follows_its_typography_and_english_is_another_text() {
        let catalogues = [
            sign_in::SignIn::ALL,
            sign_in::Administrations::ALL,
            sign_in::Silent::ALL,
            sign_in::PasswordForm::ALL,
            sign_in::GoingOn::ALL,
            session::SignOut::ALL,
            session::SignedOut::ALL,
            session::Expired::ALL,
            session::Ended::ALL,
            error::Common::ALL,
            error::Down::ALL,
            error::BadClient::ALL,
            providers::TrialDone::ALL,
            second_factor::AskCode::ALL,
            second_factor::Enrol::ALL,
            second_factor::Codes::ALL,
            second_factor::Account::ALL,
            second_factor::Prove::ALL,
            password::Forgotten::ALL,
            password::Choose::ALL,
            password::Change::ALL,
            guests::Link::ALL,
            guests::Side::ALL,
            guests::Code::ALL,
            guests::Over::ALL,
            guests::Offer::ALL,
        ];
        for (fr, en) in catalogues.into_iter().flatten() {
            assert_eq!(fault(fr), None, "{fr}");
            assert!(!fr.is_empty() && !en.is_empty());
            assert!(!en.contains(NO_BREAK) && !en.contains('\''), "{en}");
        }
        for failure in crate::pages::failure::Failure::ALL {
            for text in [error::title(*failure), error::advice(*failure)] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
                assert_ne!(text.fr, text.en);
            }
        }
        for cause in refusals() {
            let (_, _, text) = roles::refusal(cause);
            assert_eq!(fault(&text.fr), None, "{}", text.fr);
            assert_ne!(text.fr, text.en);
        }
        for cause in invitation_refusals() {
            for text in [guests::refusal(cause).2, guests::advice(cause)] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
                assert_ne!(text.fr, text.en);
            }
        }
        for cause in life_refusals() {
            for text in [life::refusal(cause).2, life::advice(cause)] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
                assert_ne!(text.fr, text.en);
            }
        }
        for cause in local_account_refusals() {
            for text in [
                local_account::refusal(cause).2,
                local_account::advice(cause),
            ] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
                assert_ne!(text.fr, text.en);
            }
        }
        for cause in token_refusals() {
            for text in [tokens::refusal(cause).2, tokens::advice(cause)] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
                assert_ne!(text.fr, text.en);
            }
        }
        for cause in causes() {
            for text in [import::message(&cause), import::mend(&cause)] {
                assert_eq!(fault(&text.fr), None, "{}", text.fr);
            }
        }
        let ending = tokens::ending("Sauvegarde");
        for text in [ending, tokens::ENDING_DETAIL, tokens::ENDING_ACTION] {
            assert_eq!(fault(&text.fr), None, "{}", text.fr);
        }
        for cause in [Weak::Short, Weak::Long, Weak::Common] {
            assert_eq!(fault(password::weak(Locale::Fr, cause)), None);
        }
        for text in [BAD_CREDENTIALS, TOO_MANY_ATTEMPTS, PASSWORDS_BUSY] {
            assert_eq!(fault(&text.fr), None, "{}", text.fr);
        }
    }

    fn invitation_refusals() -> Vec<InvitationRefusal> {
        let texts = ["givenName", "usualName", "organisation", "purpose"];
        [
            InvitationRefusal::Unavailable,
            InvitationRefusal::Address,
            InvitationRefusal::AgentAddress,
            InvitationRefusal::Tools,
            InvitationRefusal::Until { longest: 365 },
            InvitationRefusal::TooLong,
            InvitationRefusal::NoLongerShared,
            InvitationRefusal::Already,
            InvitationRefusal::Account,
            InvitationRefusal::TooManyOpen,
            InvitationRefusal::TooManyToday,
            InvitationRefusal::State(InvitationState::Ended),
            InvitationRefusal::Asked,
            InvitationRefusal::LongReason,
        ]
        .into_iter()
        .chain(texts.map(InvitationRefusal::Text))
        .collect()
    }

    fn local_account_refusals() -> [LocalAccountRefusal; 13] {
        [
            LocalAccountRefusal::NotHere,
            LocalAccountRefusal::Taken,
            LocalAccountRefusal::Invited(kernel::AgentId::from_u128(1)),
            LocalAccountRefusal::HasPassword,
            LocalAccountRefusal::Closed,
            LocalAccountRefusal::NoFactor,
            LocalAccountRefusal::NoMail,
            LocalAccountRefusal::Configured,
            LocalAccountRefusal::TooManyToday,
            LocalAccountRefusal::SentEnough,
            LocalAccountRefusal::Address,
            LocalAccountRefusal::Name,
            LocalAccountRefusal::Unit,
        ]
    }

    fn life_refusals() -> Vec<LifeRefusal> {
        let states = [
            AgentState::PreCreated,
            AgentState::Active,
            AgentState::Guest,
            AgentState::Suspended,
            AgentState::Departed,
            AgentState::Erased,
        ];
        let impossible = Step::ALL
            .into_iter()
            .flat_map(|step| states.map(|from| LifeRefusal::State { step, from }));
        [
            LifeRefusal::NotAdministrator,
            LifeRefusal::Oneself,
            LifeRefusal::HoldsMore,
            LifeRefusal::Same,
            LifeRefusal::Unmergeable,
            LifeRefusal::NoReason,
            LifeRefusal::LongReason,
        ]
        .into_iter()
        .chain(impossible)
        .collect()
    }

    fn token_refusals() -> [TokenRefusal; 5] {
        [
            TokenRefusal::Name,
            TokenRefusal::Scopes,
            TokenRefusal::Beyond(TokenScope::AdminTools),
            TokenRefusal::Days,
            TokenRefusal::TooMany,
        ]
    }

    fn refusals() -> [RoleRefusal; 9] {
        [
            RoleRefusal::NotAdministrator,
            RoleRefusal::MoreThanHeld,
            RoleRefusal::NoOrganisation,
            RoleRefusal::OperatorEverywhere,
            RoleRefusal::EndIsPast,
            RoleRefusal::UnknownOrganisation,
            RoleRefusal::UnknownAgent,
            RoleRefusal::HeldAlready,
            RoleRefusal::Last,
        ]
    }

    fn causes() -> Vec<Cause> {
        let meant = Some("a@x.fr".to_owned());
        vec![
            Cause::Missing,
            Cause::TooLong { most: 256 },
            Cause::Control,
            Cause::Formula,
            Cause::Address { meant },
            Cause::Address { meant: None },
            Cause::Domain { meant: None },
            Cause::SiretLength { digits: 13 },
            Cause::SiretKey {
                meant: String::new(),
            },
            Cause::SiretElsewhere,
            Cause::Population,
            Cause::TwiceInFile { line: 2 },
            Cause::AnotherAgent,
            Cause::AccountClosed,
            Cause::Fields {
                found: 7,
                columns: 6,
            },
        ]
    }

    #[test]
    fn a_wrong_typography_is_found() {
        for text in [
            "Invité ?",
            "Invité?",
            "« Invité »",
            "l'invité",
            "Bravo\u{a0}!",
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
        assert_eq!(fault("«\u{a0}Invité\u{a0}»\u{a0}: l’autre\u{a0}?"), None);
    }

    #[test]
    fn a_wait_is_said_in_the_singular_and_in_the_plural() {
        for locale in [Locale::Fr, Locale::En] {
            assert_ne!(wait_seconds(locale, 1), wait_seconds(locale, 2));
            assert!(wait_seconds(locale, 15).contains("15"));
        }
        assert_eq!(fault(&wait_seconds(Locale::Fr, 15)), None);
    }
}
