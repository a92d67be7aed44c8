//! What can be wrong with a file, and where.

use std::fmt;

use crate::budget::election::Invalid;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// From 1; none where it isn't a line that is wrong, or there are none.
    pub line: Option<u64>,
    /// The key or column.
    pub field: Option<String>,
    /// What.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is larger than 4 GiB.
    #[error("the file is larger than 4 GiB")]
    TooLarge,
    /// It isn't UTF-8.
    #[error("it is not UTF-8 text")]
    Encoding,
    /// A quote is opened and never closed.
    #[error("a quote is opened here and never closed")]
    OpenQuote,
    /// There is no section of this name, or it stands where it shouldn't.
    #[error("the section {0} is missing: META, PROJECTS and VOTES stand in this order")]
    Section(&'static str),
    /// A section is there twice, or something stands before the first.
    #[error("this doesn't belong here")]
    Misplaced,
    /// `META` doesn't begin with `key;value`.
    #[error("META begins with the line `key;value`")]
    MetaHeader,
    /// A key or column has to be there.
    #[error("it is missing")]
    Missing,
    /// A key or column is there twice.
    #[error("it is there twice")]
    Twice,
    /// A row has fewer or more fields than its header.
    #[error("{found} fields, where the header has {expected}")]
    Fields {
        /// So many.
        found: usize,
        /// As many as the header.
        expected: usize,
    },
    /// It isn't a number.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// It is below 0.
    #[error("`{0}` is negative")]
    Negative(String),
    /// It is a number that can't be counted with.
    #[error("`{0}` is too large, or has more than six decimals")]
    Number(String),
    /// A project costs nothing.
    #[error("the cost is 0")]
    NoCost,
    /// It isn't one of the kinds of votes.
    #[error("`{0}` is none of approval, ordinal, cumulative, scoring, choose-1")]
    VoteType(String),
    /// The number of rows isn't what `META` says: the file may have been cut.
    #[error("META says {said}, and there are {found}")]
    Count {
        /// As `META` has it.
        said: String,
        /// Rows.
        found: usize,
    },
    /// Two projects, or two voters, have one id.
    #[error("`{0}` is there twice")]
    Duplicate(String),
    /// There is no project of this id.
    #[error("there is no project `{0}`")]
    UnknownProject(String),
    /// A vote names a project twice.
    #[error("the vote names project `{0}` twice")]
    Repeated(String),
    /// A vote has more projects than are allowed.
    #[error("{found} projects, and at most {most} are allowed")]
    TooMany {
        /// So many.
        found: usize,
        /// As `max_length` has it; 1 for choose-1.
        most: u64,
    },
    /// The projects of a vote cost more than is allowed.
    #[error("the projects cost more than {most} together")]
    TooDear {
        /// As `max_sum_cost` has it.
        most: String,
    },
    /// Points are more than is allowed for one project or together.
    #[error("{found} points, and at most {most} are allowed")]
    TooManyPoints {
        /// So many.
        found: u64,
        /// As `max_points` or `max_sum_points` has it.
        most: u64,
    },
    /// There aren't as many points as projects.
    #[error("{points} numbers of points for {projects} projects")]
    Points {
        /// So many.
        points: usize,
        /// So many.
        projects: usize,
    },
    /// Projects that a vote doesn't name would get points all the same.
    #[error("no rule here counts points of projects that a vote doesn't name")]
    DefaultScore,
    /// It can't be counted.
    #[error("{0}")]
    Invalid(#[from] Invalid),
}

impl Problem {
    /// In a field of a line.
    pub(super) fn at(self, line: Option<u64>, field: &str) -> Error {
        Error { line, field: Some(field.to_owned()), problem: self }
    }

    /// In a line.
    pub(super) const fn on(self, line: Option<u64>) -> Error {
        Error { line, field: None, problem: self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.field) {
            (Some(line), Some(field)) => write!(f, "line {line}, `{field}`: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(field)) => write!(f, "`{field}`: ")?,
            (None, None) => {}
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for Error {}
