//! Answers counted by groups of respondents, before anything is hidden.

use crate::question::{Answer, Question};

/// How the cells of a row belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Everyone is in one cell.
    One,
    /// Everyone is in at least and at most so many cells.
    Several(u64, u64),
}

/// What the rows are, and so whether there is something to be hidden in their totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Groups by background, whose small ones are shown together.
    Background,
    /// Answers to another question, whose totals are published anyway.
    Answers,
}

/// Counts by row and column, and weights. A column's total is the question's own: everybody who answered is in a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How many respondents each row has.
    pub totals: Vec<u64>,
    /// The sum of the weights of each row's respondents.
    pub weights: Vec<f64>,
    /// By row, then column.
    pub cells: Vec<u64>,
    /// Sums of weights, by row, then column.
    pub weighted: Vec<f64>,
    /// How many columns there are.
    pub columns: usize,
    /// How cells of a row belong together.
    pub row: Row,
    /// What the rows are.
    pub rows: Rows,
}

impl Table {
    /// Counts a question's answers by background: `group` says which of `groups` each respondent is in. A group that can't be
    /// told is a group, too. Nothing for a question without options, or if there aren't as many groups or weights as answers.
    #[must_use]
    pub fn by_background(
        question: &Question,
        answers: &[Option<Answer>],
        group: &[u32],
        groups: usize,
        weights: Option<&[f64]>,
    ) -> Option<Self> {
        let columns = Columns::of(question)?;
        let row = match *question {
            Question::Several { min, max, .. } => Row::Several(min.into(), max.into()),
            _ => Row::One,
        };
        let mut table = Self::empty(groups, columns.count(), row, Rows::Background);
        let weights = fitting(weights, answers.len()).filter(|_| group.len() == answers.len())?;
        for (at, answer) in answers.iter().enumerate() {
            let Some(answer) = answer.as_ref().filter(|answer| question.check(answer).is_ok()) else {
                continue;
            };
            let row = group[at] as usize;
            if row >= groups {
                return None;
            }
            table.add(row, columns.in_which(answer), weights.map_or(1.0, |weights| weights[at]));
        }
        Some(table)
    }

    /// Counts two questions of which everyone has one answer. Who didn't answer one of them is in a row or column of their own,
    /// the last, so that all totals are those of the questions. Nothing for other questions, or without as many answers.
    #[must_use]
    pub fn cross(
        (one, rows): (&Question, &[Option<Answer>]),
        (other, columns): (&Question, &[Option<Answer>]),
        weights: Option<&[f64]>,
    ) -> Option<Self> {
        let exclusive =
            |question: &Question| matches!(question, Question::OneChoice { .. } | Question::Scale { .. });
        let (down, across) = (Columns::of(one)?, Columns::of(other)?);
        if !exclusive(one) || !exclusive(other) || rows.len() != columns.len() {
            return None;
        }
        let weights = fitting(weights, rows.len())?;
        let mut table = Self::empty(down.count() + 1, across.count() + 1, Row::One, Rows::Answers);
        for (at, (row, column)) in rows.iter().zip(columns).enumerate() {
            let place = |columns: &Columns, question: &Question, answer: &Option<Answer>| {
                let answer = answer.as_ref().filter(|answer| question.check(answer).is_ok());
                answer.and_then(|answer| columns.in_which(answer).next()).unwrap_or(columns.count())
            };
            let (row, column) = (place(&down, one, row), place(&across, other, column));
            table.add(row, std::iter::once(column), weights.map_or(1.0, |weights| weights[at]));
        }
        Some(table)
    }

    fn empty(rows: usize, columns: usize, row: Row, what: Rows) -> Self {
        Self {
            totals: vec![0; rows],
            weights: vec![0.0; rows],
            cells: vec![0; rows * columns],
            weighted: vec![0.0; rows * columns],
            columns,
            row,
            rows: what,
        }
    }

    fn add(&mut self, row: usize, columns: impl Iterator<Item = usize>, weight: f64) {
        self.totals[row] += 1;
        self.weights[row] += weight;
        for column in columns {
            self.cells[row * self.columns + column] += 1;
            self.weighted[row * self.columns + column] += weight;
        }
    }

    /// How many are in a cell.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> u64 {
        self.cells[row * self.columns + column]
    }

    /// How many are in a column.
    #[must_use]
    pub fn column(&self, column: usize) -> u64 {
        (0..self.totals.len()).map(|row| self.cell(row, column)).sum()
    }

    /// How much less, and how much more, a row's cells could sum to.
    pub(super) fn give(&self, row: usize) -> (u64, u64) {
        let Row::Several(min, max) = self.row else { return (0, 0) };
        let sum: u64 = (0..self.columns).map(|column| self.cell(row, column)).sum();
        let total = self.totals[row];
        (sum.saturating_sub(min.saturating_mul(total)), max.saturating_mul(total).saturating_sub(sum))
    }

    /// The same with some rows together; each is a sum of the rows that it names.
    pub(super) fn merged(&self, rows: &[Vec<usize>]) -> Self {
        let mut merged = Self::empty(rows.len(), self.columns, self.row, self.rows);
        for (at, of) in rows.iter().enumerate() {
            for row in of {
                merged.totals[at] += self.totals[*row];
                merged.weights[at] += self.weights[*row];
                for column in 0..self.columns {
                    merged.cells[at * self.columns + column] += self.cell(*row, column);
                    merged.weighted[at * self.columns + column] += self.weighted[row * self.columns + column];
                }
            }
        }
        merged
    }
}

#[allow(clippy::option_option, reason = "no weights is one thing, and weights that don't fit another")]
fn fitting(weights: Option<&[f64]>, respondents: usize) -> Option<Option<&[f64]>> {
    weights.is_none_or(|weights| weights.len() == respondents).then_some(weights)
}

/// The columns of a question.
enum Columns {
    Options(usize),
    Steps(i32, usize),
}

impl Columns {
    fn of(question: &Question) -> Option<Self> {
        match *question {
            Question::OneChoice { options } | Question::Several { options, .. } => {
                Some(Self::Options(options.into()))
            }
            Question::Scale { low, high } => Some(Self::Steps(low, high.abs_diff(low) as usize + 1)),
            Question::Ranking { .. } | Question::Number { .. } | Question::Text { .. } => None,
        }
    }

    const fn count(&self) -> usize {
        match self {
            Self::Options(count) | Self::Steps(_, count) => *count,
        }
    }

    fn in_which<'a>(&self, answer: &'a Answer) -> impl Iterator<Item = usize> + use<'a> {
        let one = match (self, answer) {
            (Self::Options(_), Answer::OneChoice(option)) => Some(usize::from(*option)),
            (Self::Steps(low, _), Answer::Scale(step)) => Some(step.abs_diff(*low) as usize),
            _ => None,
        };
        let several: &[u16] = if let Answer::Several(chosen) = answer { chosen } else { &[] };
        one.into_iter().chain(several.iter().map(|option| usize::from(*option)))
    }
}
