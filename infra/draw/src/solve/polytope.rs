//! What a panel must be, as rows over the orbits: seats, quotas, households, and inequalities found later.

use std::collections::BTreeMap;

use crate::{instance::Instance, orbit::Orbits};

/// `low <= sum of (coefficient times how many of the orbit) <= high`.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) of: Of,
    pub(crate) entries: Vec<(usize, i64)>,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// All seats.
    Seats,
    /// A feature, by its number over all categories.
    Feature(usize),
    /// A kind: one from each household.
    Kind(usize),
    /// An inequality, by its number.
    Cut(usize),
}

/// All rows, and how many there are of each orbit.
#[derive(Clone, Debug)]
pub(crate) struct Polytope {
    pub(crate) rows: Vec<Row>,
    /// People of each orbit.
    pub(crate) people: Vec<i64>,
    /// At most so many of each orbit on one panel.
    pub(crate) most: Vec<i64>,
    /// The rows each orbit stands in, with its coefficient.
    pub(crate) rows_of: Vec<Vec<(usize, i64)>>,
    pub(crate) seats: i64,
}

impl Polytope {
    pub(crate) fn of(instance: &Instance, orbits: &Orbits) -> Self {
        let mut of_feature: BTreeMap<(usize, usize), Vec<(usize, i64)>> = BTreeMap::new();
        for (number, orbit) in orbits.orbits.iter().enumerate() {
            for (category, code) in orbit.features.iter().enumerate() {
                of_feature.entry((category, usize::from(*code))).or_default().push((number, 1));
            }
        }
        let seats = i64::from(instance.size());
        let all = (0..orbits.orbits.len()).map(|orbit| (orbit, 1)).collect();
        let mut rows = vec![Row { of: Of::Seats, entries: all, low: seats, high: seats }];
        for (number, (feature, quota)) in instance.quotas().enumerate() {
            let entries = of_feature.remove(&(feature.category, feature.code)).unwrap_or_default();
            let (low, high) = (i64::from(quota.min), i64::from(quota.max).min(seats));
            rows.push(Row { of: Of::Feature(number), entries, low, high });
        }
        for (number, kind) in orbits.kinds.iter().enumerate() {
            let entries = kind.orbits.clone().map(|orbit| (orbit, 1)).collect();
            rows.push(Row { of: Of::Kind(number), entries, low: 0, high: i64::from(kind.households) });
        }
        let people = orbits.orbits.iter().map(|orbit| i64::from(orbit.people)).collect();
        let most = orbits.orbits.iter().map(|orbit| i64::from(orbits.kinds[orbit.kind].households)).collect();
        let mut polytope = Self { rows: Vec::new(), people, most, rows_of: Vec::new(), seats };
        polytope.rows_of.resize(polytope.people.len(), Vec::new());
        rows.into_iter().for_each(|row| polytope.push(row));
        polytope
    }

    /// One row more.
    pub(crate) fn push(&mut self, row: Row) {
        for (orbit, by) in &row.entries {
            self.rows_of[*orbit].push((self.rows.len(), *by));
        }
        self.rows.push(row);
    }

    /// How many orbits there are.
    pub(crate) fn width(&self) -> usize {
        self.people.len()
    }

    /// What a row sums up to.
    pub(crate) fn sum(&self, row: &Row, counts: &[i64]) -> i64 {
        row.entries.iter().map(|(orbit, by)| by * counts[*orbit]).sum()
    }

    /// Whether these numbers of each orbit are a panel.
    pub(crate) fn holds(&self, counts: &[i64]) -> bool {
        counts.iter().all(|count| *count >= 0)
            && self.rows.iter().all(|row| (row.low..=row.high).contains(&self.sum(row, counts)))
    }
}
