//! Types and decisions of announcements, notices, quiet hours and digests.

mod announcement;
mod delivery;
mod link;
mod notice;
mod quiet;
mod reach;
mod settings;
mod words;
mod zone;

pub use announcement::{
    Announcement, AnnouncementDraft, AnnouncementError, AnnouncementId, AnnouncementState, Severity,
};
pub(crate) use delivery::{Mailing, arrival, wake};
pub use link::{Link, LinkError};
pub use notice::{InboxSource, NewNotice, NoticeError, NoticeId, StoredNotice};
pub(crate) use notice::{urgency_of, urgency_word};
pub use quiet::{QuietDay, TimeOfDay, is_quiet, next_open};
pub(crate) use reach::lies_within;
pub use settings::{DayForm, Digest, QuietHoursForm, Settings, SettingsError, SettingsForm};
pub(crate) use words::{line, paragraphs};
pub use zone::{Zone, ZoneError};
