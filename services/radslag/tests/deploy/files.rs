//! Units and settings as the programs read them that they are for. What isn't here is said not to be run.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use radslag_kit::{Postgres, nats_server, workspace};

const UNITS: [&str; 3] = ["radslag.service", "radslag@.service", "radslag-nats.service"];
/// Tenths: what `systemd-analyze security` says of each, and a little room.
const EXPOSURE: &str = "15";

fn shipped(name: &str) -> String {
    fs::read_to_string(workspace().join("infra/deploy").join(name)).unwrap()
}

/// What a program says, unless it isn't here.
fn said(command: &mut Command, what: &str) -> Option<Output> {
    let output = command.output();
    if output.is_err() {
        eprintln!("not run: {what}: no {}", command.get_program().display());
    }
    output.ok()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The units with programs that are there, each service's own instance among them.
fn units(folder: &Path) -> Vec<std::path::PathBuf> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_radslag"), bin.join("radslag")).unwrap();
    std::os::unix::fs::symlink(nats_server().unwrap(), bin.join("nats-server")).unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text.replace("/usr/local/bin", bin.to_str().unwrap())).unwrap();
        path
    };
    let mut all: Vec<_> = UNITS.iter().map(|unit| put(unit, &shipped(&format!("systemd/{unit}")))).collect();
    all.retain(|path| !path.ends_with("radslag@.service"));
    for service in ["petitions", "notifications"] {
        all.push(put(&format!("radslag@{service}.service"), &shipped("systemd/radslag@.service")));
    }
    fs::create_dir_all(folder.join("radslag@notifications.service.d")).unwrap();
    let drop_in = "radslag@notifications.service.d/mail.conf";
    put(drop_in, &shipped(&format!("systemd/{drop_in}")));
    all
}

#[test]
fn systemd_takes_every_unit_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let units = units(folder.path());
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--recursive-errors=one"])
        .args(&units)
        .env("SYSTEMD_UNIT_PATH", format!("{}:", folder.path().display()));
    let Some(output) = said(&mut verify, "systemd-analyze verify") else { return };
    assert!(output.status.success() && text(&output).is_empty(), "{}", text(&output));
}

#[test]
fn every_unit_is_confined() {
    for unit in UNITS {
        let mut security = Command::new("systemd-analyze");
        security.args(["security", "--offline=true", "--no-pager", "--threshold", EXPOSURE]);
        security.arg(workspace().join("infra/deploy/systemd").join(unit));
        let Some(output) = said(&mut security, "systemd-analyze security") else { return };
        assert!(output.status.success(), "{unit}: {}", text(&output));
    }
}

#[test]
fn every_units_user_is_one_that_is_made() {
    let users = shipped("systemd/sysusers.conf");
    for user in ["radslag", "radslag-petitions", "radslag-notifications"] {
        assert!(users.lines().any(|line| line.split_whitespace().nth(1) == Some(user)), "{user}");
    }
    assert!(shipped("systemd/radslag.service").contains("\nUser=radslag\n"));
    assert!(shipped("systemd/radslag@.service").contains("\nUser=radslag-%i\n"));
    let mut sysusers = Command::new("systemd-sysusers");
    sysusers.arg("--dry-run").arg(workspace().join("infra/deploy/systemd/sysusers.conf"));
    let Some(output) = said(&mut sysusers, "systemd-sysusers") else { return };
    assert!(output.status.success() && !text(&output).contains("not a valid"), "{}", text(&output));
}

#[test]
fn postgres_takes_every_setting() {
    let settings = shipped("postgres/radslag.conf");
    let folder = tempfile::tempdir().unwrap();
    let postgres = Postgres::start_as_configured(&settings, folder.path()).unwrap();
    let wrong = "SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL";
    assert_eq!(postgres.sql(wrong).unwrap(), "");
    for line in settings.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let name = line.split(" = ").next().unwrap();
        let applied = format!("SELECT source FROM pg_settings WHERE lower(name) = '{name}'");
        let source = postgres.sql(&applied).unwrap().to_lowercase();
        assert_eq!(source, "configuration file", "{name}");
    }
}

#[test]
fn nginx_takes_its_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = rcgen::generate_simple_self_signed(["dialog.example.org".to_owned()]).unwrap();
    fs::write(at("fullchain.pem"), made.cert.pem()).unwrap();
    fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let place = folder.path().display().to_string();
    fs::write(at("site.conf"), shipped("nginx.conf").replace("/etc/radslag/tls", &place)).unwrap();
    let whole =
        format!("pid {place}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{ include {place}/site.conf; }}\n");
    fs::write(at("nginx.conf"), whole).unwrap();
    let mut nginx = Command::new("nginx");
    nginx.args(["-t", "-c"]).arg(at("nginx.conf"));
    let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap());
    let Some(output) = said(nginx.env("PATH", path), "nginx -t") else { return };
    assert!(output.status.success(), "{}", text(&output));
}
