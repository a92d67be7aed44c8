//! What `deny.toml` bans isn't in `Cargo.lock`, and everything in it comes from the registry. Offline.

use std::fs;

use radslag_kit::workspace;
use toml::{Table, Value};

use crate::finding::{Finding, none};

fn check(lock: &str, deny: &str) -> Vec<Finding> {
    let parsed: Table = lock.parse().unwrap();
    let rules: Table = deny.parse().unwrap();
    let banned: Vec<&str> = rules["bans"]["deny"].as_array().unwrap().iter().filter_map(name).collect();
    let mut findings = Vec::new();
    for package in parsed["package"].as_array().unwrap() {
        let name = name(package).unwrap();
        let mut find = |advice: String| {
            let line = lock.lines().position(|line| line == format!("name = \"{name}\"")).unwrap_or_default();
            findings.push(Finding { path: "Cargo.lock".into(), line: line + 1, advice });
        };
        if banned.contains(&name) {
            find(format!(
                "`cargo tree -i {name}` says who wants {name}, which deny.toml bans: turn that feature off"
            ));
        }
        let source = package.get("source").and_then(Value::as_str);
        if source.is_some_and(|source| !source.starts_with("registry+")) {
            find(format!("{name} comes from elsewhere than the registry: use a released version"));
        }
    }
    findings
}

fn name(table: &Value) -> Option<&str> {
    table.get("name")?.as_str()
}

#[test]
fn only_what_is_allowed_is_locked() {
    let read = |path: &str| fs::read_to_string(workspace().join(path)).unwrap();
    none(&check(&read("Cargo.lock"), &read("deny.toml")));
}

#[test]
fn a_banned_package_and_a_foreign_source_are_found() {
    let deny = "[bans]\ndeny = [{ name = \"chrono\" }]\n";
    let package =
        |name: &str, source: &str| format!("[[package]]\nname = \"{name}\"\nsource = \"{source}\"\n");
    let lock =
        [package("chrono", "registry+x"), package("jiff", "git+x"), package("serde", "registry+x")].concat();
    let lines: Vec<usize> = check(&lock, deny).into_iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [2, 5]);
}
