//! What a check found: where, and what to do.

use std::fmt;

use crate::source::Source;

/// One breach of a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// Fails with every finding on a line of its own.
#[track_caller]
pub(crate) fn none(findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "\n{}\n", lines.join("\n"));
}

/// Runs a check over the workspace's sources.
#[track_caller]
pub(crate) fn everywhere(check: impl Fn(&Source) -> Vec<Finding>) {
    let sources = Source::workspace();
    assert!(sources.len() > 20, "only {} source files were found: the walk is broken", sources.len());
    none(&sources.iter().flat_map(check).collect::<Vec<_>>());
}

/// The lines a check finds in a made-up file.
pub(crate) fn lines(check: impl Fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
    check(&Source::new(path, text)).into_iter().map(|finding| finding.line).collect()
}
