//! Files of ballots, and personal codes.

use radslag_tally::{
    budget::{Measure, Rule, count, greedy::Order},
    code::Code,
    pabulib::File,
    ranked::{Count, Method, count as count_ranked, preflib as format},
};

/// What is counted here stays small: how long a count takes is another question than whether it ends well.
const FEW: usize = 12;

/// What was read is written and read again as the same, and every rule stays within the budget.
pub fn pabulib(data: &[u8]) {
    let Ok(file) = File::parse(data) else { return };
    let again = File::parse(file.to_string().as_bytes()).expect("what was written is read");
    assert_eq!((again.meta(), again.projects(), again.votes()), (file.meta(), file.projects(), file.votes()));
    assert!(again.dropped().is_empty());
    let Ok(election) = file.election() else { return };
    assert_eq!(election.voters(), file.votes().rows() as u64);
    if election.projects().len() > FEW || election.groups().len() > FEW {
        return;
    }
    let mut rules = vec![Rule::Greedy(Order::ByVotes), Rule::Greedy(Order::ByVotesPerCost)];
    for measure in [Measure::Cost, Measure::Cardinality] {
        rules.push(Rule::EqualShares { measure, add1: true, complete: true, comparison: true });
    }
    for rule in rules {
        let outcome = count(&election, rule);
        assert!(outcome.cost <= election.budget());
        let accounts = (0..election.projects().len() as u32).filter(|one| outcome.account(*one).is_some());
        assert_eq!(accounts.count(), election.projects().len());
    }
}

/// Every rule counts every ballot.
pub fn preflib(data: &[u8]) {
    let Ok(format::PrefLib { names, profile, .. }) = format::parse(data) else { return };
    assert_eq!(names.len(), profile.alternatives());
    if names.len() > FEW {
        return;
    }
    for method in [Method::Plurality, Method::Approval, Method::Runoff, Method::Schulze] {
        match count_ranked(&profile, method) {
            Count::Runoff(runoff) => {
                for round in &runoff.rounds {
                    assert_eq!(round.votes.iter().flatten().sum::<u64>() + round.exhausted, profile.voters());
                }
            }
            Count::Plurality(scores) => {
                assert_eq!(scores.votes.iter().sum::<u64>() + scores.none, profile.voters());
            }
            Count::Approval(scores) => assert!(scores.votes.iter().all(|votes| *votes <= profile.voters())),
            Count::Schulze(schulze) => assert_eq!(schulze.order.concat().len(), names.len()),
        }
    }
}

/// What was read is written as a code that is read as the same.
pub fn code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(code) = Code::parse(text) {
        assert_eq!(Code::parse(&code.to_string()), Ok(code));
        assert_eq!(Code::new(code.number()), code);
    }
}
