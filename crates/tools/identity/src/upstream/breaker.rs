//! Leaves a provider alone that does not answer.

use std::time::Duration;

use kernel::Timestamp;

/// How many failures in a row open it.
const FAILURES: u32 = 5;
/// How often one call is let through while it is open.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// Closed until five calls in a row got no answer; then open, but for one call every ten seconds;
/// closed again by the first answer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Breaker {
    failures: u32,
    /// The first failure of the present run.
    since: Option<Timestamp>,
    /// While open: when the next call may go through.
    next_probe: Option<Timestamp>,
}

impl Breaker {
    /// Whether a call may go out now; when it may not, since when there has been no answer.
    pub(super) fn permit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        match self.next_probe {
            Some(at) if now < at => Err(self.since.unwrap_or(at)),
            // The next one waits from here on, so that a probe that is given up blocks nothing.
            Some(_) => {
                self.next_probe = Some(now.plus(PROBE_EVERY));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// An answer came, whatever it says.
    pub(super) fn answered(&mut self) {
        *self = Self::default();
    }

    /// No answer came.
    pub(super) fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.since.get_or_insert(now);
        if self.failures >= FAILURES {
            self.next_probe = Some(now.plus(PROBE_EVERY));
        }
    }

    /// Since when there has been no answer; none while closed.
    pub(super) fn open_since(&self) -> Option<Timestamp> {
        self.next_probe.and(self.since)
    }

    /// How many calls in a row got no answer.
    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for second in 0..5 {
            assert_eq!(breaker.permit(after(second)), Ok(()));
            breaker.failed(after(second));
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_do_not() {
        let mut breaker = opened();
        assert_eq!(breaker.permit(after(5)), Err(START));
        assert_eq!((breaker.open_since(), breaker.failures()), (Some(START), 5));
        let mut other = Breaker::default();
        for second in 0..9 {
            if second == 4 {
                other.answered();
            } else {
                other.failed(after(second));
            }
        }
        assert_eq!(other.permit(after(9)), Ok(()));
        assert_eq!(other.open_since(), None);
    }

    #[test]
    fn one_probe_every_ten_seconds_and_its_answer_closes_it() {
        let mut breaker = opened();
        assert_eq!(
            breaker.permit(after(13)),
            Err(START),
            "nine seconds after the last failure"
        );
        assert_eq!(breaker.permit(after(14)), Ok(()));
        assert_eq!(breaker.permit(after(14)), Err(START), "one at a time");
        breaker.failed(after(15));
        assert_eq!(breaker.permit(after(24)), Err(START));
        assert_eq!(breaker.permit(after(25)), Ok(()));
        breaker.answered();
        assert_eq!(breaker.permit(after(25)), Ok(()));
        assert_eq!(breaker.open_since(), None);
    }

    #[test]
    fn a_probe_that_is_given_up_blocks_nothing() {
        let mut breaker = opened();
        assert_eq!(breaker.permit(after(14)), Ok(()));
        assert_eq!(breaker.permit(after(24)), Ok(()));
    }
}
