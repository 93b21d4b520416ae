//! Who listens, and what was said lately.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{
    AgentId, Audience, Caller, OrganisationId, Rng, RngExt as _, Role, SessionId, Timestamp,
};
use kernel_bus::Bus;
use tokio::sync::broadcast;

use crate::nodes::{self, Ended};

/// Hints kept for readers that come back, and for readers that are slow.
pub const RECENT: usize = 1_024;

/// Streams that one agent may hold open.
pub const AGENT_STREAMS: u32 = 20;

/// For whom a hint is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// Everybody who listens.
    Everyone,
    /// One agent.
    Agent(AgentId),
    /// Whom a rule takes in.
    Audience(Audience),
    /// Who may act in a role for an organisation.
    Holders {
        /// Which role.
        role: Role,
        /// For which organisation.
        organisation: OrganisationId,
        /// Those above it.
        ancestors: Vec<OrganisationId>,
    },
}

impl Reached {
    /// Whether a hint is for this caller.
    fn includes(&self, caller: &Caller, now: Timestamp) -> bool {
        match self {
            Self::Everyone => true,
            Self::Agent(agent) => *agent == caller.agent,
            Self::Audience(audience) => audience.includes(&caller.profile()),
            Self::Holders {
                role,
                organisation,
                ancestors,
            } => caller.may(*role, *organisation, ancestors, now),
        }
    }
}

/// Something said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) number: u64,
    pub(super) topic: Cow<'static, str>,
    pub(super) version: i64,
    to: Reached,
}

impl Hint {
    pub(super) fn is_for(&self, caller: &Caller, now: Timestamp) -> bool {
        self.to.includes(caller, now)
    }
}

#[derive(Debug, Clone)]
pub(super) enum Message {
    Hint(Arc<Hint>),
    End(Ended),
}

/// The hub. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    sender: broadcast::Sender<Message>,
    said: Mutex<Said>,
    /// Tells this process's numbers from those of the one before.
    start: String,
    open: Mutex<HashMap<AgentId, u32>>,
    listeners: AtomicUsize,
    /// How often hints of other nodes may have been missed.
    gaps: AtomicU64,
    bus: Bus,
}

#[derive(Default)]
struct Said {
    next: u64,
    recent: VecDeque<Arc<Hint>>,
}

/// Too many streams of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyStreams;

/// A reader's place.
pub(super) struct Subscription {
    pub(super) receiver: broadcast::Receiver<Message>,
    /// What was said since the reader left; none: too much, or unknown.
    pub(super) missed: Option<Vec<Arc<Hint>>>,
    pub(super) _seat: Seat,
}

