//! Why the server did not take a mail, and what that means for it.

use std::time::Duration;

use lettre::transport::smtp::Error;

/// How much of a server's words is kept, in characters.
const WORDS: usize = 200;

/// A step of handing a mail over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Name, connection, greeting; with `tls`, the certificate too.
    Connection,
    /// `STARTTLS`.
    Encryption,
    /// The account at the server.
    Account,
    /// Who writes.
    Sender,
    /// To whom.
    Recipient,
    /// The message itself.
    Message,
}

/// A step that did not succeed. Its words hold no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub(crate) struct Refusal {
    step: Step,
    words: String,
    /// The server's code, where it answered.
    code: Option<u16>,
    hopeless: bool,
}

impl Refusal {
    /// What was answered to a step, or why nothing was.
    pub(crate) fn of(step: Step, cause: &Error) -> Self {
        let code = cause.status().map(u16::from);
        Self {
            step,
            words: words(&cause.to_string()),
            code,
            hopeless: is_hopeless(step, code),
        }
    }

    /// Nothing was answered for so long.
    pub(crate) fn silence(step: Step, waited: Duration) -> Self {
        Self::ours(step, &format!("no answer within {} s", waited.as_secs()))
    }

    /// The mail cannot pass this server, ever.
    pub(crate) fn for_good(step: Step, what: &str) -> Self {
        Self {
            hopeless: true,
            ..Self::ours(step, what)
        }
    }

    /// We go no further with a server that is so.
    pub(crate) fn ours(step: Step, what: &str) -> Self {
        Self {
            step,
            words: what.to_owned(),
            code: None,
            hopeless: false,
        }
    }

    /// Which step.
    pub(crate) const fn step(&self) -> Step {
        self.step
    }

    /// Whether the server answered: the connection then waits for the next command.
    pub(crate) const fn was_answered(&self) -> bool {
        self.code.is_some()
    }

    /// Whether another try would end alike.
    pub(crate) const fn is_hopeless(&self) -> bool {
        self.hopeless
    }
}

/// A permanent refusal of this recipient or this message ends the mail (RFC 5321 §4.2.1). One of
/// the server as such, of our account there (RFC 4954 §6) or of our address is the operator's to
/// mend, and no mail is lost by it.
fn is_hopeless(step: Step, code: Option<u16>) -> bool {
    let about_the_mail = matches!(step, Step::Recipient | Step::Message);
    let permanent = code.is_some_and(|code| (500..600).contains(&code));
    let account = matches!(code, Some(530 | 534 | 535 | 538));
    about_the_mail && permanent && !account
}

/// A server's words without the addresses that it repeats.
pub(crate) fn words(said: &str) -> String {
    let kept: Vec<&str> = said
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect();
    kept.join(" ").chars().take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_s_words_are_kept_without_addresses() {
        assert_eq!(
            words("permanent error (550): 5.1.1 <claire@interieur.example> unknown\r\n user"),
            "permanent error (550): 5.1.1 … unknown user"
        );
        assert_eq!(words(&"a".repeat(500)).len(), WORDS);
    }

    #[test]
    fn only_what_is_said_of_the_mail_itself_ends_it() {
        for step in [Step::Recipient, Step::Message] {
            assert!(is_hopeless(step, Some(550)), "{step:?}");
            for code in [Some(451), Some(421), Some(530), Some(535), None] {
                assert!(!is_hopeless(step, code), "{step:?} {code:?}");
            }
        }
        for step in [
            Step::Connection,
            Step::Encryption,
            Step::Account,
            Step::Sender,
        ] {
            for code in [Some(554), Some(550), Some(450), None] {
                assert!(!is_hopeless(step, code), "{step:?} {code:?}");
            }
        }
    }
}
