//! A session that somebody else than its own browser ended: who, what is kept, whom to call.

use askama::Template;
use kernel::RequestId;

use super::failure::Failure;
use super::{Content, Help, Reader, Rendered};
use crate::domain::session::EndReason;
use crate::texts::error::Common;
use crate::texts::session as texts;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// Why it ended.
    pub reason: EndReason,
    /// Who can help.
    pub help: Option<Help<'a>>,
    /// Where to start again, with this account or another.
    pub restart_url: &'a str,
    /// To be told to the support.
    pub request: RequestId,
}

#[derive(Template)]
#[template(path = "pages/ended.html")]
struct Main<'a> {
    common: &'static Common,
    title: &'static str,
    lead: &'static str,
    again: &'static str,
    help: Option<Help<'a>>,
    restart_url: &'a str,
    code: Option<&'static str>,
    request: RequestId,
}

impl Ended<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Ended::of(reader.locale);
        let common = Common::of(reader.locale);
        let blocked = Some(Failure::Blocked.code());
        let (title, lead, again, code) = match self.reason {
            EndReason::Suspended => (
                t.suspended_title,
                t.suspended_lead,
                common.other_address,
                blocked,
            ),
            EndReason::Closed => (t.closed_title, t.closed_lead, common.other_address, blocked),
            EndReason::Elsewhere => (t.elsewhere_title, t.elsewhere_lead, t.again, None),
            EndReason::Invitation => (
                t.invitation_title,
                t.invitation_lead,
                common.other_address,
                None,
            ),
            EndReason::Factor => (t.factor_title, t.factor_lead, t.again, None),
        };
        let main = Main {
            common,
            title,
            lead,
            again,
            help: self.help.and_then(Help::reachable),
            restart_url: self.restart_url,
            code,
            request: self.request,
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
    use super::super::testing::{HELP, both};
    use super::*;

    #[test]
    fn each_end_says_why_whom_to_call_and_how_to_go_on() {
        let mut titles = std::collections::HashSet::new();
        for (reason, coded) in [
            (EndReason::Suspended, true),
            (EndReason::Closed, true),
            (EndReason::Invitation, false),
            (EndReason::Factor, false),
            (EndReason::Elsewhere, false),
        ] {
            let (fr, _) = both(|reader| {
                Ended {
                    reason,
                    help: Some(HELP),
                    restart_url: "/connexion?autre=1",
                    request: RequestId::from_u128(7),
                }
                .render(reader)
            });
            assert!(
                fr.main.contains("href=\"/connexion?autre=1\""),
                "{reason:?}"
            );
            assert_eq!(fr.main.contains("Y500024"), coded, "{reason:?}");
            assert!(titles.insert(fr.title), "{reason:?}");
        }
    }
}
