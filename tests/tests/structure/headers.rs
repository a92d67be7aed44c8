//! Every file says in its first line what it is.

use crate::{
    finding::{Finding, everywhere, lines},
    source::Source,
};

fn check(source: &Source) -> Vec<Finding> {
    let said = source.text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
    if said.len() < 12 {
        return vec![source.finding(1, "start with `//! ` and what this file is and leaves to others")];
    }
    Vec::new()
}

#[test]
fn every_file_says_what_it_is() {
    everywhere(check);
}

#[test]
fn a_file_without_a_first_line_is_found() {
    assert_eq!(lines(check, "infra/x/src/a.rs", "use std::fs;\n"), [1]);
    assert_eq!(lines(check, "infra/x/src/a.rs", "//! To do.\n"), [1]);
    assert_eq!(lines(check, "infra/x/src/a.rs", "//! What a file is.\n"), []);
}
