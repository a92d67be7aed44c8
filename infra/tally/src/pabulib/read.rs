//! From bytes to sections, each a header and rows.

use super::{
    PERSONAL, Table,
    error::{Error, Problem},
};

const NAMES: [&str; 3] = ["META", "PROJECTS", "VOTES"];

/// What a file has.
pub(super) struct Sections {
    pub(super) meta: Vec<(String, String)>,
    pub(super) projects: Table,
    pub(super) votes: Table,
    pub(super) dropped: Vec<String>,
    pub(super) lines: Lines,
}

/// On which line each entry stands; none where nothing was read.
#[derive(Default)]
pub(super) struct Lines {
    meta: Vec<u64>,
    projects: Vec<u64>,
    votes: Vec<u64>,
}

impl Lines {
    pub(super) fn meta(&self, at: usize) -> Option<u64> {
        self.meta.get(at).copied()
    }

    pub(super) fn project(&self, row: usize) -> Option<u64> {
        self.projects.get(row).copied()
    }

    pub(super) fn vote(&self, row: usize) -> Option<u64> {
        self.votes.get(row).copied()
    }
}

/// Reads all of it.
pub(super) fn sections(bytes: &[u8]) -> Result<Sections, Error> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(Problem::TooLarge.on(None));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        Problem::Encoding.on(Some(before as u64 + 1))
    })?;
    let mut records = Records::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut lines = Lines::default();
    begins(&mut records, 0)?;
    let header = records.next()?;
    if !header.is_some_and(|header| header.is(&["key", "value"])) {
        return Err(Problem::MetaHeader.on(Some(records.line)));
    }
    let mut meta: Vec<(String, String)> = Vec::new();
    while let Some(record) = records.next_of(1)? {
        // A value with `;` that isn't in quotes is a value all the same.
        let (key, value) = record.fields.split_first().ok_or_else(|| Problem::Misplaced.on(None))?;
        let key = key.trim().to_owned();
        if value.is_empty() {
            return Err(Problem::Fields { found: 1, expected: 2 }.at(Some(record.line), &key));
        }
        if meta.iter().any(|(known, _)| *known == key) {
            return Err(Problem::Twice.at(Some(record.line), &key));
        }
        meta.push((key, value.join(";")));
        lines.meta.push(record.line);
    }
    let (projects, _) = table(&mut records, 1, &[], &mut lines.projects)?;
    let (votes, dropped) = table(&mut records, 2, &PERSONAL, &mut lines.votes)?;
    Ok(Sections { meta, projects, votes, dropped, lines })
}

/// The next record is a section's name.
fn begins(records: &mut Records<'_>, section: usize) -> Result<(), Error> {
    match records.next()? {
        Some(record) if record.section() == Some(section) => Ok(()),
        Some(record) if record.section().is_none() => Err(Problem::Misplaced.on(Some(record.line))),
        _ => Err(Problem::Section(NAMES[section]).on(None)),
    }
}

/// A section's header and rows, without some columns, and which of them were there.
fn table(
    records: &mut Records<'_>,
    section: usize,
    without: &[&str],
    lines: &mut Vec<u64>,
) -> Result<(Table, Vec<String>), Error> {
    begins(records, section)?;
    let header = records.next()?.filter(|header| header.section().is_none());
    let header = header.ok_or_else(|| Problem::Missing.at(None, NAMES[section]))?;
    let names: Vec<String> = header.fields.iter().map(|name| name.trim().to_owned()).collect();
    let line = header.line;
    if let Some((_, twice)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        return Err(Problem::Twice.at(Some(line), twice));
    }
    let personal = |name: &&String| without.iter().any(|other| name.eq_ignore_ascii_case(other));
    let dropped: Vec<String> = names.iter().filter(personal).cloned().collect();
    let kept: Vec<bool> = names.iter().map(|name| !personal(&name)).collect();
    let columns = names.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name.clone());
    let mut table = Table::new(columns.collect());
    while let Some(record) = records.next_of(section + 1)? {
        if record.fields.len() != names.len() {
            let problem = Problem::Fields { found: record.fields.len(), expected: names.len() };
            return Err(problem.on(Some(record.line)));
        }
        let fields = record.fields.iter().zip(&kept).filter(|(_, kept)| **kept);
        if !table.push(fields.map(|(field, _)| &**field)) {
            return Err(Problem::TooLarge.on(Some(record.line)));
        }
        lines.push(record.line);
    }
    Ok((table, dropped))
}

