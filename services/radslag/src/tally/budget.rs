//! A participatory budget: what each rule funds, why, and whether that is what the file says.

use anyhow::{Context as _, Result};
use radslag_tally::{
    budget::{
        Amount, Election, Outcome, count,
        greedy::{Passed, Turn},
        rule::{Account, Comparison, Course},
    },
    pabulib::{File, Remark},
};
use serde::Serialize;

use super::{counting, read};
use crate::{
    cli::tally::{Rule, TallyArgs},
    failure::{AlreadySaid, Usage},
    print,
    said::Said,
};

/// What is shown of a file. Amounts are exact, in its currency: decimals, or fractions.
#[derive(Serialize)]
struct Told {
    votes: u64,
    budget: String,
    currency: Option<String>,
    /// Personal columns that weren't read.
    dropped: Vec<String>,
    remarks: Vec<String>,
    results: Vec<Counted>,
}

/// By a rule.
#[derive(Serialize)]
struct Counted {
    rule: String,
    funded: Vec<String>,
    cost: String,
    left: String,
    /// What each voter had, in Equal Shares.
    share: Option<String>,
    prefer_shares: Option<u64>,
    prefer_greedy: Option<u64>,
    /// Whether the file says the same; none where it says nothing.
    as_in_the_file: Option<bool>,
    projects: Vec<Project>,
}

/// A project and why it is funded, or isn't.
#[derive(Serialize)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) cost: String,
    pub(crate) votes: u64,
    pub(crate) points: String,
    pub(crate) funded: bool,
    pub(crate) why: Vec<Why>,
}

/// A reason.
#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub(crate) enum Why {
    /// It had its turn.
    HadItsTurn { left: String },
    /// It cost more than was left when its turn came.
    TooDear { left: String, points_enough: Option<String> },
    /// Nobody supports it.
    Unsupported,
    /// Another excludes it.
    Excluded { by: String },
    /// Its supporters paid.
    Paid { price: String, full: u64, rest: u64, nothing: u64 },
    /// They couldn't.
    Unpaid { left: String, missing: String, supporters_enough: Option<u64> },
}

/// Runs the command.
pub(super) fn run(args: &TallyArgs, said: Said) -> Result<()> {
    let bytes = read(&args.file)?;
    let file = File::parse(&bytes).with_context(|| args.file.display().to_string())?;
    let election = file.election().with_context(|| args.file.display().to_string())?;
    let own = file.get("rule").and_then(Rule::of_pabulib);
    let rules =
        if args.rules.is_empty() { vec![own.unwrap_or(Rule::EqualSharesAdd1)] } else { args.rules.clone() };
    let known = |id: &String| election.projects().iter().any(|project| project.id == *id);
    if let Some(unknown) = args.explain.iter().find(|id| !known(id)) {
        return Err(Usage(said.no_project(unknown)).into());
    }
    let shown = View { file: &file, election: &election };
    let mut results = Vec::new();
    for rule in rules {
        let wanted =
            rule.of_a_budget(args.worth).ok_or_else(|| Usage(said.rule_of_rankings(&rule.name())))?;
        let bar = counting(said, &rule.name());
        let outcome = count(&election, wanted);
        drop(bar);
        results.push((rule, shown.counted(rule, &outcome)));
    }
    let differs =
        results.iter().any(|(rule, counted)| Some(*rule) == own && counted.as_in_the_file == Some(false));
    let told = Told {
        votes: election.voters(),
        budget: shown.units(election.budget()),
        currency: file.get("currency").map(str::to_owned),
        dropped: file.dropped().to_vec(),
        remarks: file.remarks().iter().map(|remark| remarked(remark, said)).collect(),
        results: results.into_iter().map(|(_, counted)| counted).collect(),
    };
    print::result(args.json, &told, || text(&told, &args.explain, said))?;
    if differs { Err(AlreadySaid.into()) } else { Ok(()) }
}

fn remarked(remark: &Remark, said: Said) -> String {
    match remark {
        Remark::TooFew { line, key } => said.too_few(*line, key),
        Remark::Differs { project, column, said: written, counted } => {
            said.column_differs(project, column, written, &counted.to_string())
        }
    }
}

struct View<'a> {
    file: &'a File,
    election: &'a Election,
}

