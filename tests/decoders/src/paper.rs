//! Files of lines that stood on paper.

use radslag_petitions::paper::csv::{Part, Reader, Row, UnknownHeader, Waiting};

fn read(data: &[u8], piece: usize) -> Result<(String, Vec<Row>), UnknownHeader> {
    let (mut reader, mut rows) = (Reader::default(), Vec::new());
    for piece in data.chunks(piece) {
        reader.feed(piece, &mut rows)?;
    }
    let header = reader.header().to_owned();
    reader.end(&mut rows)?;
    Ok((header, rows))
}

/// A file says the same however it comes in pieces, and what waits of it is read later as it was read first.
pub fn paper_csv(data: &[u8]) {
    let piece = usize::from(data.first().copied().unwrap_or(0)) + 1;
    let whole = read(data, data.len().max(1));
    let pieces = read(data, piece);
    assert_eq!(whole.as_ref().map(|(_, rows)| rows), pieces.as_ref().map(|(_, rows)| rows));
    let Ok((header, rows)) = whole else { return };
    assert!(rows.iter().map(|row| row.raw.len()).sum::<usize>() <= 3 * data.len());
    if header.is_empty() {
        return;
    }
    let waiting = rows.iter().map(|row| Waiting {
        number: row.number,
        raw: row.raw.clone(),
        broken: row.typed.is_none(),
    });
    assert_eq!(Part { header, rows: waiting.collect() }.read(), rows);
}
