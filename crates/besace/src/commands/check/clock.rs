//! The machine's clock, against what is known of the time.

use kernel::Timestamp;

use super::{Fact, span};

/// 24 November 2026: no installation of this version can be older.
const RELEASE: i64 = 1_795_500_000;
/// Seconds apart from which tokens begin to be refused somewhere.
const APART: i64 = 10;
/// Seconds apart from which they are refused here.
const TOO_FAR: i64 = 60;

/// Whether the clock can be right at all.
pub(super) fn release(now: Timestamp) -> Fact {
    if now.seconds() >= RELEASE {
        Fact::good("clock", "after this version's release")
    } else {
        Fact::error(
            "clock",
            "before this version's release",
            "set the machine's clock (NTP)",
        )
    }
}

/// Our clock against another's.
pub(super) fn against(about: String, ours: Timestamp, theirs: Timestamp) -> Fact {
    let apart = ours.seconds().saturating_sub(theirs.seconds());
    let found = format!(
        "ours is {} {} theirs",
        span(apart),
        if apart < 0 { "behind" } else { "ahead of" }
    );
    let mend = "set both machines' clocks by NTP: tokens whose times do not fit are refused";
    match apart.abs() {
        0..APART => Fact::good(about, format!("within {APART} s of ours")),
        APART..TOO_FAR => Fact::warning(about, found, mend),
        _ => Fact::error(about, found, mend),
    }
}

/// The moment of an HTTP `Date` (RFC 9110 §5.6.7).
pub(super) fn parse_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
        .map(|at| Timestamp::from_millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::check::Level;

    #[test]
    fn clocks_apart_are_a_warning_and_far_apart_an_error() {
        let at = |seconds: i64| Timestamp::from_seconds(1_795_600_000 + seconds);
        for (apart, level) in [
            (0, Level::Ok),
            (-9, Level::Ok),
            (10, Level::Warning),
            (-59, Level::Warning),
            (60, Level::Error),
            (-86_400, Level::Error),
        ] {
            let fact = against("clock of x".to_owned(), at(apart), at(0));
            assert_eq!(fact.level, level, "{fact:?}");
        }
        assert!(
            against(String::new(), at(-300), at(0))
                .found
                .contains("5 minutes behind")
        );
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        let read = parse_date("Sun, 29 Nov 2026 23:35:00 GMT").expect("a date");
        assert_eq!(read.seconds(), 1_795_995_300);
        assert_eq!(parse_date("yesterday"), None);
    }
}
