//! Greedy and Equal Shares, on an election of a city and on a made-up one.

use std::{fs, time::Instant};

use anyhow::{Context as _, Result};
use radslag_kit::workspace;
use radslag_tally::{
    budget::{Election, Measure, Project, Rule, count, greedy::Order},
    pabulib::File,
};

use super::{
    Arguments, pabutools,
    report::{Made, Peer, Real},
};
use crate::statistics::Spread;

const GREEDY: Rule = Rule::Greedy(Order::ByVotes);
const ADD1: Rule =
    Rule::EqualShares { measure: Measure::Cost, add1: true, complete: false, comparison: false };
/// As the largest election that pabutools was tried on for this.
const VOTERS: u64 = 5_180;
const PROJECTS: u64 = 83;

/// Numbers that are the same in every run (splitmix64).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) const fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// The file's, or why there is none.
pub(super) fn real(arguments: &Arguments) -> Result<Result<Real, String>> {
    let path = match &arguments.election {
        path if path.is_absolute() || path.exists() => path.clone(),
        path => workspace().join(path),
    };
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(format!("{}: {error}", path.display()))),
    };
    let read_ms = timed(arguments.runs, || File::parse(&bytes))?;
    let file = File::parse(&bytes)?;
    let election = file.election()?;
    let ids = |rule| {
        let funded = count(&election, rule).funded;
        let mut ids: Vec<String> =
            funded.iter().map(|project| election.projects()[*project as usize].id.clone()).collect();
        ids.sort();
        ids
    };
    let (greedy, shares) = (ids(GREEDY), ids(ADD1));
    let ours = |rule| timed(arguments.runs, || Ok::<_, anyhow::Error>(count(&election, rule)));
    let (greedy_ms, shares_ms) = (ours(GREEDY)?, ours(ADD1)?);
    let peer = pabutools::count(arguments.python.as_deref(), &path).map(|said| Peer {
        version: said.version,
        greedy_ms: said.greedy.seconds * 1_000.0,
        shares_ms: said.shares.seconds * 1_000.0,
        same: said.greedy.funded == greedy && said.shares.funded == shares,
    });
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Ok(Real {
        name,
        voters: election.voters(),
        projects: election.projects().len(),
        read_ms,
        greedy_ms,
        greedy_funds: greedy.len(),
        shares_ms,
        shares_fund: shares.len(),
        peer,
    }))
}

/// One of the size that the goal names, nearly every ballot different.
pub(super) fn made(runs: u32) -> Result<Made> {
    let mut numbers = Numbers(83);
    let project = |at| Project { id: format!("{at:02}"), cost: (5 + numbers.below(200)) * 1_000 };
    let mut election = Election::new(3_000_000, 1, (0..PROJECTS).map(project).collect())?;
    let mut numbers = Numbers(5_180);
    for _ in 0..VOTERS {
        let count = 3 + numbers.below(8);
        // The first ones are liked more.
        let liked =
            |numbers: &mut Numbers| (numbers.below(PROJECTS) * numbers.below(PROJECTS) / PROJECTS) as u32;
        let mut ballot: Vec<(u32, u32)> = (0..count).map(|_| (liked(&mut numbers), 1)).collect();
        ballot.sort_unstable();
        ballot.dedup();
        election.vote(&ballot).context("a ballot")?;
    }
    let shares_ms = timed(runs, || Ok::<_, anyhow::Error>(count(&election, ADD1)))?;
    let shares_fund = count(&election, ADD1).funded.len();
    Ok(Made { voters: VOTERS, projects: PROJECTS, kinds: election.groups().len(), shares_ms, shares_fund })
}

/// Milliseconds of each run.
pub(super) fn timed<T, E: Into<anyhow::Error>>(runs: u32, what: impl Fn() -> Result<T, E>) -> Result<Spread> {
    let run = || {
        let began = Instant::now();
        let _made = what().map_err(Into::into)?;
        Ok(began.elapsed().as_secs_f64() * 1_000.0)
    };
    Ok(Spread::of((0..runs).map(|_| run()).collect::<Result<Vec<_>>>()?))
}