/// One open stream; leaves the count when dropped.
pub(super) struct Seat {
    live: Live,
    agent: AgentId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.live.0.listeners.fetch_sub(1, Ordering::Relaxed);
        let mut open = lock(&self.live.0.open);
        if let Some(count) = open.get_mut(&self.agent) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.agent);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// A hub that nobody listens to yet, on this bus to the other nodes.
    pub fn new(rng: &dyn Rng, bus: Bus) -> Self {
        Self(Arc::new(Inner {
            sender: broadcast::Sender::new(RECENT),
            said: Mutex::default(),
            start: hex::encode(rng.bytes::<6>()),
            open: Mutex::default(),
            listeners: AtomicUsize::new(0),
            gaps: AtomicU64::new(0),
            bus,
        }))
    }

    /// Says that `topic` changed, on every node; `version` is any number that grows. Never waits.
    pub fn say(&self, topic: &'static str, version: i64, to: Reached) {
        let told = nodes::hint(topic, version, &to);
        self.say_here(Cow::Borrowed(topic), version, to);
        self.0.bus.publish(nodes::LIVE, told);
    }

    /// Says it on this node only: another node has said it, or a comparison found it.
    pub(crate) fn say_here(&self, topic: Cow<'static, str>, version: i64, to: Reached) {
        let mut said = lock(&self.0.said);
        said.next += 1;
        let hint = Arc::new(Hint {
            number: said.next,
            topic,
            version,
            to,
        });
        if said.recent.len() == RECENT {
            said.recent.pop_front();
        }
        said.recent.push_back(Arc::clone(&hint));
        // Sent under the lock, so that numbers arrive in their order; nobody listening is no fault.
        let _nobody = self.0.sender.send(Message::Hint(hint));
    }

    /// Ends the streams of a session, on every node.
    pub fn end_session(&self, session: SessionId) {
        self.end(Ended::Session(session));
    }

    /// Ends all streams of an agent, on every node: they may not sign in any more.
    pub fn end_agent(&self, agent: AgentId) {
        self.end(Ended::Agent(agent));
    }

    fn end(&self, ended: Ended) {
        self.end_here(ended);
        self.0.bus.publish(nodes::REVOKED, nodes::ended(ended));
    }

    /// Ends streams of this node only: another node has said so.
    pub(crate) fn end_here(&self, ended: Ended) {
        let _nobody = self.0.sender.send(Message::End(ended));
    }

    /// Hints of other nodes may have been missed: whoever listens is told to fetch everything at
    /// their next heartbeat, so not all at once; whoever comes back at once.
    pub(crate) fn missed(&self) {
        let mut said = lock(&self.0.said);
        // A number that nobody was given: what was said before it is no whole history any more.
        said.next += 1;
        said.recent.clear();
        self.0.gaps.fetch_add(1, Ordering::SeqCst);
    }

    /// How often hints may have been missed.
    pub(super) fn gaps(&self) -> u64 {
        self.0.gaps.load(Ordering::SeqCst)
    }

    /// Streams open in this process.
    pub fn listeners(&self) -> usize {
        self.0.listeners.load(Ordering::Relaxed)
    }

    /// How many numbers were given.
    #[cfg(test)]
    pub(crate) fn said(&self) -> u64 {
        lock(&self.0.said).next
    }

    /// The topics said since the start; none: not all of them are known.
    #[cfg(test)]
    pub(crate) fn topics_since_start(&self) -> Option<Vec<String>> {
        let said = lock(&self.0.said);
        let all = self.since(&said, &self.wire_id(0))?;
        Some(all.iter().map(|hint| hint.topic.to_string()).collect())
    }

    /// The id of the last hint said so far, whether or not there is one.
    pub(crate) fn place(&self) -> String {
        self.wire_id(lock(&self.0.said).next)
    }

    /// The id of a hint on the wire.
    pub(super) fn wire_id(&self, number: u64) -> String {
        format!("{}-{number}", self.0.start)
    }

    /// Takes a place; `last` is the wire id of the last hint seen, when the reader comes back.
    pub(super) fn subscribe(
        &self,
        agent: AgentId,
        last: Option<&str>,
    ) -> Result<Subscription, TooManyStreams> {
        {
            let mut open = lock(&self.0.open);
            let count = open.entry(agent).or_insert(0);
            if *count >= AGENT_STREAMS {
                return Err(TooManyStreams);
            }
            *count += 1;
        }
        self.0.listeners.fetch_add(1, Ordering::Relaxed);
        let seat = Seat {
            live: self.clone(),
            agent,
        };
        let said = lock(&self.0.said);
        let receiver = self.0.sender.subscribe();
        let missed = match last {
            None => Some(Vec::new()),
            Some(last) => self.since(&said, last),
        };
        Ok(Subscription {
            receiver,
            missed,
            _seat: seat,
        })
    }

    fn since(&self, said: &Said, last: &str) -> Option<Vec<Arc<Hint>>> {
        let number = last
            .strip_prefix(self.0.start.as_str())?
            .strip_prefix('-')?;
        let number: u64 = number.parse().ok()?;
        if number > said.next {
            return None;
        }
        let oldest = said
            .recent
            .front()
            .map_or(said.next + 1, |hint| hint.number);
        if number + 1 < oldest {
            return None;
        }
        let missed = said.recent.iter().filter(|hint| hint.number > number);
        Some(missed.cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use kernel::{OsRng, Population};

    use super::*;
    use crate::testing::caller;

    const NOW: Timestamp = Timestamp::from_millis(1);

    fn topics(missed: Option<Vec<Arc<Hint>>>) -> Option<Vec<String>> {
        missed.map(|hints| hints.iter().map(|hint| hint.topic.to_string()).collect())
    }

    #[test]
    fn who_comes_back_gets_what_was_said_meanwhile() {
        let live = Live::new(&OsRng, Bus::alone());
        let agent = AgentId::from_u128(1);
        for topic in ["home", "inbox", "badges"] {
            live.say(topic, 1, Reached::Everyone);
        }
        let missed = |last: &str| {
            let subscription = live.subscribe(agent, Some(last)).ok();
            topics(subscription.and_then(|subscription| subscription.missed))
        };
        assert_eq!(
            missed(&live.wire_id(1)),
            Some(vec!["inbox".to_owned(), "badges".to_owned()])
        );
        assert_eq!(missed(&live.wire_id(3)), Some(Vec::new()));
        assert_eq!(missed(&live.wire_id(4)), None, "never said");
        assert_eq!(missed("000000000000-1"), None, "another process");
        assert_eq!(missed("x"), None);
        for _ in 0..=RECENT {
            live.say("home", 2, Reached::Everyone);
        }
        assert_eq!(missed(&live.wire_id(1)), None, "too long ago");
    }

    #[test]
    fn who_comes_back_over_a_gap_fetches_everything() {
        let live = Live::new(&OsRng, Bus::alone());
        let agent = AgentId::from_u128(1);
        live.say("home", 1, Reached::Everyone);
        let last = live.wire_id(1);
        let missed = || topics(live.subscribe(agent, Some(&last)).ok()?.missed);
        assert_eq!(missed(), Some(Vec::new()));
        live.missed();
        assert_eq!(missed(), None, "nothing was said since, here");
        live.say("home", 2, Reached::Everyone);
        assert_eq!(missed(), None);
        let after = live.subscribe(agent, Some(&live.wire_id(3))).ok();
        assert_eq!(topics(after.expect("a place").missed), Some(Vec::new()));
    }

    #[test]
    fn a_place_is_given_back_and_the_one_too_many_is_refused() {
        let live = Live::new(&OsRng, Bus::alone());
        let agent = AgentId::from_u128(1);
        let places: Vec<_> = (0..AGENT_STREAMS)
            .map(|_| live.subscribe(agent, None).ok())
            .collect();
        assert!(places.iter().all(Option::is_some));
        assert_eq!(live.subscribe(agent, None).err(), Some(TooManyStreams));
        assert!(live.subscribe(AgentId::from_u128(2), None).is_ok());
        assert_eq!(live.listeners(), 20);
        drop(places);
        assert_eq!(live.listeners(), 0);
        assert!(live.subscribe(agent, None).is_ok());
    }

    #[test]
    fn a_hint_reaches_whom_it_is_for_and_nobody_else() {
        let me = caller();
        let hears = |to: Reached| to.includes(&me, NOW);
        assert!(hears(Reached::Everyone));
        assert!(hears(Reached::Agent(me.agent)));
        assert!(!hears(Reached::Agent(AgentId::from_u128(99))));
        assert!(hears(Reached::Audience(Audience::Population(
            Population::Agent
        ))));
        assert!(!hears(Reached::Audience(Audience::Population(
            Population::Stagiaire
        ))));
        assert!(!hears(Reached::Holders {
            role: Role::Administrator,
            organisation: me.organisation,
            ancestors: Vec::new(),
        }));
    }
}
