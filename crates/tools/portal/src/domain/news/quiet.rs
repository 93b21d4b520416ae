//! The right to disconnect: when nothing may ring.

use jiff::civil::Date;
use kernel::Timestamp;

use super::Settings;
use super::zone::{Zone, minute_of};

/// A time of the day, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 20:00, when evenings begin to be quiet.
    pub const EVENING: Self = Self(20 * 60);
    /// 07:00, when they end.
    pub const DAWN: Self = Self(7 * 60);
    /// 08:00, when digests leave.
    pub const MORNING: Self = Self(8 * 60);

    /// `HH:MM`, 00:00 to 23:59; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let two = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }

    /// Minutes since midnight.
    pub const fn minute(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The quiet hours of one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuietDay {
    /// None of its own.
    Open,
    /// From midnight to midnight.
    AllDay,
    /// Between two times of the day. When `to` is not after `from` they pass midnight: the day is
    /// quiet until `to` and again from `from`.
    Span {
        /// When they begin.
        from: TimeOfDay,
        /// When they end.
        to: TimeOfDay,
    },
}

impl QuietDay {
    /// Until when the morning after this day is quiet, unless that morning says so itself.
    fn next_morning(self) -> u16 {
        match self {
            Self::Span { from, to } if to < from => to.0,
            _ => 0,
        }
    }
}

/// Whether a minute of a day is quiet: a night belongs to both days that it touches, and the
/// morning's own hours win.
fn quiet_at(today: QuietDay, yesterday: QuietDay, minute: u16) -> bool {
    match today {
        QuietDay::AllDay => true,
        QuietDay::Span { from, to } if to < from => minute < to.0 || minute >= from.0,
        QuietDay::Span { from, to } => {
            (from.0..to.0).contains(&minute) || minute < yesterday.next_morning()
        }
        QuietDay::Open => minute < yesterday.next_morning(),
    }
}

/// Whether nothing may ring at `now`.
pub fn is_quiet(settings: &Settings, zone: &Zone, now: Timestamp) -> bool {
    if settings.mute_until.is_some_and(|until| now < until) {
        return true;
    }
    let wall = zone.civil(now);
    let today = wall.date();
    quiet_at(
        settings.day(today),
        today
            .yesterday()
            .map_or(QuietDay::Open, |date| settings.day(date)),
        minute_of(wall),
    )
}

/// When something may ring, `now` or later; none: never within the coming week.
pub fn next_open(settings: &Settings, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
    let start = settings.mute_until.map_or(now, |until| until.max(now));
    if !is_quiet(settings, zone, start) {
        return Some(start);
    }
    // Quiet ends where a day begins, at one of its hours, or where clocks change.
    let mut ends: Vec<Timestamp> = zone.next_change(start).into_iter().collect();
    let mut date = zone.civil(start).date();
    for _ in 0..9 {
        for minute in boundaries(settings, date) {
            ends.extend(zone.instants(date, minute).into_iter().flatten());
        }
        let Ok(tomorrow) = date.tomorrow() else {
            break;
        };
        date = tomorrow;
    }
    ends.sort();
    ends.into_iter()
        .find(|end| *end > start && !is_quiet(settings, zone, *end))
}

fn boundaries(settings: &Settings, date: Date) -> Vec<u16> {
    let mut minutes = vec![0];
    if let QuietDay::Span { from, to } = settings.day(date) {
        minutes.extend([from.0, to.0]);
    }
    if let Ok(yesterday) = date.yesterday() {
        minutes.push(settings.day(yesterday).next_morning());
    }
    minutes
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use std::time::Duration;

    fn paris() -> Zone {
        Zone::parse("Europe/Paris").expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        let wall: jiff::civil::DateTime = text.parse().expect("a date");
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        let instant = zone.to_timestamp(wall).expect("a time");
        Timestamp::from_millis(instant.as_millisecond())
    }

    fn span(from: &str, to: &str) -> QuietDay {
        QuietDay::Span {
            from: TimeOfDay::parse(from).expect("a time"),
            to: TimeOfDay::parse(to).expect("a time"),
        }
    }

    fn of(days: [QuietDay; 7]) -> Settings {
        Settings {
            days,
            ..Settings::default()
        }
    }

    #[test]
    fn evenings_nights_and_week_ends_are_quiet_by_default() {
        let settings = Settings::default();
        // Tuesday 24 November 2026.
        for (time, quiet) in [
            ("2026-11-24T06:59", true),
            ("2026-11-24T07:00", false),
            ("2026-11-24T19:59", false),
            ("2026-11-24T20:00", true),
            ("2026-11-27T19:00", false),
            ("2026-11-28T12:00", true),
            ("2026-11-29T12:00", true),
            ("2026-11-30T06:59", true),
            ("2026-11-30T07:00", false),
        ] {
            assert_eq!(is_quiet(&settings, &paris(), at(time)), quiet, "{time}");
        }
        for (from, open) in [
            ("2026-11-24T22:00", "2026-11-25T07:00"),
            ("2026-11-25T03:00", "2026-11-25T07:00"),
            ("2026-11-25T09:00", "2026-11-25T09:00"),
            ("2026-11-27T20:00", "2026-11-30T07:00"),
        ] {
            assert_eq!(
                next_open(&settings, &paris(), at(from)),
                Some(at(open)),
                "{from}"
            );
        }
    }

    #[test]
    fn a_night_goes_on_into_a_morning_that_says_nothing() {
        let mut days = [QuietDay::Open; 7];
        days[0] = span("20:00", "09:00");
        let settings = of(days);
        // Monday 23 to Tuesday 24.
        assert!(is_quiet(&settings, &paris(), at("2026-11-24T08:59")));
        assert!(!is_quiet(&settings, &paris(), at("2026-11-24T09:00")));
        assert!(!is_quiet(&settings, &paris(), at("2026-11-25T08:00")));
        days[1] = span("20:00", "07:00");
        let settings = of(days);
        assert!(
            !is_quiet(&settings, &paris(), at("2026-11-24T08:00")),
            "its own hours win"
        );
    }

    #[test]
    fn hours_within_a_day_leave_the_night_alone() {
        let settings = of([span("12:00", "14:00"); 7]);
        for (time, quiet) in [
            ("2026-11-24T11:59", false),
            ("2026-11-24T12:00", true),
            ("2026-11-24T13:59", true),
            ("2026-11-24T14:00", false),
            ("2026-11-24T23:00", false),
        ] {
            assert_eq!(is_quiet(&settings, &paris(), at(time)), quiet, "{time}");
        }
    }

    #[test]
    fn muting_lasts_until_its_end_and_leads_into_the_night_after() {
        let settings = Settings {
            mute_until: Some(at("2026-11-24T21:00")),
            ..Settings::default()
        };
        assert!(is_quiet(&settings, &paris(), at("2026-11-24T10:00")));
        assert_eq!(
            next_open(&settings, &paris(), at("2026-11-24T10:00")),
            Some(at("2026-11-25T07:00"))
        );
        let settings = Settings {
            mute_until: Some(at("2026-11-25T09:30")),
            ..Settings::default()
        };
        assert_eq!(
            next_open(&settings, &paris(), at("2026-11-24T10:00")),
            Some(at("2026-11-25T09:30"))
        );
    }

    #[test]
    fn who_is_never_to_be_disturbed_never_is() {
        let settings = of([QuietDay::AllDay; 7]);
        assert!(is_quiet(&settings, &paris(), at("2026-11-24T10:00")));
        assert_eq!(next_open(&settings, &paris(), at("2026-11-24T10:00")), None);
    }

    #[test]
    fn the_night_is_an_hour_shorter_in_march_and_longer_in_october() {
        let settings = of([span("20:00", "07:00"); 7]);
        for (evening, morning, hours) in [
            ("2027-03-27T20:00", "2027-03-28T07:00", 10),
            ("2026-10-24T20:00", "2026-10-25T07:00", 12),
            ("2026-11-24T20:00", "2026-11-25T07:00", 11),
        ] {
            let (start, end) = (at(evening), at(morning));
            assert_eq!(next_open(&settings, &paris(), start), Some(end));
            assert_eq!(end.since(start), Duration::from_hours(hours), "{evening}");
        }
    }

    #[test]
    fn hours_that_end_in_the_hour_that_is_missing_end_when_it_begins() {
        let settings = of([span("20:00", "02:30"); 7]);
        // Clocks go from 02:00 to 03:00 on 28 March 2027.
        assert_eq!(
            next_open(&settings, &paris(), at("2027-03-28T01:00")),
            Some(at("2027-03-28T03:00"))
        );
    }

    #[test]
    fn another_zone_has_its_own_night() {
        let reunion = Zone::parse("Indian/Reunion").expect("a zone");
        let settings = Settings::default();
        // 06:30 in Saint-Denis, 03:30 in Paris.
        let now = at("2026-11-24T03:30");
        assert_eq!(
            next_open(&settings, &reunion, now),
            Some(at("2026-11-24T04:00"))
        );
    }

    #[test]
    fn a_time_of_the_day_is_two_digits_and_two_digits() {
        assert_eq!(
            TimeOfDay::parse("07:05").map(|time| time.to_string()),
            Some("07:05".into())
        );
        for text in ["7:05", "24:00", "12:60", "1205", "", "+1:00", "12:5 "] {
            assert_eq!(TimeOfDay::parse(text), None, "{text}");
        }
    }

    fn day() -> impl Strategy<Value = QuietDay> {
        prop_oneof![
            Just(QuietDay::Open),
            Just(QuietDay::AllDay),
            (0_u16..1_440, 0_u16..1_440)
                .prop_filter("a span", |(from, to)| from != to)
                .prop_map(|(from, to)| QuietDay::Span {
                    from: TimeOfDay(from),
                    to: TimeOfDay(to)
                }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_quiet_stays_so_until_the_next_opening(
            days in prop::array::uniform7(day()),
            // The weeks around both changes of the clocks, and others.
            hours in 0_u64..10_000,
            minute in 0_u64..60,
        ) {
            let settings = of(days);
            let now = at("2026-10-01T00:00")
                .plus(Duration::from_hours(hours))
                .plus(Duration::from_mins(minute));
            match next_open(&settings, &paris(), now) {
                None => {
                    for hour in 0..160 {
                        prop_assert!(is_quiet(&settings, &paris(), now.plus(Duration::from_hours(hour))));
                    }
                }
                Some(open) => {
                    prop_assert!(!is_quiet(&settings, &paris(), open));
                    let mut then = now;
                    while then < open {
                        prop_assert!(is_quiet(&settings, &paris(), then), "{then:?} before {open:?}");
                        then = then.plus(Duration::from_mins(1));
                    }
                }
            }
        }
    }
}
