//! Limits per address: a flood is held back, a ministry behind one address is not.
//!
//! Fine limits (per account, per device) belong to the tools; here is only the outer fence, with
//! its numbers in one table. An IPv6 address counts by its /64.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;
use kernel::{Clock, Problem, Text};

use crate::House;
use crate::extract::client_ip;
use crate::problem::ApiError;

/// What a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The pages of a sign-in, and those of a password account.
    SignIn,
    /// The endpoints that applications call with a secret.
    Token,
    /// The JSON API.
    Api,
    /// Tokens of agents that open nothing: counted when one is refused, whatever the path.
    WrongToken,
    /// Writes under a key of their own (`Idempotency-Key`), by who writes: each leaves a row.
    KeyedWrite,
    /// Codes of guests, asked for by an address or tried: anybody may, and each leaves a row.
    GuestCode,
}

/// A limit of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Of what.
    pub class: Class,
    /// Name in the documentation and the metrics.
    pub name: &'static str,
    /// Requests a second, sustained.
    pub per_second: u32,
    /// Requests at once after a rest.
    pub burst: u32,
}

/// Every limit. A ministry of 200,000 agents signs in from one address at up to 60 sign-ins a
/// second of four requests each: the fence stands well above half of that.
pub const LIMITS: [Limit; 5] = [
    Limit {
        class: Class::SignIn,
        name: "sign-in",
        per_second: 200,
        burst: 1_000,
    },
    Limit {
        class: Class::Token,
        name: "token",
        per_second: 400,
        burst: 2_000,
    },
    Limit {
        class: Class::Api,
        name: "api",
        per_second: 500,
        burst: 2_500,
    },
    Limit {
        class: Class::WrongToken,
        name: "wrong-token",
        per_second: 5,
        burst: 300,
    },
    Limit {
        class: Class::GuestCode,
        name: "guest-code",
        per_second: 1,
        burst: 60,
    },
];

/// The limit of one writer, whatever the address.
pub const KEYED_WRITES: Limit = Limit {
    class: Class::KeyedWrite,
    name: "keyed-write",
    per_second: 10,
    burst: 2_000,
};

/// After this many requests the addresses at rest are forgotten.
const FORGET_EVERY: u32 = 20_000;

/// Where people sign in, and where holders of a password account prove who they are.
const SIGN_IN: [&str; 6] = [
    "/connexion",
    "/invitation",
    "/api/v2/authorize",
    "/mot-de-passe-oublie",
    "/mot-de-passe",
    "/compte",
];

/// The class of a path; none: not limited here (assets, pages, health).
pub fn class_of(path: &str) -> Option<Class> {
    let under = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if SIGN_IN.into_iter().any(under) {
        Some(Class::SignIn)
    } else if under("/api/v2") {
        Some(Class::Token)
    } else if under("/api") {
        Some(Class::Api)
    } else {
        None
    }
}

/// The house's clock in the limiter's units.
#[derive(Clone)]
struct HouseClock(Arc<dyn Clock>);

impl GovernorClock for HouseClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let millis = u64::try_from(self.0.now().millis()).unwrap_or(0);
        Nanos::from(Duration::from_millis(millis))
    }
}

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, HouseClock, NoOpMiddleware<Nanos>>;

fn limiter<K: Hash + Eq + Clone>(limit: &Limit, clock: &HouseClock) -> Limiter<K> {
    let rate = NonZeroU32::new(limit.per_second).unwrap_or(NonZeroU32::MIN);
    let burst = NonZeroU32::new(limit.burst).unwrap_or(NonZeroU32::MIN);
    RateLimiter::dashmap_with_clock(Quota::per_second(rate).allow_burst(burst), clock.clone())
}

/// The counters.
pub struct RateLimits {
    clock: HouseClock,
    limiters: Vec<(Class, Limiter<IpAddr>)>,
    writers: Limiter<[u8; 32]>,
    exempt: Vec<IpNet>,
    seen: AtomicU32,
}

impl RateLimits {
    /// With the table's limits; `exempt` networks have none.
    pub fn new(clock: Arc<dyn Clock>, exempt: Vec<IpNet>) -> Self {
        Self::with_limits(clock, exempt, &LIMITS)
    }

    /// With other numbers.
    pub fn with_limits(clock: Arc<dyn Clock>, exempt: Vec<IpNet>, limits: &[Limit]) -> Self {
        let clock = HouseClock(clock);
        let limiters = limits
            .iter()
            .map(|limit| (limit.class, limiter(limit, &clock)))
            .collect();
        Self {
            limiters,
            writers: limiter(&KEYED_WRITES, &clock),
            clock,
            exempt,
            seen: AtomicU32::new(0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Seconds to wait, one at least, when the address is over its limit.
    pub fn check(&self, class: Class, address: IpAddr) -> Result<(), u32> {
        if self.exempt.iter().any(|network| network.contains(&address)) {
            return Ok(());
        }
        let Some((_, limiter)) = self.limiters.iter().find(|(of, _)| *of == class) else {
            return Ok(());
        };
        self.count(limiter, &key_of(address))
    }

    /// Counts a write under a key, by a digest of who writes.
    ///
    /// # Errors
    /// Seconds to wait, one at least, when they are over [`KEYED_WRITES`].
    pub(crate) fn check_writer(&self, writer: [u8; 32]) -> Result<(), u32> {
        self.count(&self.writers, &writer)
    }

    fn count<K: Hash + Eq + Clone>(&self, limiter: &Limiter<K>, key: &K) -> Result<(), u32> {
        if self.seen.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            u32::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u32::MAX)
        })
    }
}

