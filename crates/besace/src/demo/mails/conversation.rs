//! The server's side of SMTP (RFC 5321), without a socket: just what a client that sends one
//! mail after the other needs.

/// The most bytes of one mail.
const MAIL: usize = 2_000_000;
/// The most recipients of one mail.
const RECIPIENTS: usize = 100;

/// What is answered to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// Nothing yet: a line of a mail.
    Nothing,
    /// A line.
    Say(&'static str),
    /// A mail is whole; the answer is that it was taken.
    Mail {
        /// To whom.
        to: Vec<String>,
        /// The message.
        message: Vec<u8>,
    },
    /// The client leaves.
    Bye,
}

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    from: bool,
    to: Vec<String>,
    message: Option<Vec<u8>>,
    /// Too large: read to its end and refused.
    overflows: bool,
}

impl Conversation {
    /// Takes a line, its end included.
    pub(super) fn line(&mut self, line: &[u8]) -> Reply {
        if self.message.is_some() {
            return self.data(line);
        }
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end();
        let verb: String = text
            .chars()
            .take(4)
            .collect::<String>()
            .to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" | "RSET" => {
                *self = Self::default();
                Reply::Say("250 besace-demonstration")
            }
            "MAIL" => {
                *self = Self::default();
                self.from = true;
                Reply::Say("250 ok")
            }
            "RCPT" => self.recipient(text),
            "DATA" if self.to.is_empty() => Reply::Say("503 nobody to send to"),
            "DATA" => {
                self.message = Some(Vec::new());
                Reply::Say("354 go on")
            }
            "NOOP" => Reply::Say("250 ok"),
            "QUIT" => Reply::Bye,
            _ => Reply::Say("502 not in the demonstration"),
        }
    }

    fn recipient(&mut self, text: &str) -> Reply {
        let address = text
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'))
            .map(|(address, _)| address.trim());
        match address {
            _ if !self.from => Reply::Say("503 MAIL first"),
            Some(address) if !address.is_empty() && self.to.len() < RECIPIENTS => {
                self.to.push(address.to_owned());
                Reply::Say("250 ok")
            }
            _ => Reply::Say("550 not a recipient"),
        }
    }

    fn data(&mut self, line: &[u8]) -> Reply {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        if bare == b"." {
            let done = std::mem::take(self);
            return match done.message {
                Some(message) if !done.overflows => Reply::Mail {
                    to: done.to,
                    message,
                },
                _ => Reply::Say("552 too large"),
            };
        }
        // A dot that began a line was doubled (§4.5.2).
        let kept = if bare.first() == Some(&b'.') {
            line.get(1..).unwrap_or_default()
        } else {
            line
        };
        if let Some(message) = &mut self.message {
            if message.len() + kept.len() > MAIL {
                self.overflows = true;
                message.clear();
            } else if !self.overflows {
                message.extend_from_slice(kept);
            }
        }
        Reply::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn say(conversation: &mut Conversation, lines: &[&str]) -> Vec<Reply> {
        lines
            .iter()
            .map(|line| conversation.line(format!("{line}\r\n").as_bytes()))
            .collect()
    }

    #[test]
    fn a_mail_is_taken_whole_with_its_dots() {
        let mut conversation = Conversation::default();
        let replies = say(
            &mut conversation,
            &[
                "EHLO me",
                "MAIL FROM:<a@b>",
                "RCPT TO:<c@d>",
                "DATA",
                "Subject: x",
                "",
                "..",
                "end",
                ".",
            ],
        );
        assert_eq!(
            replies.last(),
            Some(&Reply::Mail {
                to: vec!["c@d".into()],
                message: b"Subject: x\r\n\r\n.\r\nend\r\n".to_vec(),
            })
        );
        assert_eq!(
            say(&mut conversation, &["DATA"]),
            [Reply::Say("503 nobody to send to")]
        );
        assert_eq!(say(&mut conversation, &["QUIT"]), [Reply::Bye]);
    }

    #[test]
    fn what_comes_out_of_order_is_refused() {
        let mut conversation = Conversation::default();
        let replies = say(
            &mut conversation,
            &["RCPT TO:<c@d>", "MAIL FROM:<>", "RCPT TO:c@d", "AUTH x"],
        );
        assert_eq!(
            replies,
            [
                Reply::Say("503 MAIL first"),
                Reply::Say("250 ok"),
                Reply::Say("550 not a recipient"),
                Reply::Say("502 not in the demonstration"),
            ]
        );
    }

    #[test]
    fn a_mail_that_is_too_large_is_refused_at_its_end() {
        let mut conversation = Conversation::default();
        say(
            &mut conversation,
            &["MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA"],
        );
        let line = "a".repeat(4_000);
        for _ in 0..600 {
            assert_eq!(say(&mut conversation, &[&line]), [Reply::Nothing]);
        }
        assert_eq!(
            say(&mut conversation, &["."]),
            [Reply::Say("552 too large")]
        );
    }

    proptest! {
        #[test]
        fn no_line_breaks_it(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..40)) {
            let mut conversation = Conversation::default();
            for line in lines {
                conversation.line(&line);
            }
        }
    }
}
