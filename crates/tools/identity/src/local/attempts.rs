//! How often a password may be tried.
//!
//! Counters are kept in memory, per process: a restart forgets them, and with several processes
//! each counts alone. An attempt is counted before its password is looked at, so that a hundred
//! at once get no more than one after the other.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::Timestamp;

use super::account::{DeviceId, Login, Realm};

/// From a number of misses on, how long the next attempt must wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Misses, at least.
    pub misses: u32,
    /// Wait after the last of them.
    pub wait: Duration,
}

/// All numbers of this room.
#[derive(Debug, Clone, Copy)]
pub struct AttemptLimits {
    /// Per account, from browsers that never signed in to it.
    pub account: &'static [Step],
    /// Per account and browser that signed in to it before.
    pub device: &'static [Step],
    /// Per network of addresses (IPv4 /24, IPv6 /64): wide, since a ministry shares one.
    pub network: &'static [Step],
    /// A counter without a miss for so long is forgotten.
    pub forget_after: Duration,
    /// Counters kept at most; the oldest are dropped first.
    pub counters: usize,
}

const fn step(misses: u32, seconds: u64) -> Step {
    Step {
        misses,
        wait: Duration::from_secs(seconds),
    }
}

/// The limits of the product. The longest wait is a minute: nobody is locked out.
pub const LIMITS: AttemptLimits = AttemptLimits {
    account: &[step(3, 1), step(5, 5), step(10, 15), step(20, 60)],
    device: &[step(5, 1), step(10, 5), step(20, 15)],
    network: &[step(60, 1), step(200, 5), step(600, 30)],
    forget_after: Duration::from_mins(15),
    counters: 50_000,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(Realm, Login),
    Device(Realm, Login, DeviceId),
    Network(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    misses: u32,
    last: Timestamp,
}

/// An attempt that was let through and counted; say how it ended.
#[derive(Debug)]
#[must_use = "an attempt that ended well must be taken back"]
pub struct Counted {
    keys: Vec<Key>,
}

/// The counters.
#[derive(Debug)]
pub struct Attempts {
    limits: AttemptLimits,
    exempt: Vec<IpAddr>,
    counters: Mutex<HashMap<Key, Counter>>,
}

impl Attempts {
    /// No misses yet. Addresses in `exempt` (a ministry's shared exit) are not counted by
    /// network.
    pub fn new(limits: AttemptLimits, exempt: Vec<IpAddr>) -> Self {
        Self {
            limits,
            exempt,
            counters: Mutex::new(HashMap::new()),
        }
    }

    /// Counts an attempt, or says how long it must wait. `device` is a browser that signed in
    /// to this account before: it has its own budget, and no other.
    ///
    /// # Errors
    /// The time to wait, over zero and at most the longest of the steps.
    pub fn begin(
        &self,
        realm: &Realm,
        login: &Login,
        device: Option<DeviceId>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Counted, Duration> {
        let keys = match device {
            Some(device) => vec![Key::Device(realm.clone(), login.clone(), device)],
            None if self.exempt.contains(&address) => {
                vec![Key::Account(realm.clone(), login.clone())]
            }
            None => vec![
                Key::Account(realm.clone(), login.clone()),
                Key::Network(network(address)),
            ],
        };
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = Duration::ZERO;
        for key in &keys {
            wait = wait.max(self.wait(key, counters.get(key), now));
        }
        if wait > Duration::ZERO {
            return Err(wait);
        }
        self.make_room(&mut counters, keys.len());
        for key in &keys {
            let counter = counters.entry(key.clone()).or_insert(Counter {
                misses: 0,
                last: now,
            });
            if now.since(counter.last) >= self.limits.forget_after {
                counter.misses = 0;
            }
            counter.misses = counter.misses.saturating_add(1);
            counter.last = now;
        }
        Ok(Counted { keys })
    }

    /// The password was right: the account's misses are forgotten, the network's lessened by
    /// this one.
    pub fn right(&self, counted: Counted) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        for key in counted.keys {
            match key {
                Key::Network(_) => take_one(&mut counters, &key),
                Key::Account(..) | Key::Device(..) => {
                    counters.remove(&key);
                }
            }
        }
    }

    /// The password was not looked at (busy, or the database away): as if nothing was tried.
    pub fn not_tried(&self, counted: Counted) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        for key in counted.keys {
            take_one(&mut counters, &key);
        }
    }

    fn wait(&self, key: &Key, counter: Option<&Counter>, now: Timestamp) -> Duration {
        let Some(counter) = counter else {
            return Duration::ZERO;
        };
        let elapsed = now.since(counter.last);
        if elapsed >= self.limits.forget_after {
            return Duration::ZERO;
        }
        let steps = match key {
            Key::Account(..) => self.limits.account,
            Key::Device(..) => self.limits.device,
            Key::Network(_) => self.limits.network,
        };
        let due = steps
            .iter()
            .rev()
            .find(|step| counter.misses >= step.misses)
            .map_or(Duration::ZERO, |step| step.wait);
        due.saturating_sub(elapsed)
    }

    /// Keeps the table small: drops the older half when it is full, so that the cost is spread.
    fn make_room(&self, counters: &mut HashMap<Key, Counter>, wanted: usize) {
        if counters.len().saturating_add(wanted) <= self.limits.counters {
            return;
        }
        let mut ages: Vec<_> = counters.values().map(|counter| counter.last).collect();
        let middle = ages.len() / 2;
        let (_, median, _) = ages.select_nth_unstable(middle);
        let median = *median;
        counters.retain(|_, counter| counter.last > median);
    }
}

