//! One open stream, as server-sent events (WHATWG HTML §9.2).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kernel::{Caller, Clock, Secret};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::hub::{Hint, Live, Message, Subscription};
use crate::Sessions;

/// A comment goes out this often, so that no proxy takes the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// The session is looked up again each so many heartbeats: one minute.
const CHECK_EVERY: u32 = 3;

/// What a stream needs to go on.
pub(super) struct Reader {
    pub(super) live: Live,
    pub(super) subscription: Subscription,
    pub(super) caller: Caller,
    pub(super) cookie: Secret,
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) draining: CancellationToken,
}

/// The stream's state between two frames.
struct State {
    reader: Reader,
    waiting: VecDeque<Bytes>,
    heartbeat: Interval,
    beats: u32,
    /// How often hints may have been missed before the last fetch of everything.
    gaps: u64,
    /// The session is over: what waits is the last.
    ended: bool,
}

/// The frames of a stream, until its session ends or the process drains.
pub(super) fn frames(
    reader: Reader,
) -> impl futures_util::Stream<Item = Result<Bytes, std::convert::Infallible>> {
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let mut waiting = VecDeque::from([Bytes::from_static(b"retry: 2000\n: open\n\n")]);
    match &reader.subscription.missed {
        None => waiting.push_back(Bytes::from_static(RESYNC)),
        Some(missed) => {
            let now = reader.clock.now();
            for hint in missed
                .iter()
                .filter(|hint| hint.is_for(&reader.caller, now))
            {
                waiting.push_back(frame(&reader.live, hint));
            }
        }
    }
    let state = State {
        gaps: reader.live.gaps(),
        reader,
        waiting,
        heartbeat,
        beats: 0,
        ended: false,
    };
    futures_util::stream::unfold(state, |mut state| async move {
        let frame = state.next().await?;
        Some((Ok(frame), state))
    })
}

const RESYNC: &[u8] = b"event: resync\ndata: {}\n\n";
/// The session is over: the page asks who is signed in, at once.
const END: &[u8] = b"event: end\ndata: {}\n\n";

fn frame(live: &Live, hint: &Hint) -> Bytes {
    Bytes::from(format!(
        "id: {}\nevent: hint\ndata: {{\"topic\":\"{}\",\"version\":{}}}\n\n",
        live.wire_id(hint.number),
        hint.topic,
        hint.version
    ))
}

impl State {
    /// The next frame; none at the end.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(frame) = self.waiting.pop_front() {
            return Some(frame);
        }
        if self.ended {
            return None;
        }
        loop {
            let draining = self.reader.draining.clone();
            tokio::select! {
                () = draining.cancelled() => return None,
                message = self.reader.subscription.receiver.recv() => match message {
                    Ok(Message::Hint(hint)) => {
                        if hint.is_for(&self.reader.caller, self.reader.clock.now()) {
                            return Some(frame(&self.reader.live, &hint));
                        }
                    }
                    Ok(Message::End(ended)) if ended.is_of(&self.reader.caller) => {
                        return Some(self.last());
                    }
                    Ok(Message::End(_)) => {}
                    Err(RecvError::Lagged(_)) => return Some(Bytes::from_static(RESYNC)),
                    Err(RecvError::Closed) => return None,
                },
                _ = self.heartbeat.tick() => {
                    if !self.still_signed_in().await {
                        return Some(self.last());
                    }
                    return Some(Bytes::from_static(self.beat()));
                }
            }
        }
    }

    /// What a heartbeat says: to fetch everything, after a gap.
    fn beat(&mut self) -> &'static [u8] {
        let gaps = self.reader.live.gaps();
        if std::mem::replace(&mut self.gaps, gaps) == gaps {
            b": \n\n"
        } else {
            RESYNC
        }
    }

    /// The frame after which there is none.
    const fn last(&mut self) -> Bytes {
        self.ended = true;
        Bytes::from_static(END)
    }

    /// Looks the session up again now and then: what it allows may have changed. While the
    /// database is away a stream goes on: it carries nothing but hints.
    async fn still_signed_in(&mut self) -> bool {
        self.beats += 1;
        if !self.beats.is_multiple_of(CHECK_EVERY) {
            return true;
        }
        match self.reader.sessions.caller(&self.reader.cookie).await {
            Ok(Some(caller)) => {
                self.reader.caller = caller;
                true
            }
            Ok(None) => false,
            Err(cause) => {
                tracing::warn!(%cause, "a stream's session cannot be read now");
                true
            }
        }
    }
}
