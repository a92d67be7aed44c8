//! What a typed field may hold. Lengths count characters, not bytes.

use std::fmt;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was typed.
    Missing,
    /// More characters than the field holds.
    TooLong,
    /// Begins with `= + - @`: a spreadsheet would run it.
    Formula,
    /// A name with a web address in it.
    Url,
    /// Control characters.
    Control,
}

impl Fault {
    /// Stable, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too-long",
            Self::Formula => "formula",
            Self::Url => "url-in-name",
            Self::Control => "control-characters",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Characters of a person's name.
pub const NAME_MAX: usize = 100;
/// Characters of a mailbox, the longest that mail can carry.
pub const MAILBOX_MAX: usize = 254;
/// Characters of a postcode.
pub const POSTCODE_MAX: usize = 16;
/// Characters of a committee's answer, or of what came of it.
pub const ANSWER_MAX: usize = 20_000;
/// Characters of a link.
pub const LINK_MAX: usize = 500;
/// Characters of a place, or of a document's title.
pub const PLACE_MAX: usize = 200;
/// Characters of an official's ground or of a decision's text.
pub const GROUND_MAX: usize = 4_000;

/// A text that may be empty.
///
/// # Errors
/// The first rule it breaks.
pub fn optional(typed: &str, max: usize) -> Result<(), Fault> {
    if typed.chars().nth(max).is_some() {
        return Err(Fault::TooLong);
    }
    if typed.trim_start().starts_with(['=', '+', '-', '@']) {
        return Err(Fault::Formula);
    }
    if typed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Fault::Control);
    }
    Ok(())
}

/// A text that must be there.
///
/// # Errors
/// The first rule it breaks.
pub fn required(typed: &str, max: usize) -> Result<(), Fault> {
    if typed.trim().is_empty() {
        return Err(Fault::Missing);
    }
    optional(typed, max)
}

/// A person's name or alias: one line, no web address.
///
/// # Errors
/// The first rule it breaks.
pub fn name(typed: &str) -> Result<(), Fault> {
    required(typed, NAME_MAX)?;
    if typed.contains(['\n', '\r', '\t']) {
        return Err(Fault::Control);
    }
    let lower = typed.to_lowercase();
    if lower.contains("://") || lower.contains("www.") || lower.split_whitespace().any(is_host) {
        return Err(Fault::Url);
    }
    Ok(())
}

/// A mailbox as typed. Odd ones pass: only mail can tell whether it exists.
///
/// # Errors
/// The first rule it breaks.
pub fn mailbox(typed: &str) -> Result<(), Fault> {
    required(typed, MAILBOX_MAX)?;
    if typed.contains(char::is_control) {
        return Err(Fault::Control);
    }
    Ok(())
}

/// A url key: 6 to 40 of a-z, 0-9 and -.
#[must_use]
pub fn is_url_key(typed: &str) -> bool {
    (6..=40).contains(&typed.len())
        && typed.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `https://example.org/page`: a host, and nothing in front of it that looks like one.
#[must_use]
pub fn is_web_page(typed: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\');
    let host = typed.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let named = |host: &str| host.contains('.') && !host.contains('@') && !host.starts_with('.');
    !typed.contains(odd) && host.is_some_and(named)
}

/// `example.com`, but not the `J.R.` or `St.John` of a name: a known ending after the last dot.
fn is_host(word: &str) -> bool {
    const ENDINGS: [&str; 10] = ["com", "net", "org", "info", "se", "nu", "uk", "eu", "io", "biz"];
    let word =
        word.split(['/', '?', '#']).next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    word.rsplit_once('.')
        .is_some_and(|(front, ending)| front.chars().count() > 1 && ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_begins_with_a_formula() {
        for typed in ["=1+1", "+46", "-x", "@SUM(A1)", "  =HYPERLINK()"] {
            assert_eq!(required(typed, 100), Err(Fault::Formula), "{typed}");
            assert_eq!(name(typed), Err(Fault::Formula), "{typed}");
        }
        assert_eq!(optional("", 10), Ok(()));
        assert_eq!(optional("5 - 3 = 2", 10), Ok(()));
    }

    #[test]
    fn a_name_holds_no_url() {
        for typed in ["http://x.y", "Anna www.anna.se", "Anna anna.se", "buy.com/now cheap"] {
            assert_eq!(name(typed), Err(Fault::Url), "{typed}");
        }
        for typed in ["Anna-Karin O'Neil", "J. R. R. Tolkien", "J.R.R. Tolkien", "Åsa Öberg jr."] {
            assert_eq!(name(typed), Ok(()), "{typed}");
        }
    }

    #[test]
    fn a_web_page_is_reached_safely_and_is_where_it_seems_to_be() {
        for typed in ["https://malmo.se", "https://malmo.se:8443/park?x=1#y", "https://räksmörgås.se/å"] {
            assert!(is_web_page(typed), "{typed}");
        }
        for typed in [
            "http://malmo.se",
            "malmo.se",
            "https://",
            "https:///etc",
            "https://localhost/",
            "https://malmo.se@example.org/",
            "https://malmo.se\\@example.org",
            "https://malmo.se/a b",
            "javascript:alert(1)",
            "https://malmo.se/\"onclick=",
        ] {
            assert!(!is_web_page(typed), "{typed}");
        }
    }

    #[test]
    fn lengths_count_characters() {
        assert_eq!(required("ååå", 3), Ok(()));
        assert_eq!(required("åååå", 3), Err(Fault::TooLong));
        assert_eq!(required(" \n ", 3), Err(Fault::Missing));
        assert_eq!(name("a\u{0}b"), Err(Fault::Control));
        assert_eq!(mailbox("a@b\n"), Err(Fault::Control));
        assert_eq!(Fault::Url.to_string(), "url-in-name");
    }

    #[test]
    fn a_url_key_is_6_to_40_of_small_letters_digits_and_hyphens() {
        assert!(is_url_key("bilfrittmallan"));
        assert!(is_url_key("abc-12"));
        for typed in ["abcde", "Abcdef", "abc def", "åäöåäö", &"a".repeat(41)] {
            assert!(!is_url_key(typed), "{typed}");
        }
    }
}
