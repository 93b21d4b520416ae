//! Telling an agent's open pages that a count changed.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{AgentId, Clock};
use kernel_http::{Live, Reached};

use crate::domain::{Throttle, When};

/// The hints `badges`, once a second an agent at most.
pub(crate) struct Hints {
    live: Live,
    clock: Arc<dyn Clock>,
    throttle: Mutex<Throttle>,
}

impl Hints {
    /// Nothing said yet.
    pub(crate) fn new(live: Live, clock: Arc<dyn Clock>) -> Self {
        Self {
            live,
            clock,
            throttle: Mutex::default(),
        }
    }

    /// A count of this agent's changed.
    pub(crate) fn changed(&self, agent: AgentId) {
        let when = self
            .throttle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ask(agent, self.clock.now());
        match when {
            When::Now => say(&self.live, self.clock.as_ref(), agent),
            When::Planned => {}
            When::After(pause) => {
                let (live, clock) = (self.live.clone(), Arc::clone(&self.clock));
                // A hint: what a stopping process leaves unsaid, the page finds at its next load.
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
                    say(&live, clock.as_ref(), agent);
                });
            }
        }
    }
}

fn say(live: &Live, clock: &dyn Clock, agent: AgentId) {
    live.say("badges", clock.now().millis(), Reached::Agent(agent));
}
