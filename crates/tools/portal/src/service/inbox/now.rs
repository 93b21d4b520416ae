//! Notices that stand under *Maintenant*: unread, with something to do and an end yet to come.

use kernel::port::{Now, NowItem, PortError};
use kernel::{BoxFuture, Caller};
use kernel_db::{DbError, Tx};

use super::Inbox;
use crate::domain::news::StoredNotice;
use crate::store::news as store;

/// The most lines of one caller.
const LINES: i64 = 20;
/// The icon of a notice that came without one.
const ICON: &str = "notification-3-line";

impl Now for Inbox {
    fn now(&self, caller: Caller) -> BoxFuture<'_, Result<Vec<NowItem>, PortError>> {
        Box::pin(async move {
            let now = self.clock.now();
            let notices = self
                .db
                .read(move |tx: &mut Tx| {
                    Box::pin(store::list_now_notices(tx, caller.agent, now, LINES))
                })
                .await
                .map_err(|cause: DbError| PortError::Unavailable(cause.to_string()))?;
            Ok(notices.into_iter().filter_map(item).collect())
        })
    }
}

fn item(notice: StoredNotice) -> Option<NowItem> {
    Some(NowItem {
        id: notice.id.to_string(),
        source: notice.source,
        at: None,
        until: notice.until?,
        title: notice.title,
        detail: notice.detail,
        icon: notice.icon.unwrap_or_else(|| ICON.to_owned()),
        action: notice.action?,
        link: notice.link?,
    })
}
