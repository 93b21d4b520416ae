//! The numbers: how many misses make how long a wait.

use std::time::Duration;

/// From a number of misses on, how long the next attempt must wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Misses, at least.
    pub misses: u32,
    /// Wait after the last of them.
    pub wait: Duration,
}

/// What one kind of counter lets through.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// By growing number of misses; none is counted beyond the last step.
    pub steps: &'static [Step],
    /// The time after which one miss is forgotten.
    pub forget_one_every: Duration,
    /// Counters of this kind kept at most: those with the fewest misses are dropped first.
    pub counters: usize,
}

/// All numbers of this room.
#[derive(Debug, Clone, Copy)]
pub struct AttemptLimits {
    /// Per account, from browsers that never signed in to it.
    pub account: Budget,
    /// Per account and browser that signed in to it before.
    pub device: Budget,
    /// Of codes, per account, from browsers that never signed in to it: whoever comes here knows
    /// the password.
    pub code: Budget,
    /// Of codes, per account and browser that signed in to it before.
    pub code_device: Budget,
    /// Of codes, per account, from all browsers together and beside the two others: however many
    /// browsers somebody makes known, they guess no faster. Right codes do not clear it.
    pub code_all: Budget,
    /// Of links asked for, per login, whoever asks: each counts.
    pub mail: Budget,
    /// Of links asked for, per network.
    pub mail_network: Budget,
    /// Per network of addresses (IPv4 /24, IPv6 /64): wide, since a ministry shares one.
    pub network: Budget,
}

const fn step(misses: u32, seconds: u64) -> Step {
    Step {
        misses,
        wait: Duration::from_secs(seconds),
    }
}

/// Counters of one kind kept at most: over what a ministry of 200,000 misses within an hour.
const COUNTERS: usize = 20_000;

/// The limits of the product. The longest wait is a minute, a quarter of an hour for a code of
/// which a million are to be guessed: nobody is locked out.
pub const LIMITS: AttemptLimits = AttemptLimits {
    account: Budget {
        steps: &[step(3, 1), step(5, 5), step(10, 15), step(20, 60)],
        forget_one_every: Duration::from_mins(1),
        counters: COUNTERS,
    },
    device: Budget {
        steps: &[step(5, 1), step(10, 5), step(20, 15)],
        forget_one_every: Duration::from_mins(1),
        counters: COUNTERS,
    },
    code: Budget {
        steps: &[step(3, 30), step(6, 60), step(10, 300), step(20, 900)],
        forget_one_every: Duration::from_mins(15),
        counters: COUNTERS,
    },
    code_device: Budget {
        steps: &[step(3, 30), step(10, 60), step(20, 300)],
        forget_one_every: Duration::from_mins(5),
        counters: COUNTERS,
    },
    code_all: Budget {
        steps: &[step(30, 60), step(60, 900)],
        forget_one_every: Duration::from_mins(15),
        counters: COUNTERS,
    },
    mail: Budget {
        steps: &[step(1, 60), step(3, 1_200)],
        forget_one_every: Duration::from_mins(20),
        counters: COUNTERS,
    },
    mail_network: Budget {
        steps: &[step(20, 10), step(60, 60)],
        forget_one_every: Duration::from_mins(1),
        counters: COUNTERS,
    },
    network: Budget {
        steps: &[step(60, 1), step(200, 5), step(600, 30)],
        forget_one_every: Duration::from_secs(10),
        counters: COUNTERS,
    },
};

impl Budget {
    /// The wait after so many misses.
    pub(super) fn wait(&self, misses: u32) -> Duration {
        self.steps
            .iter()
            .rev()
            .find(|step| misses >= step.misses)
            .map_or(Duration::ZERO, |step| step.wait)
    }

    /// Misses counted at most: more would only take longer to be forgotten.
    pub(super) fn most(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.misses)
    }
}
