//! From a mail to the bytes that travel (RFC 5322, MIME).

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::mail::plain;
use crate::{MailError, Mailbox, QueuedMail};

/// The longest subject, in characters.
const SUBJECT: usize = 200;
/// The longest address in a header, in bytes: a line may have 998.
const LINK: usize = 900;

/// The message of a queued mail: the same bytes each time.
///
/// # Errors
/// [`MailError::ListHeader`] for a link that is not plain, [`MailError::Address`] or
/// [`MailError::Compose`] for what is not a mail.
pub fn compose(queued: &QueuedMail, from: &Mailbox) -> Result<Message, MailError> {
    let mail = &queued.mail;
    let domain = from
        .email()
        .rsplit_once('@')
        .map_or("localhost", |(_, domain)| domain);
    let millis = u64::try_from(queued.at.millis()).unwrap_or(0);
    let mut builder = Message::builder()
        .from(mailbox(from)?)
        .to(mailbox(&mail.to)?)
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
        .message_id(Some(format!("<{}@{domain}>", plain(&queued.id, 64))))
        .subject(plain(&mail.subject, SUBJECT))
        // No holiday message comes back to a program (RFC 3834 §5).
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(link) = &mail.list_unsubscribe {
        builder = builder.raw_header(raw("List-Unsubscribe", format!("<{}>", header_link(link)?)));
    }
    let composed = match &mail.html {
        None => builder.singlepart(part(ContentType::TEXT_PLAIN, &mail.text)),
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .boundary(format!("besace-{}", plain(&queued.id, 50)))
                .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
                .singlepart(part(ContentType::TEXT_HTML, html)),
        ),
    };
    composed.map_err(|cause| MailError::Compose(cause.to_string()))
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(text.to_owned())
}

fn mailbox(mailbox: &Mailbox) -> Result<lettre::message::Mailbox, MailError> {
    let address: Address = mailbox.email().parse().map_err(|_| MailError::Address)?;
    let name = mailbox.name().map(|name| plain(name, usize::MAX));
    Ok(lettre::message::Mailbox::new(name, address))
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// An address that may stand between angle brackets in a header.
fn header_link(link: &str) -> Result<&str, MailError> {
    let web = link.starts_with("https://") || link.starts_with("http://");
    let graphic = link
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'));
    if web && graphic && link.len() <= LINK {
        Ok(link)
    } else {
        Err(MailError::ListHeader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mail;
    use kernel::Timestamp;
    use mail_parser::MessageParser;
    use proptest::prelude::*;

    fn queued(name: Option<&str>, subject: &str, text: &str, html: Option<&str>) -> QueuedMail {
        QueuedMail {
            id: "0193-7c51".to_owned(),
            at: Timestamp::from_seconds(1_795_508_400),
            mail: Mail {
                to: Mailbox::parse(name, "claire.delmas@interieur.example").expect("an address"),
                subject: subject.to_owned(),
                text: text.to_owned(),
                html: html.map(str::to_owned),
                list_unsubscribe: Some("https://besace.example/reglages".to_owned()),
            },
        }
    }

    fn from() -> Mailbox {
        Mailbox::parse(Some("Besace"), "besace@besace.example").expect("an address")
    }

    fn header_names(bytes: &[u8]) -> Vec<String> {
        let parsed = MessageParser::default().parse(bytes).expect("a message");
        let mut names: Vec<String> = parsed
            .headers()
            .iter()
            .map(|header| header.name().to_lowercase())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_mail_says_who_when_and_that_a_program_wrote_it() {
        let queued = queued(
            Some("Claire Delmas"),
            "Été : 3 nouvelles",
            "Bonjour,\nà lire.",
            Some("<p>é</p>"),
        );
        let bytes = compose(&queued, &from()).expect("composed").formatted();
        let parsed = MessageParser::default().parse(&bytes).expect("a message");
        assert_eq!(parsed.subject(), Some("Été : 3 nouvelles"));
        assert_eq!(parsed.message_id(), Some("0193-7c51@besace.example"));
        let to = parsed.to().and_then(|to| to.first()).expect("to");
        assert_eq!(to.name(), Some("Claire Delmas"));
        assert_eq!(to.address(), Some("claire.delmas@interieur.example"));
        assert_eq!(parsed.body_text(0).as_deref(), Some("Bonjour,\r\nà lire."));
        assert!(
            parsed
                .body_html(0)
                .is_some_and(|html| html.contains("<p>é</p>"))
        );
        let raw = String::from_utf8(bytes.clone()).expect("ASCII");
        assert!(
            raw.contains("Date: Tue, 24 Nov 2026 08:20:00 +0000"),
            "{raw}"
        );
        assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
        assert!(
            raw.contains("List-Unsubscribe: <https://besace.example/reglages>"),
            "{raw}"
        );
        assert_eq!(
            compose(&queued, &from()).expect("composed").formatted(),
            bytes,
            "the same each time"
        );
    }

    #[test]
    fn a_list_header_takes_a_plain_address_only() {
        for broken in [
            "https://x/\r\nBcc: a@b.fr",
            "javascript:x",
            "https://x/> <y",
            "https://é/",
            "",
        ] {
            let mut queued = queued(None, "s", "t", None);
            queued.mail.list_unsubscribe = Some(broken.to_owned());
            assert_eq!(
                compose(&queued, &from()).err(),
                Some(MailError::ListHeader),
                "{broken}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_adds_a_header_or_a_recipient(
            name in "([a-zA-Zé<>@,;:\"\\\\]|\r|\n|\t| |Bcc: x@y.fr|\r\nBcc: x@y.fr|\u{0}|\u{2028}){0,12}",
            subject in "([a-zA-Zé<>=?]|\r|\n|\r\n|\r\nBcc: x@y.fr|\u{0}| |\u{85}){0,12}",
            text in "([a-zé.]|\r|\n|\r\n\\.\r\n|--besace-0193-7c51|\u{0}){0,12}",
        ) {
            let queued = queued(Some(&name), &subject, &text, Some("<p>x</p>"));
            let message = compose(&queued, &from()).expect("composed");
            let recipients = message.envelope().to();
            prop_assert_eq!(recipients.len(), 1);
            prop_assert_eq!(recipients[0].to_string(), "claire.delmas@interieur.example");
            prop_assert_eq!(header_names(&message.formatted()), [
                "auto-submitted", "content-type", "date", "from", "list-unsubscribe",
                "message-id", "mime-version", "subject", "to",
            ]);
        }
    }
}
