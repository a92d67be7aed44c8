//! The workspace's Rust files, with what the checks ask of them.

use std::{fs, path::Path};

use radslag_kit::workspace;

use crate::{
    finding::Finding,
    lexer::{Lexed, lex},
};

/// A file of Rust code.
pub(crate) struct Source {
    /// Relative to the workspace, with `/`.
    pub(crate) path: String,
    /// As it stands.
    pub(crate) text: String,
    lexed: Lexed,
    tests: Vec<bool>,
}

impl Source {
    /// A file of these contents.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let lexed = lex(text);
        let whole = path.split('/').any(|part| part == "tests" || part == "tests.rs")
            && !path.starts_with("tests/bench/");
        let tests = test_lines(&lexed.code, whole);
        Self { path: path.to_owned(), text: text.to_owned(), lexed, tests }
    }

    /// Every `.rs` file that is ours.
    pub(crate) fn workspace() -> Vec<Self> {
        let mut sources = Vec::new();
        for top in ["proto", "infra", "services", "tests"] {
            collect(&workspace().join(top), &mut sources);
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources
    }

    /// Lines with their numbers from 1, without comments and without what stands in quotes.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lexed.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The same with what stands in quotes.
    pub(crate) fn uncommented(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lexed.uncommented.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether a line (from 1) is part of a test.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.tests.get(line - 1).copied().unwrap_or_default()
    }

    /// A finding in this file.
    pub(crate) fn finding(&self, line: usize, advice: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, advice: advice.into() }
    }
}

/// Everything, or what stands in a `#[cfg(test)]` item of rustfmt's layout.
fn test_lines(code: &str, whole: bool) -> Vec<bool> {
    let mut open: Option<&str> = None;
    let mut tests = Vec::new();
    for line in code.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        if open.is_none()
            && ["#[cfg(test)]", "#[test]", "#[tokio::test"].iter().any(|a| line.trim().starts_with(a))
        {
            open = Some(indent);
        }
        tests.push(whole || open.is_some());
        let ends = line.strip_prefix(indent).is_some_and(|rest| rest == "}" || rest.ends_with(';'));
        if open == Some(indent) && ends {
            open = None;
        }
    }
    tests
}

fn collect(folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            // Generated and vendored folders are nobody's style.
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                collect(&path, sources);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(workspace()).unwrap().to_str().unwrap().to_owned();
            sources.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Whether a word stands in a line of code as a word of its own.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        !inside(line[..at].chars().next_back()) && !inside(line[at + word.len()..].chars().next())
    })
}

#[test]
fn test_code_is_told_from_the_rest() {
    let source = Source::new(
        "infra/x/src/a.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n",
    );
    assert_eq!([1, 2, 4, 5, 6].map(|line| source.is_test(line)), [false, true, true, true, false]);
    assert!(Source::new("infra/x/tests/a.rs", "fn a() {}\n").is_test(1));
    assert!(!Source::new("tests/bench/src/a.rs", "fn a() {}\n").is_test(1));
}

#[test]
fn a_word_is_not_a_part_of_one() {
    assert!(has_word("x = rand::random()", "rand") && !has_word("operand::x", "rand"));
    assert!(!has_word("forbid(unsafe_code)", "unsafe"));
}
