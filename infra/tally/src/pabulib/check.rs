//! What a file has to say before it can be counted, and what is only remarked.

use std::collections::{HashMap, HashSet};

use super::{
    Table,
    error::{Error, Problem},
    number::{Decimal, whole},
    read::Lines,
    votes::Vote,
};
use crate::budget::election::{Election, Project};

/// Most remarks that are kept.
const MOST_REMARKS: usize = 100;

/// How people voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoteType {
    /// Some projects.
    Approval,
    /// Some projects, the best first.
    Ordinal,
    /// Points that are divided between projects.
    Cumulative,
    /// Points for each project.
    Scoring,
    /// One project.
    Choose1,
}

/// What isn't as it should be, but can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A vote has less than is asked for: it was accepted where it was cast, so it counts.
    TooFew {
        /// From 1, where there are lines.
        line: Option<u64>,
        /// The key that asks for more.
        key: &'static str,
    },
    /// A project's own column of votes or points says something else than the votes.
    Differs {
        /// The project's id.
        project: String,
        /// `votes` or `score`.
        column: &'static str,
        /// As the column has it.
        said: String,
        /// By the votes.
        counted: u128,
    },
}

/// What was found out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checked {
    pub(super) vote_type: VoteType,
    pub(super) decimals: u32,
    pub(super) remarks: Vec<Remark>,
    pub(super) index: HashMap<String, u32>,
    pub(super) limits: Limits,
    budget: u64,
    projects: Vec<Project>,
}

/// What a vote may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) length: (u64, Option<u64>),
    pub(super) cost: (Option<Decimal>, Option<Decimal>),
    pub(super) points: (u64, Option<u64>),
    pub(super) sum: (u64, Option<u64>),
}

/// What stands in `META`, and on which line.
struct Meta<'a>(&'a [(String, String)], &'a Lines);

impl<'a> Meta<'a> {
    fn find(&self, key: &str) -> Option<(Option<u64>, &'a str)> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        Some((self.1.meta(at), self.0[at].1.trim()))
    }

    fn need<T>(&self, key: &'static str, read: impl Fn(&str) -> Result<T, Problem>) -> Result<T, Error> {
        let (line, value) = self.find(key).ok_or_else(|| Problem::Missing.at(None, key))?;
        read(value).map_err(|problem| problem.at(line, key))
    }

