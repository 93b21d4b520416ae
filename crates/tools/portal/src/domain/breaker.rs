//! A source that keeps failing is left in peace for a while.

use std::time::Duration;

use kernel::Timestamp;

/// Failures in a row that open the breaker.
const FAILURES: u32 = 5;
/// How long an open breaker asks nothing.
const REST: Duration = Duration::from_secs(30);

/// Whether a source is asked. A machine without clock or lock: the time comes in.
///
/// Closed: everybody asks. Open, after [`FAILURES`] failures in a row: nobody does, for [`REST`].
/// Half-open: one question is let through; its success closes, its failure opens again. A trial
/// whose end is never told (its reader left) makes room for another after [`REST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker(State);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { since: Timestamp },
    Trying { since: Timestamp },
}

impl Default for Breaker {
    fn default() -> Self {
        Self(State::Closed { failures: 0 })
    }
}

impl Breaker {
    /// Whether the source may be asked now. Where it is a trial, nobody else is let through
    /// until its end is told.
    pub fn admits(&mut self, now: Timestamp) -> bool {
        match self.0 {
            State::Closed { .. } => true,
            State::Open { since } | State::Trying { since } if now.since(since) >= REST => {
                self.0 = State::Trying { since: now };
                true
            }
            State::Open { .. } | State::Trying { .. } => false,
        }
    }

    /// The source answered in time.
    pub const fn succeeded(&mut self) {
        self.0 = State::Closed { failures: 0 };
    }

    /// The source failed, or was late.
    pub const fn failed(&mut self, now: Timestamp) {
        self.0 = match self.0 {
            State::Closed { failures } if failures + 1 < FAILURES => State::Closed {
                failures: failures + 1,
            },
            // A question asked before it opened: the rest is not begun again.
            State::Open { since } => State::Open { since },
            State::Closed { .. } | State::Trying { .. } => State::Open { since: now },
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert!(breaker.admits(at(0)));
            breaker.failed(at(0));
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_do_not() {
        let mut breaker = Breaker::default();
        for _ in 0..2 {
            for _ in 0..FAILURES - 1 {
                breaker.failed(at(0));
            }
            assert!(breaker.admits(at(0)));
            breaker.succeeded();
        }
        assert!(!opened().admits(at(29)));
    }

    #[test]
    fn after_its_rest_one_question_passes_and_its_success_closes() {
        let mut breaker = opened();
        assert!(breaker.admits(at(30)));
        assert!(!breaker.admits(at(30)), "one trial at a time");
        breaker.succeeded();
        assert!(breaker.admits(at(30)) && breaker.admits(at(30)));
    }

    #[test]
    fn a_failed_trial_begins_the_rest_again() {
        let mut breaker = opened();
        assert!(breaker.admits(at(30)));
        breaker.failed(at(31));
        assert!(!breaker.admits(at(60)));
        assert!(breaker.admits(at(61)));
    }

    #[test]
    fn a_trial_whose_reader_left_makes_room_for_another() {
        let mut breaker = opened();
        assert!(breaker.admits(at(30)));
        assert!(!breaker.admits(at(59)));
        assert!(breaker.admits(at(60)));
    }

    #[test]
    fn answers_to_questions_asked_before_it_opened_change_nothing_but_success() {
        let mut breaker = opened();
        breaker.failed(at(20));
        assert!(breaker.admits(at(30)), "the rest counts from the opening");
        let mut breaker = opened();
        breaker.succeeded();
        assert!(breaker.admits(at(1)));
    }

    proptest! {
        #[test]
        fn however_often_it_fails_it_is_asked_once_a_rest_at_most(steps in prop::collection::vec(1_i64..20, 1..200)) {
            let mut breaker = opened();
            let mut now = 0;
            let mut last = 0;
            for step in steps {
                now += step;
                if breaker.admits(at(now)) {
                    prop_assert!(now - last >= 30);
                    breaker.failed(at(now));
                    last = now;
                }
            }
        }
    }
}
