//! What is known of the request under way.

use std::sync::{Arc, OnceLock};

use kernel::{Actor, Caller, Locale, RequestId};
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
    /// Whose token was sent, when it is one: also when it does not open what was asked.
    presented: Arc<OnceLock<Actor>>,
}

impl RequestContext {
    pub(crate) fn new(id: RequestId, locale: Locale) -> Self {
        Self {
            id,
            locale,
            caller: Arc::new(OnceCell::new()),
            presented: Arc::new(OnceLock::new()),
        }
    }

    /// Notes for the log who spoke by a token, before it is looked at what that opens.
    pub(crate) fn note(&self, actor: Actor) {
        // Whoever looks again within the request finds the same.
        let _ = self.presented.set(actor);
    }

    /// Who asked, let in or not, when something has looked.
    pub(crate) fn asked_by(&self) -> Option<Actor> {
        let known = self.known_caller().map(Caller::actor);
        known.or_else(|| self.presented.get().copied())
    }

    /// The caller, when something has asked for it already.
    pub fn known_caller(&self) -> Option<&Caller> {
        self.caller.get().and_then(Option::as_ref)
    }
}
