//! A file of lines, as it comes: UTF-8 or Windows-1252, `;` or `,`. A row is one line of the file, so that a quote which
//! is never closed breaks one row and not the rest.

use std::fmt;

use crate::paper::typed::Typed;

/// Bytes of a row at most; what is beyond is thrown away, and the row is broken.
const ROW_MAX: usize = 4_096;

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
    row: Vec<u8>,
    overlong: bool,
    number: u32,
    header: Option<Header>,
}

impl Reader {
    /// Takes a piece of the file, and gives the rows that end in it.
    ///
    /// # Errors
    /// `UnknownHeader`.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<Row>) -> Result<(), UnknownHeader> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = piece.ends_with(b"\n");
            let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
            let room = ROW_MAX.saturating_sub(self.row.len());
            self.overlong |= piece.len() > room;
            self.row.extend(piece.iter().take(room));
            if ends {
                self.end_row(rows)?;
            }
        }
        Ok(())
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
        if !self.row.is_empty() {
            self.end_row(rows)?;
        }
        if self.header.is_some() { Ok(()) } else { Err(UnknownHeader) }
    }

    fn end_row(&mut self, rows: &mut Vec<Row>) -> Result<(), UnknownHeader> {
        let raw = text(&std::mem::take(&mut self.row));
        let overlong = std::mem::take(&mut self.overlong);
        self.number += 1;
        let Some(header) = &self.header else {
            self.header = Some(Header::of(raw.trim_start_matches('\u{feff}')).ok_or(UnknownHeader)?);
            return Ok(());
        };
        if raw.trim().is_empty() {
            return Ok(());
        }
        let typed = fields(&raw, header.separator).filter(|_| !overlong).and_then(|row| header.typed(&row));
        rows.push(Row { number: self.number, raw, typed });
        Ok(())
    }
}

impl Header {
    fn of(row: &str) -> Option<Self> {
        let separator = if row.contains(';') { ';' } else { ',' };
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

/// The fields of a row; nothing if a quote isn't closed, or stands inside a field.
fn fields(row: &str, separator: char) -> Option<Vec<String>> {
    let (mut fields, mut field, mut quoted, mut was_quoted) = (Vec::new(), String::new(), false, false);
    let mut chars = row.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() && !was_quoted => {
                (quoted, was_quoted) = (true, true);
                field.clear();
            }
            '"' => return None,
            c if c == separator && !quoted => {
                fields.push(std::mem::take(&mut field).trim().to_owned());
                was_quoted = false;
            }
            c => field.push(c),
        }
    }
    fields.push(field.trim().to_owned());
    (!quoted).then_some(fields)
}

/// UTF-8, or else Windows-1252, where every byte is a character.
fn text(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let byte = |byte: &u8| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(byte).collect(), str::to_owned)
}
