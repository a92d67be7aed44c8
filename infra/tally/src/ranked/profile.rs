//! Ballots that are counted together, identical ones once with how many they are.

use std::collections::{HashMap, hash_map::Entry};

use super::ballot::{Place, Refusal, order};

/// Most alternatives that are counted: pairs are, too.
pub const MAX_ALTERNATIVES: usize = 1_000;

/// Ballots over some alternatives.
#[derive(Clone, Debug)]
pub struct Profile {
    alternatives: usize,
    ballots: Vec<(u64, Box<[Place]>)>,
    index: HashMap<Box<[Place]>, usize>,
    voters: u64,
}

impl Profile {
    /// Without ballots; none for more than [`MAX_ALTERNATIVES`].
    #[must_use]
    pub fn new(alternatives: usize) -> Option<Self> {
        let (ballots, index) = (Vec::new(), HashMap::new());
        (alternatives <= MAX_ALTERNATIVES).then_some(Self { alternatives, ballots, index, voters: 0 })
    }

    /// Puts in so many identical ballots, in any order of places; one may be empty.
    ///
    /// # Errors
    /// As [`order`] with ties; then `TooManyBallots`.
    pub fn add(&mut self, voters: u64, ballot: Vec<Place>) -> Result<(), Refusal> {
        let ballot = order(ballot, self.alternatives, true)?;
        self.voters = self.voters.checked_add(voters).ok_or(Refusal::TooManyBallots)?;
        match self.index.entry(ballot.into()) {
            Entry::Occupied(known) => self.ballots[*known.get()].0 += voters,
            Entry::Vacant(new) => {
                self.ballots.push((voters, new.key().clone()));
                new.insert(self.ballots.len() - 1);
            }
        }
        Ok(())
    }

    /// How many alternatives there are.
    #[must_use]
    pub const fn alternatives(&self) -> usize {
        self.alternatives
    }

    /// How many ballots.
    #[must_use]
    pub const fn voters(&self) -> u64 {
        self.voters
    }

    /// Each kind of ballot, best first, and how many there are.
    pub fn ballots(&self) -> impl Iterator<Item = (u64, &[Place])> {
        self.ballots.iter().map(|(voters, ballot)| (*voters, &**ballot))
    }
}
