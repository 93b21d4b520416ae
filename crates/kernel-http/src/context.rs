//! What is known of the request under way.

use std::sync::Arc;

use kernel::{Caller, Locale, RequestId};
use tokio::sync::OnceCell;

/// Made by the outermost middleware, in every request's extensions.
#[derive(Clone)]
pub struct RequestContext {
    /// Shown on error pages, written in the log.
    pub id: RequestId,
    /// The reader's language.
    pub locale: Locale,
    /// The proved caller, looked up once a request at most.
    pub(crate) caller: Arc<OnceCell<Option<Caller>>>,
}

impl RequestContext {
    pub(crate) fn new(id: RequestId, locale: Locale) -> Self {
        Self {
            id,
            locale,
            caller: Arc::new(OnceCell::new()),
        }
    }

    /// The caller, when something has asked for it already.
    pub fn known_caller(&self) -> Option<&Caller> {
        self.caller.get().and_then(Option::as_ref)
    }
}
