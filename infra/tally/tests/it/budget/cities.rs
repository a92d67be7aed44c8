//! What cities funded, out of their own ballots.

use radslag_tally::{
    budget::{
        Measure, Rule, count,
        greedy::Order,
        rule::{Comparison, Course},
    },
    pabulib::File,
};

use crate::shared;

const ADD1: Rule =
    Rule::EqualShares { measure: Measure::Cost, add1: true, complete: false, comparison: false };
const COMPARED: Rule =
    Rule::EqualShares { measure: Measure::Cost, add1: true, complete: false, comparison: true };

fn file(name: &str) -> Option<File> {
    shared(&format!("pb/{name}.pb")).map(|bytes| File::parse(&bytes).unwrap())
}

/// Which projects a rule funds, in the file's order, and how many.
fn funded(file: &File, rule: Rule) -> (Vec<bool>, usize) {
    let election = file.election().unwrap();
    let outcome = count(&election, rule);
    assert!(outcome.cost <= election.budget());
    let mut funded = vec![false; election.projects().len()];
    outcome.funded.iter().for_each(|project| funded[*project as usize] = true);
    (funded, outcome.funded.len())
}

#[test]
fn the_cities_own_results_are_reproduced() {
    let cities = [
        ("Poland_Wieliczka_2023_Green_Budget", 23, 30),
        ("Poland_Swiecie_2023", 9, 17),
        ("Netherlands_Assen_2024", 7, 9),
    ];
    for (name, greedy, shares) in cities {
        let Some(file) = file(name) else { return };
        assert_eq!(funded(&file, Rule::Greedy(Order::ByVotes)).1, greedy, "{name}");
        assert_eq!(funded(&file, ADD1), (file.selected().unwrap(), shares), "{name}");
        assert_eq!(funded(&file, COMPARED), (file.selected().unwrap(), shares), "{name}");
        assert_eq!(file.remarks(), [], "{name}");
    }
}

#[test]
fn more_voters_of_wieliczka_prefer_equal_shares_to_greedy() {
    let Some(file) = file("Poland_Wieliczka_2023_Green_Budget") else { return };
    let outcome = count(&file.election().unwrap(), COMPARED);
    assert_eq!(outcome.comparison, Some(Comparison { prefer_shares: 1615, prefer_greedy: 873 }));
    assert!(matches!(outcome.course, Course::EqualShares(_)));
}

#[test]
fn every_kind_of_file_is_read_and_counted_by_every_rule() {
    for name in ["Netherlands_Amsterdam_643", "Switzerland_Zurich_D5", "Netherlands_Assen_2024"] {
        let Some(file) = file(name) else { return };
        let again = File::parse(file.to_string().as_bytes()).unwrap();
        assert_eq!(again, file, "{name}");
        for measure in [Measure::Cost, Measure::Cardinality] {
            for order in [Order::ByVotes, Order::ByVotesPerCost] {
                assert!(funded(&file, Rule::Greedy(order)).1 > 0, "{name}");
            }
            for (add1, complete) in [(false, false), (false, true), (true, false), (true, true)] {
                let rule = Rule::EqualShares { measure, add1, complete, comparison: true };
                assert!(funded(&file, rule).1 > 0, "{name} {rule:?}");
            }
        }
    }
}