/// A line's fields; in quotes they may go over several lines.
struct Record<'a> {
    line: u64,
    fields: &'a [std::borrow::Cow<'a, str>],
}

impl Record<'_> {
    fn section(&self) -> Option<usize> {
        let [name] = self.fields else { return None };
        NAMES.iter().position(|known| name.trim().eq_ignore_ascii_case(known))
    }

    fn is(&self, fields: &[&str]) -> bool {
        self.fields.iter().map(|field| field.trim()).eq(fields.iter().copied())
    }
}

/// Records one after the other; lines without anything are passed over.
struct Records<'a> {
    rest: &'a str,
    /// Of the last record.
    line: u64,
    next_line: u64,
    fields: Vec<std::borrow::Cow<'a, str>>,
    /// The last record comes again.
    again: bool,
}

impl<'a> Records<'a> {
    const fn new(text: &'a str) -> Self {
        Self { rest: text, line: 0, next_line: 1, fields: Vec::new(), again: false }
    }

    fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        if !std::mem::take(&mut self.again) {
            loop {
                if self.rest.is_empty() {
                    return Ok(None);
                }
                self.read()?;
                if !matches!(&self.fields[..], [only] if only.trim().is_empty()) {
                    break;
                }
            }
        }
        Ok(Some(Record { line: self.line, fields: &self.fields }))
    }

    /// The next one before a section begins. Which one begins is looked at then.
    fn next_of(&mut self, next_section: usize) -> Result<Option<Record<'_>>, Error> {
        let section = match self.next()? {
            None => return Ok(None),
            Some(record) => record.section(),
        };
        match section {
            None => Ok(Some(Record { line: self.line, fields: &self.fields })),
            Some(section) if section == next_section => {
                self.again = true;
                Ok(None)
            }
            Some(_) => Err(Problem::Misplaced.on(Some(self.line))),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        self.fields.clear();
        self.line = self.next_line;
        loop {
            let last = self.field()?;
            if last {
                return Ok(());
            }
        }
    }

    /// Takes a field and what ends it; whether that ended the record, too.
    fn field(&mut self) -> Result<bool, Error> {
        use std::borrow::Cow;
        let mut field = Cow::Borrowed("");
        if let Some(mut quoted) = self.rest.strip_prefix('"') {
            let mut text = String::new();
            loop {
                let open = || Problem::OpenQuote.on(Some(self.line));
                let (part, rest) = quoted.split_once('"').ok_or_else(open)?;
                self.next_line += part.bytes().filter(|byte| *byte == b'\n').count() as u64;
                text.push_str(part);
                match rest.strip_prefix('"') {
                    Some(after) => {
                        text.push('"');
                        quoted = after;
                    }
                    None => {
                        self.rest = rest;
                        break;
                    }
                }
            }
            field = Cow::Owned(text);
        }
        let end = self.rest.find([';', '\n']).unwrap_or(self.rest.len());
        let (part, rest) = self.rest.split_at(end);
        let ends_record = !rest.starts_with(';');
        let part = if ends_record { part.strip_suffix('\r').unwrap_or(part) } else { part };
        match &mut field {
            Cow::Owned(text) => text.push_str(part),
            Cow::Borrowed(_) => field = Cow::Borrowed(part),
        }
        self.fields.push(field);
        self.rest = rest.get(1..).unwrap_or_default();
        self.next_line += u64::from(ends_record);
        // `a;` at the very end has an empty last field.
        if !ends_record && self.rest.is_empty() {
            self.fields.push(Cow::Borrowed(""));
            return Ok(true);
        }
        Ok(ends_record)
    }
}
