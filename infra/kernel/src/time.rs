//! Time as data: instants in milliseconds and calendar dates in a tenant's zone. Nothing here reads a clock.

use std::fmt;

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};

pub use jiff::civil::Date;

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

impl Instant {
    /// From milliseconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Later by so many milliseconds.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Later by so many hours of 3,600 seconds.
    #[must_use]
    pub const fn plus_hours(self, hours: u64) -> Self {
        self.plus_millis(hours * 3_600_000)
    }

    /// Milliseconds from `earlier` to this, 0 if it is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    fn timestamp(self) -> Timestamp {
        i64::try_from(self.0).ok().and_then(|m| Timestamp::from_millisecond(m).ok()).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

/// A tenant's calendar: its time zone. Deadlines are dates in it, end of day.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar(TimeZone);

impl Calendar {
    /// Of an IANA name such as `Europe/Stockholm`; `None` if there is no such zone.
    #[must_use]
    pub fn of(zone: &str) -> Option<Self> {
        TimeZone::get(zone).ok().map(Self)
    }

    /// The calendar of UTC.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name of its zone.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.0.iana_name()
    }

    /// The date on which an instant falls.
    #[must_use]
    pub fn date(&self, at: Instant) -> Date {
        self.0.to_datetime(at.timestamp()).date()
    }

    /// The hour of the day (0 to 23) in which an instant falls.
    #[must_use]
    pub fn hour(&self, at: Instant) -> i8 {
        self.0.to_datetime(at.timestamp()).hour()
    }

    /// The time of the day on which an instant falls, to the minute: `18:30`.
    #[must_use]
    pub fn time(&self, at: Instant) -> String {
        let time = self.0.to_datetime(at.timestamp()).time();
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// The first instant of a date (the first that exists where summer time skips midnight).
    #[must_use]
    pub fn start_of(&self, date: Date) -> Instant {
        let instant = self.0.to_ambiguous_zoned(date.to_datetime(civil::Time::midnight())).compatible();
        let millis = instant.map_or(i64::MAX, |zoned| zoned.timestamp().as_millisecond());
        Instant(u64::try_from(millis).unwrap_or(0))
    }

    /// The end of a date: the first instant of the next.
    #[must_use]
    pub fn end_of(&self, date: Date) -> Instant {
        self.start_of(date.tomorrow().unwrap_or(Date::MAX))
    }
}

/// A date so many months later; the 31st of a shorter month is its last day.
#[must_use]
pub fn plus_months(date: Date, months: u32) -> Date {
    date.checked_add(i64::from(months).months()).unwrap_or(Date::MAX)
}

/// A date so many months earlier; the 31st of a shorter month is its last day.
#[must_use]
pub fn minus_months(date: Date, months: u32) -> Date {
    date.checked_sub(i64::from(months).months()).unwrap_or(Date::MIN)
}

/// A date so many days later.
#[must_use]
pub fn plus_days(date: Date, days: u32) -> Date {
    date.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> Calendar {
        Calendar::of("Europe/Stockholm").unwrap()
    }

    #[test]
    fn a_deadline_is_the_end_of_the_day_in_the_tenants_zone() {
        let end = stockholm().end_of(civil::date(2009, 2, 22));
        assert_eq!(end.to_string(), "2009-02-22T23:00:00.000Z");
    }

    #[test]
    fn a_time_of_the_day_is_that_of_the_tenants_zone() {
        let at = Instant::from_millis(1_223_915_400_000);
        assert_eq!((stockholm().time(at), Calendar::utc().time(at)), ("18:30".into(), "16:30".into()));
    }

    #[test]
    fn a_day_of_summer_time_change_has_23_or_25_hours() {
        let day = |date| stockholm().end_of(date).millis_since(stockholm().start_of(date)) / 3_600_000;
        assert_eq!(day(civil::date(2009, 3, 29)), 23);
        assert_eq!(day(civil::date(2009, 10, 25)), 25);
    }

    #[test]
    fn months_keep_to_the_end_of_the_month() {
        assert_eq!(plus_months(civil::date(2008, 8, 31), 6), civil::date(2009, 2, 28));
        assert_eq!(plus_months(civil::date(2008, 2, 29), 12), civil::date(2009, 2, 28));
        assert_eq!(minus_months(civil::date(2008, 8, 31), 6), civil::date(2008, 2, 29));
        assert_eq!(plus_days(civil::date(2008, 12, 31), 1), civil::date(2009, 1, 1));
    }

    #[test]
    fn no_instant_is_too_late_to_show() {
        assert!(Instant::from_millis(u64::MAX).to_string().starts_with("9999"));
        assert_eq!(Calendar::of("Mars/Olympus"), None);
    }
}