fn take_one(counters: &mut HashMap<Key, Counter>, key: &Key) {
    let Some(counter) = counters.get_mut(key) else {
        return;
    };
    counter.misses = counter.misses.saturating_sub(1);
    if counter.misses == 0 {
        counters.remove(key);
    }
}

/// The network an address is counted with.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3));
    const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 9, 9, 9));
    const START: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    fn realm() -> Realm {
        Realm::parse("interieur").expect("a realm")
    }

    fn login(name: &str) -> Login {
        Login::parse(&format!("{name}@interieur.gouv.fr")).expect("a login")
    }

    /// Misses `times` times at one moment after waiting as long as asked; answers that moment.
    fn miss(
        attempts: &Attempts,
        name: &str,
        device: Option<DeviceId>,
        address: IpAddr,
        times: u32,
        mut now: Timestamp,
    ) -> Timestamp {
        for _ in 0..times {
            if let Err(wait) = attempts.begin(&realm(), &login(name), device, address, now) {
                now = now.plus(wait);
                let counted = attempts.begin(&realm(), &login(name), device, address, now);
                drop(counted.expect("let through after the wait"));
            }
        }
        now
    }

    #[test]
    fn misses_slow_an_account_down_and_leave_its_neighbour_alone() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let now = miss(&attempts, "claire", None, HERE, 3, START);
        assert_eq!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, now)
                .expect_err("too soon"),
            Duration::from_secs(1)
        );
        assert!(
            attempts
                .begin(&realm(), &login("hugo"), None, HERE, now)
                .is_ok()
        );
        let other = Realm::parse("agriculture").expect("a realm");
        assert!(
            attempts
                .begin(&other, &login("claire"), None, HERE, now)
                .is_ok()
        );
    }

    #[test]
    fn nobody_is_ever_locked_out() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let now = miss(&attempts, "claire", None, ELSEWHERE, 500, START);
        let wait = attempts
            .begin(&realm(), &login("claire"), None, HERE, now)
            .expect_err("slowed down");
        assert!(wait <= Duration::from_mins(1), "{wait:?}");
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, now.plus(wait))
                .is_ok()
        );
    }

    #[test]
    fn an_attempt_refused_for_haste_does_not_lengthen_the_wait() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let now = miss(&attempts, "claire", None, HERE, 3, START);
        for _ in 0..50 {
            assert!(
                attempts
                    .begin(&realm(), &login("claire"), None, HERE, now)
                    .is_err()
            );
        }
        let later = now.plus(Duration::from_secs(1));
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, later)
                .is_ok()
        );
    }

    #[test]
    fn a_known_device_has_a_budget_that_strangers_cannot_spend() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let now = miss(&attempts, "claire", None, ELSEWHERE, 40, START);
        let known = Some(DeviceId::from_u128(7));
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, now)
                .is_err()
        );
        assert!(
            attempts
                .begin(&realm(), &login("claire"), known, HERE, now)
                .is_ok()
        );
        let now = miss(&attempts, "claire", known, HERE, 20, now);
        assert!(
            attempts
                .begin(&realm(), &login("claire"), known, HERE, now)
                .is_err()
        );
    }

    #[test]
    fn one_network_that_tries_many_accounts_is_slowed_and_an_exempt_one_is_not() {
        for (exempt, slowed) in [(Vec::new(), true), (vec![HERE], false)] {
            let attempts = Attempts::new(LIMITS, exempt);
            for number in 0..60 {
                let counted =
                    attempts.begin(&realm(), &login(&format!("a{number}")), None, HERE, START);
                drop(counted.expect("within the network's budget"));
            }
            let next = attempts.begin(&realm(), &login("claire"), None, HERE, START);
            assert_eq!(next.is_err(), slowed);
            let neighbour = IpAddr::V4(Ipv4Addr::new(10, 1, 2, 200));
            let beside = attempts.begin(&realm(), &login("hugo"), None, neighbour, START);
            assert_eq!(beside.is_err(), slowed);
            assert!(
                attempts
                    .begin(&realm(), &login("ines"), None, ELSEWHERE, START)
                    .is_ok()
            );
        }
    }

    #[test]
    fn a_right_password_forgets_the_account_s_misses_and_an_untried_one_costs_nothing() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        miss(&attempts, "claire", None, HERE, 2, START);
        let third = attempts
            .begin(&realm(), &login("claire"), None, HERE, START)
            .expect("third");
        attempts.right(third);
        for _ in 0..10 {
            let again = attempts.begin(&realm(), &login("claire"), None, HERE, START);
            attempts.not_tried(again.expect("nothing counted"));
        }
        miss(&attempts, "claire", None, HERE, 3, START);
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, START)
                .is_err()
        );
    }

    #[test]
    fn misses_are_forgotten_after_a_quarter_of_an_hour() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let now = miss(&attempts, "claire", None, HERE, 30, START);
        let later = now.plus(LIMITS.forget_after);
        miss(&attempts, "claire", None, HERE, 2, later);
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, later)
                .is_ok()
        );
    }

    #[test]
    fn the_table_stays_small_under_a_flood_of_names() {
        let attempts = Attempts::new(
            AttemptLimits {
                counters: 100,
                ..LIMITS
            },
            Vec::new(),
        );
        for number in 0..1_000_u32 {
            let address = IpAddr::V4(Ipv4Addr::from(number << 8));
            let now = START.plus(Duration::from_millis(u64::from(number)));
            let name = login(&format!("a{number}"));
            drop(
                attempts
                    .begin(&realm(), &name, None, address, now)
                    .expect("first attempt"),
            );
            assert!(attempts.counters.lock().expect("counters").len() <= 100);
        }
    }

    #[test]
    fn addresses_are_counted_by_network() {
        for (address, counted) in [
            ("10.1.2.3", "10.1.2.0"),
            ("::ffff:10.1.2.3", "10.1.2.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            let address: IpAddr = address.parse().expect("an address");
            assert_eq!(
                network(address),
                counted.parse::<IpAddr>().expect("an address")
            );
        }
    }
}
