//! Rankings: who wins by each rule, and the rounds or pairs that say why.

use anyhow::{Context as _, Result};
use radslag_tally::ranked::{
    Count, count,
    preflib::{PrefLib, parse},
};
use serde::Serialize;

use super::{counting, read};
use crate::{
    cli::tally::{Rule, TallyArgs},
    failure::Usage,
    print,
    said::Said,
};

const EVERY: [Rule; 4] = [Rule::Plurality, Rule::Approval, Rule::InstantRunoff, Rule::Schulze];

#[derive(Serialize)]
struct Told {
    title: String,
    ballots: u64,
    alternatives: Vec<String>,
    results: Vec<Counted>,
}

/// By a rule. Alternatives are places in the list, from 0.
#[derive(Serialize)]
struct Counted {
    rule: String,
    /// Several if the rule finds them even.
    winners: Vec<u16>,
    /// Of plurality and approval, by alternative.
    votes: Option<Vec<u64>>,
    /// Of the run-off.
    rounds: Option<Vec<Round>>,
    /// Of Schulze: from the best, even ones together.
    order: Option<Vec<Vec<u16>>>,
    /// Of Schulze: how many ballots place one above another.
    prefer: Option<Vec<Vec<u64>>>,
}

#[derive(Serialize)]
struct Round {
    /// None of those that are out.
    votes: Vec<Option<u64>>,
    exhausted: u64,
    out: Option<u16>,
    /// Those that had as few votes.
    tied: Vec<u16>,
}

/// Runs the command.
pub(super) fn run(args: &TallyArgs, said: Said) -> Result<()> {
    if !args.explain.is_empty() {
        return Err(Usage(said.only_projects_are_explained().to_owned()).into());
    }
    let bytes = read(&args.file)?;
    let PrefLib { title, names, profile } = parse(&bytes).with_context(|| args.file.display().to_string())?;
    let rules = if args.rules.is_empty() { EVERY.to_vec() } else { args.rules.clone() };
    let counted = |rule: &Rule| {
        let method = rule.of_rankings().ok_or_else(|| Usage(said.rule_of_budgets(&rule.name())))?;
        let _bar = counting(said, &rule.name());
        Ok(view(rule.name(), &count(&profile, method), names.len()))
    };
    let results = rules.iter().map(counted).collect::<Result<Vec<_>>>()?;
    let told = Told { title, ballots: profile.voters(), alternatives: names, results };
    print::result(args.json, &told, || text(&told, said))
}

fn view(rule: String, count: &Count, alternatives: usize) -> Counted {
    let mut counted =
        Counted { rule, winners: count.winners(), votes: None, rounds: None, order: None, prefer: None };
    match count {
        Count::Plurality(scores) | Count::Approval(scores) => counted.votes = Some(scores.votes.clone()),
        Count::Runoff(runoff) => {
            let round = |round: &radslag_tally::ranked::runoff::Round| Round {
                votes: round.votes.clone(),
                exhausted: round.exhausted,
                out: round.out,
                tied: round.tied.clone(),
            };
            counted.rounds = Some(runoff.rounds.iter().map(round).collect());
        }
        Count::Schulze(schulze) => {
            let row = |one| (0..alternatives).map(|other| schulze.prefer.get(one, other)).collect();
            counted.prefer = Some((0..alternatives).map(row).collect());
            counted.order = Some(schulze.order.clone());
        }
    }
    counted
}

fn text(told: &Told, said: Said) -> String {
    let name = |alternative: &u16| told.alternatives[usize::from(*alternative)].as_str();
    let names = |all: &[u16]| all.iter().map(name).collect::<Vec<_>>().join(", ");
    let wide = told.alternatives.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut lines = vec![said.rankings_file(&told.title, told.ballots, told.alternatives.len())];
    for counted in &told.results {
        lines.push(String::new());
        lines.push(said.wins(&counted.rule, &names(&counted.winners)));
        let row =
            |name: &str, cells: &[String]| format!("  {name:wide$}{}", cells.concat()).trim_end().to_owned();
        let cell = |number: Option<u64>| {
            format!("{:>9}", number.map_or_else(String::new, |number| number.to_string()))
        };
        for (at, name) in told.alternatives.iter().enumerate() {
            if let Some(votes) = &counted.votes {
                lines.push(row(name, &[cell(Some(votes[at]))]));
            }
            if let Some(rounds) = &counted.rounds {
                let cells: Vec<String> = rounds.iter().map(|round| cell(round.votes[at])).collect();
                lines.push(row(name, &cells));
            }
            if let Some(prefer) = &counted.prefer {
                let cells = prefer[at].iter().enumerate();
                let cells: Vec<String> =
                    cells.map(|(other, votes)| cell((other != at).then_some(*votes))).collect();
                lines.push(row(name, &cells));
            }
        }
        let ties = counted.rounds.iter().flatten().filter_map(|round| Some((round.out?, &round.tied)));
        let ties = ties.filter(|(_, tied)| !tied.is_empty());
        lines.extend(ties.map(|(out, tied)| said.tie(&names(tied), name(&out))));
        if let Some(order) = &counted.order {
            lines.push(order.iter().map(|place| names(place)).collect::<Vec<_>>().join(" > "));
        }
    }
    lines.join("\n")
}
