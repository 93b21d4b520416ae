//! Rows of announcements, inboxes, quiet hours and digests.

mod announcement;
mod announcement_read;
mod digest;
mod inbox;
mod inbox_count;
mod inbox_mark;
mod inbox_source;
mod settings;

use kernel::Text;
use kernel_db::{DbError, Row};

pub(crate) use announcement::{
    find_announcement, insert_announcement, list_announcements_of, list_published_announcements,
    news_revision, update_announcement,
};
pub(crate) use announcement_read::{
    Reader, count_readers, list_readers, mark_announcement_read, readers_between, reads_of_agent,
};
pub(crate) use digest::{due_inboxes, inbox_state, mark_mailed, set_inbox_due, unmailed_notices};
pub(crate) use inbox::{
    Bounds, list_notices, list_now_notices, put_notice, raise_inbox, remove_old_notices,
    unread_count,
};
pub(crate) use inbox_count::{count_posted, remove_old_counts};
pub(crate) use inbox_mark::{mark_all_read, mark_read, mark_unread, notice_exists, undo_read};
pub(crate) use inbox_source::list_inbox_sources;
pub(crate) use settings::{SettingsRow, find_settings, write_settings};

use crate::domain::news::{AnnouncementId, NoticeId};

kernel_db::id_values!(AnnouncementId, NoticeId);

/// A text from two columns that are empty together.
fn optional_text(
    row: &Row,
    french: &'static str,
    english: &'static str,
) -> Result<Option<Text>, DbError> {
    let fr: Option<String> = row.get(french)?;
    let en: Option<String> = row.get(english)?;
    Ok(fr.zip(en).map(|(fr, en)| Text::made(fr, en)))
}
