//! When a notice rings and when it is mailed: decided once as it comes, and once more when
//! somebody looks again.
//!
//! A notice that comes in quiet hours waits for their end: then the open pages are told, and who
//! has a daily digest gets it. One that comes at another time is told at once and mailed with the
//! next digest. An urgent one is mailed at once, and in quiet hours only when the person allows
//! it.

use kernel::Timestamp;
use kernel::port::Urgency;

use super::{Digest, Settings, Zone, is_quiet, next_open};

/// What comes of a notice as it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Whether open pages are told now.
    pub(crate) hint: bool,
    /// When the digest that holds it is due.
    pub(crate) digest_at: Option<Timestamp>,
    /// When somebody must look at the inbox again.
    pub(crate) wake_at: Option<Timestamp>,
}

/// Decides for a notice from `source` that comes at `now`.
pub(crate) fn arrival(
    settings: &Settings,
    zone: &Zone,
    urgency: Urgency,
    source: &str,
    now: Timestamp,
) -> Arrival {
    if settings.mutes(source) {
        return Arrival {
            hint: false,
            digest_at: None,
            wake_at: None,
        };
    }
    let quiet = is_quiet(settings, zone, now);
    let urgent = urgency == Urgency::Urgent;
    let hint = !quiet || (urgent && settings.allow_urgent);
    let digest_at = digest_after(settings, zone, now, quiet && !hint);
    let mails = settings.digest != Digest::None;
    let wake_at = if !hint {
        earlier(next_open(settings, zone, now), digest_at)
    } else if urgent && mails {
        Some(now)
    } else {
        digest_at
    };
    Arrival {
        hint,
        digest_at,
        wake_at,
    }
}

