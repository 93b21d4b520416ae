//! When and how an agent wants to be told: the wire's and the table's form, and the checked one.

use jiff::civil::Date;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::quiet::{QuietDay, TimeOfDay};
use super::zone::{Zone, ZoneError};

/// The most sources that one agent mutes.
const SOURCES: usize = 100;

/// How often unread notices are mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// Never: no mail at all.
    None,
    /// Each day that is not quiet.
    Daily,
    /// On Mondays.
    Weekly,
}

/// The quiet hours of one day, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum DayForm {
    /// Between two times; past midnight when `to` comes before `from`.
    Span {
        /// `HH:MM`.
        #[schema(example = "20:00")]
        from: String,
        /// `HH:MM`.
        #[schema(example = "07:00")]
        to: String,
    },
    /// The whole day.
    #[serde(rename_all = "camelCase")]
    AllDay {
        /// Always true.
        all_day: bool,
    },
}

/// Quiet hours, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHoursForm {
    /// Seven, Monday first; null: none of its own.
    pub days: Vec<Option<DayForm>>,
}

/// Settings on the wire and in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsForm {
    /// IANA name of the zone in which the hours are meant.
    #[schema(example = "Europe/Paris")]
    pub zone: String,
    /// When nothing rings and no mail leaves.
    pub quiet_hours: QuietHoursForm,
    /// Nothing rings until then, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mute_until: Option<i64>,
    /// Whether urgent notices pass quiet hours.
    pub allow_urgent: bool,
    /// How often unread notices are mailed.
    pub digest: Digest,
    /// When, `HH:MM`; later when that is quiet.
    #[schema(example = "08:00")]
    pub digest_at: String,
    /// Sources that neither ring nor are mailed; the inbox shows them all the same.
    #[serde(default)]
    pub muted_sources: Vec<String>,
}

/// Checked settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The person's zone; none: the instance's.
    pub zone: Option<Zone>,
    /// Monday first.
    pub days: [QuietDay; 7],
    /// Nothing rings until then.
    pub mute_until: Option<Timestamp>,
    /// Whether urgent notices pass quiet hours.
    pub allow_urgent: bool,
    /// How often unread notices are mailed.
    pub digest: Digest,
    /// When.
    pub digest_at: TimeOfDay,
    /// Sources that neither ring nor are mailed.
    pub muted_sources: Vec<String>,
}

/// Which setting cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not an IANA zone.
    #[error("zone")]
    Zone,
    /// Not seven days.
    #[error("quietHours.days")]
    Days,
    /// A time that is none, or hours of no length.
    #[error("quietHours.days: hours")]
    Hours,
    /// Not a time of the day.
    #[error("digestAt")]
    DigestAt,
    /// Too many sources, or a name that is none.
    #[error("mutedSources")]
    Sources,
}

impl From<ZoneError> for SettingsError {
    fn from(_: ZoneError) -> Self {
        Self::Zone
    }
}

impl Default for Settings {
    /// Evenings from 20:00 to 07:00 and week-ends are quiet; a digest a day at 08:00.
    fn default() -> Self {
        let weekday = QuietDay::Span {
            from: TimeOfDay::EVENING,
            to: TimeOfDay::DAWN,
        };
        let week_end = QuietDay::AllDay;
        Self {
            zone: None,
            days: [
                weekday, weekday, weekday, weekday, weekday, week_end, week_end,
            ],
            mute_until: None,
            allow_urgent: false,
            digest: Digest::Daily,
            digest_at: TimeOfDay::MORNING,
            muted_sources: Vec::new(),
        }
    }
}

impl Settings {
    /// The zone in which the hours are meant.
    pub fn zone_or<'a>(&'a self, instance: &'a Zone) -> &'a Zone {
        self.zone.as_ref().unwrap_or(instance)
    }

    /// The quiet hours of a date.
    pub(super) fn day(&self, date: Date) -> QuietDay {
        let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.days.get(place).copied().unwrap_or(QuietDay::Open)
    }

    /// Whether this source neither rings nor is mailed.
    pub fn mutes(&self, source: &str) -> bool {
        self.muted_sources.iter().any(|muted| muted == source)
    }

