//! A notice in an inbox.

use kernel::port::{Notice, Urgency};
use kernel::{AgentId, Text, Timestamp};

use super::{Link, line, paragraphs};

kernel::define_id!(
    /// One notice of one agent.
    NoticeId
);

/// Characters of a title.
pub(crate) const TITLE: usize = 140;
/// Characters of a detail.
pub(crate) const DETAIL: usize = 500;
/// Characters of an action's label.
pub(crate) const ACTION: usize = 60;
/// Bytes of a source, a kind or a dedup key.
const NAME: usize = 128;

/// A checked notice on its way into an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Whom.
    pub to: AgentId,
    /// Which tool says it.
    pub source: String,
    /// Its name for people; none: known by `source`.
    pub source_name: Option<Text>,
    /// A DSFR icon's name without prefix; none: that of any notice.
    pub icon: Option<String>,
    /// What kind of thing.
    pub kind: String,
    /// How much it presses.
    pub urgency: Urgency,
    /// A second one of the source with this key replaces it.
    pub dedup: Option<String>,
    /// One line.
    pub title: Text,
    /// More.
    pub detail: Option<Text>,
    /// Where it leads.
    pub link: Option<Link>,
    /// What is to be done there.
    pub action: Option<Text>,
    /// When it no longer matters.
    pub until: Option<Timestamp>,
}

/// Which part of a notice cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Not a tool's name.
    #[error("source")]
    Source,
    /// Not a kind.
    #[error("kind")]
    Kind,
    /// Too long a key.
    #[error("dedup")]
    Dedup,
    /// Not a line of 1 to 140 characters.
    #[error("title")]
    Title,
    /// Not a text of 1 to 500 characters.
    #[error("detail")]
    Detail,
    /// Neither a path of ours nor `https`.
    #[error("link")]
    Link,
    /// Not a line of 1 to 60 characters, or without a link.
    #[error("action")]
    Action,
}

impl NoticeError {
    /// The field's name on the wire.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Kind => "kind",
            Self::Dedup => "dedup",
            Self::Title => "title",
            Self::Detail => "detail",
            Self::Link => "link",
            Self::Action => "action",
        }
    }
}

impl NewNotice {
    /// Checks a notice.
    ///
    /// # Errors
    /// [`NoticeError`] for the first part that cannot be.
    pub fn parse(notice: Notice) -> Result<Self, NoticeError> {
        let Notice {
            to,
            source,
            kind,
            urgency,
            dedup,
            title,
            detail,
            link,
            action,
            until,
        } = notice;
        let link = match link {
            None => None,
            Some(text) => Some(Link::parse(&text).map_err(|_| NoticeError::Link)?),
        };
        let action = both(action.as_ref(), |text| line(text, ACTION)).ok_or(NoticeError::Action)?;
        if action.is_some() && link.is_none() {
            return Err(NoticeError::Action);
        }
        Ok(Self {
            to,
            source: name(source).ok_or(NoticeError::Source)?,
            source_name: None,
            icon: None,
            kind: name(kind).ok_or(NoticeError::Kind)?,
            urgency,
            dedup: match dedup {
                None => None,
                Some(key) => Some(name(key).ok_or(NoticeError::Dedup)?),
            },
            title: both(Some(&title), |text| line(text, TITLE))
                .flatten()
                .ok_or(NoticeError::Title)?,
            detail: both(detail.as_ref(), |text| paragraphs(text, DETAIL))
                .ok_or(NoticeError::Detail)?,
            link,
            action,
            until,
        })
    }
}

/// A text checked in both languages; the outer none: refused.
#[expect(clippy::option_option, reason = "absent is not refused")]
fn both(text: Option<&Text>, check: impl Fn(&str) -> Option<String>) -> Option<Option<Text>> {
    match text {
        None => Some(None),
        Some(text) => {
            let (fr, en) = (check(&text.fr)?, check(&text.en)?);
            Some(Some(Text::made(fr, en)))
        }
    }
}

fn name(text: String) -> Option<String> {
    let good = (1..=NAME).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    good.then_some(text)
}

/// A notice as it lies in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// Which.
    pub id: NoticeId,
    /// Which tool said it.
    pub source: String,
    /// Its name for people, when it came with one.
    pub source_name: Option<Text>,
    /// Its icon, when it came with one.
    pub icon: Option<String>,
    /// What kind of thing.
    pub kind: String,
    /// How much it presses.
    pub urgency: Urgency,
    /// One line.
    pub title: Text,
    /// More.
    pub detail: Option<Text>,
    /// Where it leads.
    pub link: Option<String>,
    /// What is to be done there.
    pub action: Option<Text>,
    /// When it no longer matters.
    pub until: Option<Timestamp>,
    /// When it came.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Who told an agent something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxSource {
    /// Which tool.
    pub source: String,
    /// Its name for people, when its notice came with one.
    pub name: Option<Text>,
}

/// The stored word of an urgency.
pub(crate) const fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Normal => "normal",
        Urgency::Urgent => "urgent",
    }
}

/// The urgency of a stored word.
pub(crate) fn urgency_of(word: &str) -> Option<Urgency> {
    match word {
        "low" => Some(Urgency::Low),
        "normal" => Some(Urgency::Normal),
        "urgent" => Some(Urgency::Urgent),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> Notice {
        Notice {
            to: AgentId::from_u128(1),
            source: "frais-de-mission".into(),
            kind: "mission.order.signed".into(),
            urgency: Urgency::Normal,
            dedup: Some("order:12".into()),
            title: Text::fixed("Ordre signé", "Order signed"),
            detail: None,
            link: Some("/demonstration/frais".into()),
            action: Some(Text::fixed("Lire", "Read")),
            until: None,
        }
    }

    #[test]
    fn a_notice_is_taken_whole_and_each_part_that_cannot_be_is_named() {
        assert!(NewNotice::parse(notice()).is_ok());
        let broken = |change: fn(&mut Notice)| {
            let mut notice = notice();
            change(&mut notice);
            NewNotice::parse(notice).expect_err("refused")
        };
        assert_eq!(broken(|n| n.source = "a b".into()), NoticeError::Source);
        assert_eq!(broken(|n| n.kind = String::new()), NoticeError::Kind);
        assert_eq!(broken(|n| n.dedup = Some("é".into())), NoticeError::Dedup);
        assert_eq!(
            broken(|n| n.title = Text::fixed("a\nb", "a")),
            NoticeError::Title
        );
        assert_eq!(
            broken(|n| n.title = Text::made("a".repeat(141), "a")),
            NoticeError::Title
        );
        assert_eq!(
            broken(|n| n.detail = Some(Text::made("a".repeat(501), "a"))),
            NoticeError::Detail
        );
        assert_eq!(
            broken(|n| n.link = Some("http://x/".into())),
            NoticeError::Link
        );
        assert_eq!(
            broken(|n| n.link = None),
            NoticeError::Action,
            "it leads nowhere"
        );
    }

    #[test]
    fn an_urgency_survives_its_word() {
        for urgency in [Urgency::Low, Urgency::Normal, Urgency::Urgent] {
            assert_eq!(urgency_of(urgency_word(urgency)), Some(urgency));
        }
        assert_eq!(urgency_of("deadly"), None);
    }
}
