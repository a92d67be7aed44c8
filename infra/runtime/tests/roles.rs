//! The table of roles: every cell, and what makes a table unusable.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::fmt::Write as _;

use expect_test::{expect, expect_file};
use radslag_kernel::Role;
use radslag_runtime::Principal;
use radslag_runtime::auth::Means;
use radslag_runtime::roles::{NotPermitted, Roles, RolesError};

fn shipped_text() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/roles.toml")).unwrap()
}

fn official_of(roles: &[Role]) -> Principal {
    Principal {
        tenant: "malmo".into(),
        subject: "official-1".into(),
        roles: roles.to_vec(),
        name: None,
        assurance: None,
        means: Means::Issuer,
    }
}

/// Each role above its column.
fn head() -> String {
    let mut head = String::new();
    for (index, role) in Role::ALL.iter().enumerate() {
        let _ = writeln!(head, "{}{}", " ".repeat(index), role.word());
    }
    head
}

/// A row a command, a column a role: `x` may, `.` may not.
#[test]
fn every_cell_of_the_table_is_as_written_in_roles_cells() {
    let roles = Roles::shipped().unwrap();
    let file: toml::Table = shipped_text().parse().unwrap();
    let mut cells = String::new();
    let services = file.iter().filter(|(name, _)| *name != "role");
    let commands = services.flat_map(|(service, listed)| {
        listed.as_table().unwrap().keys().map(move |command| (service.as_str(), command.as_str()))
    });
    // Petitions, the first service, are what isn't said.
    let mut commands: Vec<(&str, &str)> = commands.collect();
    commands.sort_by_key(|(service, command)| (*service != "petitions", *service, *command));
    for (service, command) in commands {
        let name = format!("{service}.{command}");
        let command = if service == "petitions" { command } else { &name };
        for role in Role::ALL {
            cells.push(if roles.allows(*role, &name) { 'x' } else { '.' });
        }
        let _ =
            writeln!(cells, " {command}{}", if roles.needs_four_eyes(&name) { " (four eyes)" } else { "" });
    }
    expect_file!["roles_cells.txt"].assert_eq(&(head() + &cells));
}

#[test]
fn what_is_not_listed_is_refused() {
    let roles = Roles::shipped().unwrap();
    for role in Role::ALL {
        for command in ["", "sign", "petitions.", "petitions.launch-rockets", "panels.sign"] {
            assert!(!roles.allows(*role, command), "{role:?} {command}");
        }
    }
    assert_eq!(roles.permit(&official_of(&[]), "petitions.sign"), Err(NotPermitted));
}

#[test]
fn somebody_acts_in_the_first_role_that_may() {
    let roles = Roles::shipped().unwrap();
    let both = official_of(&[Role::Moderator, Role::Official]);
    assert_eq!(roles.permit(&both, "petitions.invalidate"), Ok(Role::Official));
    assert_eq!(roles.permit(&both, "petitions.suspect"), Ok(Role::Moderator));
    assert_eq!(roles.permit(&both, "petitions.erase"), Err(NotPermitted));
}

#[test]
fn an_unknown_role_in_the_file_is_refused() {
    let text = shipped_text().replace("[role.moderator]", "[role.moderater]");
    expect!["roles.toml: no role is called `moderater`; did you mean `moderator`?"]
        .assert_eq(&Roles::parse(&text).unwrap_err().to_string());
}

#[test]
fn an_unknown_command_in_the_file_is_refused() {
    let text = shipped_text().replace(r#"["return", "reject", "suspect"]"#, r#"["retrun"]"#);
    expect!["roles.toml: no command is called `petitions.retrun`; did you mean `petitions.return`?"]
        .assert_eq(&Roles::parse(&text).unwrap_err().to_string());
}

#[test]
fn a_role_left_out_or_a_command_listed_twice_is_refused() {
    let (without, _) =
        shipped_text().split_once("[role.integration]").map(|(a, b)| (a.to_owned(), b.len())).unwrap();
    assert_eq!(Roles::parse(&without), Err(RolesError::Forgotten("integration")));
    let text = shipped_text().replace(r#"["return", "reject", "suspect"]"#, r#"["return", "return"]"#);
    assert_eq!(
        Roles::parse(&text),
        Err(RolesError::Twice { role: "system", command: "petitions.return".into() })
    );
}

#[test]
fn a_command_a_service_asks_about_must_be_in_the_file() {
    let roles = Roles::shipped().unwrap();
    assert_eq!(roles.must_know(&["petitions.sign", "petitions.erase"]), Ok(()));
    expect!["roles.toml: no command is called `petitions.sing`; did you mean `petitions.sign`?"]
        .assert_eq(&roles.must_know(&["petitions.sing"]).unwrap_err().to_string());
}

#[test]
fn the_docs_hold_the_table() {
    expect_file!["../docs/roles.md"].assert_eq(&Roles::shipped().unwrap().to_markdown());
}
