//! How often a password may be tried, and a code of a second factor.
//!
//! Counters are kept in memory, per process: a restart forgets them, and with several processes
//! each counts alone. An attempt is under way from before its password is looked at until it is
//! settled, so that a hundred at once get no more than one after the other. Misses are forgotten
//! one by one as time goes, and right answers leave nothing behind: many people who sign in from
//! one network do not hold each other back.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
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

/// What one kind of counter lets through.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// By growing number of misses; none is counted beyond the last step.
    pub steps: &'static [Step],
    /// The time after which one miss is forgotten.
    pub forget_one_every: Duration,
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
    /// Of links asked for, per login, whoever asks: each counts.
    pub mail: Budget,
    /// Of links asked for, per network.
    pub mail_network: Budget,
    /// Per network of addresses (IPv4 /24, IPv6 /64): wide, since a ministry shares one.
    pub network: Budget,
    /// Counters kept at most; the oldest are dropped first.
    pub counters: usize,
}

const fn step(misses: u32, seconds: u64) -> Step {
    Step {
        misses,
        wait: Duration::from_secs(seconds),
    }
}

/// The limits of the product. The longest wait is a minute, a quarter of an hour for a code of
/// which a million are to be guessed: nobody is locked out.
pub const LIMITS: AttemptLimits = AttemptLimits {
    account: Budget {
        steps: &[step(3, 1), step(5, 5), step(10, 15), step(20, 60)],
        forget_one_every: Duration::from_mins(1),
    },
    device: Budget {
        steps: &[step(5, 1), step(10, 5), step(20, 15)],
        forget_one_every: Duration::from_mins(1),
    },
    code: Budget {
        steps: &[step(3, 30), step(6, 60), step(10, 300), step(20, 900)],
        forget_one_every: Duration::from_mins(15),
    },
    code_device: Budget {
        steps: &[step(3, 30), step(10, 60), step(20, 300)],
        forget_one_every: Duration::from_mins(5),
    },
    mail: Budget {
        steps: &[step(1, 60), step(3, 1_200)],
        forget_one_every: Duration::from_mins(20),
    },
    mail_network: Budget {
        steps: &[step(20, 10), step(60, 60)],
        forget_one_every: Duration::from_mins(1),
    },
    network: Budget {
        steps: &[step(60, 1), step(200, 5), step(600, 30)],
        forget_one_every: Duration::from_secs(10),
    },
    counters: 50_000,
};

impl Budget {
    /// The wait after so many misses.
    fn wait(&self, misses: u32) -> Duration {
        self.steps
            .iter()
            .rev()
            .find(|step| misses >= step.misses)
            .map_or(Duration::ZERO, |step| step.wait)
    }

    /// Misses counted at most: more would only take longer to be forgotten.
    fn most(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.misses)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(Realm, Login),
    Device(Realm, Login, DeviceId),
    Code(Realm, Login),
    CodeDevice(Realm, Login, DeviceId),
    Mail(Realm, Login),
    MailNetwork(IpAddr),
    Network(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    misses: u32,
    /// What time has made forgotten is taken off up to here.
    forgotten_to: Timestamp,
    last_miss: Option<Timestamp>,
    /// Attempts that are not settled.
    under_way: u32,
    last_begun: Timestamp,
}

impl Counter {
    const fn new(now: Timestamp) -> Self {
        Self {
            misses: 0,
            forgotten_to: now,
            last_miss: None,
            under_way: 0,
            last_begun: now,
        }
    }

    /// Takes off what is forgotten by now.
    fn forget(&mut self, every: Duration, now: Timestamp) {
        let steps = now.since(self.forgotten_to).as_millis() / every.as_millis().max(1);
        let gone = u32::try_from(steps).unwrap_or(u32::MAX);
        if gone >= self.misses {
            self.misses = 0;
            self.forgotten_to = now;
        } else {
            self.misses -= gone;
            self.forgotten_to = self.forgotten_to.plus(every.saturating_mul(gone));
        }
    }

    fn is_spent(&self) -> bool {
        self.misses == 0 && self.under_way == 0
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Right,
    NotTried,
    Missed,
}

/// An attempt that was let through. Dropped without a word, it is a miss, as is that of a person
/// who left before the answer.
#[derive(Debug)]
#[must_use = "an attempt dropped at once is a miss"]
pub struct Counted<'a> {
    attempts: &'a Attempts,
    keys: Vec<Key>,
    at: Timestamp,
}

impl Counted<'_> {
    /// The password was right: it counts nowhere, and the account's misses are forgotten.
    pub fn right(mut self) {
        self.end(End::Right);
    }

    /// The password was not looked at (busy, or the database away): as if nothing was tried.
    pub fn not_tried(mut self) {
        self.end(End::NotTried);
    }

