//! Whether what was run may have written: who repeats a request asks before.
//!
//! Invariants
//! - A write counts from before its first statement until it is known to have been undone: one
//!   that nobody waits for any more, and one whose commit got no answer, may have been done.
//! - Only the writes of the same task are seen.

use std::cell::Cell;

tokio::task_local! {
    static WRITES: Cell<u32>;
}

/// Runs something and says whether it may have written.
pub async fn watched<T>(what: impl Future<Output = T>) -> (T, bool) {
    let watch = async {
        let outcome = what.await;
        (outcome, WRITES.with(|writes| writes.get() > 0))
    };
    WRITES.scope(Cell::new(0), watch).await
}

/// A write begins, or cannot be known to have been undone.
pub(crate) fn begun() {
    count(|writes| writes.saturating_add(1));
}

/// A write was undone.
pub(crate) fn undone() {
    count(|writes| writes.saturating_sub(1));
}

fn count(change: impl Fn(u32) -> u32) {
    // Unwatched otherwise.
    let _unwatched = WRITES.try_with(|writes| writes.set(change(writes.get())));
}
