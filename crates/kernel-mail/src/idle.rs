//! Connections kept for the next mail: many mails of one moment share a few.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::server::{self, Connection};

/// A connection that no mail used for so long, or twice that at most, is closed.
const IDLE: Duration = Duration::from_secs(10);

/// Connections whose last mail was taken. A later mail takes the one that was used last, so that
/// the others grow old.
#[derive(Default)]
pub(crate) struct Idle(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    connections: Vec<Parked>,
    /// Whether a task looks after them.
    swept: bool,
}

struct Parked {
    connection: Connection,
    /// Whether the sweeper has seen it here before.
    seen: bool,
}

impl Idle {
    /// One, when there is one. The server may have closed it meanwhile.
    pub(crate) fn take(&self) -> Option<Connection> {
        self.kept().connections.pop().map(|one| one.connection)
    }

    /// Keeps a connection that waits for no answer.
    pub(crate) fn park(self: &Arc<Self>, connection: Connection) {
        let mut kept = self.kept();
        kept.connections.push(Parked {
            connection,
            seen: false,
        });
        if !kept.swept {
            kept.swept = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Those that have lain here since the last look; none: nothing is left to look after.
    fn old(&self) -> Option<Vec<Connection>> {
        let mut kept = self.kept();
        if kept.connections.is_empty() {
            kept.swept = false;
            return None;
        }
        let all = std::mem::take(&mut kept.connections);
        let (old, young): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.seen);
        kept.connections = young
            .into_iter()
            .map(|one| Parked { seen: true, ..one })
            .collect();
        Some(old.into_iter().map(|one| one.connection).collect())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says goodbye on those that nobody uses, until none is left.
async fn sweep(idle: Weak<Idle>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let Some(old) = idle.upgrade().and_then(|idle| idle.old()) else {
            return;
        };
        for connection in old {
            server::close(connection).await;
        }
    }
}