    fn may<T>(
        &self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, Error> {
        let there = self.find(key).filter(|(_, value)| !value.is_empty());
        there.map(|(line, value)| read(value).map_err(|problem| problem.at(line, key))).transpose()
    }
}

/// Checks all of it.
pub(super) fn check(
    meta: &[(String, String)],
    projects: &Table,
    votes: &Table,
    lines: &Lines,
) -> Result<Checked, Error> {
    let meta = Meta(meta, lines);
    let vote_type = meta.need("vote_type", VoteType::parse)?;
    let budget = meta.need("budget", Decimal::parse)?;
    for (key, table) in [("num_projects", projects), ("num_votes", votes)] {
        meta.need(key, |said| match whole(said)? == table.rows() as u64 {
            true => Ok(()),
            false => Err(Problem::Count { said: said.to_owned(), found: table.rows() }),
        })?;
    }
    if meta.may("default_score", Decimal::parse)?.is_some_and(|score| score.units(6) != Some(0)) {
        return Err(
            Problem::DefaultScore.at(meta.find("default_score").and_then(|(line, _)| line), "default_score")
        );
    }
    let limits = Limits {
        length: (
            meta.may("min_length", whole)?.unwrap_or(0),
            if vote_type == VoteType::Choose1 { Some(1) } else { meta.may("max_length", whole)? },
        ),
        cost: (meta.may("min_sum_cost", Decimal::parse)?, meta.may("max_sum_cost", Decimal::parse)?),
        points: (meta.may("min_points", whole)?.unwrap_or(0), meta.may("max_points", whole)?),
        sum: (meta.may("min_sum_points", whole)?.unwrap_or(0), meta.may("max_sum_points", whole)?),
    };
    let (costs, index) = costs(projects, lines)?;
    let amounts = costs.iter().chain([&budget]);
    let sums = [limits.cost.0, limits.cost.1].into_iter().flatten();
    // What has tenths is told in hundredths, as money is.
    let decimals = amounts.copied().chain(sums).map(|amount| amount.decimals).max().unwrap_or(0);
    let decimals = if decimals == 1 { 2 } else { decimals };
    let units = |amount: &Decimal, line, field: &str| {
        amount.units(decimals).ok_or_else(|| Problem::Number(field.to_owned()).at(line, field))
    };
    let id = projects.column("project_id").unwrap_or_default();
    let project = |(row, cost): (usize, &Decimal)| {
        let cost = units(cost, lines.project(row), "cost")?;
        Ok(Project { id: projects.cell(row, id).trim().to_owned(), cost })
    };
    let list = costs.iter().enumerate().map(project).collect::<Result<Vec<_>, Error>>()?;
    let budget = units(&budget, None, "budget")?;
    let mut checked =
        Checked { vote_type, decimals, remarks: Vec::new(), index, limits, budget, projects: list };
    checked.votes(votes, lines)?;
    checked.compare(projects, votes)?;
    Ok(checked)
}

/// What each project costs, and which row has an id.
fn costs(projects: &Table, lines: &Lines) -> Result<(Vec<Decimal>, HashMap<String, u32>), Error> {
    let column = |name| projects.column(name).ok_or_else(|| Problem::Missing.at(None, name));
    let (id, cost) = (column("project_id")?, column("cost")?);
    let mut costs = Vec::with_capacity(projects.rows());
    let mut index = HashMap::with_capacity(projects.rows());
    for row in 0..projects.rows() {
        let name = projects.cell(row, id).trim();
        let line = lines.project(row);
        if name.is_empty() {
            return Err(Problem::Missing.at(line, "project_id"));
        }
        if index.insert(name.to_owned(), row as u32).is_some() {
            return Err(Problem::Duplicate(name.to_owned()).at(line, "project_id"));
        }
        let read = Decimal::parse(projects.cell(row, cost)).map_err(|problem| problem.at(line, "cost"))?;
        if read.units(6) == Some(0) {
            return Err(Problem::NoCost.at(line, "cost"));
        }
        costs.push(read);
    }
    Ok((costs, index))
}

impl Checked {
    fn votes(&mut self, votes: &Table, lines: &Lines) -> Result<(), Error> {
        let voter = votes.column("voter_id").ok_or_else(|| Problem::Missing.at(None, "voter_id"))?;
        let mut voters = HashSet::with_capacity(votes.rows());
        let mut vote = Vote::new(self, votes)?;
        let mut remarks = Vec::new();
        for row in 0..votes.rows() {
            let (line, name) = (lines.vote(row), votes.cell(row, voter).trim());
            if name.is_empty() {
                return Err(Problem::Missing.at(line, "voter_id"));
            }
            if !voters.insert(name) {
                return Err(Problem::Duplicate(name.to_owned()).at(line, "voter_id"));
            }
            let read = vote.read(row).and_then(|()| vote.within(&self.projects));
            let too_few = read.map_err(|(field, problem)| problem.at(line, field))?;
            if let Some(key) = too_few.filter(|_| remarks.len() < MOST_REMARKS) {
                remarks.push(Remark::TooFew { line, key });
            }
        }
        self.remarks = remarks;
        Ok(())
    }

    /// What the projects' own columns say.
    fn compare(&mut self, projects: &Table, votes: &Table) -> Result<(), Error> {
        let columns = ["votes", "score"].map(|name| projects.column(name).map(|column| (name, column)));
        if columns.iter().all(Option::is_none) {
            return Ok(());
        }
        let support = self.election(votes)?.support();
        for (name, column) in columns.into_iter().flatten() {
            for (row, supported) in support.iter().enumerate() {
                let said = projects.cell(row, column).trim();
                let counted = if name == "votes" { supported.voters.into() } else { supported.points };
                let comparable = !said.is_empty() && (name == "votes" || self.vote_type.has_points());
                let differs = comparable && whole(said).is_ok_and(|said| u128::from(said) != counted);
                if differs && self.remarks.len() < MOST_REMARKS {
                    let project = self.projects[row].id.clone();
                    self.remarks.push(Remark::Differs {
                        project,
                        column: name,
                        said: said.to_owned(),
                        counted,
                    });
                }
            }
        }
        Ok(())
    }

    /// Puts the votes into an election.
    pub(super) fn election(&self, votes: &Table) -> Result<Election, Error> {
        let invalid = |invalid| Problem::Invalid(invalid).on(None);
        let unit = 10_u64.pow(self.decimals);
        let mut election = Election::new(self.budget, unit, self.projects.clone()).map_err(invalid)?;
        let mut vote = Vote::new(self, votes)?;
        for row in 0..votes.rows() {
            vote.read(row).map_err(|(field, problem)| problem.at(None, field))?;
            election.vote(vote.supports()).map_err(invalid)?;
        }
        Ok(election)
    }
}

impl VoteType {
    fn parse(text: &str) -> Result<Self, Problem> {
        Ok(match text {
            "approval" => Self::Approval,
            "ordinal" => Self::Ordinal,
            "cumulative" => Self::Cumulative,
            "scoring" => Self::Scoring,
            "choose-1" => Self::Choose1,
            other => return Err(Problem::VoteType(other.to_owned())),
        })
    }

    /// Whether votes have a column of points.
    #[must_use]
    pub const fn has_points(self) -> bool {
        matches!(self, Self::Cumulative | Self::Scoring)
    }
}
