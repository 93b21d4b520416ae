//! How long something that failed waits.

use std::time::Duration;

use kernel::{Rng, RngExt};

/// After so many failures a job or an event is given up: about three hours of trying.
pub(crate) const MAX_ATTEMPTS: u32 = 10;

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_hours(1);

/// The pause after the `attempts`-th failure: 10 s doubled each time, an hour at most, and up to
/// a fifth more by chance, so that what failed together does not come back together.
pub(crate) fn pause(attempts: u32, rng: &dyn Rng) -> Duration {
    let doubled = FIRST.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    let base = doubled.min(LONGEST);
    let [chance] = rng.bytes::<1>();
    base + base.mul_f64(f64::from(chance) / 255.0 / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::OsRng;

    #[test]
    fn pauses_double_up_to_an_hour() {
        for (attempts, seconds) in [(1, 10), (2, 20), (3, 40), (10, 3_600), (99, 3_600)] {
            let pause = pause(attempts, &OsRng);
            let base = Duration::from_secs(seconds);
            assert!(pause >= base && pause <= base.mul_f64(1.2), "{pause:?}");
        }
    }
}
