//! `radslag draw`: prepared, drawn, checked; and what is refused.

use std::fs;

use crate::home::Home;

const QUOTAS: &str = "category,feature,min,max\nage,young,1,2\nage,old,1,2\n";

/// A draw of 3 of 8 that is prepared.
fn prepared() -> Home {
    let home = Home::new();
    let people: String =
        (0..8).map(|n| format!("P{n},{},a{}\n", if n < 3 { "young" } else { "old" }, n / 2)).collect();
    fs::write(home.folder.path().join("people.csv"), format!("id,age,home\n{people}")).unwrap();
    fs::write(home.folder.path().join("quotas.csv"), QUOTAS).unwrap();
    home
}

fn at(home: &Home, file: &str) -> String {
    home.folder.path().join(file).display().to_string()
}

fn prepare(home: &Home, seats: u32) -> crate::home::Ran {
    let [people, quotas, secret, to] =
        ["people.csv", "quotas.csv", "secret", "draw.json"].map(|file| at(home, file));
    home.run(&format!(
        "draw run {people} --quotas {quotas} --seats {seats} --household home --secret {secret} --to {to} --json"
    ))
}

fn reveal(home: &Home, public: &str) -> crate::home::Ran {
    let [draw, secret, people] = ["draw.json", "secret", "people.csv"].map(|file| at(home, file));
    home.run(&format!("draw reveal {draw} --secret {secret} --public {public} --people {people} --household home --id id --json"))
}

#[test]
fn a_draw_is_prepared_drawn_and_checked() {
    let home = prepared();
    let before = prepare(&home, 3).json();
    assert_eq!((&before["people"], &before["drawn"]), (&8.into(), &false.into()));
    let drawn = reveal(&home, "17-4-22").json();
    assert_eq!(drawn["people"].as_array().unwrap().len(), 3);
    let checked = home.run(&format!("draw verify {} --json", at(&home, "draw.json"))).json();
    assert_eq!((&checked["drawn"], &checked["announced"]), (&true.into(), &before["announced"]));
    assert!(!fs::read_to_string(at(&home, "draw.json")).unwrap().contains("P1"), "no identifiers");
    assert_eq!(reveal(&home, "17-4-22").json(), drawn);
    reveal(&home, "other").refused(1, &["already drawn"]);
    prepare(&home, 3).refused(1, &["isn't overwritten"]);
}

#[test]
fn a_changed_draw_is_refused() {
    let home = prepared();
    prepare(&home, 3).ok();
    let path = at(&home, "draw.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"seats\":3", "\"seats\":4", 1)).unwrap();
    home.run(&format!("draw verify {path}")).refused(1, &["draw.json", "proof of fairness"]);
    fs::write(&path, "{}").unwrap();
    home.run(&format!("draw verify {path}")).refused(1, &["isn't a bundle"]);
}

#[test]
fn quotas_that_cannot_hold_are_named_with_the_smallest_change() {
    let home = prepared();
    fs::write(at(&home, "quotas.csv"), QUOTAS.replace("young,1,2", "young,3,3")).unwrap();
    prepare(&home, 3).refused(1, &["age: young at least 3", "smallest change", "age: young 2-3"]);
    fs::write(at(&home, "quotas.csv"), QUOTAS.replace("young", "new")).unwrap();
    prepare(&home, 3).refused(1, &["line 2", "young", "age"]);
}

#[test]
fn a_register_is_sampled_by_strata_with_reserves() {
    let home = prepared();
    // Everybody lives alone, so that no household takes a place that a reserve could have.
    let alone: String =
        (0..8).map(|n| format!("P{n},{},a{n}\n", if n < 3 { "young" } else { "old" })).collect();
    fs::write(at(&home, "people.csv"), format!("id,age,home\n{alone}")).unwrap();
    let [people, secret, to] = ["people.csv", "secret", "draw.json"].map(|file| at(&home, file));
    let words = format!(
        "draw run {people} --by age --seats 2 --reserves 2 --household home --secret {secret} --to {to}"
    );
    assert!(home.run(&words).ok().contains("8 people"));
    let drawn = reveal(&home, "x").json();
    assert_eq!(
        (drawn["people"].as_array().unwrap().len(), drawn["reserves"].as_array().unwrap().len()),
        (2, 2)
    );
    home.run(&words.replace(" --by age", "")).refused(2, &["--quotas"]);
}