    fn end(&mut self, end: End) {
        self.attempts
            .settle(std::mem::take(&mut self.keys), self.at, end);
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.end(End::Missed);
    }
}

/// The counters.
#[derive(Debug)]
pub struct Attempts {
    limits: AttemptLimits,
    exempt: Vec<IpNet>,
    counters: Mutex<HashMap<Key, Counter>>,
}

impl Attempts {
    /// No misses yet. Addresses of `exempt` networks (a ministry's shared exit) are not counted
    /// by network.
    pub fn new(limits: AttemptLimits, exempt: Vec<IpNet>) -> Self {
        Self {
            limits,
            exempt,
            counters: Mutex::new(HashMap::new()),
        }
    }

    /// Lets an attempt through, or says how long it must wait. `device` is a browser that signed
    /// in to this account before: it has its own budget, and no other.
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
    ) -> Result<Counted<'_>, Duration> {
        let own = match device {
            Some(device) => Key::Device(realm.clone(), login.clone(), device),
            None => Key::Account(realm.clone(), login.clone()),
        };
        self.enter(own, device, address, now)
    }

    /// The same for a code of a second factor, which has budgets of its own.
    ///
    /// # Errors
    /// The time to wait, over zero and at most the longest of the steps.
    pub fn begin_code(
        &self,
        realm: &Realm,
        login: &Login,
        device: Option<DeviceId>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Counted<'_>, Duration> {
        let own = match device {
            Some(device) => Key::CodeDevice(realm.clone(), login.clone(), device),
            None => Key::Code(realm.clone(), login.clone()),
        };
        self.enter(own, device, address, now)
    }

    /// The same for a link that is asked for.
    ///
    /// # Errors
    /// The time to wait, over zero and at most the longest of the steps.
    pub fn begin_mail(
        &self,
        realm: &Realm,
        login: &Login,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Counted<'_>, Duration> {
        let mut keys = vec![Key::Mail(realm.clone(), login.clone())];
        if !self.is_exempt(address) {
            keys.push(Key::MailNetwork(network(address)));
        }
        self.enter_by(keys, now)
    }

    /// Forgets the misses of an account, whoever missed.
    pub fn forget(&self, realm: &Realm, login: &Login) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        for key in [
            Key::Account(realm.clone(), login.clone()),
            Key::Code(realm.clone(), login.clone()),
        ] {
            if let Some(counter) = counters.get_mut(&key) {
                counter.misses = 0;
            }
        }
        counters.retain(|_, counter| !counter.is_spent());
    }

    fn is_exempt(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.exempt.iter().any(|network| network.contains(&address))
    }

    fn enter(
        &self,
        own: Key,
        device: Option<DeviceId>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Counted<'_>, Duration> {
        let mut keys = vec![own];
        if device.is_none() && !self.is_exempt(address) {
            keys.push(Key::Network(network(address)));
        }
        self.enter_by(keys, now)
    }

    fn enter_by(&self, keys: Vec<Key>, now: Timestamp) -> Result<Counted<'_>, Duration> {
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
            let counter = counters
                .entry(key.clone())
                .or_insert_with(|| Counter::new(now));
            counter.under_way = counter.under_way.saturating_add(1);
            counter.last_begun = now;
        }
        drop(counters);
        Ok(Counted {
            attempts: self,
            keys,
            at: now,
        })
    }

    const fn budget(&self, key: &Key) -> &Budget {
        match key {
            Key::Account(..) => &self.limits.account,
            Key::Device(..) => &self.limits.device,
            Key::Code(..) => &self.limits.code,
            Key::CodeDevice(..) => &self.limits.code_device,
            Key::Mail(..) => &self.limits.mail,
            Key::MailNetwork(_) => &self.limits.mail_network,
            Key::Network(_) => &self.limits.network,
        }
    }

    fn wait(&self, key: &Key, counter: Option<&Counter>, now: Timestamp) -> Duration {
        let Some(mut counter) = counter.copied() else {
            return Duration::ZERO;
        };
        let budget = self.budget(key);
        counter.forget(budget.forget_one_every, now);
        let misses = match key {
            // Whoever is under way in a network is most often right: only its misses slow it
            // down. Once they do, one attempt at a time is let through.
            Key::Network(_) | Key::MailNetwork(_) => counter.misses,
            Key::Account(..)
            | Key::Device(..)
            | Key::Code(..)
            | Key::CodeDevice(..)
            | Key::Mail(..) => counter.misses.saturating_add(counter.under_way),
        };
        let last = if counter.under_way > 0 {
            counter.last_miss.max(Some(counter.last_begun))
        } else {
            counter.last_miss
        };
        let elapsed = last.map_or(Duration::MAX, |last| now.since(last));
        budget.wait(misses).saturating_sub(elapsed)
    }

    fn settle(&self, keys: Vec<Key>, at: Timestamp, end: End) {
        if keys.is_empty() {
            return;
        }
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let budget = self.budget(&key);
            // It may have been dropped to make room meanwhile.
            let counter = counters
                .entry(key.clone())
                .or_insert_with(|| Counter::new(at));
            counter.under_way = counter.under_way.saturating_sub(1);
            counter.forget(budget.forget_one_every, at);
            match end {
                End::Missed => {
                    counter.misses = counter.misses.saturating_add(1).min(budget.most());
                    counter.last_miss = counter.last_miss.max(Some(at));
                }
                End::Right if !matches!(key, Key::Network(_)) => counter.misses = 0,
                End::Right | End::NotTried => {}
            }
            if counter.is_spent() {
                counters.remove(&key);
            }
        }
    }

    /// Keeps the table small: drops the older half when it is full, so that the cost is spread.
    fn make_room(&self, counters: &mut HashMap<Key, Counter>, wanted: usize) {
        if counters.len().saturating_add(wanted) <= self.limits.counters {
            return;
        }
        let mut ages: Vec<_> = counters.values().map(|one| one.last_begun).collect();
        let middle = ages.len() / 2;
        let (_, median, _) = ages.select_nth_unstable(middle);
        let median = *median;
        counters.retain(|_, counter| counter.last_begun > median);
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

    /// The wait after so many wrong codes, each as soon as it was let through.
    fn wait_for_code(attempts: &Attempts, device: Option<DeviceId>, times: u32) -> Duration {
        let mut now = START;
        let begin = |now| attempts.begin_code(&realm(), &login("claire"), device, HERE, now);
        for _ in 0..times {
            // Let through, it is dropped at once, and has missed.
            if let Err(wait) = begin(now) {
                now = now.plus(wait);
                drop(begin(now).expect("let through after the wait"));
            }
        }
        begin(now).err().unwrap_or_default()
    }

    #[test]
    fn three_codes_are_tried_in_half_a_minute_and_about_a_hundred_a_day() {
        let waits = [(2, 0), (3, 30), (6, 60), (10, 300), (30, 900), (200, 900)];
        for (times, seconds) in waits {
            let attempts = Attempts::new(LIMITS, Vec::new());
            let wait = wait_for_code(&attempts, None, times);
            assert_eq!(wait, Duration::from_secs(seconds), "{times}");
        }
    }

    #[test]
    fn wrong_codes_hold_back_neither_a_known_browser_nor_a_password() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let known = Some(DeviceId::from_u128(7));
        wait_for_code(&attempts, None, 40);
        let begin = |device| attempts.begin_code(&realm(), &login("claire"), device, HERE, START);
        begin(known).expect("a budget of its own").not_tried();
        let password = attempts.begin(&realm(), &login("claire"), None, ELSEWHERE, START);
        password.expect("counted apart").not_tried();
        assert!(wait_for_code(&attempts, known, 3) > Duration::ZERO);
        attempts.forget(&realm(), &login("claire"));
        begin(None).expect("forgotten with the password").right();
    }

    #[test]
    fn links_are_mailed_seldom_to_one_address_and_asked_by_one_network_slowly() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let ask = |name: &str, now| {
            let asked = attempts.begin_mail(&realm(), &login(name), HERE, now);
            asked.map(drop).is_ok()
        };
        assert!(ask("claire", START));
        assert!(!ask("claire", START), "once a minute");
        let minute = |count| START.plus(Duration::from_mins(count));
        assert!(ask("claire", minute(1)) && ask("claire", minute(2)));
        assert!(
            !ask("claire", minute(3)),
            "three, then every twenty minutes"
        );
        assert!(ask("claire", minute(22)));
        let asked = (0..40)
            .filter(|number| ask(&format!("a{number}"), START))
            .count();
        assert!((15..=20).contains(&asked), "{asked}");
    }

    fn networks(all: &[&str]) -> Vec<IpNet> {
        let parse = |text: &&str| text.parse().expect("a network");
        all.iter().map(parse).collect()
    }

    #[test]
    fn one_network_that_tries_many_accounts_is_slowed_and_an_exempt_one_is_not() {
        for (exempt, slowed) in [
            (networks(&[]), true),
            (networks(&["10.9.9.0/24"]), true),
            (networks(&["2001:db8::/32", "10.1.0.0/16"]), false),
        ] {
            let attempts = Attempts::new(LIMITS, exempt);
            for number in 0..60 {
                let counted =
                    attempts.begin(&realm(), &login(&format!("a{number}")), None, HERE, START);
                drop(counted.expect("within the network's budget"));
            }
            let mapped = Ipv4Addr::new(10, 1, 2, 200).to_ipv6_mapped();
            for (name, address) in [("claire", HERE), ("hugo", IpAddr::V6(mapped))] {
                let next = attempts.begin(&realm(), &login(name), None, address, START);
                assert_eq!(next.is_err(), slowed, "{name}");
            }
            let elsewhere = IpAddr::V4(Ipv4Addr::new(10, 200, 0, 1));
            assert!(
                attempts
                    .begin(&realm(), &login("ines"), None, elsewhere, START)
                    .is_ok(),
                "another network"
            );
        }
    }

    /// An hour at one network, an attempt every 200 ms of which one in `wrong` misses, each for
    /// another account; how many were let through, of 18,000.
    fn an_hour(wrong: u32) -> u32 {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let mut let_through = 0;
        for number in 0..18_000_u32 {
            let now = START.plus(Duration::from_millis(u64::from(number) * 200));
            let name = login(&format!("a{number}"));
            let Ok(counted) = attempts.begin(&realm(), &name, None, HERE, now) else {
                continue;
            };
            let_through += 1;
            if number % wrong == 0 {
                drop(counted);
            } else {
                counted.right();
            }
        }
        let_through
    }

    #[test]
    fn a_busy_network_with_its_ordinary_misses_holds_nobody_back_and_a_guessing_one_is() {
        assert_eq!(an_hour(60), 18_000, "a miss every 12 s");
        let guesses = an_hour(1);
        assert!((600..1_000).contains(&guesses), "{guesses}");
    }

    #[test]
    fn a_right_answer_leaves_nothing_behind_at_a_network_that_is_slowed_down() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        for number in 0..60 {
            let name = login(&format!("a{number}"));
            drop(attempts.begin(&realm(), &name, None, HERE, START));
        }
        let now = START.plus(Duration::from_secs(1));
        let first = attempts.begin(&realm(), &login("claire"), None, HERE, now);
        assert!(
            attempts
                .begin(&realm(), &login("hugo"), None, HERE, now)
                .is_err(),
            "one at a time"
        );
        first.expect("after the wait").right();
        let second = attempts.begin(&realm(), &login("hugo"), None, HERE, now);
        drop(second.expect("nobody missed since"));
        assert!(
            attempts
                .begin(&realm(), &login("ines"), None, HERE, now)
                .is_err(),
            "somebody missed just now"
        );
    }

    #[test]
    fn attempts_under_way_at_once_get_no_more_than_one_after_the_other() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let begin = || attempts.begin(&realm(), &login("claire"), None, HERE, START);
        let mut under_way: Vec<_> = (0..3).map(|_| begin().expect("free")).collect();
        assert_eq!(begin().err(), Some(Duration::from_secs(1)));
        under_way.pop().expect("one").not_tried();
        under_way.push(begin().expect("as if it had not been tried"));
        assert!(begin().is_err());
        drop(under_way);
        assert!(begin().is_err(), "who leaves before the answer has missed");
    }

    #[test]
    fn a_right_password_forgets_the_account_s_misses_and_an_untried_one_costs_nothing() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        miss(&attempts, "claire", None, HERE, 2, START);
        let third = attempts
            .begin(&realm(), &login("claire"), None, HERE, START)
            .expect("third");
        third.right();
        for _ in 0..10 {
            let again = attempts.begin(&realm(), &login("claire"), None, HERE, START);
            again.expect("nothing counted").not_tried();
        }
        miss(&attempts, "claire", None, HERE, 3, START);
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, START)
                .is_err()
        );
    }

    #[test]
    fn an_account_s_misses_are_forgotten_one_by_one() {
        // Ten misses in the first half minute.
        for (minutes, wait) in [(1, Some(15)), (5, Some(5)), (8, Some(1)), (10, None)] {
            let attempts = Attempts::new(LIMITS, Vec::new());
            miss(&attempts, "claire", None, HERE, 10, START);
            let later = START.plus(Duration::from_mins(minutes));
            let begin = || attempts.begin(&realm(), &login("claire"), None, HERE, later);
            drop(begin().expect("waited long enough"));
            let wait = wait.map(Duration::from_secs);
            assert_eq!(begin().err(), wait, "{minutes} minutes later");
        }
    }

    #[test]
    fn what_everybody_has_forgotten_is_not_kept() {
        let attempts = Attempts::new(LIMITS, Vec::new());
        for number in 0..10 {
            let name = login(&format!("a{number}"));
            let begun = attempts.begin(&realm(), &name, None, HERE, START);
            begun.expect("free").right();
        }
        assert!(attempts.counters.lock().expect("counters").is_empty());
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
