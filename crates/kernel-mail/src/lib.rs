//! Mail that leaves the house.
//!
//! A tool composes a [`Mail`] and hands it to [`Mailer::queue`] in the transaction of its act; a
//! job sends it by SMTP (RFC 5321) once that transaction has held. Besace receives no mail.
//!
//! Invariants
//! - A mail leaves only when the transaction that queued it was committed.
//! - Each mail keeps one `Message-ID` and one `Date` over all its tries, so that a server which
//!   got it twice can tell (RFC 5322 §3.6.4).
//! - No text of a caller reaches a header but through [`compose`]: names and subjects hold no
//!   control character, an address is one.
//! - A server that refuses the recipient or the message for good ends that mail; one that is away,
//!   busy, or refuses the house itself is asked again.
//! - Without TLS only a server on this machine is spoken to.
//! - No address and no secret is logged; a mail that waits, and one that was given up, is sealed.

mod compose;
mod config;
mod error;
mod idle;
mod mail;
mod mailer;
mod refusal;
mod seal;
mod send;
mod server;
mod trial;

pub use compose::compose;
pub use config::{MailConfig, Security};
pub use error::MailError;
pub use mail::{Mail, Mailbox, QueuedMail};
pub use mailer::Mailer;
pub use refusal::Step;
pub use seal::Seal;
pub use send::JOB;
pub use trial::{Outcome, trial};
