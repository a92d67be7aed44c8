//! How a panel is made up beside the population that it is to look like: shares and gaps by feature, of which group more people
//! are wanted, and what everybody may be told of it without anybody being found out.
//!
//! Officials see every count. In public a group of less than five is shown together with others, or the cells that it could be
//! computed from are hidden with it; `radslag_tally` says which. Who is wanted more is told in public only where the counts that
//! are shown tell it anyway.

use radslag_tally::results::{
    Cell, Table,
    percent::apportioned,
    publish::{Refusal, Shown, publish},
    table::{Row, Rows},
};

use crate::{
    member::Standing,
    strata::{Category, Places, Strata},
};

/// So many standard errors below its share of the population a group is wanted more by itself.
pub const WANTED_BELOW: f64 = -2.0;

/// People by where they stand. Each is in one of these; who submitted only, takes a rest or has left is in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Asked, and no yes so far.
    pub invited: u64,
    /// Said yes or came by themselves, and waits to be drawn or for a place.
    pub accepted: u64,
    /// Members at work.
    pub active: u64,
}

impl People {
    /// The place of a standing among the three.
    const fn place(standing: Standing) -> Option<usize> {
        match standing {
            Standing::Invited | Standing::Declined => Some(0),
            Standing::Volunteered | Standing::Drawn | Standing::Reserved => Some(1),
            Standing::Active => Some(ACTIVE),
            Standing::Submitted
            | Standing::Expired
            | Standing::Paused
            | Standing::Left
            | Standing::Replaced => None,
        }
    }

    /// Counts people who stand somewhere.
    pub fn add(&mut self, standing: Standing, people: u64) {
        let into = match Self::place(standing) {
            Some(0) => &mut self.invited,
            Some(1) => &mut self.accepted,
            Some(_) => &mut self.active,
            None => return,
        };
        *into += people;
    }
}

/// Of the three ways to stand.
const ACTIVE: usize = 2;
const STANDINGS: usize = 3;

/// People of one category by the place of their feature; the last of whom it isn't known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted(Vec<People>);

impl Counted {
    /// Nobody yet.
    #[must_use]
    pub fn of(category: &Category) -> Self {
        Self(vec![People::default(); category.features.len() + 1])
    }

    /// Counts people of a feature; `None`: it isn't known which.
    pub fn add(&mut self, place: Option<usize>, standing: Standing, people: u64) {
        let unknown = self.0.len() - 1;
        self.0[place.filter(|place| *place < unknown).unwrap_or(unknown)].add(standing, people);
    }
}

/// People who are alike in all that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Where they stand.
    pub standing: Standing,
    /// Their feature in each category.
    pub places: Places,
    /// How many.
    pub people: u64,
}

/// How many of a group there are to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// By the quotas.
    pub min: Option<u64>,
    /// By the quotas.
    pub max: Option<u64>,
    /// In proportion to the population, of the size that was decided.
    pub proportional: Option<u64>,
    /// More of them are wished for.
    pub wished: bool,
}

/// People of a feature, or of several together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// By their places.
    pub features: Vec<usize>,
    /// Also those of whom it isn't known, or only they.
    pub unknown: bool,
    /// People who live here; nothing where that isn't known.
    pub population: Option<u64>,
    /// Their part of the population.
    pub expected: Option<f64>,
    /// How many there are to be.
    pub wanted: Wanted,
    /// As `People`; nothing where it isn't shown.
    pub invited: Option<u64>,
    /// As `People`; nothing where it isn't shown.
    pub accepted: Option<u64>,
    /// As `People`; nothing where it isn't shown.
    pub active: Option<u64>,
    /// Their part of the active.
    pub share: Option<f64>,
    /// `share - expected`, in percentage points.
    pub points: Option<f64>,
    /// `share - expected` in standard errors of a random sample of as many.
    pub gap: Option<f64>,
}

/// A category as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Represented {
    /// Its place.
    pub category: usize,
    /// Active members whom the shares are of.
    pub active: u64,
    /// In the order of the features, those that are together and those of whom it isn't known last.
    pub groups: Vec<Group>,
}

