//! One counter, and the table of those of one kind.

use std::collections::HashMap;
use std::time::Duration;

use kernel::Timestamp;

use super::Key;
use super::limits::Budget;

/// What is counted of one key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter {
    pub(super) misses: u32,
    /// What time has made forgotten is taken off up to here.
    forgotten_to: Timestamp,
    pub(super) last_miss: Option<Timestamp>,
    /// Attempts that are not settled.
    pub(super) under_way: u32,
    pub(super) last_begun: Timestamp,
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
    pub(super) fn forget(&mut self, every: Duration, now: Timestamp) {
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

    pub(super) fn is_spent(&self) -> bool {
        self.misses == 0 && self.under_way == 0
    }

    /// What makes it worth keeping: its misses, those that may come of what is under way, and of
    /// two alike the later one.
    fn weight(&self) -> (u32, Timestamp) {
        (self.misses.saturating_add(self.under_way), self.last_begun)
    }
}

/// The counters of one kind. A flood of one kind drops none of another.
#[derive(Debug, Default)]
pub(super) struct Table(HashMap<Key, Counter>);

impl Table {
    pub(super) fn get(&self, key: &Key) -> Option<&Counter> {
        self.0.get(key)
    }

    /// The counter of a key, a new one where there is none.
    pub(super) fn counter(&mut self, key: Key, budget: &Budget, now: Timestamp) -> &mut Counter {
        if !self.0.contains_key(&key) && self.0.len() >= budget.counters {
            self.make_room(budget, now);
        }
        self.0.entry(key).or_insert_with(|| Counter::new(now))
    }

    /// Forgets a key whatever was counted, but for what is under way.
    pub(super) fn clear(&mut self, key: &Key) {
        if let Some(counter) = self.0.get_mut(key) {
            counter.misses = 0;
        }
        self.drop_if_spent(key);
    }

    pub(super) fn drop_if_spent(&mut self, key: &Key) {
        if self.0.get(key).is_some_and(Counter::is_spent) {
            self.0.remove(key);
        }
    }

    /// Keeps the table small. What is forgotten goes, then those with the fewest misses until the
    /// table is half full, so that the cost is spread: whoever fills it with names drops their
    /// own, and not the account that they guess at.
    fn make_room(&mut self, budget: &Budget, now: Timestamp) {
        for counter in self.0.values_mut() {
            counter.forget(budget.forget_one_every, now);
        }
        self.0.retain(|_, counter| !counter.is_spent());
        let surplus = self.0.len().saturating_sub(budget.counters / 2);
        if surplus == 0 {
            return;
        }
        let mut weights: Vec<_> = self.0.values().map(Counter::weight).collect();
        let (_, heaviest_gone, _) = weights.select_nth_unstable(surplus - 1);
        let heaviest_gone = *heaviest_gone;
        self.0.retain(|_, counter| counter.weight() > heaviest_gone);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