    /// Checks what came in.
    ///
    /// # Errors
    /// [`SettingsError`] for the first setting that cannot be.
    pub fn parse(form: &SettingsForm) -> Result<Self, SettingsError> {
        let mut days = [QuietDay::Open; 7];
        if form.quiet_hours.days.len() != days.len() {
            return Err(SettingsError::Days);
        }
        for (place, day) in days.iter_mut().zip(&form.quiet_hours.days) {
            *place = parse_day(day.as_ref())?;
        }
        let named = |source: &String| {
            (1..=128).contains(&source.len()) && source.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if form.muted_sources.len() > SOURCES || !form.muted_sources.iter().all(named) {
            return Err(SettingsError::Sources);
        }
        Ok(Self {
            zone: Some(Zone::parse(&form.zone)?),
            days,
            mute_until: form.mute_until.map(Timestamp::from_millis),
            allow_urgent: form.allow_urgent,
            digest: form.digest,
            digest_at: TimeOfDay::parse(&form.digest_at).ok_or(SettingsError::DigestAt)?,
            muted_sources: form.muted_sources.clone(),
        })
    }

    /// The wire's form.
    pub fn form(&self, instance: &Zone) -> SettingsForm {
        SettingsForm {
            zone: self.zone_or(instance).name().to_owned(),
            quiet_hours: QuietHoursForm {
                days: self.days.iter().copied().map(day_form).collect(),
            },
            mute_until: self.mute_until.map(Timestamp::millis),
            allow_urgent: self.allow_urgent,
            digest: self.digest,
            digest_at: self.digest_at.to_string(),
            muted_sources: self.muted_sources.clone(),
        }
    }
}

fn parse_day(day: Option<&DayForm>) -> Result<QuietDay, SettingsError> {
    match day {
        None => Ok(QuietDay::Open),
        Some(DayForm::AllDay { all_day: true }) => Ok(QuietDay::AllDay),
        Some(DayForm::AllDay { all_day: false }) => Err(SettingsError::Hours),
        Some(DayForm::Span { from, to }) => match (TimeOfDay::parse(from), TimeOfDay::parse(to)) {
            (Some(from), Some(to)) if from != to => Ok(QuietDay::Span { from, to }),
            _ => Err(SettingsError::Hours),
        },
    }
}

fn day_form(day: QuietDay) -> Option<DayForm> {
    match day {
        QuietDay::Open => None,
        QuietDay::AllDay => Some(DayForm::AllDay { all_day: true }),
        QuietDay::Span { from, to } => Some(DayForm::Span {
            from: from.to_string(),
            to: to.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> SettingsForm {
        let zone = Zone::parse("Europe/Paris").expect("a zone");
        Settings::default().form(&zone)
    }

    #[test]
    fn settings_survive_the_wire_under_their_names() {
        let json = serde_json::to_value(form()).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "zone": "Europe/Paris",
                "quietHours": {"days": [
                    {"from": "20:00", "to": "07:00"}, {"from": "20:00", "to": "07:00"},
                    {"from": "20:00", "to": "07:00"}, {"from": "20:00", "to": "07:00"},
                    {"from": "20:00", "to": "07:00"}, {"allDay": true}, {"allDay": true},
                ]},
                "allowUrgent": false,
                "digest": "daily",
                "digestAt": "08:00",
                "mutedSources": [],
            })
        );
        let read: SettingsForm = serde_json::from_value(json).expect("a form");
        let parsed = Settings::parse(&read).expect("settings");
        assert_eq!(parsed.days, Settings::default().days);
    }

    #[test]
    fn what_cannot_be_is_named() {
        let broken = |change: fn(&mut SettingsForm)| {
            let mut form = form();
            change(&mut form);
            Settings::parse(&form).expect_err("refused")
        };
        assert_eq!(
            broken(|form| form.zone = "Mars/Base".into()),
            SettingsError::Zone
        );
        assert_eq!(
            broken(|form| form.quiet_hours.days.truncate(6)),
            SettingsError::Days
        );
        assert_eq!(
            broken(|form| form.digest_at = "8h".into()),
            SettingsError::DigestAt
        );
        for (from, to) in [("20:00", "20:00"), ("20:00", "24:00"), ("", "07:00")] {
            let mut form = form();
            form.quiet_hours.days[0] = Some(DayForm::Span {
                from: from.into(),
                to: to.into(),
            });
            assert_eq!(Settings::parse(&form), Err(SettingsError::Hours));
        }
        for source in ["", "a b", "é"] {
            let mut form = form();
            form.muted_sources = vec![source.to_owned()];
            assert_eq!(Settings::parse(&form), Err(SettingsError::Sources));
        }
    }
}
