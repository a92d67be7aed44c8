//! `radslag demo`: the life it makes is the same each time, and its tables say what its log says.

use serde_json::Value;

use crate::home::Home;

/// The demonstration without its largest tenant, whose slides alone take 40,000 signatures.
fn home() -> Home {
    let home = Home { folder: tempfile::tempdir().unwrap() };
    let (head, tenants) = include_str!("../../demo.toml").split_once("[[tenants]]").unwrap();
    let (_, others) = tenants.split_once("[[tenants]]").unwrap();
    home.configure(&format!("{head}[[tenants]]{others}").replace("radslag-demo", "data"));
    home
}

/// The figures without the time it took.
fn figures(home: &Home, words: &str) -> Vec<Value> {
    let Value::Array(mut tenants) = home.run(words).json() else { panic!("no list") };
    for tenant in &mut tenants {
        assert!(tenant.as_object_mut().unwrap().remove("milliseconds").is_some());
    }
    tenants
}

#[test]
fn the_same_seed_makes_the_same_life_and_every_table_is_what_the_log_says() {
    let (first, second) = (home(), home());
    let made = figures(&first, "demo --people 200 --json");
    assert_eq!(made, figures(&second, "demo --people 200 --json"));
    for tenant in &made {
        for figure in ["refused", "on_paper", "withdrawn", "invalidated", "comments"] {
            let number: u64 = made.iter().map(|tenant| tenant[figure].as_u64().unwrap()).sum();
            assert!(number > 0, "nowhere is any {figure}");
        }
        assert!(tenant["signatures"].as_i64().unwrap() > 0, "{tenant}");
    }
    let life_of = |id: &str| made.iter().find(|tenant| tenant["tenant"] == id).unwrap();
    for figure in ["by_eid", "inquiries_answered", "handed_over", "answered"] {
        assert!(life_of("ale")[figure].as_u64().unwrap() > 0, "{figure}");
    }
    for compared in first.run("rebuild --check --json").json().as_array().unwrap() {
        assert_eq!(compared["compared"][1], 0, "{compared}");
    }
    first.run("demo --people 200").refused(1, &["is there already"]);
}

#[test]
fn another_seed_makes_another_life() {
    let home = home();
    let made = figures(&home, "demo --people 60 --json");
    std::fs::remove_dir_all(home.data()).unwrap();
    assert_ne!(made, figures(&home, "demo --people 60 --seed 7 --json"));
}

#[test]
fn a_configuration_without_its_tenants_is_told_so() {
    let home = Home::new();
    home.configure("data.dir = \"data\"\n[[tenants]]\nid = \"tomelilla\"\nname = \"Tomelilla kommun\"\n");
    home.run("demo --people 10").refused(2, &["demonstration"]);
    assert!(!home.data().exists());
}
