//! A file of lines on paper that somebody typed, as it comes.

use std::fmt;

use radslag_kernel::csv::{self, Line, Lines, fields};

use crate::paper::typed::Typed;

/// What a file's first row names its columns.
const NAMES: [&[&str]; 5] = [
    &["name", "namn"],
    &["postcode", "postnummer", "postnr"],
    &["number", "personnummer", "personal number"],
    &["address", "adress"],
    &["date", "datum"],
];

/// A row, by the number of its line in the file (from 1; the header is 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of the file.
    pub number: u32,
    /// As it came.
    pub raw: String,
    /// What it says; nothing if it is broken.
    pub typed: Option<Typed>,
}

/// A row that waits to become a line. Personal data: it doesn't show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Of the file.
    pub number: u32,
    /// As it came.
    pub raw: String,
    /// It couldn't be read.
    pub broken: bool,
}

/// Rows of a file with its header: what one sheet is made of.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// The file's first row.
    pub header: String,
    /// In order.
    pub rows: Vec<Waiting>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part(..)")
    }
}

impl Part {
    /// The rows as they were read when they came.
    #[must_use]
    pub fn read(&self) -> Vec<Row> {
        let header = Header::of(&self.header);
        let typed = |row: &Waiting| {
            let header = header.as_ref().filter(|_| !row.broken)?;
            header.typed(&fields(&row.raw, header.separator)?)
        };
        self.rows
            .iter()
            .map(|row| Row { number: row.number, raw: row.raw.clone(), typed: typed(row) })
            .collect()
    }
}

/// That the first row isn't a header with names and dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownHeader;

struct Header {
    text: String,
    separator: char,
    places: [Option<usize>; 5],
    width: usize,
}

/// Reads a file piece by piece; holds one row.
#[derive(Default)]
pub struct Reader {
    lines: Lines,
    header: Option<Header>,
}

impl Reader {
    /// Takes a piece of the file, and gives the rows that end in it.
    ///
    /// # Errors
    /// `UnknownHeader`.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<Row>) -> Result<(), UnknownHeader> {
        let mut lines = Vec::new();
        self.lines.feed(bytes, &mut lines);
        lines.into_iter().try_for_each(|line| take(&mut self.header, line, rows))
    }

    /// The first row, once it was read.
    #[must_use]
    pub fn header(&self) -> &str {
        self.header.as_ref().map_or("", |header| &header.text)
    }

    /// The file has ended.
    ///
    /// # Errors
    /// `UnknownHeader`, also of an empty file.
    pub fn end(mut self, rows: &mut Vec<Row>) -> Result<(), UnknownHeader> {
        if let Some(line) = self.lines.end() {
            take(&mut self.header, line, rows)?;
        }
        if self.header.is_some() { Ok(()) } else { Err(UnknownHeader) }
    }
}

fn take(header: &mut Option<Header>, line: Line, rows: &mut Vec<Row>) -> Result<(), UnknownHeader> {
    let Some(header) = header else {
        *header = Some(Header::of(&line.text).ok_or(UnknownHeader)?);
        return Ok(());
    };
    if line.text.trim().is_empty() {
        return Ok(());
    }
    let typed = line.fields(header.separator).and_then(|row| header.typed(&row));
    rows.push(Row { number: line.number, raw: line.text, typed });
    Ok(())
}

impl Header {
    fn of(row: &str) -> Option<Self> {
        let separator = csv::separator(row);
        let names: Vec<String> =
            fields(row, separator)?.iter().map(|name| name.trim().to_lowercase()).collect();
        let places = NAMES.map(|known| names.iter().position(|name| known.iter().any(|known| known == name)));
        (places[0].is_some() && places[4].is_some()).then_some(Self {
            separator,
            places,
            width: names.len(),
            text: row.to_owned(),
        })
    }

    fn typed(&self, row: &[String]) -> Option<Typed> {
        let field =
            |place: Option<usize>| place.and_then(|place| row.get(place)).cloned().unwrap_or_default();
        let [name, postcode, number, address, date] = self.places.map(field);
        (row.len() == self.width).then_some(Typed { name, postcode, number, address, date })
    }
}
