//! `radslag tally`: a file's ballots counted again, without any configuration.

use std::fs;

use crate::home::Home;

const BUDGET: &str = "META\nkey;value\nnum_projects;3\nnum_votes;4\nbudget;100\nvote_type;approval\ncurrency;SEK\nrule;greedy\n\
    PROJECTS\nproject_id;cost;votes;name;selected\na;60;3;Bänkar;1\nb;50;2;Träd;0\nc;40;2;Lampor;1\n\
    VOTES\nvoter_id;age;vote\n1;34;a,b\n2;51;a,c\n3;17;a\n4;80;b,c\n";
const RANKINGS: &str = "# TITLE: Park\n# DATA TYPE: soi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 9\n# ALTERNATIVE NAME 1: Damm\n\
    # ALTERNATIVE NAME 2: Lek\n# ALTERNATIVE NAME 3: Kafé\n4: 1\n3: 2,3\n2: 3,2\n";

fn home() -> Home {
    let home = Home::new();
    // Nobody who counts again needs one.
    fs::remove_file(home.path("radslag.toml")).unwrap();
    fs::write(home.path("park.pb"), BUDGET).unwrap();
    fs::write(home.path("park.soi"), RANKINGS).unwrap();
    home
}

#[test]
fn a_budget_is_counted_by_its_own_rule_and_compared_with_what_it_says() {
    let told = home().run("tally park.pb --json").json();
    let counted = &told["results"][0];
    assert_eq!(counted["rule"], "greedy");
    assert_eq!(counted["funded"], serde_json::json!(["a", "c"]));
    assert_eq!((counted["cost"].as_str(), counted["as_in_the_file"].as_bool()), (Some("100"), Some(true)));
    assert_eq!(told["dropped"], serde_json::json!(["age"]));
    let home = home();
    fs::write(home.path("park.pb"), BUDGET.replace("Träd;0", "Träd;1")).unwrap();
    let ran = home.run("tally park.pb --lang en");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("NOT the same"), "{}", ran.out);
    // By another rule it needn't be the same.
    assert_eq!(home.run("tally park.pb --rule equal-shares").code, 0);
}

#[test]
fn several_rules_stand_side_by_side_and_each_project_is_explained() {
    let home = home();
    let text = home.run("tally park.pb --rule greedy --rule equal-shares --explain b --lang en").ok();
    assert!(text.contains("greedy: 2 projects for 100, 0 left"), "{text}");
    assert!(text.contains("equal-shares: 1 projects for 60, 40 left"), "{text}");
    assert!(
        text.contains("When its turn came, 40 was left, but it costs 50. A cost of at most 40"),
        "{text}"
    );
    assert!(
        text.contains("The 2 who voted for it had 30 left together, and it costs 50: 20 was missing"),
        "{text}"
    );
    let text = home.run("tally park.pb --rule equal-shares --explain a --lang sv").ok();
    assert!(text.contains("3 röstade på det: 3 betalade 20 var per poäng"), "{text}");
    let json = home.run("tally park.pb --rule equal-shares/add1-comparison --json").json();
    assert!(json["results"][0]["prefer_shares"].is_u64() && json["results"][0]["share"].is_string());
}

#[test]
fn rankings_are_counted_by_every_rule() {
    let home = home();
    let told = home.run("tally park.soi --json").json();
    let winners: Vec<_> =
        told["results"].as_array().unwrap().iter().map(|one| one["winners"].to_string()).collect();
    assert_eq!(winners, ["[0]", "[1,2]", "[1]", "[1]"]);
    assert_eq!(told["results"][2]["rounds"][1]["votes"], serde_json::json!([4, 5, null]));
    let text = home.run("tally park.soi --rule instant-runoff --rule schulze --lang sv").ok();
    assert!(text.contains("instant-runoff: Lek vinner") && text.contains("Lek > Kafé > Damm"), "{text}");
}

#[test]
fn what_cant_be_counted_is_refused_by_name() {
    let home = home();
    home.run("tally park.txt").refused(2, &["park.txt", ".pb"]);
    home.run("tally nowhere.pb").refused(1, &["nowhere.pb"]);
    home.run("tally park.pb --rule schulze").refused(2, &["schulze"]);
    home.run("tally park.soi --rule greedy").refused(2, &["greedy"]);
    home.run("tally park.pb --explain z").refused(2, &["`z`"]);
    home.run("tally park.soi --explain z").refused(2, &["--explain"]);
    fs::write(home.path("park.pb"), BUDGET.replace("b;50", "b;-50")).unwrap();
    home.run("tally park.pb").refused(1, &["park.pb", "line 12", "`cost`", "negative"]);
    home.run("tally --help").ok();
}