/// How many standard errors a share of the active is from the part that is expected.
#[must_use]
pub fn standardised(active: u64, all: u64, expected: f64) -> Option<f64> {
    let possible = all > 0 && expected > 0.0 && expected < 1.0;
    let error = (expected * (1.0 - expected) / all as f64).sqrt();
    possible.then(|| (active as f64 / all as f64 - expected) / error)
}

/// Every count, by category: what officials see.
#[must_use]
pub fn everything(strata: &Strata, size: u32, counted: &[Counted]) -> Vec<Represented> {
    let all = strata.categories.iter().zip(counted).enumerate();
    all.map(|(at, (category, Counted(rows)))| {
        let unknown = category.features.len();
        let row = |(place, people): (usize, &People)| {
            let People { invited, accepted, active } = *people;
            (vec![place], [Some(invited), Some(accepted), Some(active)])
        };
        let rows = rows.iter().enumerate().filter(|(place, people)| {
            // Nobody of whom it isn't known is no news.
            *place < unknown || **people != People::default()
        });
        represented(at, category, size, rows.map(row).collect())
    })
    .collect()
}

/// What everybody may see, by category; nothing of one where that is nothing.
#[must_use]
pub fn public(strata: &Strata, size: u32, people: &[Alike]) -> Vec<Option<Represented>> {
    let waits = |one: &Alike| People::place(one.standing).is_some_and(|place| place != ACTIVE);
    let hides = |shown: &Shown| {
        let last = shown.cells.iter().skip(ACTIVE).step_by(STANDINGS);
        last.into_iter().any(|cell| matches!(cell, Cell::Hidden))
    };
    // Of whom there are few that wait isn't worth what it would hide of who is active.
    let by_standing = people.iter().any(waits).then(|| Counting::by_standing(strata, people).published());
    let by_standing = by_standing.filter(|all| !all.iter().flatten().any(hides));
    let published = by_standing.unwrap_or_else(|| Counting::of_active(strata, people).published());
    let shown = strata.categories.iter().zip(published).enumerate();
    shown
        .map(|(at, (category, shown))| {
            let Shown { rows, cells, columns, .. } = shown?;
            let count = |cell: &Cell| match cell {
                Cell::Shown { count, .. } => Some(*count),
                Cell::Hidden => None,
            };
            let counts = cells.chunks(columns).map(|cells| match *cells {
                [ref active] => [None, None, count(active)],
                [ref invited, ref accepted, ref active] => [count(invited), count(accepted), count(active)],
                _ => [None; STANDINGS],
            });
            let rows: Vec<_> = rows.into_iter().zip(counts).collect();
            let nobody = |(places, counts): &(Vec<usize>, [Option<u64>; STANDINGS])| {
                *places == [category.features.len()]
                    && counts.iter().all(|count| matches!(count, None | Some(0)))
            };
            let rows = rows.into_iter().filter(|row| !nobody(row)).collect();
            Some(represented(at, category, size, rows))
        })
        .collect()
}

/// Counts of a single category as everybody may see them: which are together, and how many they are; nothing where that is all.
#[must_use]
pub fn grouped(counts: &[u64]) -> Option<Vec<(Vec<usize>, u64)>> {
    let weights = || counts.iter().map(|count| *count as f64).collect::<Vec<_>>();
    let (totals, cells) = (counts.to_vec(), counts.to_vec());
    let (weights, weighted) = (weights(), weights());
    let table = Table { totals, weights, cells, weighted, columns: 1, row: Row::One, rows: Rows::Background };
    let shown = publish(&[table], &[None]).ok()?.tables.pop().flatten()?;
    Some(shown.rows.into_iter().zip(shown.totals).collect())
}

/// People by category, as tables from which nobody is found out.
struct Counting {
    tables: Vec<Table>,
    /// Of each category, in which row everybody is.
    groups: Vec<Vec<u32>>,
}

