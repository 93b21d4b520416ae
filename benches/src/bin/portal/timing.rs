//! Times, and what is said of many of them.

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Milliseconds since a moment.
pub(crate) fn since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}

/// The value below which `percent` of these are, milliseconds.
pub(crate) fn quantile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default()
}

/// The middle one of several runs.
pub(crate) fn median(runs: &[f64]) -> f64 {
    quantile(&mut runs.to_vec(), 50)
}
