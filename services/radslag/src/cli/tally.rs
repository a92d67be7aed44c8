//! What may be typed about counting.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use radslag_tally::{
    budget::{self, Measure, greedy::Order},
    ranked::Method,
};

pub(crate) const HELP: &str = "Examples:\n  radslag tally wieliczka.pb --rule equal-shares/add1-comparison --rule greedy\n  \
    radslag tally wieliczka.pb --explain 24 --explain 21\n  radslag tally burlington.toi --json\n\n\
    A `.pb` file is a participatory budget as Pabulib has them; `.toi`, `.toc`, `.soi` and `.soc` are rankings as PrefLib \
    has them. Several rules are counted on the same ballots and shown one after the other. Amounts are exact; ties go to the \
    lower id of a project, and in a run-off as its own page says. Exit code 1 if a file says another result than its own rule has.";

#[derive(Args)]
pub(crate) struct TallyArgs {
    /// The ballots
    pub(crate) file: PathBuf,
    /// By which rule; may be given several times [default: a budget's own, or of rankings every one]
    #[arg(long = "rule", value_name = "RULE", value_enum)]
    pub(crate) rules: Vec<Rule>,
    /// What a funded project is worth to who supports it, in Equal Shares
    #[arg(long, value_enum, default_value = "cost")]
    pub(crate) worth: Worth,
    /// Why a project is funded, or isn't; may be given several times
    #[arg(long, value_name = "PROJECT")]
    pub(crate) explain: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rule {
    /// Of a budget: most votes first
    Greedy,
    /// Of a budget: most votes per cost first
    GreedyPerCost,
    /// Of a budget: Equal Shares alone
    EqualShares,
    /// Of a budget: Equal Shares, and what is left goes to the most votes
    #[value(name = "equal-shares/utility")]
    EqualSharesUtility,
    /// Of a budget: Equal Shares with shares raised while the budget suffices, as Pabulib defines it
    #[value(name = "equal-shares/add1")]
    EqualSharesAdd1,
    /// Of a budget: the same, and what is then left goes to the most votes
    #[value(name = "equal-shares/add1-utility")]
    EqualSharesAdd1Utility,
    /// Of a budget: with raised shares, or greedy, if more voters prefer that
    #[value(name = "equal-shares/add1-comparison")]
    EqualSharesAdd1Comparison,
    /// Of rankings: most first places
    Plurality,
    /// Of rankings: most ballots that place one above another
    Approval,
    /// Of rankings: whoever has fewest votes goes out, until somebody has more than half
    InstantRunoff,
    /// Of rankings: Schulze with winning votes
    Schulze,
}

/// What a funded project is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Worth {
    /// Its cost
    Cost,
    /// The same as any other
    One,
}

impl Rule {
    /// Of a budget, if it is.
    pub(crate) const fn of_a_budget(self, worth: Worth) -> Option<budget::Rule> {
        let measure = match worth {
            Worth::Cost => Measure::Cost,
            Worth::One => Measure::Cardinality,
        };
        let (add1, complete, comparison) = match self {
            Self::Greedy => return Some(budget::Rule::Greedy(Order::ByVotes)),
            Self::GreedyPerCost => return Some(budget::Rule::Greedy(Order::ByVotesPerCost)),
            Self::EqualShares => (false, false, false),
            Self::EqualSharesUtility => (false, true, false),
            Self::EqualSharesAdd1 => (true, false, false),
            Self::EqualSharesAdd1Utility => (true, true, false),
            Self::EqualSharesAdd1Comparison => (true, false, true),
            Self::Plurality | Self::Approval | Self::InstantRunoff | Self::Schulze => return None,
        };
        Some(budget::Rule::EqualShares { measure, add1, complete, comparison })
    }

    /// Of rankings, if it is.
    pub(crate) const fn of_rankings(self) -> Option<Method> {
        match self {
            Self::Plurality => Some(Method::Plurality),
            Self::Approval => Some(Method::Approval),
            Self::InstantRunoff => Some(Method::Runoff),
            Self::Schulze => Some(Method::Schulze),
            _ => None,
        }
    }

    /// As Pabulib calls the rule of a file, if it is one of ours.
    pub(crate) fn of_pabulib(name: &str) -> Option<Self> {
        match name {
            "greedy" => Some(Self::Greedy),
            "equalshares" => Some(Self::EqualShares),
            "equalshares/add1" => Some(Self::EqualSharesAdd1),
            "equalshares/add1-comparison" => Some(Self::EqualSharesAdd1Comparison),
            _ => None,
        }
    }

    /// As it is typed.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}
