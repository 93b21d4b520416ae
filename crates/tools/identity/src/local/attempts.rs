//! How often a password may be tried, and a code of a second factor.
//!
//! Counters are kept in memory, per process: a restart forgets them, and with several processes
//! each counts alone. An attempt is under way from before its password is looked at until it is
//! settled, so that a hundred at once get no more than one after the other. Misses are forgotten
//! one by one as time goes, and right answers leave nothing behind: many people who sign in from
//! one network do not hold each other back.

mod counter;
mod limits;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use kernel::Timestamp;

use self::counter::{Counter, Table};
pub use self::limits::{AttemptLimits, Budget, LIMITS, Step};
use super::account::{DeviceId, Login, Realm};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(Realm, Login),
    Device(Realm, Login, DeviceId),
    Code(Realm, Login),
    CodeDevice(Realm, Login, DeviceId),
    CodeAll(Realm, Login),
    Mail(Realm, Login),
    MailNetwork(IpAddr),
    Network(IpAddr),
}

/// What a key counts: each kind has its own budget and its own table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Account,
    Device,
    Code,
    CodeDevice,
    CodeAll,
    Mail,
    MailNetwork,
    Network,
}

impl Key {
    const fn kind(&self) -> Kind {
        match self {
            Self::Account(..) => Kind::Account,
            Self::Device(..) => Kind::Device,
            Self::Code(..) => Kind::Code,
            Self::CodeDevice(..) => Kind::CodeDevice,
            Self::CodeAll(..) => Kind::CodeAll,
            Self::Mail(..) => Kind::Mail,
            Self::MailNetwork(_) => Kind::MailNetwork,
            Self::Network(_) => Kind::Network,
        }
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
    /// What was tried was right: it counts nowhere, and the misses of the account or of its browser
    /// are forgotten.
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
    counters: Mutex<BTreeMap<Kind, Table>>,
}

impl Attempts {
    /// No misses yet. Addresses of `exempt` networks (a ministry's shared exit) are not counted
    /// by network.
    pub fn new(limits: AttemptLimits, exempt: Vec<IpNet>) -> Self {
        Self {
            limits,
            exempt,
            counters: Mutex::new(BTreeMap::new()),
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
        self.enter(vec![own], device, address, now)
    }

    /// The same for a code of a second factor, which has budgets of its own, one of them for all
    /// browsers together.
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
        let all = Key::CodeAll(realm.clone(), login.clone());
        self.enter(vec![own, all], device, address, now)
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

    /// Forgets the misses at the password of an account, which is another now. Those at codes stay:
    /// a new password takes nothing off the second factor.
    pub fn forget(&self, realm: &Realm, login: &Login) {
        let key = Key::Account(realm.clone(), login.clone());
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = counters.get_mut(&key.kind()) {
            table.clear(&key);
        }
    }

    fn is_exempt(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.exempt.iter().any(|network| network.contains(&address))
    }

    fn enter(
        &self,
        mut keys: Vec<Key>,
        device: Option<DeviceId>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Counted<'_>, Duration> {
        if device.is_none() && !self.is_exempt(address) {
            keys.push(Key::Network(network(address)));
        }
        self.enter_by(keys, now)
    }

    fn enter_by(&self, keys: Vec<Key>, now: Timestamp) -> Result<Counted<'_>, Duration> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = Duration::ZERO;
        for key in &keys {
            let counter = counters.get(&key.kind()).and_then(|table| table.get(key));
            wait = wait.max(self.wait(key, counter, now));
        }
        if wait > Duration::ZERO {
            return Err(wait);
        }
        for key in &keys {
            let table = counters.entry(key.kind()).or_default();
            let counter = table.counter(key.clone(), self.budget(key), now);
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
        match key.kind() {
            Kind::Account => &self.limits.account,
            Kind::Device => &self.limits.device,
            Kind::Code => &self.limits.code,
            Kind::CodeDevice => &self.limits.code_device,
            Kind::CodeAll => &self.limits.code_all,
            Kind::Mail => &self.limits.mail,
            Kind::MailNetwork => &self.limits.mail_network,
            Kind::Network => &self.limits.network,
        }
    }

    fn wait(&self, key: &Key, counter: Option<&Counter>, now: Timestamp) -> Duration {
        let Some(mut counter) = counter.copied() else {
            return Duration::ZERO;
        };
        let budget = self.budget(key);
        counter.forget(budget.forget_one_every, now);
        let misses = match key.kind() {
            // Whoever is under way in a network is most often right: only its misses slow it
            // down. Once they do, one attempt at a time is let through.
            Kind::Network | Kind::MailNetwork => counter.misses,
            Kind::Account
            | Kind::Device
            | Kind::Code
            | Kind::CodeDevice
            | Kind::CodeAll
            | Kind::Mail => counter.misses.saturating_add(counter.under_way),
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
            let table = counters.entry(key.kind()).or_default();
            // It may have been dropped to make room meanwhile.
            let counter = table.counter(key.clone(), budget, at);
            counter.under_way = counter.under_way.saturating_sub(1);
            counter.forget(budget.forget_one_every, at);
            match end {
                End::Missed => {
                    counter.misses = counter.misses.saturating_add(1).min(budget.most());
                    counter.last_miss = counter.last_miss.max(Some(at));
                }
                End::Right => {
                    // Of what others share, one right answer forgives nothing.
                    if !matches!(key.kind(), Kind::Network | Kind::CodeAll) {
                        counter.misses = 0;
                    }
                }
                End::NotTried => {}
            }
            table.drop_if_spent(&key);
        }
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
