//! What the holder of a password account is told by mail: in French, and below in English, since
//! nothing is known of their language outside a page.

use kernel::Locale;
use kernel_mail::{Mail, Mailbox};
use url::Url;

use crate::local::LocalAccount;

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News<'a> {
    /// A second factor was added.
    FactorAdded(&'a str),
    /// It has another name.
    FactorRenamed(&'a str),
    /// It was removed.
    FactorRemoved {
        /// What it was called.
        name: &'a str,
        /// How many are left.
        left: usize,
    },
    /// Somebody who runs the provider removed them all.
    FactorReset,
    /// New recovery codes replace the old ones.
    CodesMade,
    /// A recovery code was used; so many are left.
    CodeUsed(usize),
    /// The password was changed.
    PasswordChanged,
    /// Somebody asked for a new password.
    NewPassword(&'a Url),
    /// The account was made, and has no password yet.
    Invited(&'a Url),
}

/// The mail; none when the account's address is not one that mail can be sent to.
pub(crate) fn compose(account: &LocalAccount, provider: &str, news: &News<'_>) -> Option<Mail> {
    let said = &account.attributes;
    let name = format!("{} {}", said.given_name, said.usual_name);
    let to = match Mailbox::parse(Some(name.trim()), account.login.as_str()) {
        Ok(to) => to,
        Err(cause) => {
            tracing::warn!(%cause, "an account without an address is told nothing");
            return None;
        }
    };
    let (fr, en) = (
        said_in(Locale::Fr, provider, news),
        said_in(Locale::En, provider, news),
    );
    let given = &said.given_name;
    let text = format!(
        "Bonjour {given},\n\n{}\n\n{provider}\n\n----\n\nHello {given},\n\n{}\n\n{provider}\n",
        fr.text, en.text
    );
    Some(Mail {
        to,
        subject: fr.subject.to_owned(),
        text,
        html: None,
        list_unsubscribe: None,
    })
}

struct Said {
    subject: &'static str,
    text: String,
}

const NOT_YOU_FR: &str = "Si ce n’est pas vous, changez votre mot de passe et prévenez \
                          l’assistance sans attendre.";
const NOT_YOU_EN: &str =
    "If it was not you, change your password and tell the support without delay.";

fn said_in(locale: Locale, provider: &str, news: &News<'_>) -> Said {
    let warned = |subject: &'static str, text: String| {
        let warning = match locale {
            Locale::Fr => NOT_YOU_FR,
            Locale::En => NOT_YOU_EN,
        };
        Said {
            subject,
            text: format!("{text}\n\n{warning}"),
        }
    };
    match (locale, news) {
        (Locale::Fr, News::FactorAdded(name)) => warned(
            "Un second facteur a été ajouté à votre compte",
            format!("L’application «\u{a0}{name}\u{a0}» sert maintenant de second facteur\u{a0}: son code vous sera demandé après le mot de passe."),
        ),
        (Locale::En, News::FactorAdded(name)) => warned(
            "A second factor was added to your account",
            format!("The application “{name}” is now a second factor: its code will be asked after the password."),
        ),
        (Locale::Fr, News::FactorRenamed(name)) => warned(
            "Un second facteur de votre compte a changé de nom",
            format!("Il s’appelle maintenant «\u{a0}{name}\u{a0}»."),
        ),
        (Locale::En, News::FactorRenamed(name)) => warned(
            "A second factor of your account has another name",
            format!("It is now called “{name}”."),
        ),
        (Locale::Fr, News::FactorRemoved { name, left: 0 }) => warned(
            "Votre compte n’a plus de second facteur",
            format!("L’application «\u{a0}{name}\u{a0}» a été retirée, et vos codes de secours avec elle. Votre compte n’est plus protégé que par son mot de passe."),
        ),
        (Locale::En, News::FactorRemoved { name, left: 0 }) => warned(
            "Your account has no second factor any more",
            format!("The application “{name}” was removed, and your recovery codes with it. Your account is protected by its password alone."),
        ),
        (Locale::Fr, News::FactorRemoved { name, .. }) => warned(
            "Un second facteur a été retiré de votre compte",
            format!("L’application «\u{a0}{name}\u{a0}» ne sert plus de second facteur. Les autres restent."),
        ),
        (Locale::En, News::FactorRemoved { name, .. }) => warned(
            "A second factor was removed from your account",
            format!("The application “{name}” is no second factor any more. The others stay."),
        ),
        (Locale::Fr, News::FactorReset) => warned(
            "Vos seconds facteurs ont été retirés par votre administration",
            "Vos sessions sont fermées. À votre prochaine connexion, votre mot de passe vous sera demandé, puis d’ajouter un nouveau second facteur.".to_owned(),
        ),
        (Locale::En, News::FactorReset) => warned(
            "Your second factors were removed by your administration",
            "Your sessions are closed. At your next sign-in you will be asked for your password, then to add a new second factor.".to_owned(),
        ),
        (Locale::Fr, News::CodesMade) => warned(
            "Vous avez de nouveaux codes de secours",
            "Ils remplacent les anciens, qui n’ouvrent plus rien.".to_owned(),
        ),
        (Locale::En, News::CodesMade) => warned(
            "You have new recovery codes",
            "They replace the old ones, which open nothing any more.".to_owned(),
        ),
        (Locale::Fr, News::CodeUsed(left)) => warned(
            "Un code de secours de votre compte a servi",
            format!("Codes de secours encore utilisables\u{a0}: {left}. Vous pouvez en créer de nouveaux depuis votre compte."),
        ),
        (Locale::En, News::CodeUsed(left)) => warned(
            "A recovery code of your account was used",
            format!("Recovery codes that can still be used: {left}. You can make new ones from your account."),
        ),
        (Locale::Fr, News::PasswordChanged) => warned(
            "Le mot de passe de votre compte a changé",
            "Vos sessions sont fermées. Votre second facteur, si vous en avez un, reste demandé.".to_owned(),
        ),
        (Locale::En, News::PasswordChanged) => warned(
            "The password of your account was changed",
            "Your sessions are closed. Your second factor, if you have one, is still asked.".to_owned(),
        ),
        (Locale::Fr, News::NewPassword(link)) => Said {
            subject: "Choisir un nouveau mot de passe",
            text: format!("Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte. Pour le choisir, ouvrez ce lien dans l’heure\u{a0}; il sert une fois\u{a0}:\n\n{link}\n\nSi ce n’est pas vous, il n’y a rien à faire\u{a0}: votre mot de passe reste le même."),
        },
        (Locale::En, News::NewPassword(link)) => Said {
            subject: "Choose a new password",
            text: format!("Somebody, probably you, asked for a new password for your account. To choose it, open this link within the hour; it is good for once:\n\n{link}\n\nIf it was not you, there is nothing to do: your password stays the same."),
        },
        (Locale::Fr, News::Invited(link)) => Said {
            subject: "Votre compte d’agent est prêt",
            text: format!("Un compte a été ouvert à votre nom\u{a0}: {provider}. Pour choisir votre mot de passe, ouvrez ce lien dans les sept jours\u{a0}; il sert une fois\u{a0}:\n\n{link}\n\nSi vous n’attendez pas ce compte, ne faites rien."),
        },
        (Locale::En, News::Invited(link)) => Said {
            subject: "Your staff account is ready",
            text: format!("An account was opened in your name: {provider}. To choose your password, open this link within seven days; it is good for once:\n\n{link}\n\nIf you do not expect this account, do nothing."),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::testing::somebody;

    #[test]
    fn each_news_is_told_in_both_languages_to_the_account_s_address() {
        let link = Url::parse("https://interieur.test/mot-de-passe/jeton").expect("an address");
        let all = [
            News::FactorAdded("Téléphone"),
            News::FactorRenamed("Téléphone"),
            News::FactorRemoved {
                name: "Téléphone",
                left: 0,
            },
            News::FactorRemoved {
                name: "Téléphone",
                left: 1,
            },
            News::FactorReset,
            News::CodesMade,
            News::CodeUsed(3),
            News::PasswordChanged,
            News::NewPassword(&link),
            News::Invited(&link),
        ];
        let account = somebody("claire", 1);
        let mut subjects = std::collections::BTreeSet::new();
        for news in &all {
            let mail = compose(&account, "Ministère de l’Intérieur", news).expect("a mail");
            assert_eq!(mail.to.email(), "claire@interieur.gouv.fr");
            assert!(mail.text.contains("Bonjour claire,") && mail.text.contains("Hello claire,"));
            let (fr, en) = mail.text.split_once("----").expect("two languages");
            assert_eq!(crate::texts::fault_of_prose(fr), None, "{fr}");
            assert!(!en.contains('\u{a0}'), "{en}");
            subjects.insert(mail.subject);
        }
        assert_eq!(subjects.len(), all.len(), "each has a subject of its own");
    }

    #[test]
    fn a_link_is_in_the_mails_that_need_one_and_in_no_other() {
        let link = Url::parse("https://interieur.test/mot-de-passe/jeton").expect("an address");
        let account = somebody("claire", 1);
        let told = |news: &News<'_>| compose(&account, "M", news).expect("a mail").text;
        assert_eq!(
            told(&News::Invited(&link)).matches(link.as_str()).count(),
            2
        );
        assert_eq!(
            told(&News::NewPassword(&link))
                .matches(link.as_str())
                .count(),
            2
        );
        assert!(!told(&News::PasswordChanged).contains("http"));
    }
}
