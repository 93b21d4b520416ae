//! What a caller is shown, and what they have read of it.

use std::cmp::Reverse;

use kernel::{Caller, Cursor, Limit, Page, Timestamp};
use kernel_db::{DbError, Tx};
use kernel_http::live::Reached;

use super::{Shown, TOPIC, label};
use crate::domain::news::{AnnouncementId, Severity};
use crate::news_error::NewsError;
use crate::service::News;
use crate::store::news as store;

impl News {
    /// Everything that is shown to a caller now, latest first.
    async fn shown(&self, caller: &Caller) -> Result<Vec<Shown>, NewsError> {
        let (now, profile) = (self.clock.now(), caller.profile());
        let all = self.announcements.get().await?;
        let mine: Vec<_> = all
            .iter()
            .filter(|announcement| announcement.is_for(&profile, now))
            .collect();
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let organisations = self.organisations().await?;
        let agent = caller.agent;
        let reads = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::reads_of_agent(tx, agent)))
            .await
            .map_err(|error: DbError| error)?;
        let mut shown: Vec<Shown> = mine
            .into_iter()
            .filter_map(|announcement| {
                Some(Shown {
                    since: announcement.shown_since(now)?,
                    organisation_label: label(&organisations, announcement.content.organisation),
                    read_at: reads.get(&announcement.id).copied(),
                    announcement: announcement.clone(),
                })
            })
            .collect();
        shown.sort_by_key(|one| Reverse(key(one)));
        Ok(shown)
    }

    /// A part of what is shown to a caller, latest first.
    ///
    /// # Errors
    /// [`NewsError::Cursor`], [`NewsError::Port`], [`NewsError::Database`].
    pub(crate) async fn announcements_for(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: Limit,
    ) -> Result<Page<Shown>, NewsError> {
        let after = cursor.map(position).transpose()?;
        let mut items = self.shown(caller).await?;
        items.retain(|one| after.is_none_or(|after| key(one) < after));
        let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
        let next = (items.len() > most)
            .then(|| items.get(most.saturating_sub(1)).map(cursor_of))
            .flatten();
        items.truncate(most);
        Ok(Page { items, next })
    }

    /// The few announcements for the home page: what must still be confirmed first, then
    /// disturbances, then the latest.
    ///
    /// # Errors
    /// [`NewsError::Port`], [`NewsError::Database`].
    pub(crate) async fn announcements_on_home(
        &self,
        caller: &Caller,
        most: usize,
    ) -> Result<Vec<Shown>, NewsError> {
        let mut items = self.shown(caller).await?;
        items.sort_by_key(|one| {
            let content = &one.announcement.content;
            let waits = content.must_confirm && one.read_at.is_none();
            (!waits, content.severity != Severity::Disturbance)
        });
        items.truncate(most);
        Ok(items)
    }

    /// Notes that a caller has read an announcement that is shown to them.
    ///
    /// # Errors
    /// [`NewsError::NotFound`] when it is not.
    pub(crate) async fn read_announcement(
        &self,
        caller: &Caller,
        id: AnnouncementId,
    ) -> Result<(), NewsError> {
        let (now, agent) = (self.clock.now(), caller.agent);
        let all = self.announcements.get().await?;
        let shown = all
            .iter()
            .any(|one| one.id == id && one.is_for(&caller.profile(), now));
        if !shown {
            return Err(NewsError::NotFound);
        }
        self.db
            .write(move |tx: &mut Tx| Box::pin(store::mark_announcement_read(tx, id, agent, now)))
            .await
            .map_err(|error: DbError| error)?;
        self.live.say(TOPIC, now.millis(), Reached::Agent(agent));
        Ok(())
    }
}

fn key(shown: &Shown) -> (Timestamp, AnnouncementId) {
    (shown.since, shown.announcement.id)
}

fn cursor_of(shown: &Shown) -> Cursor {
    let mut bytes = shown.since.millis().to_be_bytes().to_vec();
    bytes.extend_from_slice(shown.announcement.id.as_bytes());
    Cursor::new(bytes)
}

fn position(text: &str) -> Result<(Timestamp, AnnouncementId), NewsError> {
    let cursor = Cursor::parse(text).map_err(|_| NewsError::Cursor)?;
    let (since, id) = cursor.key().split_at_checked(8).ok_or(NewsError::Cursor)?;
    let since = <[u8; 8]>::try_from(since).map_err(|_| NewsError::Cursor)?;
    let id = AnnouncementId::from_bytes(id).map_err(|_| NewsError::Cursor)?;
    Ok((Timestamp::from_millis(i64::from_be_bytes(since)), id))
}
