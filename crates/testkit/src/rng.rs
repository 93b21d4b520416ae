//! Randomness that is the same at each run (`SplitMix64`): for tests only.

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::Rng;

/// A generator with a seed.
#[derive(Debug)]
pub struct SeededRng(AtomicU64);

impl SeededRng {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Default for SeededRng {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            for (byte, random) in chunk.iter_mut().zip(self.next().to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::RngExt as _;

    #[test]
    fn a_seed_repeats_itself_and_another_differs() {
        let draw = |seed| SeededRng::new(seed).bytes::<20>();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let rng = SeededRng::default();
        assert_ne!(rng.bytes::<20>(), rng.bytes::<20>());
    }
}