impl Counting {
    fn by_standing(strata: &Strata, people: &[Alike]) -> Self {
        Self::of(strata, people, STANDINGS, People::place)
    }

    fn of_active(strata: &Strata, people: &[Alike]) -> Self {
        let active = |standing| (People::place(standing) == Some(ACTIVE)).then_some(0);
        Self::of(strata, people, 1, active)
    }

    fn of(
        strata: &Strata,
        people: &[Alike],
        columns: usize,
        column: impl Fn(Standing) -> Option<usize>,
    ) -> Self {
        let (mut tables, mut groups) = (Vec::new(), Vec::new());
        for (at, category) in strata.categories.iter().enumerate() {
            let unknown = category.features.len();
            let (mut totals, mut cells) = (vec![0; unknown + 1], vec![0; (unknown + 1) * columns]);
            let mut rows = Vec::new();
            for one in people {
                let Some(column) = column(one.standing) else { continue };
                let place = one.places.get(at).copied().flatten().map(usize::from);
                let row = place.filter(|place| *place < unknown).unwrap_or(unknown);
                totals[row] += one.people;
                cells[row * columns + column] += one.people;
                rows.extend(std::iter::repeat_n(row as u32, one.people as usize));
            }
            let weights = |counts: &[u64]| counts.iter().map(|count| *count as f64).collect::<Vec<_>>();
            tables.push(Table {
                weights: weights(&totals),
                weighted: weights(&cells),
                totals,
                cells,
                columns,
                row: Row::One,
                rows: Rows::Background,
            });
            groups.push(rows);
        }
        Self { tables, groups }
    }

    /// Of two categories that tell of each other, the later one isn't shown.
    fn published(&self) -> Vec<Option<Shown>> {
        let mut left: Vec<usize> = (0..self.tables.len()).collect();
        loop {
            let tables: Vec<Table> = left.iter().map(|at| self.tables[*at].clone()).collect();
            let groups: Vec<_> = left.iter().map(|at| Some(self.groups[*at].as_slice())).collect();
            match publish(&tables, &groups) {
                Ok(published) => {
                    let mut all = vec![None; self.tables.len()];
                    left.iter().zip(published.tables).for_each(|(at, shown)| all[*at] = shown);
                    return all;
                }
                Err(Refusal::Linked(one, other)) => left.remove(one.max(other)),
                Err(Refusal::NoGroup(at)) => left.remove(at),
            };
        }
    }
}

/// Rows, each with the places of its features and its counts.
fn represented(
    at: usize,
    category: &Category,
    size: u32,
    rows: Vec<(Vec<usize>, [Option<u64>; STANDINGS])>,
) -> Represented {
    let unknown = category.features.len();
    let populations: Vec<u64> = category.features.iter().map(|feature| feature.population).collect();
    let all = populations.iter().sum::<u64>();
    let whole = populations.iter().all(|people| *people > 0);
    let parts = apportioned(&populations, size.into());
    // Those of whom it isn't known are no part of the whole, unless they can't be told from others.
    let alone = |places: &[usize]| places == [unknown];
    let counted = rows.iter().filter(|(places, _)| !alone(places));
    let active = counted.filter_map(|(_, counts)| counts[ACTIVE]).sum::<u64>();
    let group = |(places, [invited, accepted, of_them]): (Vec<usize>, [Option<u64>; STANDINGS])| {
        let features: Vec<usize> = places.iter().copied().filter(|place| *place < unknown).collect();
        let is_unknown = places.contains(&unknown);
        let known = whole && !is_unknown;
        let population = known.then(|| features.iter().map(|place| populations[*place]).sum::<u64>());
        let expected = population.map(|people| people as f64 / all as f64);
        let share = of_them.filter(|_| active > 0 && !is_unknown).map(|people| people as f64 / active as f64);
        let points = share.zip(expected).map(|(share, expected)| (share - expected) * 100.0);
        let gap = of_them.zip(expected).and_then(|(people, expected)| standardised(people, active, expected));
        let each = |limit: fn(&crate::strata::Feature) -> Option<u32>| {
            let limits = features.iter().map(|place| limit(&category.features[*place]).map(u64::from));
            limits.sum::<Option<u64>>().filter(|_| !is_unknown)
        };
        let proportional = known && size > 0;
        let wanted = Wanted {
            min: each(|feature| feature.min),
            max: each(|feature| feature.max),
            proportional: proportional.then(|| features.iter().map(|place| parts[*place]).sum()),
            wished: features.iter().any(|place| category.features[*place].wanted),
        };
        let (unknown, active) = (is_unknown, of_them);
        Group {
            features,
            unknown,
            population,
            expected,
            wanted,
            invited,
            accepted,
            active,
            share,
            points,
            gap,
        }
    };
    Represented { category: at, active, groups: rows.into_iter().map(group).collect() }
}

