//! Which configuration holds, what is wrong with it, and in which language people are told.

use std::fs;

use crate::home::{Home, ran};

#[test]
fn an_unknown_key_names_the_nearest_and_its_line() {
    let home = Home::new();
    home.configure("[http]\nlistne = \"x\"\n");
    for words in ["config check", "config print", "log info malmo petitions"] {
        home.run(words)
            .refused(1, &["unknown key `http.listne` in radslag.toml:2", "did you mean `listen`?"]);
    }
}

#[test]
fn without_a_file_the_demonstration_holds() {
    let home = Home::new();
    fs::remove_file(home.path("radslag.toml")).unwrap();
    let config = home.run("config print --json").json();
    let tenants = config["tenants"].as_array().unwrap();
    let of = |key: &str| tenants.iter().map(|tenant| tenant[key].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(of("id"), ["number10", "malmo", "ale", "svenljunga"]);
    assert_eq!(of("policy"), ["number10", "malmo-2008", "open", "open"]);
    let text = home.run("config print").ok();
    assert!(text.contains("dir = \"radslag-demo\"  # demo.toml:5"), "{text}");
    home.run("log info lund petitions").refused(2, &["demo.toml", "number10, malmo, ale, svenljunga"]);
    assert!(!home.path("radslag-demo").exists());
}

#[test]
fn a_named_file_wins_over_the_one_that_is_there_and_the_environment_over_both() {
    let home = Home::new();
    fs::write(home.path("other.toml"), "[http]\ntimeout_ms = 7\n").unwrap();
    let mut command = home.command(&["--config", "other.toml", "config", "print", "--json"]);
    let config = ran(command.env("RADSLAG_HTTP__DRAIN_MS", "9").output().unwrap()).json();
    assert_eq!(
        (config["http"]["timeout_ms"].as_u64(), config["http"]["drain_ms"].as_u64()),
        (Some(7), Some(9))
    );
    let config = home.run("config print --json --config other.toml").json();
    assert_eq!(config["http"]["timeout_ms"], 7);
    home.run("config print --config gone.toml")
        .refused(1, &["gone.toml can't be read: No such file", "--config"]);
}

#[test]
fn check_looks_at_the_files_that_are_named() {
    let home = Home::new();
    assert!(home.run("config check").ok().contains("radslag.toml can be used; 2 tenants"));
    assert_eq!(home.run("config check --json").json()["right"], true);
    home.configure("[auth]\njwks_file = \"gone.json\"\n[readmodel]\npostgres_url_file = \"gone.url\"\n");
    home.run("config check")
        .refused(1, &["`auth.jwks_file`: gone.json can't be read", "`readmodel.postgres_url_file`"]);
    let ran = home.run("config check --json").refused(1, &[]);
    let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&found["right"], found["errors"].as_array().unwrap().len()), (&false.into(), 2));
}

#[test]
fn people_are_told_in_swedish_where_that_is_the_language() {
    let home = Home::with_log();
    let mut command = home.command(&["log", "verify", "malmo", "petitions"]);
    let swedish = ran(command.env("LANG", "sv_SE.UTF-8").output().unwrap()).ok();
    assert!(swedish.starts_with("Hel: 4 händelser"), "{swedish}");
    assert_eq!(home.run("log verify malmo petitions --lang sv").ok(), swedish);
    home.run("log info lund petitions --lang sv").refused(2, &["ingen organisation `lund`"]);
    let json = home.run("log info malmo petitions --json --lang sv").json();
    assert_eq!(json["health"], "whole", "keys and words of JSON are English");
}

#[test]
fn a_wrong_call_ends_with_2() {
    let home = Home::new();
    for words in ["lgo", "log", "log info", "token malmo", "clock", "log read malmo petitions --from x"] {
        home.run(words).refused(2, &["help"]);
    }
}
