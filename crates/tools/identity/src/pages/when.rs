//! Times as the reader reads them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, ZonedDateTime};
use kernel::{Locale, Timestamp};

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Who reads the page: language, zone, and the present.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Language of every text.
    pub locale: Locale,
    /// Zone of every time.
    pub zone: &'a TimeZone,
    /// The present.
    pub now: Timestamp,
}

impl Reader<'_> {
    /// A moment after « depuis » or “since”: `8 h 52`, `hier à 8 h 52`, `le 23 novembre à 8 h 52`.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        let zoned = self.zoned(at);
        let clock = self.clock(&zoned);
        let today = self.zoned(self.now).date();
        if zoned.date() == today {
            return clock;
        }
        let yesterday = today
            .checked_sub(1.day())
            .is_ok_and(|date| date == zoned.date());
        match (self.locale, yesterday) {
            (Locale::Fr, true) => format!("hier à {clock}"),
            (Locale::Fr, false) => format!("le {} à {clock}", self.day(zoned.date())),
            (Locale::En, true) => format!("yesterday at {clock}"),
            (Locale::En, false) => format!("{} at {clock}", self.day(zoned.date())),
        }
    }

    /// A moment after a verb: `à 8 h 52` today, else as [`Reader::moment`].
    pub(crate) fn at(&self, at: Timestamp) -> String {
        let moment = self.moment(at);
        let today = self.zoned(at).date() == self.zoned(self.now).date();
        match (self.locale, today) {
            (Locale::Fr, true) => format!("à {moment}"),
            (Locale::En, true) => format!("at {moment}"),
            (_, false) => moment,
        }
    }

    /// A day with its year: `31 mars 2027`.
    pub(crate) fn date(&self, at: Timestamp) -> String {
        let date = self.zoned(at).date();
        format!("{} {}", self.day(date), date.year())
    }

    /// The present with its day: `24 novembre à 9 h 20`.
    pub(crate) fn present(&self) -> String {
        let zoned = self.zoned(self.now);
        let (day, clock) = (self.day(zoned.date()), self.clock(&zoned));
        match self.locale {
            Locale::Fr => format!("{day} à {clock}"),
            Locale::En => format!("{day} at {clock}"),
        }
    }

    /// The colon that introduces something, with the spaces of the language.
    pub(crate) const fn colon(&self) -> &'static str {
        match self.locale {
            Locale::Fr => "\u{a0}: ",
            Locale::En => ": ",
        }
    }

    fn zoned(&self, at: Timestamp) -> ZonedDateTime {
        jiff::Timestamp::from_millisecond(at.millis())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned_datetime(self.zone.clone())
    }

    fn clock(&self, zoned: &ZonedDateTime) -> String {
        match self.locale {
            Locale::Fr => format!("{}\u{a0}h\u{a0}{:02}", zoned.hour(), zoned.minute()),
            Locale::En => format!("{:02}:{:02}", zoned.hour(), zoned.minute()),
        }
    }

    fn day(&self, date: Date) -> String {
        let months = match self.locale {
            Locale::Fr => MONTHS_FR,
            Locale::En => MONTHS_EN,
        };
        let place = usize::try_from(date.month())
            .unwrap_or_default()
            .saturating_sub(1);
        let month = months.get(place).copied().unwrap_or_default();
        match (self.locale, date.day()) {
            (Locale::Fr, 1) => format!("1er {month}"),
            (_, day) => format!("{day} {month}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 24 November 2026, 9:20 in Paris.
    const NOW: Timestamp = Timestamp::from_millis(1_795_508_400_000);

    fn ago(minutes: u64) -> Timestamp {
        NOW.minus(std::time::Duration::from_mins(minutes))
    }

    #[test]
    fn times_are_the_reader_s() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let fr = Reader {
            locale: Locale::Fr,
            zone: &zone,
            now: NOW,
        };
        let en = Reader {
            locale: Locale::En,
            ..fr
        };
        assert_eq!(fr.present(), "24 novembre à 9\u{a0}h\u{a0}20");
        assert_eq!(en.present(), "24 November at 09:20");
        assert_eq!(fr.moment(ago(28)), "8\u{a0}h\u{a0}52");
        assert_eq!(fr.at(ago(28)), "à 8\u{a0}h\u{a0}52");
        assert_eq!(fr.moment(ago(15)), "9\u{a0}h\u{a0}05");
        assert_eq!(fr.moment(ago(24 * 60)), "hier à 9\u{a0}h\u{a0}20");
        assert_eq!(en.at(ago(24 * 60)), "yesterday at 09:20");
        assert_eq!(
            fr.moment(ago(23 * 24 * 60)),
            "le 1er novembre à 9\u{a0}h\u{a0}20"
        );
        assert_eq!(en.moment(ago(23 * 24 * 60)), "1 November at 09:20");
    }
}
