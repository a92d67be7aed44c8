//! Burlington's mayor of 2009: three rules, three winners. And what can be wrong with a file.

use radslag_tally::ranked::{
    Count, Method, Refusal, count,
    preflib::{Error, PrefLib, Problem, parse},
};

use crate::shared;

fn file() -> Option<PrefLib> {
    shared("ranked/00005-00000002.toi").map(|bytes| parse(&bytes).unwrap())
}

#[test]
fn three_rules_have_three_winners() {
    let Some(file) = file() else { return };
    assert_eq!((file.profile.voters(), file.profile.ballots().count()), (8980, 384));
    let winner = |method| {
        let winners = count(&file.profile, method).winners();
        assert_eq!(winners.len(), 1);
        file.names[usize::from(winners[0])].clone()
    };
    assert_eq!(winner(Method::Plurality), "Kurt Wright");
    assert_eq!(winner(Method::Schulze), "Andy Montroll");
    assert_eq!(winner(Method::Runoff), "Bob Kiss");
}

#[test]
fn the_run_off_has_the_official_rounds() {
    let Some(file) = file() else { return };
    let Count::Runoff(runoff) = count(&file.profile, Method::Runoff) else { panic!("another count") };
    assert_eq!(runoff.rounds.len(), 5);
    let last = &runoff.rounds[4];
    let kiss_and_wright = [Some(4314), None, None, None, Some(4064), None];
    assert_eq!((last.votes.as_slice(), last.exhausted), (&kiss_and_wright[..], 602));
    let out: Vec<_> = runoff.rounds.iter().map(|round| round.out).collect();
    assert_eq!(out, [Some(2), Some(5), Some(3), Some(1), None]);
}

#[test]
fn the_condorcet_winner_wins_every_pair() {
    let Some(file) = file() else { return };
    let Count::Schulze(schulze) = count(&file.profile, Method::Schulze) else { panic!("another count") };
    assert!(
        (0..6)
            .filter(|other| *other != 1)
            .all(|other| schulze.prefer.get(1, other) > schulze.prefer.get(other, 1))
    );
    assert_eq!(schulze.order.concat().len(), 6);
}

const SMALL: &str = "# TITLE: Park\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 5\n# NUMBER UNIQUE ORDERS: 2\n# ALTERNATIVE NAME 1: Äng\n3: 1,{2,3}\n2: {3}\n";

#[test]
fn a_file_is_read() {
    let file = parse(SMALL.as_bytes()).unwrap();
    assert_eq!((file.title.as_str(), file.names.join(" ").as_str()), ("Park", "Äng 2 3"));
    assert_eq!(file.profile.voters(), 5);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let told = |from: &str, to: &str| {
        assert!(SMALL.contains(from));
        let Error { line, problem } = parse(SMALL.replacen(from, to, 1).as_bytes()).unwrap_err();
        (line, problem)
    };
    assert_eq!(told("# DATA TYPE: toi\n", ""), (None, Problem::Missing("DATA TYPE")));
    assert_eq!(told("toi", "wmd"), (Some(2), Problem::Kind("wmd".into())));
    assert_eq!(told("ALTERNATIVES: 3", "ALTERNATIVES: x"), (Some(3), Problem::NotANumber("x".into())));
    assert_eq!(told("ALTERNATIVES: 3", "ALTERNATIVES: 3000"), (None, Problem::TooMany(3000)));
    assert_eq!(
        told("VOTERS: 5", "VOTERS: 6"),
        (None, Problem::Count { key: "NUMBER VOTERS", said: 6, found: 5 })
    );
    assert_eq!(
        told("ORDERS: 2", "ORDERS: 1"),
        (None, Problem::Count { key: "NUMBER UNIQUE ORDERS", said: 1, found: 2 })
    );
    assert_eq!(told("1,{2,3}", "1,{2,4}"), (Some(7), Problem::Ballot(Refusal::UnknownOption(3))));
    assert_eq!(told("1,{2,3}", "0"), (Some(7), Problem::Ballot(Refusal::UnknownOption(0))));
    assert_eq!(told("1,{2,3}", "1,1"), (Some(7), Problem::Ballot(Refusal::RepeatedOption(0))));
    for wrong in ["1,{2,3", "1,", "{1}{2}", "1 {2}"] {
        let (line, problem) = told("1,{2,3}", wrong);
        assert_eq!(line, Some(7), "{wrong}");
        assert!(matches!(problem, Problem::Order | Problem::NotANumber(_)), "{wrong}");
    }
    assert_eq!(told("3: 1", "3 1"), (Some(7), Problem::Order));
    assert_eq!(told("toi", "soi").0, Some(7));
    assert_eq!(told("toi", "toc").0, Some(8));
}
