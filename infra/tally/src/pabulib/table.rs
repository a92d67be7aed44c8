//! Rows of fields under a header: all text in one piece, with where each field ends.

use std::fmt::{self, Write as _};

/// A header and rows that have as many fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<String>,
    text: String,
    ends: Vec<u32>,
}

impl Table {
    /// One without rows.
    #[must_use]
    pub const fn new(columns: Vec<String>) -> Self {
        Self { columns, text: String::new(), ends: Vec::new() }
    }

    /// Puts in a row; false, and nothing is put in, if it hasn't as many fields as the header or 4 GiB are full.
    #[must_use]
    pub fn push<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> bool {
        let (text, ends) = (self.text.len(), self.ends.len());
        let mut fits = true;
        for field in fields {
            self.text.push_str(field);
            match u32::try_from(self.text.len()) {
                Ok(end) => self.ends.push(end),
                Err(_) => fits = false,
            }
        }
        fits &= self.ends.len() - ends == self.columns.len();
        if !fits {
            self.text.truncate(text);
            self.ends.truncate(ends);
        }
        fits
    }

    /// Names of columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Which column has a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ends.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// A field of a row; empty for one that isn't there.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.columns.len() + column;
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let begin = at.checked_sub(1).map_or(Some(0), end);
        begin.zip(end(at)).and_then(|(begin, end)| self.text.get(begin..end)).unwrap_or_default()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.columns.iter().map(String::as_str))?;
        for row in 0..self.rows() {
            write(f, (0..self.columns.len()).map(|column| self.cell(row, column)))?;
        }
        Ok(())
    }
}

/// Writes a row: what would be read differently stands in quotes.
pub(super) fn write<'a>(f: &mut fmt::Formatter<'_>, fields: impl Iterator<Item = &'a str>) -> fmt::Result {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            f.write_char(';')?;
        }
        if field.starts_with('"') || field.contains([';', '\n', '\r']) || field.starts_with('\u{feff}') {
            write!(f, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            f.write_str(field)?;
        }
    }
    f.write_char('\n')
}
