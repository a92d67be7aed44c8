//! The same ballots by any rule.

use super::{
    profile::Profile,
    runoff::{Runoff, runoff},
    schulze::{Schulze, schulze},
    scores::{Scores, approval, plurality},
};

/// A counting rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// The first place alone.
    Plurality,
    /// Everybody who is placed above another.
    Approval,
    /// Instant run-off.
    Runoff,
    /// Schulze, winning votes.
    Schulze,
}

/// What a rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Votes.
    Plurality(Scores),
    /// Votes.
    Approval(Scores),
    /// Rounds.
    Runoff(Runoff),
    /// Pairs.
    Schulze(Schulze),
}

/// Counts by a rule.
#[must_use]
pub fn count(profile: &Profile, method: Method) -> Count {
    match method {
        Method::Plurality => Count::Plurality(plurality(profile)),
        Method::Approval => Count::Approval(approval(profile)),
        Method::Runoff => Count::Runoff(runoff(profile)),
        Method::Schulze => Count::Schulze(schulze(profile)),
    }
}

impl Count {
    /// Who won: nobody where no ballot said anything, several where the rule finds them even.
    #[must_use]
    pub fn winners(&self) -> Vec<u16> {
        match self {
            Self::Plurality(scores) | Self::Approval(scores) => scores.winners(),
            Self::Runoff(runoff) => runoff.winner.into_iter().collect(),
            Self::Schulze(schulze) => schulze.winners.clone(),
        }
    }
}
