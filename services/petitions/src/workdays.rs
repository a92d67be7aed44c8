//! Working days: Monday to Friday, without the holidays of the tenant's zone, which are a table.

use std::sync::LazyLock;

use radslag_kernel::{Calendar, Date, time::plus_days};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holidays {
    zone: Vec<Zone>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Zone {
    name: String,
    on: Vec<String>,
    easter: Vec<i64>,
    friday_from: Vec<String>,
}

static HOLIDAYS: LazyLock<Holidays> =
    LazyLock::new(|| toml::from_str(include_str!("../holidays.toml")).unwrap_or_default());

/// The date that lies so many working days after another.
#[must_use]
pub fn after(calendar: &Calendar, from: Date, days: u32) -> Date {
    let (mut date, mut left) = (from, days);
    while left > 0 && date < Date::MAX {
        date = plus_days(date, 1);
        left -= u32::from(is_one(calendar, date));
    }
    date
}

fn is_one(calendar: &Calendar, date: Date) -> bool {
    let weekday = date.weekday().to_monday_one_offset();
    let zone = HOLIDAYS.zone.iter().find(|zone| Some(zone.name.as_str()) == calendar.zone());
    weekday <= 5 && !zone.is_some_and(|zone| zone.rests(date))
}

impl Zone {
    fn rests(&self, date: Date) -> bool {
        let year = date.year();
        let of_year = |day: &String| format!("{year:04}-{day}").parse::<Date>().ok();
        let easter = easter(year);
        let from_easter = |days: &i64| easter.checked_add(jiff::Span::new().days(*days)).ok();
        let friday = |day: &String| {
            let from = of_year(day)?;
            (0..7)
                .map(|days| plus_days(from, days))
                .find(|date| date.weekday() == jiff::civil::Weekday::Friday)
        };
        self.on.iter().filter_map(of_year).any(|day| day == date)
            || self.easter.iter().filter_map(from_easter).any(|day| day == date)
            || self.friday_from.iter().filter_map(friday).any(|day| day == date)
    }
}

/// Easter Sunday of a year: the Gregorian computus of Meeus, Jones and Butcher.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let (month, day) = (i8::try_from(month).unwrap_or(4), i8::try_from(day).unwrap_or(1));
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn stockholm(from: &str, days: u32) -> String {
        after(&Calendar::of("Europe/Stockholm").unwrap(), date(from), days).to_string()
    }

    #[test]
    fn a_working_day_is_monday_to_friday() {
        assert_eq!(stockholm("2009-02-23", 5), "2009-03-02");
        assert_eq!(stockholm("2009-02-20", 1), "2009-02-23");
        assert_eq!(stockholm("2009-02-21", 1), "2009-02-23");
        assert_eq!(stockholm("2008-02-28", 1), "2008-02-29");
    }

    #[test]
    fn nobody_works_on_a_public_holiday_of_the_tenants_zone() {
        assert_eq!(stockholm("2009-04-09", 1), "2009-04-14", "Good Friday and Easter Monday");
        assert_eq!(stockholm("2009-05-20", 1), "2009-05-22", "Ascension Day");
        assert_eq!(stockholm("2009-06-18", 1), "2009-06-22", "Midsummer's Eve");
        assert_eq!(stockholm("2008-12-23", 5), "2009-01-07", "Christmas, New Year and Epiphany");
        assert_eq!(after(&Calendar::utc(), date("2009-04-09"), 1).to_string(), "2009-04-10");
        let london = Calendar::of("Europe/London").unwrap();
        assert_eq!(after(&london, date("2009-06-18"), 1).to_string(), "2009-06-19");
    }

    #[test]
    fn easter_falls_where_the_church_says() {
        for known in ["1961-04-02", "2000-04-23", "2008-03-23", "2009-04-12", "2024-03-31", "2038-04-25"] {
            assert_eq!(easter(date(known).year()).to_string(), known);
        }
        assert_eq!(HOLIDAYS.zone.len(), 2);
    }
}
