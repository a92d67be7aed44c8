//! Parts of the population beside parts of the panel, as bars of an SVG picture. It leaves colours to the style sheet, and exact
//! figures to the table that stands beside it.

use serde::Serialize;

use crate::http::representing::Group;

// In the picture's own units: 640 wide.
const LEFT: f64 = 8.0;
const WIDTH: f64 = 540.0;
const ROW: usize = 52;

/// A picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Bars {
    height: usize,
    rows: Vec<Row>,
}

/// A group's two bars below its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Row {
    label: String,
    /// Where its name stands; the bars follow below.
    y: usize,
    /// How long the bar of the population is, and in percent.
    population: Bar,
    panel: Bar,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Bar {
    width: f64,
    percent: f64,
    /// Where the number stands.
    end: f64,
}

impl Bars {
    /// Of groups whose parts are known; `None` where there are none to compare.
    pub(super) fn of(groups: &[Group], lang: &str) -> Option<Self> {
        let known = groups.iter().filter_map(|group| Some((group, group.expected?, group.share?)));
        let known: Vec<_> = known.collect();
        let most = known.iter().map(|(_, expected, share)| expected.max(*share)).fold(0.0, f64::max);
        if most <= 0.0 {
            return None;
        }
        let bar = |part: f64| {
            let width = (part / most * WIDTH * 10.0).round() / 10.0;
            Bar { width, percent: part * 100.0, end: LEFT + width + 6.0 }
        };
        let row = |(at, (group, expected, share)): (usize, &(&Group, f64, f64))| {
            let label = if lang == "sv" { &group.label_sv } else { &group.label_en };
            Row { label: label.clone(), y: at * ROW + 14, population: bar(*expected), panel: bar(*share) }
        };
        let rows: Vec<Row> = known.iter().enumerate().map(row).collect();
        Some(Self { height: rows.len() * ROW, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_as_long_as_there_is_room_and_the_others_in_proportion() {
        let group = |expected, share| {
            let mut group = Group::default();
            (group.expected, group.share) = (expected, share);
            group
        };
        let groups = [group(Some(0.2), Some(0.1)), group(Some(0.8), None), group(Some(0.3), Some(0.4))];
        let bars = Bars::of(&groups, "en").unwrap();
        let widths = bars.rows.iter().map(|row| [row.population.width, row.panel.width]);
        assert_eq!(widths.collect::<Vec<_>>(), [[270.0, 135.0], [405.0, 540.0]]);
        assert_eq!((bars.height, bars.rows[1].y, bars.rows[1].panel.end), (104, 66, 554.0));
        assert_eq!(Bars::of(&[group(None, Some(0.5))], "en"), None);
        assert_eq!(Bars::of(&[group(Some(0.0), Some(0.0))], "en"), None);
    }
}
