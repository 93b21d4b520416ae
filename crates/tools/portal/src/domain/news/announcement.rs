//! An announcement: what an administration tells its agents.

use std::time::Duration;

use kernel::{AgentId, Audience, OrganisationId, Profile, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Link, line, paragraphs};

kernel::define_id!(
    /// One announcement.
    AnnouncementId
);

/// How long an announcement without an end is shown.
pub(crate) const SHOWN_FOR: Duration = Duration::from_hours(180 * 24);
/// Characters of a title.
const TITLE: usize = 140;
/// Characters of a body.
const BODY: usize = 5_000;

/// How an announcement stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something takes place.
    Event,
    /// To be read.
    Important,
    /// Something does not work, or soon will not.
    Disturbance,
}

impl Severity {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Event => "event",
            Self::Important => "important",
            Self::Disturbance => "disturbance",
        }
    }

    /// The severity of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "info" => Some(Self::Info),
            "event" => Some(Self::Event),
            "important" => Some(Self::Important),
            "disturbance" => Some(Self::Disturbance),
            _ => None,
        }
    }
}

/// Where an announcement is in its life: forwards only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnnouncementState {
    /// Its authors see it.
    Draft,
    /// Its audience sees it, within its dates.
    Published,
    /// Taken back, for ever.
    Withdrawn,
}

impl AnnouncementState {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "draft" => Some(Self::Draft),
            "published" => Some(Self::Published),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Shows it; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`AnnouncementError::Withdrawn`] for one that was taken back.
    pub const fn publish(self) -> Result<Self, AnnouncementError> {
        match self {
            Self::Draft | Self::Published => Ok(Self::Published),
            Self::Withdrawn => Err(AnnouncementError::Withdrawn),
        }
    }

    /// Takes it back; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`AnnouncementError::Draft`] for one that nobody was shown.
    pub const fn withdraw(self) -> Result<Self, AnnouncementError> {
        match self {
            Self::Draft => Err(AnnouncementError::Draft),
            Self::Published | Self::Withdrawn => Ok(Self::Withdrawn),
        }
    }

    /// Lets its content change.
    ///
    /// # Errors
    /// [`AnnouncementError::Withdrawn`] for one that was taken back.
    pub const fn edit(self) -> Result<Self, AnnouncementError> {
        match self {
            Self::Draft | Self::Published => Ok(self),
            Self::Withdrawn => Err(AnnouncementError::Withdrawn),
        }
    }
}

/// What cannot be in an announcement, or done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnnouncementError {
    /// It was taken back.
    #[error("the announcement was withdrawn")]
    Withdrawn,
    /// It was never shown.
    #[error("the announcement is a draft")]
    Draft,
    /// Not a line of 1 to 140 characters.
    #[error("title")]
    Title,
    /// Not a text of 1 to 5,000 characters.
    #[error("body")]
    Body,
    /// Neither a path of ours nor `https`.
    #[error("link")]
    Link,
    /// Its end does not come after its beginning.
    #[error("until")]
    Dates,
    /// Nested too deep or too long a rule.
    #[error("audience")]
    Audience,
}

/// The checked content of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementDraft {
    /// One line.
    pub title: Text,
    /// Paragraphs.
    pub body: Text,
    /// How it stands out.
    pub severity: Severity,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// For whom.
    pub audience: Audience,
    /// Shown from then; none: once published.
    pub from: Option<Timestamp>,
    /// Shown until then; none: 180 days.
    pub until: Option<Timestamp>,
    /// Whether each reader must say that they have read it.
    pub must_confirm: bool,
    /// Where more is.
    pub link: Option<Link>,
}

impl AnnouncementDraft {
    /// Checks texts, dates and the size of the audience's rule.
    ///
    /// # Errors
    /// [`AnnouncementError`] for the first part that cannot be.
    pub fn checked(mut self) -> Result<Self, AnnouncementError> {
        let title = |text: &str| line(text, TITLE).ok_or(AnnouncementError::Title);
        let body = |text: &str| paragraphs(text, BODY).ok_or(AnnouncementError::Body);
        self.title = Text::made(title(&self.title.fr)?, title(&self.title.en)?);
        self.body = Text::made(body(&self.body.fr)?, body(&self.body.en)?);
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            return Err(AnnouncementError::Dates);
        }
        if rules(&self.audience) > 1_000 {
            return Err(AnnouncementError::Audience);
        }
        Ok(self)
    }
}

fn rules(audience: &Audience) -> usize {
    match audience {
        Audience::All(inner) | Audience::Any(inner) => 1 + inner.iter().map(rules).sum::<usize>(),
        Audience::Not(inner) => 1 + rules(inner),
        _ => 1,
    }
}

