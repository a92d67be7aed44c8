//! What the Python package pabutools funds in small elections (`fixtures/small_elections.py` made them).

use radslag_tally::budget::{Election, Measure, Project, Rule, count, greedy::Order};
use serde_json::Value;

const MADE: &str = include_str!("../../../fixtures/small_elections.json");

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

fn rule(name: &str) -> Rule {
    let shares = |measure, add1| Rule::EqualShares { measure, add1, complete: false, comparison: false };
    match name {
        "cost" => shares(Measure::Cost, false),
        "cost/add1" => shares(Measure::Cost, true),
        "cardinality" => shares(Measure::Cardinality, false),
        "cardinality/add1" => shares(Measure::Cardinality, true),
        "greedy" => Rule::Greedy(Order::ByVotes),
        "greedy-per-cost" => Rule::Greedy(Order::ByVotesPerCost),
        other => panic!("{other}"),
    }
}

#[test]
fn pabutools_funds_the_same() {
    let made: Vec<Value> = serde_json::from_str(MADE).unwrap();
    let mut compared = 0;
    for (number, one) in made.iter().enumerate() {
        let projects = numbers(&one["costs"]).into_iter().enumerate();
        let projects = projects.map(|(at, cost)| Project { id: format!("{at:02}"), cost });
        let mut election = Election::new(one["budget"].as_u64().unwrap(), 1, projects.collect()).unwrap();
        for ballot in one["ballots"].as_array().unwrap() {
            let pairs = ballot.as_array().unwrap().iter().map(numbers);
            let supports: Vec<(u32, u32)> = pairs.map(|pair| (pair[0] as u32, pair[1] as u32)).collect();
            election.vote(&supports).unwrap();
        }
        for (name, funds) in one["funds"].as_object().unwrap() {
            let mut funded = count(&election, rule(name)).funded;
            funded.sort_unstable();
            let funded: Vec<u64> = funded.into_iter().map(u64::from).collect();
            assert_eq!(funded, numbers(funds), "election {number}, {name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 40 * 6 + 20 * 2);
}
