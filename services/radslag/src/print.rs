//! The only place that writes to standard output; words for people besides the result go to standard error.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde::Serialize;

/// Standard output for many lines; flush it.
pub(crate) fn out() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// One result: as JSON, or as the text a person reads.
pub(crate) fn result(json: bool, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
    let mut text = if json { serde_json::to_string_pretty(value)? } else { text() };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Something said beside the result.
pub(crate) fn note(text: &str) {
    // Nobody is left to be told if this fails.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Rows of a name and a value, lined up.
pub(crate) fn columns(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
