//! What serde says, told again without the values: they may be somebody's, or a secret.

/// A message of serde, taken apart. Its wording is serde's contract in all but name; the tests hold it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A key nobody knows, and those that are known.
    UnknownField { name: String, known: Vec<String> },
    /// A word that isn't one of a list.
    UnknownVariant { known: Vec<String> },
    /// A key that is there twice.
    Duplicate(String),
    /// A key that must be there.
    MissingField(String),
    /// A value of another type.
    WrongType { found: String, expected: String },
    /// Anything else, without quoted parts.
    Other(String),
}

impl Said {
    /// Takes a message apart.
    pub(crate) fn of(message: &str) -> Self {
        // The first line: what follows is a position, which the caller tells in its own way.
        let message = message.lines().next().unwrap_or_default();
        if let Some(rest) = message.strip_prefix("unknown field ") {
            let mut names = ticked(rest);
            let name = if names.is_empty() { String::new() } else { names.remove(0) };
            return Self::UnknownField { name, known: names };
        }
        if message.starts_with("unknown variant ") {
            // The word itself may hold backticks: only what follows the last "expected" is ours.
            let known = message.rsplit_once("expected").map_or_else(Vec::new, |(_, list)| ticked(list));
            return Self::UnknownVariant { known };
        }
        if let Some(rest) = message.strip_prefix("missing field ") {
            return Self::MissingField(ticked(rest).into_iter().next().unwrap_or_default());
        }
        if let Some(rest) = message.strip_prefix("duplicate field ") {
            return Self::Duplicate(ticked(rest).into_iter().next().unwrap_or_default());
        }
        for prefix in ["invalid type: ", "invalid value: ", "invalid length "] {
            let split = message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected "));
            if let Some((found, expected)) = split {
                let found = found.split(['"', '`', '\'']).next().unwrap_or_default().trim();
                let expected = expected.split(" at line ").next().unwrap_or_default();
                return Self::WrongType { found: found.into(), expected: plain(expected).into() };
            }
        }
        Self::Other(unquoted(message))
    }

    /// In a sentence that quotes no value.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::UnknownField { name, known } => {
                format!("unknown key `{name}`; {}", suggestion(name, known))
            }
            Self::UnknownVariant { known } => format!("expected one of {}", list(known)),
            Self::Duplicate(name) => format!("`{name}` is there twice"),
            Self::MissingField(name) => format!("`{name}` is missing"),
            Self::WrongType { found, expected } => format!("expected {expected}, found {found}"),
            Self::Other(text) => text.clone(),
        }
    }
}

/// Rust's names of types in words that anybody knows.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "path string" => "a path in quotes",
        // Names of our types mean nothing outside.
        structure if structure.starts_with("struct ") => "a set of keys",
        other => other,
    }
}

/// The nearest known name, or all of them.
pub(crate) fn suggestion(name: &str, known: &[String]) -> String {
    match nearest(name, known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("known here: {}", list(known)),
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What stands between backticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(Into::into).collect()
}

/// Without what stands between quotes of any kind.
fn unquoted(text: &str) -> String {
    let mut kept = String::new();
    let mut open = None;
    for letter in text.chars() {
        match open {
            Some(quote) if quote == letter => open = None,
            Some(_) => {}
            None if matches!(letter, '"' | '`') => {
                open = Some(letter);
                kept.push('…');
            }
            None => kept.push(letter),
        }
    }
    kept
}

/// The known name that a mistyped one is close to, if any is.
pub(crate) fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let bound = (name.chars().count() / 3).max(2);
    let scored = known.iter().map(|candidate| (distance(name, candidate), candidate.as_str()));
    scored.filter(|(distance, _)| *distance <= bound).min().map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Sample {
        port: u16,
        kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Text,
        Json,
    }

    fn said(json: &str) -> String {
        Said::of(&serde_json::from_str::<Sample>(json).unwrap_err().to_string()).sentence()
    }

    #[test]
    fn serdes_messages_are_told_without_values() {
        let table = [
            (r#"{"prot":1}"#, "unknown key `prot`; did you mean `port`?"),
            (r#"{"something":1}"#, "unknown key `something`; known here: `port`, `kind`"),
            (r#"{"port":"s3cret"}"#, "expected a whole number from 0, found string"),
            (r#"{"port":-7}"#, "expected a whole number from 0, found integer"),
            (r#"{"port":1,"kind":"s3`c,r expected `et"}"#, "expected one of `text`, `json`"),
            (r#"{"port":1}"#, "`kind` is missing"),
        ];
        for (json, expected) in table {
            assert_eq!(said(json), expected, "{json}");
        }
    }

    #[test]
    fn a_name_too_far_from_all_is_near_to_none() {
        let known = ["http".to_owned(), "log".to_owned()];
        assert_eq!(nearest("htpp", &known), Some("http"));
        assert_eq!(nearest("completely", &known), None);
    }

    #[test]
    fn what_is_quoted_elsewhere_is_left_out() {
        assert_eq!(Said::of("bad name \"Anna\" here"), Said::Other("bad name … here".into()));
    }
}
