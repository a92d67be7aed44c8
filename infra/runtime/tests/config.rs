//! The configuration, through its public interface: where values come from and what is refused.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::path::PathBuf;

use expect_test::{Expect, expect, expect_file};
use radslag_runtime::config::{ConfigError, Loaded, Origin, load};

fn loaded(file: &str, environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("radslag.toml");
    std::fs::write(&path, file).unwrap();
    load(Some(&path), environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
        .map_err(|error| shortened(error, &path))
}

/// Without the folder of the test.
fn shortened(error: ConfigError, path: &std::path::Path) -> ConfigError {
    let short = || PathBuf::from(path.file_name().unwrap());
    match error {
        ConfigError::Key { key, origin: Origin::File { line, .. }, what } => {
            ConfigError::Key { key, origin: Origin::File { path: short(), line }, what }
        }
        ConfigError::UnknownKey { key, origin: Origin::File { line, .. }, suggestion } => {
            ConfigError::UnknownKey { key, origin: Origin::File { path: short(), line }, suggestion }
        }
        ConfigError::NotToml { line, what, .. } => ConfigError::NotToml { path: short(), line, what },
        other => other,
    }
}

#[track_caller]
fn refused(file: &str, environment: &[(&str, &str)], expected: Expect) {
    expected.assert_eq(&loaded(file, environment).unwrap_err().to_string());
}

#[test]
fn an_unknown_section_is_refused_with_its_line_and_the_nearest_name() {
    refused(
        "# ours\n\n[htpp]\nlisten = 1\n",
        &[],
        expect!["unknown key `htpp` in radslag.toml:3; did you mean `http`?"],
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_nearest_name() {
    refused(
        "[http]\nlisten = \"127.0.0.1:1\"\ntimeuot_ms = 5\n",
        &[],
        expect!["unknown key `http.timeuot_ms` in radslag.toml:3; did you mean `timeout_ms`?"],
    );
}

#[test]
fn an_unknown_key_far_from_all_is_refused_with_what_is_known() {
    refused(
        "[bus]\npassword_of_the_king = \"s3cret\"\n",
        &[],
        expect![
            "unknown key `bus.password_of_the_king` in radslag.toml:2; known here: `nats_url`, `nats_credentials_file`, `nats_tls`, `nats_accounts`"
        ],
    );
}

#[test]
fn an_unknown_key_of_a_tenant_is_refused_with_its_line() {
    refused(
        "[[tenants]]\nid = \"a\"\nname = \"A\"\n[[tenants]]\nid = \"b\"\nnaem = \"B\"\n",
        &[],
        expect!["unknown key `tenants.1.naem` in radslag.toml:6; did you mean `name`?"],
    );
}

#[test]
fn a_missing_key_of_a_tenant_is_named() {
    refused("[[tenants]]\nid = \"a\"\n", &[], expect!["`tenants.0` in radslag.toml:1: `name` is missing"]);
}

#[test]
fn a_value_of_another_type_says_what_was_expected_and_not_what_was_found() {
    refused(
        "[http]\ntimeout_ms = \"s3cret\"\n",
        &[],
        expect!["`http.timeout_ms` in radslag.toml:2: expected a whole number from 0, found string"],
    );
    refused(
        "[http]\nlisten = \"s3cret\"\n",
        &[],
        expect!["`http.listen` in radslag.toml:2: invalid socket address syntax"],
    );
    refused(
        "[telemetry]\nformat = \"xml\"\n",
        &[],
        expect!["`telemetry.format` in radslag.toml:2: expected one of `text`, `json`"],
    );
    refused("http = 7\n", &[], expect!["`http` in radslag.toml:1: expected a set of keys, found integer"]);
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    refused(
        "[http]\nlisten = \n",
        &[],
        expect!["radslag.toml:2 isn't TOML: string values must be quoted, expected literal string"],
    );
}

#[test]
fn an_unknown_variable_is_refused_with_the_nearest_name() {
    refused(
        "",
        &[("RADSLAG_HTTP__LISTNE", "x")],
        expect!["unknown key `http.listne` in RADSLAG_HTTP__LISTNE; did you mean `listen`?"],
    );
    refused(
        "",
        &[("RADSLAG_HTPP__LISTEN", "x")],
        expect!["unknown key `htpp` in default; did you mean `http`?"],
    );
}

#[test]
fn a_variable_of_another_type_is_refused_by_its_name() {
    refused(
        "[http]\ntimeout_ms = 5\n",
        &[("RADSLAG_HTTP__TIMEOUT_MS", "soon")],
        expect![
            "`http.timeout_ms` in RADSLAG_HTTP__TIMEOUT_MS: expected a whole number from 0, found string"
        ],
    );
}

#[test]
fn values_that_make_no_sense_are_refused() {
    refused(
        "[http]\npublic_url = \"https://dialog.malmo.se/\"\n",
        &[],
        expect![
            "`http.public_url` in radslag.toml:2: expected a URL that begins with http:// or https:// and doesn't end with a slash"
        ],
    );
    refused(
        "[http]\nmax_connections = 0\n",
        &[],
        expect!["`http.max_connections` in radslag.toml:2: expected more than 0"],
    );
    refused(
        "[bus]\nnats_url = \"nats://user:s3cret@host\"\n",
        &[],
        expect![
            "`bus.nats_url` in radslag.toml:2: a URL here has no user or password; name a credentials file in `bus.nats_credentials_file`"
        ],
    );
    let twice = "tenants = [{id = \"a\", name = \"A\"}, {id = \"a\", name = \"B\"}]\n";
    refused(twice, &[], expect!["`tenants.1.id` in radslag.toml:1: `a` is there twice"]);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "[http]\nlisten = \"127.0.0.1:1\"\ntimeout_ms = 7\n[auth]\nissuer = \"file\"\n";
    let loaded =
        loaded(file, &[("RADSLAG_HTTP__LISTEN", "[::1]:2"), ("RADSLAG_AUTH__AUDIENCE", "17")]).unwrap();
    assert_eq!(loaded.config.http.listen.to_string(), "[::1]:2");
    assert_eq!(loaded.origin("http.listen"), Origin::Environment("RADSLAG_HTTP__LISTEN".into()));
    assert_eq!(loaded.config.http.timeout_ms, 7);
    assert!(matches!(loaded.origin("http.timeout_ms"), Origin::File { line: 3, .. }));
    assert_eq!(loaded.config.auth.audience, "17");
    assert_eq!(loaded.origin("http.drain_ms"), Origin::Default);
}

#[test]
fn variables_that_are_not_ours_are_left_alone() {
    let others = [("RADSLAG_PORT", "tcp://10.0.0.1:80"), ("RADSLAG_CONFIG", "x"), ("PATH", "/bin")];
    assert!(loaded("", &others).is_ok());
}

#[test]
fn a_missing_file_is_named() {
    let error = load(Some("/nowhere/radslag.toml".as_ref()), []).unwrap_err();
    assert_eq!(error.to_string(), "the configuration /nowhere/radslag.toml can't be read");
}

fn printed() -> String {
    let tenant = r#"[{id = "malmo", name = "Malmö stad", policy = "malmo", as_of = 2008-10-24}]"#;
    let environment =
        [("RADSLAG_TENANTS", tenant), ("RADSLAG_READMODEL__POSTGRES_URL_FILE", "/run/secrets/postgres")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    load(None, environment).unwrap().print()
}

#[test]
fn the_whole_configuration_prints_with_where_each_value_came_from() {
    expect_file!["config_printed.txt"].assert_eq(&printed());
}
