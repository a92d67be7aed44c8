//! One process, as the page says: installed, backed up while people sign, lost and restored, upgraded, its keys rotated, its
//! tenant moved to another machine.

use std::fs;

use radslag_kit::until;
use serde_json::Value;

use crate::{containers, machine::Machine};

/// Those of the page that are run here.
pub(crate) const BLOCKS: &[&str] = &[
    "install",
    "start",
    "names",
    "backup",
    "try-backup",
    "restore",
    "accept",
    "upgrade",
    "rotate-kek",
    "rotate-signing",
    "retire-signing",
    "move-from",
    "move-to",
];
const AT: &str = "127.0.0.1:8080";
const CONFIG: &str = "/etc/radslag/radslag.toml";

/// Installed and started, with the tenant's policy one by which anybody may begin.
fn machine() -> Machine {
    let machine = Machine::new();
    machine.run("", &["install"], "");
    machine.edit(CONFIG, |text| text.replace("policy = \"malmo\"", "policy = \"open\""));
    machine.run("", &["start"], "ready");
    machine
}

fn token(machine: &Machine, role: &str, subject: &str) -> String {
    let line = format!("radslag token malmo --role {role} --subject {subject} --name {subject}");
    machine.run("", &[], &line).trim().to_owned()
}

fn open(machine: &Machine) -> String {
    let body = r#"{"texts":{"title":"Mer träd","body":"Plantera fler.","url_key":"mer-trad","length":{"days":30}},
        "initiator":{"mailbox":"ada@example.org","postcode":"211 44"}}"#;
    let ada = token(machine, "citizen", "ada");
    let (status, made) = machine.ask(AT, ("POST", "/api/v1/malmo/petitions"), &ada, body);
    assert_eq!(status, 201, "{made}");
    let id = serde_json::from_str::<Value>(&made).unwrap()["id"].as_str().unwrap().to_owned();
    let (path, mona) = (format!("/api/v1/malmo/petitions/{id}/approve"), token(machine, "moderator", "mona"));
    let (status, answer) = machine.ask(AT, ("POST", &path), &mona, r#"{"ground":"fine"}"#);
    assert_eq!(status, 200, "{answer}");
    id
}

fn sign(machine: &Machine, id: &str, subject: &str) {
    let (path, token) =
        (format!("/api/v1/malmo/petitions/{id}/signatures"), token(machine, "citizen", subject));
    let (status, answer) = machine.ask(AT, ("POST", &path), &token, r#"{"postcode":"21144"}"#);
    assert_eq!(status, 201, "{answer}");
}

fn count(machine: &Machine, id: &str, count: u64) {
    let path = format!("/api/v1/malmo/petitions/{id}/count");
    let mut last = String::new();
    let reached = until("the count", || {
        last = machine.ask(AT, ("GET", &path), "", "").1;
        let answer: Value = serde_json::from_str(&last).unwrap_or_default();
        Ok((answer["count"] == count).then_some(()))
    });
    assert!(reached.is_ok(), "{last}");
}

#[test]
fn the_page_backs_up_restores_upgrades_and_rotates() {
    let machine = machine();
    let id = open(&machine);
    sign(&machine, &id, "bo");
    count(&machine, &id, 2);
    assert!(containers::is_healthy(&machine.address(AT)));
    let told = machine.run("", &["backup", "try-backup"], "echo \"DAY=$DAY\"");
    let day = told.lines().find(|line| line.starts_with("DAY=")).unwrap();
    assert!(told.contains("malmo petitions:") && told.contains("malmo notifications:"), "{told}");
    sign(&machine, &id, "cia");
    count(&machine, &id, 3);

    // The disk is gone, and with it what came after the backup.
    machine.run(day, &["restore", "accept"], "");
    count(&machine, &id, 2);
    sign(&machine, &id, "david");
    count(&machine, &id, 3);
    let events = machine.run(day, &[], "radslag log read malmo petitions --type 'log.*' --json");
    assert!(events.contains("log.loss_accepted"), "{events}");

    machine.run(day, &["upgrade"], "");
    count(&machine, &id, 3);

    let secrets = machine.at("/var/lib/radslag-secrets/malmo");
    let (old, new) = (secrets.join("kek-1.key"), secrets.join("kek-2.key"));
    assert!(old.exists() && !new.exists());
    machine.run(day, &["rotate-kek"], "");
    assert!(!old.exists() && new.exists());
    count(&machine, &id, 3);
    // What was said of backups from before: with the keys of now they stay closed.
    let closed = machine.run(
        day,
        &[],
        "export RADSLAG_DATA__GROUND=\"$BACKUP/$DAY\"; if radslag log verify malmo petitions --sealed >&2; then exit 1; fi",
    );
    assert_eq!(closed, "");

    let keys = || machine.ask(AT, ("GET", "/malmo/log/petitions/keys"), "", "").1.lines().count();
    let before = keys();
    machine.run(day, &["rotate-signing"], "");
    assert_eq!(keys(), before + 1);
    sign(&machine, &id, "eva");
    count(&machine, &id, 4);
    let asked = ("POST", "/api/v1/malmo/notifications/subscriptions");
    assert_eq!(machine.ask(AT, asked, "", r#"{"mailbox":"eva@example.org"}"#).0, 202);
    until("both keys to have signed each log", || {
        let signed = |log: &str| {
            let checkpoint = machine.ask(AT, ("GET", &format!("/malmo/log/{log}/checkpoint")), "", "").1;
            checkpoint.lines().filter(|line| line.starts_with('\u{2014}')).count() == 2
        };
        Ok((signed("petitions") && signed("notifications")).then_some(()))
    })
    .unwrap();
    machine.run(day, &["retire-signing"], "");
    count(&machine, &id, 4);
    let said = machine.said();
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn the_page_moves_a_tenant_to_another_machine() {
    let (old, new) = (machine(), machine());
    let id = open(&old);
    sign(&old, &id, "bo");
    count(&old, &id, 2);
    old.run("", &["move-from"], "");
    let tenants = |text: String| text.split("[[tenants]]").next().unwrap().to_owned();
    // The tenant's folders on the new machine are those of nobody yet. Ready before it is stopped again: until then it may not
    // hear what it is told.
    new.run("", &[], "systemctl stop \"$UNIT\"; rm -rf \"$GROUND/malmo\" \"$SECRETS/malmo\" \"$DERIVED\"/*; systemctl start \"$UNIT\"; ready");
    let archive =
        |machine: &Machine, name: &str| machine.at("/srv/").parent().unwrap().join("work").join(name);
    for name in ["malmo-ground.tar", "malmo-secrets.tar"] {
        fs::copy(archive(&old, name), archive(&new, name)).unwrap();
    }
    new.run("", &["move-to"], "");
    count(&new, &id, 2);
    sign(&new, &id, "cia");
    count(&new, &id, 3);
    let token = token(&old, "citizen", "bo");
    old.edit(CONFIG, tenants);
    old.run("", &[], "systemctl start \"$UNIT\"; ready");
    let (status, answer) = old.ask(AT, ("GET", "/api/v1/malmo/petitions"), &token, "");
    assert_eq!(status, 404, "{answer}");
}
