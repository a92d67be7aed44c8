//! Projections and wire formats name every event, so that a new one doesn't compile until someone decides.

use crate::{
    finding::{Finding, everywhere, lines},
    source::Source,
};

fn check(source: &Source) -> Vec<Finding> {
    if !names_events(&source.path) {
        return Vec::new();
    }
    let code: Vec<&str> = source.code().map(|(_, code)| code).collect();
    let found = (0..code.len())
        .filter(|index| catches_all(code[*index]) && !opens_sealed(&code[..*index], code[*index]));
    found
        .map(|index| index + 1)
        .filter(|line| !source.is_test(*line))
        .map(|line| {
            let advice = "name every event instead of `_ =>`; an unknown text is `unknown => Err(..)`";
            source.finding(line, advice)
        })
        .collect()
}

/// Whether the match is over several sealed values: all known, or else gone.
fn opens_sealed(before: &[&str], catch_all: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(catch_all);
    let arms = before.iter().rev().take_while(|line| line.trim().is_empty() || indent(line) >= own);
    arms.filter(|line| indent(line) == own).any(|line| line.contains("Opened::Known"))
}

fn names_events(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("services")
        && parts.any(|part| part.starts_with("projection") || part.starts_with("wire"))
}

/// `_ =>`, `(_, _) =>`, `A | _ =>`, also with a guard.
fn catches_all(line: &str) -> bool {
    let Some((pattern, _)) = line.split_once("=>") else { return false };
    let pattern = pattern.split(" if ").next().unwrap_or_default();
    pattern.split('|').any(|alternative| {
        alternative.contains('_') && alternative.chars().all(|c| matches!(c, '_' | '(' | ')' | ',' | ' '))
    })
}

#[test]
fn projections_and_wire_formats_name_every_event() {
    everywhere(check);
}

#[test]
fn a_match_that_catches_all_is_found() {
    let text = "match e {\n    A(_) => 1,\n    _ => 2,\n    (_, _) => 3,\n    B | _ if x => 4,\n    unknown => 5,\n}\n";
    assert_eq!(lines(check, "services/petitions/src/projections/list.rs", text), [3, 4, 5]);
    assert_eq!(lines(check, "services/petitions/src/wire.rs", text), [3, 4, 5]);
    assert_eq!(lines(check, "services/petitions/src/petition.rs", text), []);
    assert_eq!(lines(check, "services/petitions/src/projections/tests.rs", text), []);
    let sealed = "match pair {\n    (Opened::Known(a), Opened::Known(b)) => {\n        f()\n    }\n    _ => Opened::Gone,\n}\n";
    assert_eq!(lines(check, "services/petitions/src/wire.rs", sealed), []);
}
