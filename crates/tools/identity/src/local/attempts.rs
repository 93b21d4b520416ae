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
mod tests;