/// An announcement as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Which.
    pub id: AnnouncementId,
    /// What it says, and to whom.
    pub content: AnnouncementDraft,
    /// Where it is in its life.
    pub state: AnnouncementState,
    /// When it was first shown.
    pub published_at: Option<Timestamp>,
    /// Who wrote it.
    pub written_by: AgentId,
    /// When it was last changed.
    pub written_at: Timestamp,
    /// Raised by each change.
    pub version: i64,
}

impl Announcement {
    /// Since when it is shown, when it is at `now`.
    pub fn shown_since(&self, now: Timestamp) -> Option<Timestamp> {
        let published = self.published_at?;
        let since = self
            .content
            .from
            .map_or(published, |from| from.max(published));
        let until = self.content.until.unwrap_or(since.plus(SHOWN_FOR));
        let shown = self.state == AnnouncementState::Published && since <= now && now < until;
        shown.then_some(since)
    }

    /// Whether this person is shown it at `now`.
    pub fn is_for(&self, profile: &Profile<'_>, now: Timestamp) -> bool {
        self.shown_since(now).is_some() && self.content.audience.includes(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> AnnouncementDraft {
        AnnouncementDraft {
            title: Text::fixed("Maintenance", "Maintenance"),
            body: Text::fixed("Ce soir.", "Tonight."),
            severity: Severity::Disturbance,
            organisation: OrganisationId::from_u128(1),
            audience: Audience::Everyone,
            from: None,
            until: None,
            must_confirm: false,
            link: None,
        }
    }

    fn published(from: Option<i64>, until: Option<i64>) -> Announcement {
        let mut content = draft();
        content.from = from.map(Timestamp::from_millis);
        content.until = until.map(Timestamp::from_millis);
        Announcement {
            id: AnnouncementId::from_u128(1),
            content,
            state: AnnouncementState::Published,
            published_at: Some(Timestamp::from_millis(100)),
            written_by: AgentId::from_u128(1),
            written_at: Timestamp::from_millis(50),
            version: 1,
        }
    }

    #[test]
    fn a_life_goes_forwards_only() {
        use AnnouncementState::{Draft, Published, Withdrawn};
        assert_eq!(Draft.publish(), Ok(Published));
        assert_eq!(Published.publish(), Ok(Published));
        assert_eq!(Published.withdraw(), Ok(Withdrawn));
        assert_eq!(Draft.withdraw(), Err(AnnouncementError::Draft));
        assert_eq!(Withdrawn.publish(), Err(AnnouncementError::Withdrawn));
        assert_eq!(Withdrawn.edit(), Err(AnnouncementError::Withdrawn));
        for state in [Draft, Published, Withdrawn] {
            assert_eq!(AnnouncementState::from_word(state.word()), Some(state));
        }
    }

    #[test]
    fn it_is_shown_within_its_dates_and_for_half_a_year_at_most() {
        let at = Timestamp::from_millis;
        let open = published(None, None);
        assert_eq!(open.shown_since(at(99)), None);
        assert_eq!(open.shown_since(at(100)), Some(at(100)));
        assert_eq!(open.shown_since(at(100).plus(SHOWN_FOR)), None);
        let dated = published(Some(200), Some(300));
        for (now, since) in [
            (150, None),
            (200, Some(at(200))),
            (299, Some(at(200))),
            (300, None),
        ] {
            assert_eq!(dated.shown_since(at(now)), since, "{now}");
        }
        let mut withdrawn = published(None, None);
        withdrawn.state = AnnouncementState::Withdrawn;
        assert_eq!(withdrawn.shown_since(at(150)), None);
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        assert!(draft().checked().is_ok());
        let broken = |change: fn(&mut AnnouncementDraft)| {
            let mut draft = draft();
            change(&mut draft);
            draft.checked().expect_err("refused")
        };
        assert_eq!(
            broken(|d| d.title = Text::fixed("", "x")),
            AnnouncementError::Title
        );
        assert_eq!(
            broken(|d| d.title = Text::fixed("a\nb", "x")),
            AnnouncementError::Title
        );
        assert_eq!(
            broken(|d| d.body = Text::made("a".repeat(5_001), "x")),
            AnnouncementError::Body
        );
        assert_eq!(
            broken(|d| {
                d.from = Some(Timestamp::from_millis(2));
                d.until = Some(Timestamp::from_millis(2));
            }),
            AnnouncementError::Dates
        );
        assert_eq!(
            broken(|d| d.audience = Audience::Any(vec![Audience::Everyone; 1_000])),
            AnnouncementError::Audience
        );
    }
}
