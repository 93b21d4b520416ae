//! What is said of the keys.

use ::identity::domain::session::LIFETIME;
use ::identity::service::keys::KeyLife;
use kernel::Timestamp;
use kernel_db::MasterKeyRow;
use kernel_http::{MasterKeys, SealedCount};
use serde::{Deserialize, Serialize};

/// Every key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyReport {
    /// Those that sign tokens, that which signs last first.
    pub(crate) signing: Vec<SigningLine>,
    /// The master keys: that which seals, those that are accepted, those that are missing.
    pub(crate) masters: Vec<MasterLine>,
    /// Ends of the journal's chains that a key of before signed.
    pub(crate) boundaries: u64,
}

/// A key that signs tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SigningLine {
    kid: String,
    algorithm: String,
    state: String,
    active_at: i64,
}

/// What a master key is to this configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Everything new is sealed under it.
    Current,
    /// It opens only.
    Accepted,
    /// It is not given, and something may stand under it.
    Missing,
}

/// A master key and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MasterLine {
    /// Its mark.
    pub(crate) mark: String,
    /// What it is to this configuration.
    pub(crate) role: Role,
    /// When a server first sealed under it; none: none has.
    pub(crate) seals_from: Option<i64>,
    /// When a server last started with another.
    pub(crate) replaced_at: Option<i64>,
    /// When nothing stood under it any more.
    pub(crate) resealed_at: Option<i64>,
    /// How many values of which table stand under it.
    pub(crate) places: Vec<(String, u64)>,
}

impl KeyReport {
    pub(super) fn of(
        lives: &[KeyLife],
        keys: &MasterKeys,
        known: &[MasterKeyRow],
        counts: &[SealedCount],
        boundaries: usize,
    ) -> Self {
        let current = keys.current().mark();
        let mut marks: Vec<String> = keys.all().map(kernel_http::MasterKey::mark).collect();
        let lost = known.iter().filter(|row| row.resealed_at.is_none());
        let found = counts.iter().map(|count| &count.mark);
        for mark in lost.map(|row| &row.mark).chain(found) {
            if !marks.contains(mark) {
                marks.push(mark.clone());
            }
        }
        let masters = marks.into_iter().map(|mark| {
            let row = known.iter().find(|row| row.mark == mark);
            let role = if mark == current {
                Role::Current
            } else if keys.knows(&mark) {
                Role::Accepted
            } else {
                Role::Missing
            };
            let millis = |at: Option<Timestamp>| at.map(Timestamp::millis);
            MasterLine {
                role,
                seals_from: row.map(|row| row.seals_from.millis()),
                replaced_at: millis(row.and_then(|row| row.replaced_at)),
                resealed_at: millis(row.and_then(|row| row.resealed_at)),
                places: counts
                    .iter()
                    .filter(|count| count.mark == mark && count.rows > 0)
                    .map(|count| (count.column.table.to_owned(), count.rows))
                    .collect(),
                mark,
            }
        });
        let signing = lives.iter().map(|life| SigningLine {
            kid: life.facts.kid.clone(),
            algorithm: life.facts.algorithm.name().to_owned(),
            state: life.state.word().to_owned(),
            active_at: life.facts.active_at.millis(),
        });
        Self {
            signing: signing.collect(),
            masters: masters.collect(),
            boundaries: u64::try_from(boundaries).unwrap_or(u64::MAX),
        }
    }

    /// For people, a line a key.
    pub(crate) fn lines(&self) -> Vec<String> {
        let signing = self.signing.iter().map(|key| {
            let (kid, algorithm, state) = (&key.kid, &key.algorithm, &key.state);
            let from = utc(key.active_at);
            format!("{kid}\t{algorithm}\t{state}\tsigns from {from}")
        });
        let masters = self.masters.iter().map(|key| {
            let found = key.found(self.boundaries);
            format!("{}\tmaster key\t{}\t{found}", key.mark, key.role.word())
        });
        signing.chain(masters).collect()
    }
}

impl Role {
    /// The word for operators.
    const fn word(self) -> &'static str {
        match self {
            Self::Current => "seals",
            Self::Accepted => "accepted",
            Self::Missing => "MISSING",
        }
    }
}

impl MasterLine {
    /// How many values stand under it.
    pub(crate) fn rows(&self) -> u64 {
        self.places.iter().map(|(_, rows)| rows).sum()
    }

    /// From when on it may leave the configuration; none: it may not, or it was not asked about.
    pub(crate) fn removable_from(&self, boundaries: u64) -> Option<i64> {
        let is_empty = self.rows() == 0 && boundaries == 0 && self.resealed_at.is_some();
        let replaced = self.replaced_at.filter(|_| is_empty)?;
        // What browsers and applications hold of a session is of no use when it has ended.
        Some(Timestamp::from_millis(replaced).plus(LIFETIME).millis())
    }

    /// What there is to say of it.
    pub(crate) fn found(&self, boundaries: u64) -> String {
        let places: Vec<String> = self
            .places
            .iter()
            .map(|(table, rows)| format!("{table} {rows}"))
            .collect();
        let under = if places.is_empty() {
            "nothing".to_owned()
        } else {
            format!("{} values ({})", self.rows(), places.join(", "))
        };
        match (self.role, self.seals_from) {
            (Role::Current, Some(from)) => format!("since {}; {under} under it", utc(from)),
            (Role::Current, None) => "no server has started with it yet".to_owned(),
            (Role::Missing, _) => format!("{under} under it, and it is not given"),
            (Role::Accepted, None) if self.rows() == 0 => {
                "has sealed nothing: the one to come?".to_owned()
            }
            (Role::Accepted, _) => match self.removable_from(boundaries) {
                Some(at) => format!(
                    "nothing under it: may leave the configuration from {} on, if every node has \
                     sealed under the other since {}",
                    utc(at),
                    utc(self.replaced_at.unwrap_or(at))
                ),
                None => format!("{under} under it: `besace admin keys reseal`"),
            },
        }
    }
}

fn utc(millis: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(millis);
    at.map_or_else(
        |_| String::from("a time that no clock shows"),
        |at| at.to_string(),
    )
}
