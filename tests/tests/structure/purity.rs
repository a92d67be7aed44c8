//! What decides and what folds does no I/O and reads no clock: the kernel, and all of a service but its shell.

use crate::{
    finding::{Finding, everywhere, lines},
    source::{Source, has_word},
};

const PATHS: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "std::sync::mpsc",
    "std::time::Instant",
    "std::time::SystemTime",
    "tokio",
    "futures_util",
    "rand",
    "axum",
    "hyper",
    "tracing",
    "async_nats",
    "rusqlite",
    "tokio_postgres",
    "sled",
    "radslag_runtime",
    "radslag_bus",
    "radslag_eventlog",
];
const WORDS: &[&str] = &["async fn", "async move", "async {", ".await", "SystemTime::now", "Instant::now"];

fn check(source: &Source) -> Vec<Finding> {
    if !is_pure(&source.path) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (line, path) in uses(source) {
        if let Some(banned) = PATHS.iter().find(|banned| is_under(&path, banned)) {
            findings.push(source.finding(line, advice(banned)));
        }
    }
    for (line, code) in source.code().filter(|(line, _)| !source.is_test(*line)) {
        let named = PATHS.iter().find(|path| code.contains(&format!("{path}::")) && has_word(code, path));
        let said = WORDS.iter().find(|word| code.contains(**word));
        let imports = code.trim_start().starts_with("use ") || code.trim_start().starts_with("pub use ");
        if let Some(banned) = named.or(said).filter(|_| !imports) {
            findings.push(source.finding(line, advice(banned)));
        }
    }
    findings
}

fn advice(banned: &str) -> String {
    format!(
        "`{banned}` in code that decides or folds: take time, randomness and what was read as arguments, or move this to `shell` or `http`"
    )
}

/// The kernel but its test helpers; proofs and draws; of a service everything but `shell*`, `http*`, `main.rs` and `lib.rs`. The binary
/// `radslag` is all shell.
fn is_pure(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["infra", "kernel", "src", "test.rs"] => false,
        ["infra", "kernel" | "evidence" | "draw" | "tally", "src", ..] => true,
        ["services", "radslag", ..] => false,
        ["services", _, "src", first, ..] => {
            !(first.starts_with("shell")
                || first.starts_with("http")
                || ["main.rs", "lib.rs", "bin"].contains(&first))
        }
        _ => false,
    }
}

fn is_under(path: &str, banned: &str) -> bool {
    path.strip_prefix(banned).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every path that a `use` brings in, outside tests.
fn uses(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (line, code) in source.code().filter(|(line, _)| !source.is_test(*line)) {
        let code = code.trim();
        let statement = code.strip_prefix("pub ").unwrap_or(code);
        if let Some(rest) = statement.strip_prefix("use ") {
            open = Some((line, rest.to_owned()));
        } else if let Some((_, text)) = &mut open {
            text.push_str(code);
        }
        if let Some((line, text)) = open.take_if(|(_, text)| text.ends_with(';')) {
            expand("", text.trim_end_matches(';'), &mut |path| found.push((line, path)));
        }
    }
    found
}

/// `a::{b, c::{d, e}}` -> `a::b`, `a::c::d`, `a::c::e`.
fn expand(prefix: &str, tree: &str, found: &mut impl FnMut(String)) {
    let mut depth = 0;
    for part in tree.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    }) {
        let part = part.trim();
        match part.split_once('{') {
            Some((path, inner)) => {
                expand(&format!("{prefix}{path}"), inner.strip_suffix('}').unwrap_or(inner), found);
            }
            None if part.is_empty() => {}
            None => found(format!("{prefix}{}", part.split(" as ").next().unwrap_or(part))),
        }
    }
}

#[test]
fn what_decides_and_folds_is_pure() {
    everywhere(check);
}

#[test]
fn impure_code_is_found() {
    let found = |text: &str| lines(check, "services/petitions/src/petition/mod.rs", text);
    for text in [
        "use std::fs;",
        "use std::{fmt, fs};",
        "use std::{\n    fmt,\n    time::{Duration, SystemTime},\n};",
        "use tokio::sync::mpsc;",
        "let now = std::time::Instant::now();",
        "let dice = rand::random();",
        "pub async fn decide() {}",
        "let events = log.read().await;",
    ] {
        assert_eq!(found(text), [1], "{text}");
    }
    for text in ["use std::{fmt, time::Duration};", "operand::new();", "#[cfg(test)]\nuse std::fs;"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn the_shell_may_do_what_it_likes() {
    let found = |path| lines(check, path, "use std::fs;").len();
    for path in [
        "services/petitions/src/shell/mail.rs",
        "services/petitions/src/http.rs",
        "services/radslag/src/demo.rs",
    ] {
        assert_eq!(found(path), 0, "{path}");
    }
    for path in [
        "infra/kernel/src/time.rs",
        "services/polls/src/policy.rs",
        "services/polls/src/projections/count.rs",
    ] {
        assert_eq!(found(path), 1, "{path}");
    }
}
