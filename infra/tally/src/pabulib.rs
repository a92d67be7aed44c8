//! Files of participatory budgets as Pabulib has them (`.pb`, arXiv 2012.06539), in and out.
//!
//! Three sections, `META`, `PROJECTS` and `VOTES`, each with a header; fields are separated by `;` and may stand in quotes.
//! Whatever a file says is kept and written again, but the voters' `age` and `sex`: those are dropped while reading, and
//! `File::dropped` says so. A file stands in memory once, as text with the ends of its fields.

mod check;
mod error;
mod number;
mod read;
mod table;
mod votes;

pub use check::{Remark, VoteType};
pub use error::{Error, Problem};
pub use table::Table;

use crate::budget::election::Election;
use check::Checked;

/// Columns of `VOTES` that are personal data and aren't kept.
pub const PERSONAL: [&str; 2] = ["age", "sex"];

/// What a file says, and has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    meta: Vec<(String, String)>,
    projects: Table,
    votes: Table,
    dropped: Vec<String>,
    checked: Checked,
}

impl File {
    /// Reads a file of up to 4 GiB.
    ///
    /// # Errors
    /// With line and field, where there is one.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let read::Sections { meta, projects, votes, dropped, lines } = read::sections(bytes)?;
        let checked = check::check(&meta, &projects, &votes, &lines)?;
        Ok(Self { meta, projects, votes, dropped, checked })
    }

    /// Makes one of what is to be written. `meta` needs `num_projects`, `num_votes`, `budget` and `vote_type`, projects
    /// `project_id` and `cost`, votes `voter_id` and `vote`, and `points` where they have such.
    ///
    /// # Errors
    /// As for a file that is read, without lines.
    pub fn new(meta: Vec<(String, String)>, projects: Table, votes: Table) -> Result<Self, Error> {
        let checked = check::check(&meta, &projects, &votes, &read::Lines::default())?;
        Ok(Self { meta, projects, votes, dropped: Vec::new(), checked })
    }

    /// What it says about the election, in order.
    #[must_use]
    pub fn meta(&self) -> &[(String, String)] {
        &self.meta
    }

    /// What it says under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Its projects.
    #[must_use]
    pub const fn projects(&self) -> &Table {
        &self.projects
    }

    /// Its votes.
    #[must_use]
    pub const fn votes(&self) -> &Table {
        &self.votes
    }

    /// Personal columns that were there and have been dropped.
    #[must_use]
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }

    /// How people voted.
    #[must_use]
    pub const fn vote_type(&self) -> VoteType {
        self.checked.vote_type
    }

    /// What isn't as it should be, but can be counted.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.checked.remarks
    }

    /// Of how many decimals the election's unit of money is: 2 where one amount is in hundredths.
    #[must_use]
    pub const fn decimals(&self) -> u32 {
        self.checked.decimals
    }

    /// Which projects it says were funded, if it does.
    #[must_use]
    pub fn selected(&self) -> Option<Vec<bool>> {
        let column = self.projects.column("selected")?;
        let chosen = |row| !matches!(self.projects.cell(row, column).trim(), "" | "0");
        Some((0..self.projects.rows()).map(chosen).collect())
    }

    /// The election, projects in the file's order. What a vote gives a project: of approval and choose-1 one point; of
    /// cumulative and scoring the points it says; of ordinal, where `max_length` is L, L points to the first, L - 1 to the
    /// second, and so on (without `max_length` L is the number of projects). A project with no points isn't supported.
    ///
    /// # Errors
    /// `Problem::Invalid`, if amounts are too large to be counted.
    pub fn election(&self) -> Result<Election, Error> {
        self.checked.election(&self.votes)
    }
}

impl std::fmt::Display for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("META\nkey;value\n")?;
        for (key, value) in &self.meta {
            table::write(f, [key.as_str(), value].into_iter())?;
        }
        f.write_str("PROJECTS\n")?;
        self.projects.fmt(f)?;
        f.write_str("VOTES\n")?;
        self.votes.fmt(f)
    }
}