impl View<'_> {
    fn counted(&self, rule: Rule, outcome: &Outcome) -> Counted {
        let all = self.election.projects();
        let mut funded = vec![false; all.len()];
        outcome.funded.iter().for_each(|project| funded[*project as usize] = true);
        let share = match &outcome.course {
            Course::Greedy(_) => None,
            Course::EqualShares(shares) => Some(self.amount(&shares.share)),
        };
        let prefer = |side: fn(&Comparison) -> u64| outcome.comparison.as_ref().map(side);
        let (names, support) = (self.file.projects().column("name"), self.election.support());
        let project = |at: usize| Project {
            id: all[at].id.clone(),
            name: names.map_or("", |column| self.file.projects().cell(at, column)).to_owned(),
            cost: self.units(all[at].cost),
            votes: support[at].voters,
            points: support[at].points.to_string(),
            funded: funded[at],
            why: outcome.account(at as u32).map_or_else(Vec::new, |account| self.why(&account)),
        };
        Counted {
            rule: rule.name(),
            funded: outcome.funded.iter().map(|project| all[*project as usize].id.clone()).collect(),
            cost: self.units(outcome.cost),
            left: self.units(self.election.budget() - outcome.cost),
            share,
            prefer_shares: prefer(|compared| compared.prefer_shares),
            prefer_greedy: prefer(|compared| compared.prefer_greedy),
            as_in_the_file: self.file.selected().map(|selected| selected == funded),
            projects: (0..all.len()).map(project).collect(),
        }
    }

    fn why(&self, account: &Account<'_>) -> Vec<Why> {
        match account {
            Account::Turn(turn) => vec![self.turn(turn)],
            Account::Paid(paid) => vec![Why::Paid {
                price: self.amount(&paid.price),
                full: paid.full,
                rest: paid.rest,
                nothing: paid.nothing,
            }],
            Account::Unpaid(unpaid, turn) => {
                let first = match unpaid.excluded_by {
                    Some(by) => Why::Excluded { by: self.id(by) },
                    None => Why::Unpaid {
                        left: self.amount(&unpaid.left),
                        missing: self.amount(&unpaid.missing),
                        supporters_enough: unpaid.supporters,
                    },
                };
                std::iter::once(first).chain(turn.map(|turn| self.turn(turn))).collect()
            }
        }
    }

    fn turn(&self, turn: &Turn) -> Why {
        let left = self.units(turn.left);
        match turn.passed() {
            None => Why::HadItsTurn { left },
            Some(Passed::Unsupported) => Why::Unsupported,
            Some(Passed::Excluded(by)) => Why::Excluded { by: self.id(*by) },
            Some(Passed::TooDear { points }) => {
                Why::TooDear { left, points_enough: points.map(|points| points.to_string()) }
            }
        }
    }

    fn id(&self, project: u32) -> String {
        self.election.projects()[project as usize].id.clone()
    }

    /// Whole units as a decimal number.
    fn units(&self, units: u64) -> String {
        let unit = 10_u64.pow(self.file.decimals());
        match self.file.decimals() as usize {
            0 => units.to_string(),
            decimals => format!("{}.{:0decimals$}", units / unit, units % unit),
        }
    }

    /// Exactly: a whole number or a fraction.
    fn amount(&self, amount: &Amount) -> String {
        (amount / Amount::from_integer(10_u64.pow(self.file.decimals()).into())).to_string()
    }
}

fn text(told: &Told, explained: &[String], said: Said) -> String {
    let currency = told.currency.as_deref().unwrap_or_default();
    let mut lines = vec![said.budget_file(told.votes, &told.budget, currency)];
    lines.extend((!told.dropped.is_empty()).then(|| said.dropped(&told.dropped.join(", "))));
    lines.extend(told.remarks.iter().cloned());
    for counted in &told.results {
        lines.push(String::new());
        let Counted { rule, funded, cost, left, .. } = counted;
        lines.push(said.funds(rule, funded.len(), cost, left));
        lines.extend(counted.share.as_ref().map(|share| said.shares(share)));
        let compared = counted.prefer_shares.zip(counted.prefer_greedy);
        lines.extend(compared.map(|(shares, greedy)| said.compared(shares, greedy)));
        lines.extend(counted.as_in_the_file.map(|same| said.as_in_the_file(same).to_owned()));
        let wide = |of: fn(&Project) -> &str| {
            counted.projects.iter().map(|project| of(project).chars().count()).max().unwrap_or(0)
        };
        let (ids, costs) = (wide(|project| &project.id), wide(|project| &project.cost));
        let points = wide(|project| &project.points);
        for project in &counted.projects {
            let Project { id, name, cost, points: given, .. } = project;
            let mark = if project.funded { '+' } else { ' ' };
            lines.push(
                format!("{mark} {id:ids$}  {cost:>costs$}  {given:>points$}  {name}").trim_end().to_owned(),
            );
            if explained.contains(id) {
                lines.extend(project.why.iter().map(|why| format!("    {}", said.why(project, why))));
            }
        }
    }
    lines.join("\n")
}
