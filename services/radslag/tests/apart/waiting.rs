//! `/readyz` says what a service waits for; nothing has to be started before anything else.

use radslag_kit::Postgres;

use crate::{
    home::Home,
    letters::{open, sign},
};

#[test]
fn a_service_waits_for_its_database_and_says_so() {
    let server = Postgres::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("postgres");
    std::fs::write(&file, server.database("apart").unwrap()).unwrap();
    server.kill().unwrap();
    let home = Home::with(&format!("readmodel.postgres_url_file = {file:?}"));
    let petitions = home.start("petitions");
    petitions.waits_for("database");
    assert_eq!(petitions.ask("GET", "/livez", None, "").0, 200);
    assert_eq!(petitions.ask("GET", "/api/v1/malmo/petitions", None, "").0, 503);
    server.restart().unwrap();
    petitions.is_ready();
    assert_eq!(petitions.ask("GET", "/api/v1/malmo/petitions", None, "").0, 200);
    assert_eq!(petitions.stop(), Some(0));
}

#[test]
fn a_service_waits_for_the_bus_when_it_starts_and_says_so_and_goes_on_without_it() {
    let home = Home::new();
    home.nats.kill().unwrap();
    let notifications = home.start("notifications");
    notifications.waits_for("NATS");
    home.nats.restart().unwrap();
    let petitions = home.start("petitions");
    petitions.is_ready();
    notifications.is_ready();
    // Once everything is there, one that goes holds up what needs it, and nobody's request.
    home.nats.kill().unwrap();
    let id = open(&home, &petitions);
    sign(&petitions, &id, "eva@example.org");
    assert_eq!(petitions.ask("GET", "/readyz", None, "").0, 200);
    home.nats.restart().unwrap();
    home.letter("eva@example.org", 1);
    assert_eq!((petitions.stop(), notifications.stop()), (Some(0), Some(0)));
}

#[test]
fn two_services_need_two_folders() {
    let home = Home::new();
    let _petitions = home.start("petitions");
    let said = home.refused_in_the_folder_of("notifications", "petitions");
    assert!(said.contains("is in use"), "{said}");
}
