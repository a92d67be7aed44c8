//! What may be attached, whatever it is attached to: the kind of a file is what its bytes say, never its name; its name is
//! only for people, and nothing is ever opened by it.

/// Kinds of files that a policy may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// UTF-8 without control characters.
    Text,
}

/// Characters of a file's name.
pub const NAME_MAX: usize = 100;

impl Kind {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Text];

    /// The word in policies, rows and answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Text => "text",
        }
    }

    /// The one with a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What it is served as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// How the name of such a file ends.
    const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Text => "txt",
        }
    }

    /// By how the bytes begin; a text by all of them. `None` for whatever else it is, and for nothing at all.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        if bytes.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if bytes.starts_with(PNG) {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else {
            is_text(bytes).then_some(Self::Text)
        }
    }
}

/// A browser that guesses after all must find neither a page nor a script in it.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    !text.trim().is_empty() && !text.contains(control) && !text.trim_start().starts_with(['<', '\u{feff}'])
}

/// A file's name for people: its last part, without what a file system, a header or a terminal takes for something else,
/// and with the ending of what it is.
#[must_use]
pub fn name(typed: &str, kind: Kind) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let kept = stem.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect::<String>();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let stem: String = words.join(" ").trim_matches(['.', '-', ' ']).chars().take(NAME_MAX).collect();
    let stem = if stem.is_empty() { "file" } else { stem.trim_end() };
    format!("{stem}.{}", kind.ending())
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '(' | ')' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_what_the_bytes_say() {
        let table: [(&[u8], _); 11] = [
            (b"%PDF-1.7\n", Some(Kind::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0", Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0", Some(Kind::Jpeg)),
            ("Åtta bänkar\r\n".as_bytes(), Some(Kind::Text)),
            (b"<svg onload=alert(1)>", None),
            (b"\xef\xbb\xbf<html>", None),
            (b"MZ\x90\0", None),
            (b"PK\x03\x04", None),
            (b"\xffnot utf-8", None),
            (b" \n", None),
            (b"", None),
        ];
        for (bytes, kind) in table {
            assert_eq!(Kind::sniff(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
        assert!(Kind::ALL.iter().all(|kind| Kind::of(kind.word()) == Some(*kind)));
    }

    #[test]
    fn a_name_is_only_for_people() {
        let table = [
            ("Karta över parken.PDF", "Karta över parken.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            (r"C:\Users\ann\skiss.png", "skiss.pdf"),
            ("a\"; filename=\"b.exe", "a filename b.pdf"),
            ("rad\r\nSet-Cookie: x", "rad Set-Cookie x.pdf"),
            ("\u{202e}gpj.exe", "gpj.pdf"),
            (".htaccess", "file.pdf"),
            ("...", "file.pdf"),
            ("", "file.pdf"),
        ];
        for (typed, shown) in table {
            assert_eq!(name(typed, Kind::Pdf), shown, "{typed}");
        }
        assert_eq!(name(&"å".repeat(500), Kind::Text).chars().count(), NAME_MAX + 4);
    }
}
