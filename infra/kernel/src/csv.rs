//! Files of rows as offices have them: UTF-8 or Windows-1252, `;` or `,`, read piece by piece. A row is one line of the file, so
//! that a quote which is never closed breaks one row and not the rest.

/// Bytes of a row at most; what is beyond is thrown away, and the row is broken.
pub const ROW_MAX: usize = 4_096;

/// A line of a file, by its number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of the file.
    pub number: u32,
    /// As it came, without its end.
    pub text: String,
    /// It was longer than a row may be.
    pub overlong: bool,
}

impl Line {
    /// Its fields; nothing if it is broken.
    #[must_use]
    pub fn fields(&self, separator: char) -> Option<Vec<String>> {
        if self.overlong { None } else { fields(&self.text, separator) }
    }
}

/// Cuts a file into lines; holds one of them.
#[derive(Default)]
pub struct Lines {
    row: Vec<u8>,
    overlong: bool,
    number: u32,
}

impl Lines {
    /// Takes a piece of the file, and gives the lines that end in it.
    pub fn feed(&mut self, bytes: &[u8], lines: &mut Vec<Line>) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = piece.ends_with(b"\n");
            let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
            let room = ROW_MAX.saturating_sub(self.row.len());
            self.overlong |= piece.len() > room;
            self.row.extend(piece.iter().take(room));
            if ends {
                lines.push(self.line());
            }
        }
    }

    /// The file has ended: what comes after its last end of line, if anything does.
    pub fn end(mut self) -> Option<Line> {
        if self.row.is_empty() { None } else { Some(self.line()) }
    }

    fn line(&mut self) -> Line {
        self.number += 1;
        let text = text(&self.row);
        let text = if self.number == 1 { text.trim_start_matches('\u{feff}').to_owned() } else { text };
        self.row.clear();
        Line { number: self.number, text, overlong: std::mem::take(&mut self.overlong) }
    }
}

/// What a header's fields stand between.
#[must_use]
pub fn separator(header: &str) -> char {
    if header.contains(';') { ';' } else { ',' }
}

/// The fields of a row; nothing if a quote isn't closed, or stands inside a field.
#[must_use]
pub fn fields(row: &str, separator: char) -> Option<Vec<String>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &[u8]) -> Vec<Line> {
        let (mut reader, mut lines) = (Lines::default(), Vec::new());
        // In pieces, as it comes.
        file.chunks(7).for_each(|piece| reader.feed(piece, &mut lines));
        lines.extend(reader.end());
        lines
    }

    #[test]
    fn lines_are_utf_8_or_windows_1252_and_have_their_numbers() {
        let file = ["\u{feff}namn;ort\r\n".as_bytes(), b"\xc5sa;Malm\xf6\n\nlast"].concat();
        let told: Vec<_> = lines(&file).into_iter().map(|line| (line.number, line.text)).collect();
        let expected = [(1, "namn;ort\r"), (2, "Åsa;Malmö"), (3, ""), (4, "last")];
        assert_eq!(told, expected.map(|(number, text)| (number, text.to_owned())));
    }

    #[test]
    fn a_quote_that_is_never_closed_breaks_its_row_and_not_the_rest() {
        assert_eq!(fields(r#"a;"b ""c"" ;d";e"#, ';').unwrap(), ["a", r#"b "c" ;d"#, "e"]);
        for broken in [r#"a;"b"#, r#"a;b"c;d"#, r#"a;"b"c"d;e"#] {
            assert_eq!(fields(broken, ';'), None, "{broken}");
        }
        assert_eq!((separator("a;b,c"), separator("a,b")), (';', ','));
    }

    #[test]
    fn a_line_without_end_is_cut_and_broken() {
        let line = &lines(&vec![b';'; 10 * ROW_MAX])[0];
        assert_eq!((line.text.len(), line.overlong, line.fields(';')), (ROW_MAX, true, None));
    }
}
