//! Numbers as people write them in a language.

/// A number as it is written in a language: `6 103 056`, with spaces that don't break, and `6,103,056`.
pub(super) fn number(number: i64, lang: &str) -> String {
    let mark = if lang == "sv" { '\u{a0}' } else { ',' };
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "\u{2212}" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

/// A file's size as people say it: `512 bytes`, `340 kB`, `1,2 MB` and `1.2 MB`.
pub(super) fn size(bytes: u64, lang: &str) -> String {
    let mark = if lang == "sv" { ',' } else { '.' };
    match bytes {
        ..1_000 => format!("{bytes} {}", if lang == "sv" { "byte" } else { "bytes" }),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000.. => {
            let tenths = bytes.div_ceil(100_000);
            let rest =
                if tenths.is_multiple_of(10) { String::new() } else { format!("{mark}{}", tenths % 10) };
            format!("{}{rest} MB", tenths / 10)
        }
    }
}

/// A number with so many decimals: `1,5` and `1.5`.
pub(super) fn decimal(number: f64, places: usize, lang: &str) -> String {
    let text = format!("{number:.places$}").replace('-', "\u{2212}");
    if lang == "sv" { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_as_the_language_writes_them() {
        assert_eq!((decimal(1.25, 1, "sv"), decimal(97.96, 1, "en")), ("1,2".into(), "98.0".into()));
        assert_eq!(decimal(-4.5, 1, "en"), "\u{2212}4.5");
    }

    #[test]
    fn sizes_are_told_in_few_digits() {
        let told = [0, 999, 1_000, 339_001, 999_999, 1_150_000, 5_000_000].map(|size_of| size(size_of, "sv"));
        assert_eq!(told, ["0 byte", "999 byte", "1 kB", "340 kB", "1000 kB", "1,2 MB", "5 MB"]);
        assert_eq!(size(1_150_000, "en"), "1.2 MB");
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let told = [0, 999, 1_000, 6_103_056, -1_234].map(|n| (number(n, "sv"), number(n, "en")));
        let told = told.map(|(sv, en)| format!("{sv} {en}").replace('\u{a0}', "_"));
        assert_eq!(
            told,
            ["0 0", "999 999", "1_000 1,000", "6_103_056 6,103,056", "\u{2212}1_234 \u{2212}1,234"]
        );
    }
}
