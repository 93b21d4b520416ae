//! Randomness, handed in: tests run with a seed, the program with the system's source.

use crate::Secret;

/// Where randomness comes from.
pub trait Rng: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// What everybody draws.
pub trait RngExt: Rng {
    /// 256 random bits: a session's cookie, an authorization code, a client's secret.
    fn secret(&self) -> Secret {
        let mut bytes = [0_u8; 32];
        self.fill(&mut bytes);
        Secret::from_bytes(&bytes)
    }

    /// `N` random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl<T: Rng + ?Sized> RngExt for T {}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl Rng for OsRng {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws randomness"
    )]
    #[expect(
        clippy::panic,
        reason = "without randomness no secret may be made: stopping is safe"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(cause) = getrandom::fill(bytes) {
            panic!("the operating system gives no randomness: {cause}");
        }
    }
}
