//! Reading an inbox.

use kernel::{AgentId, Cursor, Limit, Page, Timestamp};
use kernel_db::Tx;

use super::Inbox;
use crate::domain::news::{InboxSource, NoticeId, StoredNotice};
use crate::news_error::NewsError;
use crate::store::news::{self as store, Bounds};

/// A part of an inbox.
pub(crate) struct InboxPage {
    /// Notices, latest first.
    pub(crate) page: Page<StoredNotice>,
    /// How many are unread in all.
    pub(crate) unread: i64,
}

impl Inbox {
    /// A part of an agent's inbox.
    ///
    /// # Errors
    /// [`NewsError::Cursor`] for a cursor of another list, [`NewsError::Database`].
    pub(crate) async fn list(
        &self,
        agent: AgentId,
        unread_only: bool,
        cursor: Option<&str>,
        limit: Limit,
    ) -> Result<InboxPage, NewsError> {
        let before = cursor.map_or(Ok(Bounds::ALL), bounds)?;
        self.db
            .read(move |tx: &mut Tx| {
                Box::pin(async move {
                    let mut items =
                        store::list_notices(tx, agent, unread_only, before, limit).await?;
                    let unread = store::unread_count(tx, agent).await?;
                    let next = next(&mut items, limit);
                    Ok(InboxPage {
                        page: Page { items, next },
                        unread,
                    })
                })
            })
            .await
    }

    /// Who has told an agent what their inbox holds, whoever told something last first.
    ///
    /// # Errors
    /// [`NewsError::Database`].
    pub(crate) async fn sources(&self, agent: AgentId) -> Result<Vec<InboxSource>, NewsError> {
        self.db
            .read(move |tx: &mut Tx| {
                Box::pin(async move { Ok(store::list_inbox_sources(tx, agent, SOURCES).await?) })
            })
            .await
    }
}

/// Of one agent at most: as many as may be muted.
const SOURCES: i64 = 100;

/// Cuts what was read beyond the page, and says where the rest begins.
fn next(items: &mut Vec<StoredNotice>, limit: Limit) -> Option<Cursor> {
    let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
    if items.len() <= most {
        return None;
    }
    items.truncate(most);
    let last = items.last()?;
    let mut key = last.at.millis().to_be_bytes().to_vec();
    key.extend_from_slice(last.id.as_bytes());
    Some(Cursor::new(key))
}

fn bounds(text: &str) -> Result<Bounds, NewsError> {
    let cursor = Cursor::parse(text).map_err(|_| NewsError::Cursor)?;
    let (at, id) = cursor.key().split_at_checked(8).ok_or(NewsError::Cursor)?;
    let at = <[u8; 8]>::try_from(at).map_err(|_| NewsError::Cursor)?;
    Ok(Bounds {
        at: Timestamp::from_millis(i64::from_be_bytes(at)),
        id: NoticeId::from_bytes(id).map_err(|_| NewsError::Cursor)?,
    })
}