/// When the digest leaves that holds a notice of `now`; `waited`: it came in quiet hours.
fn digest_after(
    settings: &Settings,
    zone: &Zone,
    now: Timestamp,
    waited: bool,
) -> Option<Timestamp> {
    match settings.digest {
        Digest::None => None,
        Digest::Daily if waited => next_open(settings, zone, now),
        Digest::Daily | Digest::Weekly => {
            let mut date = zone.civil(now).date();
            for _ in 0..9 {
                let its_day = settings.digest == Digest::Daily
                    || date.weekday() == jiff::civil::Weekday::Monday;
                if its_day
                    && let Some(at) = zone.instant(date, settings.digest_at.minute())
                    && at > now
                {
                    return next_open(settings, zone, at);
                }
                date = date.tomorrow().ok()?;
            }
            None
        }
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Which unread notices are mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mailing {
    /// None.
    Nothing,
    /// The urgent ones.
    Urgent,
    /// All that were not yet.
    All,
}

/// What is done when somebody looks at an inbox again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether open pages are told.
    pub(crate) hint: bool,
    /// What is mailed.
    pub(crate) mailing: Mailing,
    /// When the digest is still due.
    pub(crate) digest_at: Option<Timestamp>,
    /// When to look next.
    pub(crate) wake_at: Option<Timestamp>,
}

/// Decides for an inbox whose digest is due at `digest_at`.
pub(crate) fn wake(
    settings: &Settings,
    zone: &Zone,
    digest_at: Option<Timestamp>,
    now: Timestamp,
) -> Look {
    let digest_at = digest_at.filter(|_| settings.digest != Digest::None);
    let urgent = match settings.digest {
        Digest::None => Mailing::Nothing,
        Digest::Daily | Digest::Weekly => Mailing::Urgent,
    };
    if is_quiet(settings, zone, now) {
        let open = next_open(settings, zone, now);
        return Look {
            hint: false,
            mailing: if settings.allow_urgent {
                urgent
            } else {
                Mailing::Nothing
            },
            digest_at,
            wake_at: open,
        };
    }
    if digest_at.is_some_and(|due| due <= now) {
        return Look {
            hint: true,
            mailing: Mailing::All,
            digest_at: None,
            wake_at: None,
        };
    }
    Look {
        hint: true,
        mailing: urgent,
        digest_at,
        wake_at: digest_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn paris() -> Zone {
        Zone::parse("Europe/Paris").expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        let wall: jiff::civil::DateTime = text.parse().expect("a date");
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        let instant = zone.to_timestamp(wall).expect("a time");
        Timestamp::from_millis(instant.as_millisecond())
    }

    fn of(settings: &Settings, urgency: Urgency, now: &str) -> Arrival {
        arrival(settings, &paris(), urgency, "portal", at(now))
    }

    fn with(digest: Digest, allow_urgent: bool) -> Settings {
        Settings {
            allow_urgent,
            digest,
            ..Settings::default()
        }
    }

    #[test]
    fn by_day_a_notice_rings_and_waits_for_the_next_digest() {
        let daily = of(&Settings::default(), Urgency::Normal, "2026-11-24T10:00");
        let morning = Some(at("2026-11-25T08:00"));
        assert_eq!(
            daily,
            Arrival {
                hint: true,
                digest_at: morning,
                wake_at: morning
            }
        );
        let friday = of(&Settings::default(), Urgency::Low, "2026-11-27T10:00");
        assert_eq!(
            friday.digest_at,
            Some(at("2026-11-30T07:00")),
            "Saturday is quiet: as soon as nothing is"
        );
        let weekly = of(
            &with(Digest::Weekly, false),
            Urgency::Normal,
            "2026-11-24T10:00",
        );
        assert_eq!(weekly.digest_at, Some(at("2026-11-30T08:00")));
        let never = of(
            &with(Digest::None, false),
            Urgency::Normal,
            "2026-11-24T10:00",
        );
        assert_eq!(
            (never.hint, never.digest_at, never.wake_at),
            (true, None, None)
        );
    }

    #[test]
    fn by_night_a_notice_waits_for_the_end_of_the_quiet_hours() {
        let seven = Some(at("2026-11-25T07:00"));
        let daily = of(&Settings::default(), Urgency::Normal, "2026-11-24T22:00");
        assert_eq!(
            daily,
            Arrival {
                hint: false,
                digest_at: seven,
                wake_at: seven
            }
        );
        let never = of(
            &with(Digest::None, false),
            Urgency::Normal,
            "2026-11-24T22:00",
        );
        assert_eq!(
            (never.hint, never.digest_at, never.wake_at),
            (false, None, seven)
        );
        let weekly = of(
            &with(Digest::Weekly, false),
            Urgency::Normal,
            "2026-11-24T22:00",
        );
        assert_eq!(weekly.wake_at, seven, "pages are told, the mail waits");
        assert_eq!(weekly.digest_at, Some(at("2026-11-30T08:00")));
    }

    #[test]
    fn an_urgent_notice_passes_the_night_when_allowed_only() {
        let now = "2026-11-24T22:00";
        let refused = of(&with(Digest::Daily, false), Urgency::Urgent, now);
        assert!(!refused.hint);
        assert_eq!(refused.wake_at, Some(at("2026-11-25T07:00")));
        let allowed = of(&with(Digest::Daily, true), Urgency::Urgent, now);
        assert!(allowed.hint);
        assert_eq!(allowed.wake_at, Some(at(now)));
        let normal = of(&with(Digest::Daily, true), Urgency::Normal, now);
        assert!(!normal.hint);
    }

    #[test]
    fn a_muted_source_neither_rings_nor_is_mailed() {
        let settings = Settings {
            muted_sources: vec!["portal".to_owned()],
            ..Settings::default()
        };
        let muted = of(&settings, Urgency::Urgent, "2026-11-24T10:00");
        assert_eq!(
            (muted.hint, muted.digest_at, muted.wake_at),
            (false, None, None)
        );
    }

    #[test]
    fn a_look_in_the_night_mails_what_is_urgent_when_allowed_and_comes_back() {
        let night = at("2026-11-24T22:00");
        let seven = Some(at("2026-11-25T07:00"));
        for (allowed, mailing) in [(true, Mailing::Urgent), (false, Mailing::Nothing)] {
            let look = wake(&with(Digest::Daily, allowed), &paris(), seven, night);
            assert_eq!(
                look,
                Look {
                    hint: false,
                    mailing,
                    digest_at: seven,
                    wake_at: seven
                }
            );
        }
    }

    #[test]
    fn a_look_by_day_mails_the_digest_that_is_due_and_no_other() {
        let due = Some(at("2026-11-25T08:00"));
        let early = wake(&Settings::default(), &paris(), due, at("2026-11-25T07:30"));
        assert_eq!((early.mailing, early.wake_at), (Mailing::Urgent, due));
        let now = wake(&Settings::default(), &paris(), due, at("2026-11-25T08:00"));
        assert_eq!(
            (now.mailing, now.digest_at, now.wake_at),
            (Mailing::All, None, None)
        );
        let never = wake(
            &with(Digest::None, true),
            &paris(),
            due,
            at("2026-11-25T08:00"),
        );
        assert_eq!((never.mailing, never.wake_at), (Mailing::Nothing, None));
    }
}
