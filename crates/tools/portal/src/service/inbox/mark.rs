//! Reading notices, and taking it back.

use std::time::Duration;

use kernel::{AgentId, RngExt as _};
use kernel_db::Tx;

use super::Inbox;
use crate::domain::news::NoticeId;
use crate::news_error::NewsError;
use crate::store::news as store;

/// How long the reading of everything can be taken back: the ten seconds on the page, and a slow
/// network.
const UNDO: Duration = Duration::from_mins(1);
/// Rows that one transaction marks.
const BATCH: u64 = 500;

/// What became of reading everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AllRead {
    /// How many were unread.
    pub(crate) read: u64,
    /// Takes it back.
    pub(crate) mark: [u8; 16],
}

impl Inbox {
    /// Marks one as read or as unread; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`NewsError::NotFound`] when the agent has no such notice.
    pub(crate) async fn mark(
        &self,
        agent: AgentId,
        id: NoticeId,
        read: bool,
    ) -> Result<(), NewsError> {
        let now = self.clock.now();
        self.db
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    if !store::notice_exists(tx, agent, id).await? {
                        return Err(NewsError::NotFound);
                    }
                    if read {
                        store::mark_read(tx, agent, id, now).await?;
                    } else {
                        store::mark_unread(tx, agent, id).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.ring(agent);
        Ok(())
    }

    /// Marks all that came until now as read, in batches.
    ///
    /// # Errors
    /// [`NewsError::Database`].
    pub(crate) async fn read_all(&self, agent: AgentId) -> Result<AllRead, NewsError> {
        let (now, mark) = (self.clock.now(), self.rng.bytes::<16>());
        let mut read = 0;
        loop {
            let changed = self
                .db
                .write(move |tx: &mut Tx| {
                    Box::pin(async move {
                        let changed = store::mark_all_read(tx, agent, mark, now).await?;
                        Ok::<_, NewsError>(changed)
                    })
                })
                .await?;
            read += changed;
            if changed < BATCH {
                break;
            }
        }
        self.ring(agent);
        Ok(AllRead { read, mark })
    }

    /// Takes the reading under a mark back, within a minute, in batches; how many are unread
    /// again.
    ///
    /// # Errors
    /// [`NewsError::UndoExpired`] when nothing was read under it lately.
    pub(crate) async fn undo(&self, agent: AgentId, mark: [u8; 16]) -> Result<u64, NewsError> {
        let since = self.clock.now().minus(UNDO);
        let mut undone = 0;
        loop {
            let changed = self
                .db
                .write(move |tx: &mut Tx| {
                    Box::pin(async move {
                        let changed = store::undo_read(tx, agent, mark, since).await?;
                        Ok::<_, NewsError>(changed)
                    })
                })
                .await?;
            undone += changed;
            if changed < BATCH {
                break;
            }
        }
        if undone == 0 {
            return Err(NewsError::UndoExpired);
        }
        self.ring(agent);
        Ok(undone)
    }
}