/// An IPv6 subscriber owns a /64 at least.
fn key_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

/// 429, with when to try again.
pub fn too_many(seconds: u32) -> Problem {
    Problem::new(
        429,
        "too-many-requests",
        Text::fixed(
            "Trop de demandes sont venues de votre réseau en peu de temps.",
            "Too many requests came from your network in a short time.",
        ),
    )
    .with_detail(Text::made(
        format!("Rien n’est perdu. Réessayez dans {seconds}\u{a0}s."),
        format!("Nothing is lost. Try again in {seconds}\u{a0}s."),
    ))
    .with_retry_after(seconds)
}

/// The middleware.
pub(crate) async fn limit<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let Some(class) = class_of(request.uri().path()) else {
        return next(request).await;
    };
    let Some(house) = request.extensions().get::<House>() else {
        return next(request).await;
    };
    let address = client_ip::of(
        request.headers(),
        request.extensions(),
        &house.trusted_proxies,
    );
    match house.rate.check(class, address) {
        Ok(()) => next(request).await,
        Err(seconds) => ApiError(too_many(seconds)).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestClock, TestHouse};

    const TIGHT: [Limit; 1] = [Limit {
        class: Class::SignIn,
        name: "sign-in",
        per_second: 1,
        burst: 2,
    }];

    fn address(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    #[test]
    fn an_address_over_its_limit_waits_and_its_neighbour_does_not() {
        let clock = TestClock::new(1_000_000);
        let limits = RateLimits::with_limits(clock.clone(), Vec::new(), &TIGHT);
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(limits.check(Class::SignIn, one), Ok(()));
        assert_eq!(limits.check(Class::SignIn, one), Ok(()));
        assert!(limits.check(Class::SignIn, one).is_err());
        assert_eq!(limits.check(Class::SignIn, other), Ok(()));
        clock.advance(1_000);
        assert_eq!(limits.check(Class::SignIn, one), Ok(()));
        assert!(limits.check(Class::SignIn, one).is_err());
    }

    #[test]
    fn a_named_exception_is_never_held_back() {
        let clock = TestClock::new(1_000_000);
        let exempt = vec!["192.0.2.0/24".parse().expect("network")];
        let limits = RateLimits::with_limits(clock, exempt, &TIGHT);
        for _ in 0..50 {
            assert_eq!(limits.check(Class::SignIn, address("192.0.2.1")), Ok(()));
        }
    }

    #[test]
    fn an_ipv6_subscriber_counts_as_one() {
        assert_eq!(
            key_of(address("2001:db8::1")),
            key_of(address("2001:db8::2"))
        );
        assert_ne!(
            key_of(address("2001:db8::1")),
            key_of(address("2001:db8:0:1::1"))
        );
        assert_eq!(key_of(address("::ffff:192.0.2.1")), address("192.0.2.1"));
    }

    #[tokio::test]
    async fn a_flood_gets_429_with_a_time_to_wait_and_other_paths_still_answer() {
        let mut test = TestHouse::new().await;
        let clock = TestClock::new(1_000_000);
        test.house.rate = Arc::new(RateLimits::with_limits(clock, Vec::new(), &TIGHT));
        for _ in 0..2 {
            assert_eq!(test.get("/connexion", &[]).await.status, 404);
        }
        let refused = test.get("/connexion", &[]).await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.json()["type"], "/problems/too-many-requests");
        assert_eq!(refused.header("retry-after"), "1");
        assert_eq!(test.get("/healthz", &[]).await.status, 200);
    }

    #[test]
    fn each_path_has_its_class() {
        for (path, class) in [
            ("/connexion", Some(Class::SignIn)),
            ("/connexion/administrations", Some(Class::SignIn)),
            ("/invitation/a-secret", Some(Class::SignIn)),
            ("/invitation/a-secret/code", Some(Class::SignIn)),
            ("/api/v2/authorize", Some(Class::SignIn)),
            ("/mot-de-passe-oublie", Some(Class::SignIn)),
            ("/mot-de-passe/secret", Some(Class::SignIn)),
            ("/compte", Some(Class::SignIn)),
            ("/compte/second-facteur", Some(Class::SignIn)),
            ("/comptes", None),
            ("/api/v2/token", Some(Class::Token)),
            ("/api/v1/home", Some(Class::Api)),
            ("/connexions", None),
            ("/invites", None),
            ("/assets/a.js", None),
        ] {
            assert_eq!(class_of(path), class, "{path}");
        }
    }
}
