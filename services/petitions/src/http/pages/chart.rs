//! How a count grew, as lines of an SVG picture. It leaves colours to the style sheet, and exact figures to the table
//! that stands beside it.

use radslag_kernel::Date;
use serde::Serialize;

/// A day on which a count changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Day {
    pub(super) date: Date,
    /// By how much.
    pub(super) change: i64,
    /// The count at its end.
    pub(super) count: i64,
}

// Where the picture begins and ends inside its frame, in its own units.
const LEFT: i64 = 64;
const RIGHT: i64 = 632;
const TOP: i64 = 12;
const BOTTOM: i64 = 196;

/// A picture of 640 by 224 units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Chart {
    /// The count as points of a line that goes up in steps.
    line: String,
    /// Heights with their numbers, lowest first.
    heights: Vec<(i64, i64)>,
    /// The height of a number to be reached, if it is in the picture.
    goal: Option<i64>,
    first: Date,
    last: Date,
}

impl Chart {
    /// Of days in order, from the first to the last that is shown; `None` where nothing can be seen yet.
    pub(super) fn of(days: &[Day], (first, last): (Date, Date), goal: i64) -> Option<Self> {
        let most = days.iter().map(|day| day.count).max().filter(|most| *most > 0)?;
        let (top, steps) = scale(most);
        let span = days_between(first, last).max(1);
        let x = |date| LEFT + (RIGHT - LEFT) * days_between(first, date).clamp(0, span) / span;
        let y = |count: i64| BOTTOM - (BOTTOM - TOP) * count.clamp(0, top) / top;
        let before = std::iter::once(0).chain(days.iter().map(|day| day.count));
        let stairs = days.iter().zip(before).map(|(day, before)| {
            let x = x(day.date);
            format!("{x},{} {x},{}", y(before), y(day.count))
        });
        let ends = (format!("{LEFT},{}", y(0)), format!("{RIGHT},{}", y(days.last()?.count)));
        let points: Vec<String> = std::iter::once(ends.0).chain(stairs).chain([ends.1]).collect();
        let heights = (0..=steps).map(|step| top * step / steps).map(|count| (y(count), count));
        let goal = Some(goal).filter(|goal| (1..=top).contains(goal)).map(y);
        Some(Self { line: points.join(" "), heights: heights.collect(), goal, first, last })
    }
}

fn days_between(one: Date, other: Date) -> i64 {
    one.duration_until(other).as_hours() / 24
}

/// The lowest of 5, 10, 20, 50, 100 ... that a number fits under, and in how many steps it is drawn.
fn scale(most: i64) -> (i64, i64) {
    let powers = (0..18).map(|power| 10_i64.pow(power));
    let tops = powers.flat_map(|power| [(5 * power, 5), (10 * power, 5), (20 * power, 4)]);
    tops.into_iter().find(|(top, _)| *top >= most).unwrap_or((i64::MAX, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, change: i64, count: i64) -> Day {
        Day { date: text.parse().unwrap(), change, count }
    }

    fn chart(days: &[Day], goal: i64) -> Option<Chart> {
        Chart::of(days, ("2008-10-01".parse().unwrap(), "2008-10-11".parse().unwrap()), goal)
    }

    #[test]
    fn a_count_goes_up_in_steps_and_down_where_some_were_struck_out() {
        let days = [day("2008-10-01", 5, 5), day("2008-10-06", 3, 8), day("2008-10-11", -4, 4)];
        let chart = chart(&days, 10).unwrap();
        assert_eq!(chart.line, "64,196 64,196 64,104 348,104 348,49 632,49 632,123 632,123");
        assert_eq!(chart.heights, [(196, 0), (160, 2), (123, 4), (86, 6), (49, 8), (12, 10)]);
        assert_eq!(chart.goal, Some(12));
    }

    #[test]
    fn a_goal_far_above_the_count_is_not_in_the_picture() {
        assert_eq!(chart(&[day("2008-10-01", 5, 5)], 10_000).unwrap().goal, None);
        assert_eq!(chart(&[day("2008-10-01", 5, 5)], 0).unwrap().goal, None);
    }

    #[test]
    fn without_a_signature_there_is_nothing_to_draw() {
        assert_eq!(chart(&[], 10), None);
        assert_eq!(chart(&[day("2008-10-01", 0, 0)], 10), None);
    }

    #[test]
    fn a_scale_ends_at_a_round_number() {
        assert_eq!(
            [1, 5, 6, 11, 21, 100, 6_103_056].map(|most| scale(most).0),
            [5, 5, 10, 20, 50, 100, 10_000_000]
        );
    }
}
