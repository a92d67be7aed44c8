//! Participatory budgets.

mod cities;
mod laws;
mod naive;
mod others;

use proptest::prelude::*;
use radslag_tally::budget::{Election, Project, election::Support};

/// An election from costs and ballots: how many voters, and which projects with how many points. Ids are the places.
pub(crate) fn election(budget: u64, costs: &[u64], ballots: &[(u64, &[Support])]) -> Election {
    let project = |(at, cost): (usize, &u64)| Project { id: format!("{at:02}"), cost: *cost };
    let mut election = Election::new(budget, 1, costs.iter().enumerate().map(project).collect()).unwrap();
    for (voters, supports) in ballots {
        (0..*voters).for_each(|_| election.vote(supports).unwrap());
    }
    election
}

/// What a small election is made of: budget, costs, ballots, exclusions.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) budget: u64,
    pub(crate) costs: Vec<u64>,
    pub(crate) ballots: Vec<Vec<Support>>,
    pub(crate) excluded: Vec<u32>,
}

impl Made {
    pub(crate) fn election(&self) -> Election {
        let ballots: Vec<(u64, &[Support])> = self.ballots.iter().map(|one| (1, &one[..])).collect();
        let mut election = election(self.budget, &self.costs, &ballots);
        election.exclude(&self.excluded).unwrap();
        election
    }
}

/// Small elections in which ties are frequent: few different costs, few voters. Points up to `points`.
pub(crate) fn made(points: u32) -> impl Strategy<Value = Made> {
    let cost = prop_oneof![Just(10_u64), Just(12), 1..40_u64];
    (1..8_usize).prop_flat_map(move |projects| {
        let ballot = proptest::collection::btree_map(0..projects as u32, 1..=points, 0..=projects);
        (
            0..120_u64,
            proptest::collection::vec(cost.clone(), projects),
            proptest::collection::vec(ballot, 1..9),
            proptest::collection::btree_set(0..projects as u32, 0..3),
        )
            .prop_map(|(budget, costs, ballots, excluded)| Made {
                budget,
                costs,
                ballots: ballots.into_iter().map(|ballot| ballot.into_iter().collect()).collect(),
                excluded: excluded.into_iter().collect(),
            })
    })
}
