//! Services apart, as the page says: started before anything they need, certificates and accounts made, both rotated.

use std::{fs, path::Path};

use radslag_kit::{Postgres, until};
use serde_json::Value;

use crate::machine::Machine;

/// Those of the page that are run here.
pub(crate) const BLOCKS: &[&str] =
    &["install-apart", "authority", "certificates", "start-apart", "accounts", "rotate-nats"];
const PETITIONS: &str = "127.0.0.1:8081";
const NOTIFICATIONS: &str = "127.0.0.1:8082";

/// As the page says it of petitions.
fn names() -> String {
    format!(
        "UNIT=radslag@petitions OWNER=radslag-petitions CONFIG=/etc/radslag/petitions.toml\n\
         GROUND=/var/lib/radslag/petitions/ground DERIVED=/var/cache/radslag/petitions\n\
         SECRETS=/var/lib/radslag-secrets/petitions URL=http://{PETITIONS}"
    )
}

/// Waits until both are ready.
fn both_ready() -> String {
    format!("for URL in http://{PETITIONS} http://{NOTIFICATIONS}; do ready; done")
}

fn with_database(machine: &Machine, postgres: &Postgres) {
    let url = postgres.database("radslag").unwrap();
    for service in ["petitions", "notifications"] {
        let file = machine.at(&format!("/etc/radslag/{service}/postgres-url"));
        fs::write(&file, &url).unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        machine.edit(&format!("/etc/radslag/{service}.toml"), |text| {
            text.replace("policy = \"malmo\"", "policy = \"open\"") + "\n"
        });
    }
}

fn open(machine: &Machine) -> String {
    let token = |role: &str| {
        let line = format!("radslag token malmo --role {role} --subject {role} --name {role}");
        machine.run(&names(), &[], &line).trim().to_owned()
    };
    let body = r#"{"texts":{"title":"Mer träd","body":"Plantera fler.","url_key":"mer-trad","length":{"days":30}},
        "initiator":{"mailbox":"ada@example.org","postcode":"211 44"}}"#;
    let asked = ("POST", "/api/v1/malmo/petitions");
    let (status, made) = machine.ask(PETITIONS, asked, &token("citizen"), body);
    assert_eq!(status, 201, "{made}");
    let id = serde_json::from_str::<Value>(&made).unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/malmo/petitions/{id}/approve");
    let approved = machine.ask(PETITIONS, ("POST", &path), &token("moderator"), r#"{"ground":"fine"}"#);
    assert_eq!(approved.0, 200, "{}", approved.1);
    let path = format!("/api/v1/malmo/petitions/{id}/count");
    until("the petition to be shown", || {
        Ok((machine.ask(PETITIONS, ("GET", &path), "", "").0 == 200).then_some(()))
    })
    .unwrap();
    id
}

/// Signs by mailbox, and waits for the letter that notifications write.
fn is_written_to(machine: &Machine, id: &str, mailbox: &str) {
    let body = format!(r#"{{"name":"Eva Exempel","mailbox":"{mailbox}","postcode":"211 45"}}"#);
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let (status, answer) = machine.ask(PETITIONS, ("POST", &path), "", &body);
    assert_eq!(status, 202, "{answer}");
    let folder = machine.at("/var/lib/radslag/notifications/mail/malmo");
    let written = until("the letter", || Ok(holds(&folder, mailbox).then_some(())));
    assert!(written.is_ok(), "{}", machine.said());
}

fn holds(folder: &Path, mailbox: &str) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut texts = entries.flatten().map(|entry| fs::read_to_string(entry.path()).unwrap_or_default());
    texts.any(|text| text.contains(mailbox))
}

#[test]
fn the_page_starts_services_apart_and_rotates_certificates_and_accounts() {
    let machine = Machine::new();
    let postgres = Postgres::start().unwrap();
    machine.run(&names(), &["install-apart", "authority", "certificates"], "");
    with_database(&machine, &postgres);
    machine.run(&names(), &["start-apart"], "");
    let waiting = until("petitions to say what they wait for", || {
        let (status, said) = machine.ask(PETITIONS, ("GET", "/readyz"), "", "");
        Ok((status == 503 && said.contains("NATS")).then_some(()))
    });
    assert!(waiting.is_ok(), "{}", machine.said());
    machine.run(&names(), &["accounts"], &both_ready());
    let id = open(&machine);
    is_written_to(&machine, &id, "eva@example.org");

    // New certificates of the same authority.
    let restart = format!("systemctl restart radslag@petitions radslag@notifications\n{}", both_ready());
    machine.run(&names(), &["certificates"], &restart);
    is_written_to(&machine, &id, "bo@example.org");

    let accounts = machine.at("/etc/radslag/nats/accounts.conf");
    let before = fs::read_to_string(&accounts).unwrap();
    machine.run(&names(), &["rotate-nats", "accounts"], &both_ready());
    let after = fs::read_to_string(&accounts).unwrap();
    let keys =
        |text: &str| text.lines().filter(|line| line.contains("nkey")).map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (keys(&before), keys(&after));
    assert_eq!((before.len(), after.len()), (2, 2), "of petitions and of notifications");
    assert!(before[0] != after[0] && before[1] == after[1], "only petitions' is another");
    is_written_to(&machine, &id, "cia@example.org");
}
