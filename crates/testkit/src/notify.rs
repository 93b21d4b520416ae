//! Inboxes in memory, for tools that tell agents something.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::port::{Notice, Notify, PortError};
use kernel::{AgentId, BoxFuture};

/// What was told, in order; a notice with the dedup key of an earlier one of its source replaces
/// it. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct FakeNotify(Arc<Mutex<Vec<Notice>>>);

impl FakeNotify {
    /// What an agent was told.
    pub fn told(&self, agent: AgentId) -> Vec<Notice> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .filter(|notice| notice.to == agent)
            .cloned()
            .collect()
    }
}

impl Notify for FakeNotify {
    fn notify(&self, notice: Notice) -> BoxFuture<'_, Result<(), PortError>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|known| {
            let same = known.to == notice.to
                && known.source == notice.source
                && known.dedup == notice.dedup;
            !(same && notice.dedup.is_some())
        });
        all.push(notice);
        drop(all);
        Box::pin(async { Ok(()) })
    }
}
