//! What keeps a mail that waits from whoever reads the database or its backups: it may hold a link
//! or a code that opens an account, of which the tools keep digests only.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{MailError, QueuedMail};

/// Seals mails, and opens those that were sealed. The house's keys implement it.
pub trait Seal: Send + Sync {
    /// The bytes as a text that only [`Seal::open`] reads.
    fn seal(&self, bytes: &[u8]) -> String;
    /// What was sealed; none: altered, or under a key that is gone.
    fn open(&self, text: &str) -> Option<Vec<u8>>;
}

/// A mail as it lies in the queue.
#[derive(Serialize, Deserialize)]
struct Sealed {
    sealed: String,
}

/// A mail's payload in the queue.
pub(crate) fn close(mail: &QueuedMail, seal: Option<&Arc<dyn Seal>>) -> serde_json::Result<Value> {
    match seal {
        None => serde_json::to_value(mail),
        Some(seal) => serde_json::to_value(Sealed {
            sealed: seal.seal(&serde_json::to_vec(mail)?),
        }),
    }
}

/// The mail of a payload; one that was queued before mails were sealed is read as it is.
///
/// # Errors
/// [`MailError::Sealed`] when its key is gone, [`MailError::NoMail`] when it is none.
pub(crate) fn open(payload: &Value, seal: Option<&Arc<dyn Seal>>) -> Result<QueuedMail, MailError> {
    let Ok(Sealed { sealed }) = Sealed::deserialize(payload) else {
        return QueuedMail::deserialize(payload).map_err(|_| MailError::NoMail);
    };
    let bytes = seal.and_then(|seal| seal.open(&sealed));
    serde_json::from_slice(&bytes.ok_or(MailError::Sealed)?).map_err(|_| MailError::NoMail)
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use testkit::SeededRng;

    use super::*;
    use crate::{Mail, Mailbox};

    /// Opens what begins with its own letter.
    struct Letter(char);

    impl Seal for Letter {
        fn seal(&self, bytes: &[u8]) -> String {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{}{}", self.0, digits.concat())
        }

        fn open(&self, text: &str) -> Option<Vec<u8>> {
            let digits = text.strip_prefix(self.0)?;
            let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
            (0..digits.len()).step_by(2).map(byte).collect()
        }
    }

    fn under(letter: char) -> Arc<dyn Seal> {
        Arc::new(Letter(letter))
    }

    fn mail() -> QueuedMail {
        let mail = Mail {
            to: Mailbox::parse(None, "claire@interieur.example").expect("an address"),
            subject: "Votre code".to_owned(),
            text: "123456".to_owned(),
            html: None,
            list_unsubscribe: None,
        };
        QueuedMail::new(mail, Timestamp::from_millis(1), &SeededRng::default())
    }

    #[test]
    fn a_mail_that_waits_shows_nothing_and_comes_back_whole() {
        let payload = close(&mail(), Some(&under('a'))).expect("sealed");
        let text = payload.to_string();
        assert!(
            !text.contains("claire") && !text.contains("123456"),
            "{text}"
        );
        assert_eq!(open(&payload, Some(&under('a'))), Ok(mail()));
    }

    #[test]
    fn without_its_key_a_mail_is_not_read_and_what_was_queued_unsealed_is() {
        let sealed = close(&mail(), Some(&under('a'))).expect("sealed");
        assert_eq!(open(&sealed, Some(&under('b'))), Err(MailError::Sealed));
        assert_eq!(open(&sealed, None), Err(MailError::Sealed));
        let plain = close(&mail(), None).expect("plain");
        assert_eq!(open(&plain, Some(&under('a'))), Ok(mail()));
        let none = serde_json::json!({ "sealed": 1 });
        assert_eq!(open(&none, Some(&under('a'))), Err(MailError::NoMail));
    }
}
