//! A bus within one process, and a line that can be cut.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bus::{Bus, Ear, Message};
use crate::figures::{self, Dropped};
use crate::{NodeId, envelope};

/// Where nodes of one process meet. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct Exchange(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    cut: bool,
    nodes: Vec<(NodeId, Ear)>,
}

impl Exchange {
    /// An exchange without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A node more.
    pub fn join(&self, node: NodeId) -> Bus {
        let mut line = self.line();
        let ear = Ear::new(!line.cut);
        line.nodes.push((node, ear.clone()));
        Bus::within(node, ear, self.clone())
    }

    /// Cuts the line: nothing arrives until it is mended.
    pub fn cut(&self) {
        self.set(true);
    }

    /// Mends the line.
    pub fn mend(&self) {
        self.set(false);
    }

    /// Passes a message on to all nodes but its own, as a server would: sealed and opened.
    pub(crate) fn pass_on(&self, from: NodeId, message: &Message) {
        let line = self.line();
        if line.cut {
            figures::dropped(Dropped::Down, 1);
            return;
        }
        figures::published(&message.subject);
        let sealed = envelope::seal(from, &message.payload);
        for (node, ear) in &line.nodes {
            if let Some((sender, payload)) = envelope::open(sealed.clone())
                && sender != *node
            {
                ear.hear(Message {
                    subject: message.subject.clone(),
                    payload,
                });
            }
        }
    }

    fn set(&self, cut: bool) {
        let mut line = self.line();
        line.cut = cut;
        for (_, ear) in &line.nodes {
            ear.connected(!cut);
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
