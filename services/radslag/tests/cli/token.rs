//! `radslag token`: what it prints is what the server believes.

use radslag_kernel::Role;
use radslag_runtime::{auth::Assurance, config::Auth};

use crate::home::Home;

#[test]
fn a_token_is_believed_by_the_servers_verification() {
    let home = Home::new();
    let words = "token malmo --role moderator --role auditor --subject anna --name Anna --level high";
    let ran = home.run(words);
    assert!(ran.err.contains("development key"), "{}", ran.err);
    let token = ran.ok();
    let verifier = radslag_runtime::Verifier::open(&Auth::default(), &home.data().join("secrets")).unwrap();
    let principal = verifier.verify(token.trim(), "malmo").unwrap();
    assert_eq!((principal.subject.as_str(), principal.name.as_deref()), ("anna", Some("Anna")));
    assert_eq!(principal.roles, [Role::Moderator, Role::Auditor]);
    assert_eq!(principal.assurance, Some(Assurance::High));
    assert!(verifier.verify(token.trim(), "tomelilla").is_err());
    let json = home.run(&format!("{words} --json")).json();
    assert!(json["token"].is_string() && json["expires_at"].is_string());
}

#[test]
fn what_no_token_may_say_is_refused() {
    let home = Home::new();
    home.run("token malmo --role emperor --subject x").refused(2, &["emperor", "moderator"]);
    home.run("token malmo --role system --subject x").refused(2, &["system"]);
    home.run("token malmo --subject x").refused(2, &["--role"]);
    home.run("token malmo --role citizen --subject x --level loa9").refused(2, &["substantial"]);
    home.run("token malmo --role citizen --subject x --hours 0").refused(2, &["--hours"]);
    home.run("token lund --role citizen --subject x").refused(2, &["`lund`"]);
}

#[test]
fn where_a_real_issuer_is_configured_the_token_is_said_not_to_be_believed() {
    let home = Home::new();
    home.configure("auth.jwks_file = \"jwks.json\"\n[[tenants]]\nid = \"malmo\"\nname = \"Malmö\"\n");
    let ran = home.run("token malmo --role citizen --subject x");
    assert!(ran.err.contains("doesn't believe the local key"), "{}", ran.err);
}
