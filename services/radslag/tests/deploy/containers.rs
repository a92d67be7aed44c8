//! The image's question whether it is well, and the compose file: what it names is there, what it sets is known, and every
//! container is confined.

use std::{collections::BTreeSet, fs, process::Command};

use radslag_kit::{python_packages, workspace};
use serde_json::{Map, Value};

/// What the compose specification calls a service's keys, as far as ours need them.
const KEYS: [&str; 24] = [
    "build",
    "cap_add",
    "cap_drop",
    "command",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "logging",
    "mem_limit",
    "network_mode",
    "networks",
    "pids_limit",
    "ports",
    "profiles",
    "read_only",
    "restart",
    "secrets",
    "security_opt",
    "shm_size",
    "stop_grace_period",
    "tmpfs",
    "ulimits",
    "volumes",
];

fn deploy(name: &str) -> std::path::PathBuf {
    workspace().join("infra/deploy").join(name)
}

/// Whether the image's own question is answered well, asked of an address.
pub(crate) fn is_healthy(address: &str) -> bool {
    let file = fs::read_to_string(deploy("Containerfile")).unwrap();
    let asked = file.lines().find_map(|line| line.strip_prefix("HEALTHCHECK ")).unwrap();
    let words: Vec<String> = serde_json::from_str(asked.split_once("CMD ").unwrap().1).unwrap();
    let port = address.rsplit(':').next().unwrap();
    let words: Vec<String> = words
        .iter()
        .map(|word| word.replace("/dev/tcp/127.0.0.1/8080", &format!("/dev/tcp/127.0.0.1/{port}")))
        .collect();
    assert!(words.iter().any(|word| word.contains(port)), "{words:?}");
    Command::new(&words[0]).args(&words[1..]).stderr(std::process::Stdio::null()).status().unwrap().success()
}

#[test]
fn a_container_that_doesnt_answer_isnt_well() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    assert!(!is_healthy(&address));
}

fn compose() -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy/compose.py");
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", python_packages().unwrap()).arg(script).arg(deploy("compose.yaml"));
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn services(compose: &Value) -> &Map<String, Value> {
    compose["services"].as_object().unwrap()
}

fn names(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Object(map) => map.keys().map(String::as_str).collect(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn the_compose_file_names_only_what_is_there() {
    let compose = compose();
    let top: Vec<&str> = names(&compose).into_iter().filter(|name| !name.starts_with("x-")).collect();
    assert_eq!(top, ["name", "networks", "secrets", "services", "volumes"]);
    for (name, service) in services(&compose) {
        let unknown: Vec<_> = names(service).into_iter().filter(|key| !KEYS.contains(key)).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
        for (key, known) in [("secrets", "secrets"), ("networks", "networks"), ("depends_on", "services")] {
            let (used, known) = (names(&service[key]), names(&compose[known]));
            assert!(used.is_subset(&known), "{name}: {key} {used:?}");
        }
        for mount in names(&service["volumes"]) {
            let from = mount.split(':').next().unwrap();
            let is_there = match from.strip_prefix("./") {
                Some(file) => deploy(file).is_file(),
                None => names(&compose["volumes"]).contains(from),
            };
            assert!(is_there, "{name}: {mount}");
        }
    }
    let built = &services(&compose)["radslag"]["build"];
    let context = deploy(built["context"].as_str().unwrap()).canonicalize().unwrap();
    assert_eq!(context, workspace().canonicalize().unwrap());
    assert!(context.join(built["dockerfile"].as_str().unwrap()).is_file());
}

#[test]
fn every_container_is_confined_and_none_is_open_to_the_world() {
    for (name, service) in services(&compose()) {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], serde_json::json!(["ALL"]), "{name}");
        assert_eq!(service["security_opt"], serde_json::json!(["no-new-privileges:true"]), "{name}");
        assert!(service["mem_limit"].is_string() && service["pids_limit"].is_number(), "{name}");
        assert!(names(&service["ports"]).iter().all(|port| port.starts_with("127.0.0.1:")), "{name}");
        let alone = service.get("networks").is_none() && service.get("ports").is_none();
        assert!(!alone || service["network_mode"] == "none", "{name} is in a network by default");
    }
}

/// A service's configuration with what the compose file lays over it, as the binary understands it.
#[test]
fn what_the_compose_file_lays_over_a_configuration_is_known() {
    let mut checked = 0;
    for (name, service) in services(&compose()).iter().filter(|(_, service)| service["image"] == "radslag") {
        let mounted =
            names(&service["volumes"]).into_iter().find_map(|mount| mount.strip_prefix("./config/"));
        let file = mounted.and_then(|mount| mount.split(':').next()).unwrap();
        let mut radslag = Command::new(env!("CARGO_BIN_EXE_radslag"));
        radslag.arg("--config").arg(deploy("config").join(file)).args(["config", "print", "--json"]);
        radslag.env("RADSLAG_HTTP__LISTEN", "0.0.0.0:8080");
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            radslag.env(variable, value.as_str().unwrap());
        }
        let output = radslag.output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let config: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(config["http"]["listen"], "0.0.0.0:8080", "{name}");
        let words = names_in_order(&service["command"]);
        let mut help = Command::new(env!("CARGO_BIN_EXE_radslag"));
        assert!(help.args(words).arg("--help").output().unwrap().status.success(), "{name}");
        checked += 1;
    }
    assert_eq!(checked, 4);
}

fn names_in_order(command: &Value) -> Vec<&str> {
    command.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn compose_itself_takes_the_file() {
    let is_second = |program: &str, first: &[&str]| {
        let version = Command::new(program).args(first).arg("version").output();
        version.is_ok_and(|told| {
            let told = String::from_utf8_lossy(&told.stdout).into_owned();
            told.contains("Compose version") && !told.contains("version 1.")
        })
    };
    let (program, first): (&str, &[&str]) = match () {
        () if is_second("docker", &["compose"]) => ("docker", &["compose"]),
        () if is_second("docker-compose", &[]) => ("docker-compose", &[]),
        () => return eprintln!("not run: docker compose config: there is no Compose of version 2 here"),
    };
    let mut config = Command::new(program);
    config.args(first).arg("-f").arg(deploy("compose.yaml"));
    config.args(["--profile", "one", "--profile", "apart", "config", "-q"]);
    let output = config.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
