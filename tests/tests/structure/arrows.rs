//! Who may depend on whom: `kernel <- proto <- vault <- eventlog <- bus, readmodel <- runtime <- services <- radslag`.

use std::fs;

use radslag_kit::workspace;
use toml::Table;

use crate::finding::{Finding, none};

/// A crate of the workspace.
struct Crate {
    folder: String,
    manifest: String,
}

/// Lower layers first; a crate depends on lower layers only, so never on one of its own.
const LAYERS: &[&[&str]] = &[
    &["infra/kernel", "infra/evidence", "infra/draw", "infra/tally"],
    &["proto"],
    &["infra/vault"],
    &["infra/eventlog"],
    &["infra/bus", "infra/readmodel"],
    &["infra/runtime"],
    &["services/*"],
    &["services/radslag"],
    &["tests", "tests/bench", "tests/decoders", "tests/up"],
];
/// What stands on nothing of ours. The kit is for tests only.
const APART: &[&str] = &["tests/kit", "infra/xtask"];
const KIT: &str = "tests/kit";
/// They know nothing of ours, and nothing below the services needs them.
const COUNTING: &[&str] = &["infra/draw", "infra/tally"];

fn layer(folder: &str) -> Option<usize> {
    let exact = LAYERS.iter().position(|layer| layer.contains(&folder));
    exact.or_else(|| {
        LAYERS.iter().position(|layer| folder.starts_with("services/") && layer.contains(&"services/*"))
    })
}

fn crates() -> Vec<Crate> {
    let read = |path: &str| fs::read_to_string(workspace().join(path)).unwrap();
    let root: Table = read("Cargo.toml").parse().unwrap();
    let members = root["workspace"]["members"].as_array().unwrap();
    let folders = members.iter().map(|member| member.as_str().unwrap().to_owned());
    folders.map(|folder| Crate { manifest: read(&format!("{folder}/Cargo.toml")), folder }).collect()
}

fn check(crates: &[Crate]) -> Vec<Finding> {
    let parsed: Vec<(&Crate, Table)> =
        crates.iter().map(|one| (one, one.manifest.parse().unwrap())).collect();
    let name = |table: &Table| table["package"]["name"].as_str().unwrap().to_owned();
    let folders: Vec<(String, &str)> =
        parsed.iter().map(|(one, table)| (name(table), one.folder.as_str())).collect();
    let folder_of = |name: &str| folders.iter().find(|(known, _)| known == name).map(|(_, folder)| *folder);
    let mut findings = Vec::new();
    for (one, table) in &parsed {
        if table.get("lints").and_then(|lints| lints.get("workspace")).is_none() {
            findings.push(one.finding("[package]", "add `[lints] workspace = true`"));
        }
        for (name, for_tests) in dependencies(table) {
            let refused = match folder_of(&name) {
                Some(other) => arrow(&one.folder, other, for_tests),
                None if name == "sled" && one.folder != "infra/eventlog" => {
                    Some("only eventlog knows sled: ask the log".to_owned())
                }
                None => None,
            };
            findings.extend(refused.map(|advice| one.finding(&name, &advice)));
        }
    }
    findings
}

/// What is wrong with an arrow, if anything.
fn arrow(from: &str, to: &str, for_tests: bool) -> Option<String> {
    let test_crate = from.starts_with("tests");
    if to == KIT {
        let wrong = !for_tests && !test_crate || APART.contains(&from);
        return wrong.then(|| "the kit is for tests: a dev-dependency".to_owned());
    }
    if APART.contains(&from) {
        return Some(format!("{from} stands on nothing of ours"));
    }
    if COUNTING.contains(&to) && !test_crate && !from.starts_with("services/") {
        return Some("only services count: hand over what was counted".to_owned());
    }
    match (layer(from), layer(to)) {
        (Some(upper), Some(lower)) if lower < upper => None,
        (Some(_), Some(_)) => Some(format!(
            "{from} may not know {to}: the arrows are kernel <- proto <- vault <- eventlog <- bus, readmodel <- runtime <- \
             services <- radslag; services meet in proto and on the bus"
        )),
        _ => Some("give the crate its place in LAYERS of this test and in ARCHITECTURE.md".to_owned()),
    }
}

/// Names, and whether for tests only; also under `[target.*]`.
fn dependencies(manifest: &Table) -> Vec<(String, bool)> {
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let tables = targets.into_iter().flat_map(Table::values).filter_map(|target| target.as_table());
    let mut found = Vec::new();
    for table in tables.chain([manifest]) {
        for (kind, for_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            for (key, value) in table.get(kind).and_then(|kind| kind.as_table()).into_iter().flatten() {
                let renamed = value.get("package").and_then(|package| package.as_str());
                found.push((renamed.unwrap_or(key).to_owned(), for_tests));
            }
        }
    }
    found
}

impl Crate {
    fn finding(&self, word: &str, advice: &str) -> Finding {
        let line = self.manifest.lines().position(|line| line.starts_with(word)).map_or(1, |index| index + 1);
        Finding { path: format!("{}/Cargo.toml", self.folder), line, advice: advice.to_owned() }
    }
}

#[test]
fn every_arrow_points_down() {
    none(&check(&crates()));
}

#[test]
fn a_wrong_arrow_is_found() {
    let made = |folder: &str, name: &str, rest: &str| Crate {
        folder: folder.into(),
        manifest: format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}"),
    };
    let found = |from: &str, rest: &str| {
        let all = [
            made("services/polls", "radslag-polls", ""),
            made("infra/kernel", "radslag-kernel", ""),
            made("infra/runtime", "radslag-runtime", ""),
            made("infra/draw", "radslag-draw", ""),
            made("infra/tally", "radslag-tally", ""),
            made("tests/kit", "radslag-kit", ""),
            made(from, "radslag-made", rest),
        ];
        check(&all).into_iter().map(|finding| finding.line).collect::<Vec<_>>()
    };
    let uses = |kind: &str, name: &str| format!("[{kind}]\n{name}.workspace = true\n");
    assert_eq!(found("services/petitions", &uses("dependencies", "radslag-polls")), [6]);
    assert_eq!(found("services/petitions", &uses("dependencies", "radslag-runtime")), []);
    assert_eq!(found("infra/vault", &uses("dependencies", "radslag-runtime")), [6]);
    assert_eq!(found("infra/vault", &uses("target.'cfg(unix)'.dependencies", "radslag-runtime")), [6]);
    assert_eq!(found("infra/vault", &uses("dependencies", "radslag-kit")), [6]);
    assert_eq!(found("infra/vault", &uses("dev-dependencies", "radslag-kit")), []);
    assert_eq!(found("infra/vault", &uses("dependencies", "sled")), [6]);
    assert_eq!(found("infra/eventlog", &uses("dependencies", "sled")), []);
    assert_eq!(found("services/polls2", &uses("dependencies", "radslag-tally")), []);
    assert_eq!(found("infra/bus", &uses("dependencies", "radslag-tally")), [6]);
    assert_eq!(found("infra/runtime", &uses("dependencies", "radslag-draw")), [6]);
    assert_eq!(found("infra/tally", &uses("dependencies", "radslag-kernel")), [6]);
    assert_eq!(found("infra/new", &uses("dependencies", "radslag-kernel")), [6]);
    assert_eq!(found("infra/xtask", &uses("dependencies", "radslag-kernel")), [6]);
    let unlinted = Crate { folder: "proto".into(), manifest: "[package]\nname = \"radslag-proto\"".into() };
    assert_eq!(check(&[unlinted]).len(), 1);
}
