//! One vote after the other, out of the fields `vote` and `points`.

use super::{
    Table, VoteType,
    check::{Checked, Limits},
    error::{Error, Problem},
    number::{Decimal, whole},
};
use crate::budget::election::{Project, Support};

/// What is wrong in which field.
type Wrong = (&'static str, Problem);

/// Reads votes; keeps the last one.
pub(super) struct Vote<'a> {
    vote_type: VoteType,
    limits: Limits,
    decimals: u32,
    index: std::collections::HashMap<&'a str, u32>,
    votes: &'a Table,
    vote: usize,
    points: Option<usize>,
    /// Points of the first of an ordinal vote.
    best: u32,
    projects: Vec<u32>,
    given: Vec<u64>,
    supports: Vec<Support>,
}

impl<'a> Vote<'a> {
    pub(super) fn new(checked: &'a Checked, votes: &'a Table) -> Result<Self, Error> {
        let column = |name| votes.column(name).ok_or_else(|| Problem::Missing.at(None, name));
        let points = checked.vote_type.has_points().then(|| column("points")).transpose()?;
        let best = checked.limits.length.1.unwrap_or(checked.index.len() as u64);
        Ok(Self {
            vote_type: checked.vote_type,
            limits: checked.limits,
            decimals: checked.decimals,
            index: checked.index.iter().map(|(id, row)| (id.as_str(), *row)).collect(),
            votes,
            vote: column("vote")?,
            points,
            best: u32::try_from(best).unwrap_or(u32::MAX),
            projects: Vec::new(),
            given: Vec::new(),
            supports: Vec::new(),
        })
    }

    /// Reads a row.
    pub(super) fn read(&mut self, row: usize) -> Result<(), Wrong> {
        self.projects.clear();
        self.given.clear();
        self.supports.clear();
        for id in entries(self.votes.cell(row, self.vote)) {
            let unknown = || ("vote", Problem::UnknownProject(id.to_owned()));
            self.projects.push(*self.index.get(id).ok_or_else(unknown)?);
        }
        if let Some(points) = self.points {
            for points in entries(self.votes.cell(row, points)) {
                self.given.push(whole(points).map_err(|problem| ("points", problem))?);
            }
            let (points, projects) = (self.given.len(), self.projects.len());
            if points != projects {
                return Err(("points", Problem::Points { points, projects }));
            }
        }
        for (at, project) in self.projects.iter().enumerate() {
            let points = match self.vote_type {
                VoteType::Approval | VoteType::Choose1 => 1,
                VoteType::Ordinal => self.best.saturating_sub(at as u32),
                VoteType::Cumulative | VoteType::Scoring => {
                    let given = self.given[at];
                    let most = u64::from(u32::MAX);
                    let too_many = || ("points", Problem::TooManyPoints { found: given, most });
                    u32::try_from(given).map_err(|_| too_many())?
                }
            };
            if points > 0 {
                self.supports.push((*project, points));
            }
        }
        Ok(())
    }

    /// Whether the last one has more than is allowed; else the key that asks for more than it has.
    pub(super) fn within(&self, projects: &[Project]) -> Result<Option<&'static str>, Wrong> {
        let mut sorted = self.projects.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|two| two[0] == two[1]) {
            return Err(("vote", Problem::Repeated(projects[twice[0] as usize].id.clone())));
        }
        let Limits { length, cost, points, sum } = self.limits;
        let found = self.projects.len();
        if let Some(most) = length.1.filter(|most| found as u64 > *most) {
            return Err(("vote", Problem::TooMany { found, most }));
        }
        let spent: u128 =
            self.projects.iter().map(|project| u128::from(projects[*project as usize].cost)).sum();
        let units =
            |limit: Option<Decimal>| limit.and_then(|limit| limit.units(self.decimals)).map(u128::from);
        if let Some(most) = units(cost.1).filter(|most| spent > *most) {
            return Err(("vote", Problem::TooDear { most: self.amount(most) }));
        }
        if let Some((most, found)) = points
            .1
            .and_then(|most| self.given.iter().find(|given| **given > most).map(|found| (most, *found)))
        {
            return Err(("points", Problem::TooManyPoints { found, most }));
        }
        let all = self.given.iter().fold(0_u64, |all, given| all.saturating_add(*given));
        if let Some(most) = sum.1.filter(|most| self.points.is_some() && all > *most) {
            return Err(("points", Problem::TooManyPoints { found: all, most }));
        }
        let short = [
            ("min_length", (found as u64) < length.0),
            ("min_sum_cost", units(cost.0).is_some_and(|least| spent < least)),
            ("min_points", self.given.iter().any(|given| *given < points.0)),
            ("min_sum_points", self.points.is_some() && all < sum.0),
        ];
        Ok(short.into_iter().find(|(_, short)| *short).map(|(key, _)| key))
    }

    fn amount(&self, units: u128) -> String {
        let unit = 10_u128.pow(self.decimals);
        match self.decimals as usize {
            0 => units.to_string(),
            decimals => format!("{}.{:0decimals$}", units / unit, units % unit),
        }
    }

    /// Which projects the last one supports.
    pub(super) fn supports(&self) -> &[Support] {
        &self.supports
    }
}

/// What commas separate; nothing is nothing.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    text.split(',').filter(move |_| !text.is_empty()).map(str::trim)
}
