//! What no file may hold, and what no test may do.

use crate::{
    finding::{Finding, everywhere, lines},
    source::{Source, has_word},
};

/// The kit's poll helper is the one documented place of the tests that sleeps.
const MAY_SLEEP: &str = "tests/kit/src/wait.rs";

fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.code() {
        let mut find = |advice: &str| findings.push(source.finding(line, advice));
        if has_word(code, "unsafe") {
            find("no `unsafe`: find a crate that wraps it");
        }
        if code.contains("#[ignore") {
            find("no ignored tests: make it run, or remove it");
        }
        if ["todo!(", "unimplemented!("].iter().any(|unfinished| code.contains(unfinished)) {
            find("finish it, or refuse it with a typed error");
        }
        let sleeps =
            ["thread::sleep", "time::sleep", "sleep(Duration"].iter().any(|sleep| code.contains(sleep));
        if sleeps && source.is_test(line) && source.path != MAY_SLEEP {
            find("wait for a position or a notification; what can only be asked, by `radslag_kit::until`");
        }
    }
    for (line, text) in source.uncommented().filter(|(line, _)| source.is_test(*line)) {
        if names_port(text) {
            findings.push(
                source.finding(line, "a fixed port may be taken: listen on port 0 and ask which it is"),
            );
        }
    }
    findings
}

/// A host with a port that is not 0, where somebody listens or connects (a configuration may name one).
fn names_port(text: &str) -> bool {
    if !["bind", "connect", "://"].iter().any(|use_of_it| text.contains(use_of_it)) {
        return false;
    }
    ["127.0.0.1:", "localhost:", "0.0.0.0:", "[::1]:", "[::]:"].iter().any(|host| {
        text.split(host).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit() && c != '0'))
    })
}

#[test]
fn nothing_banned_is_there() {
    everywhere(check);
}

#[test]
fn what_is_banned_is_found() {
    let found = |text: &str| !lines(check, "infra/x/tests/a.rs", text).is_empty();
    for text in [
        "unsafe { f() }",
        "#[ignore]",
        "#[ignore = \"slow\"]",
        "todo!()",
        "unimplemented!(\"later\")",
        "std::thread::sleep(x)",
        "tokio::time::sleep(x).await",
        concat!("connect(\"127.0.0.1", ":4222\")"),
        concat!("let url = \"nats://localhost", ":4222\";"),
    ] {
        assert!(found(text), "{text}");
    }
    for text in ["// unsafe", "\"unsafe\"", "bind(\"127.0.0.1:0\")", "bind(format!(\"127.0.0.1:{port}\"))"] {
        assert!(!found(text), "{text}");
    }
    assert_eq!(lines(check, "infra/x/src/a.rs", "tokio::time::sleep(pause).await"), []);
    assert_eq!(lines(check, MAY_SLEEP, "thread::sleep(PAUSE)"), []);
}