/// Features of which more people are wanted, by category and place: those that are wished for, and those far below their part of
/// the population, as far as what is shown tells it. Nothing is told by `shown` of a category that it doesn't hold.
#[must_use]
pub fn wanted(strata: &Strata, shown: &[&Represented]) -> Vec<(usize, Vec<usize>)> {
    let by_category = strata.categories.iter().enumerate().map(|(at, category)| {
        let represented = shown.iter().find(|one| one.category == at);
        let places = (0..category.features.len()).filter(|place| {
            let few = represented.is_some_and(|one| one.is_below(category, *place));
            category.features[*place].wanted || few
        });
        (at, places.collect::<Vec<_>>())
    });
    by_category.filter(|(_, places)| !places.is_empty()).collect()
}

impl Represented {
    /// Whether a feature is far below, were all of the group it is shown in of it.
    fn is_below(&self, category: &Category, place: usize) -> bool {
        let all: u64 = category.features.iter().map(|feature| feature.population).sum();
        if category.features.iter().any(|feature| feature.population == 0) {
            return false;
        }
        let expected = category.features[place].population as f64 / all as f64;
        let group = self.groups.iter().find(|group| group.features.contains(&place));
        let most = group.and_then(|group| group.active);
        let gap = most.and_then(|most| standardised(most, self.active, expected));
        gap.is_some_and(|gap| gap < WANTED_BELOW)
    }
}

/// Who is wanted more, as a sentence for the recruitment page in Swedish and English; nothing where nobody is wanted more.
#[must_use]
pub fn sentence(strata: &Strata, wanted: &[(usize, Vec<usize>)]) -> Option<[String; 2]> {
    if wanted.is_empty() {
        return None;
    }
    let said = |swedish: bool| {
        let groups = wanted.iter().map(|(at, places)| {
            let category = &strata.categories[*at];
            let label = |place: &usize| {
                let feature = &category.features[*place];
                if swedish { feature.label_sv.as_str() } else { feature.label_en.as_str() }
            };
            let of = if swedish { &category.label_sv } else { &category.label_en };
            format!("{} ({of})", listed(&places.iter().map(label).collect::<Vec<_>>(), swedish))
        });
        groups.collect::<Vec<_>>().join(", ")
    };
    Some([
        format!("Just nu önskas fler ur de här grupperna: {}.", said(true)),
        format!("More people of these groups are wanted just now: {}.", said(false)),
    ])
}

/// `a, b och c`.
#[must_use]
pub fn listed(words: &[&str], swedish: bool) -> String {
    let and = if swedish { " och " } else { " and " };
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => [&before.join(", "), *last].join(and),
    }
}

/// How many people, at least, came, went or moved between two counts of a category.
#[must_use]
pub fn changed(before: &Counted, after: &Counted) -> u64 {
    let (mut more, mut less) = (0, 0);
    for (before, after) in before.0.iter().zip(&after.0) {
        let pairs = [
            (before.invited, after.invited),
            (before.accepted, after.accepted),
            (before.active, after.active),
        ];
        for (before, after) in pairs {
            more += after.saturating_sub(before);
            less += before.saturating_sub(after);
        }
    }
    more.max(less)
}

#[cfg(test)]
mod tests;
