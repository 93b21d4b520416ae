//! Time as a person's wall shows it.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousTimestamp, TimeZone};
use kernel::Timestamp;

/// An IANA zone (`Europe/Paris`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// Not a zone that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an IANA time zone")]
pub struct ZoneError;

impl Zone {
    /// The zone of this name.
    ///
    /// # Errors
    /// [`ZoneError`] when there is none.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        if name.len() > 64 {
            return Err(ZoneError);
        }
        TimeZone::get(name).map(Self).map_err(|_| ZoneError)
    }

    /// The zone of an instance whose configuration names none that is known.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the wall shows at `now`.
    pub fn civil(&self, now: Timestamp) -> DateTime {
        self.0.to_datetime(instant(now))
    }

    /// When the wall shows this; both times where clocks go back, the times around the gap where
    /// they go forward.
    pub(super) fn instants(&self, date: Date, minute: u16) -> [Option<Timestamp>; 2] {
        let (hour, minute) = (minute / 60, minute % 60);
        let (Ok(hour), Ok(minute)) = (i8::try_from(hour), i8::try_from(minute)) else {
            return [None, None];
        };
        let Ok(wall) = DateTime::new(date.year(), date.month(), date.day(), hour, minute, 0, 0)
        else {
            return [None, None];
        };
        let of = |choose: fn(AmbiguousTimestamp) -> Result<jiff::Timestamp, jiff::Error>| {
            choose(self.0.to_ambiguous_timestamp(wall))
                .ok()
                .map(|instant| Timestamp::from_millis(instant.as_millisecond()))
        };
        [
            of(AmbiguousTimestamp::earlier),
            of(AmbiguousTimestamp::later),
        ]
    }

    /// When the wall shows this: the first time where clocks go back, after the gap where they
    /// go forward (RFC 5545 §3.3.5).
    pub(super) fn instant(&self, date: Date, minute: u16) -> Option<Timestamp> {
        let [earlier, later] = self.instants(date, minute);
        let shows = |at: &Timestamp| {
            let wall = self.civil(*at);
            wall.date() == date && minute_of(wall) == minute
        };
        earlier.filter(shows).or(later)
    }

    /// When clocks change next after `now`.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.0
            .following(instant(now))
            .next()
            .map(|change| Timestamp::from_millis(change.timestamp().as_millisecond()))
    }
}

/// Minutes since the wall's midnight.
pub(super) fn minute_of(wall: DateTime) -> u16 {
    u16::try_from(i16::from(wall.hour()) * 60 + i16::from(wall.minute())).unwrap_or(0)
}

fn instant(now: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(now.millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_name_and_others_are_refused() {
        assert_eq!(
            Zone::parse("Europe/Paris").expect("known").name(),
            "Europe/Paris"
        );
        assert_eq!(
            Zone::parse("Indian/Reunion").expect("known").name(),
            "Indian/Reunion"
        );
        for unknown in ["", "Paris", "Europe/Nowhere", "../../etc/passwd"] {
            assert_eq!(Zone::parse(unknown), Err(ZoneError), "{unknown}");
        }
    }
}
