//! One JSON document, or a table a person reads.

use std::io::{self, Write as _};

use anyhow::Result;
use serde::Serialize;

/// A result that can be shown both ways.
pub(crate) trait Report: Serialize {
    /// As a person reads it.
    fn text(&self) -> String;
}

/// Prints a report to stdout.
pub(crate) fn print(report: &impl Report, json: bool) -> Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        out.write_all(report.text().as_bytes())?;
    }
    Ok(())
}

/// Columns of text, the first to the left and the others to the right.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|&heading| heading.to_owned()).collect()] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(crate) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let wide = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(wide).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(column, cell)| match (column, widths[column]) {
                (0, width) => format!("{cell:<width$}"),
                (_, width) => format!("{cell:>width$}"),
            });
            text += cells.collect::<Vec<_>>().join("  ").trim_end();
            text.push('\n');
        }
        text
    }
}

/// A number with a comma every three digits.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let first = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Microseconds as a person reads them.
pub(crate) fn duration(us: f64) -> String {
    if us >= 10_000.0 { format!("{:.1} ms", us / 1_000.0) } else { format!("{us:.0} us") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let shown = [0.0, 999.0, 1_000.0, 123_456.4, 6_000_000.0].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "123,456", "6,000,000"]);
        assert_eq!((duration(812.3), duration(12_345.0)), ("812 us".to_owned(), "12.3 ms".to_owned()));
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["a", "b"]);
        table.row(vec!["long".into(), "1".into()]);
        table.row(vec!["x".into(), "22".into()]);
        assert_eq!(table.text(), "a      b\nlong   1\nx     22\n");
    }
}
