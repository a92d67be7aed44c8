//! What outsiders count: every petition's state and count from the public part of events alone, without a key.
//!
//! `read` looks at one entry and knows no other, so entries can be read side by side; `Recount` folds what was read in the
//! log's order; `step` follows one signature. It shares no code with the projections whose figures it is compared with.

mod read;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Bound,
};

use radslag_kernel::{AggregateId, ItemId};

pub use read::read;

/// Changes of counts that are remembered, over all petitions: a figure is published soon after it held.
const RECENT: usize = 1 << 16;

/// What an event says of a count or a state, to anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Where the event stands.
    pub position: u64,
    /// The petition.
    pub petition: AggregateId,
    /// What it says.
    pub what: What,
}

/// See `Fact`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A petition was handed in: from here it has a state. Whether its thresholds count only what is recent.
    HandedIn(bool),
    /// It stands so from here. Of a draft that says nothing.
    Stands(&'static str),
    /// It was opened; whether who started it counts.
    Opened(bool),
    /// What happened to a signature, and whether it is a vote against.
    Signature(ItemId, Act, bool),
    /// Counts that the event publishes.
    Published(Vec<Claim>),
}

/// A count that the log itself publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose.
    pub petition: AggregateId,
    /// Of its votes against.
    pub against: bool,
    /// How many.
    pub count: u64,
    /// After the event at this position.
    pub position: u64,
    /// It is compared with a threshold: with terms that let signatures grow old it isn't the whole count.
    pub threshold: bool,
}

/// What happened to a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A mailbox was named.
    Submitted,
    /// By eID, or on paper.
    Signed,
    /// The mailbox answered.
    Confirmed,
    /// It answered, and a rule set the signature aside.
    Suspected,
    /// It didn't answer.
    Expired,
    /// An official set it aside.
    SetAside,
    /// Suspected no more.
    Cleared,
    /// By the signer.
    Withdrawn,
    /// By a stronger method.
    Superseded,
    /// By an official; whether it was counted.
    Invalidated(bool),
    /// Valid again.
    Restored,
}

impl Act {
    /// What it adds to the count.
    #[must_use]
    pub const fn delta(self) -> i64 {
        match self {
            Self::Signed | Self::Confirmed | Self::Cleared | Self::Restored => 1,
            Self::SetAside | Self::Withdrawn | Self::Superseded | Self::Invalidated(true) => -1,
            Self::Submitted | Self::Suspected | Self::Expired | Self::Invalidated(false) => 0,
        }
    }

    /// Its name in the log.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Submitted => "signature.submitted",
            Self::Signed => "signature.signed",
            Self::Confirmed => "signature.confirmed",
            Self::Suspected => "signature.suspected",
            Self::Expired => "signature.expired",
            Self::SetAside => "signature.set_aside",
            Self::Cleared => "signature.cleared",
            Self::Withdrawn => "signature.withdrawn",
            Self::Superseded => "signature.superseded",
            Self::Invalidated(_) => "signature.invalidated",
            Self::Restored => "signature.restored",
        }
    }
}

/// Where a signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Not confirmed yet.
    Waits,
    /// It counts; whether against.
    Counts(bool),
    /// Set aside; how it is meant is known once it counted.
    Aside(Option<bool>),
    /// Struck out; the same.
    Invalid(Option<bool>),
    /// Another signature of the same person counts.
    Beaten(bool),
    /// It ended, for good.
    Ended,
}

/// Where a signature stands after an act; `None` if the act can't follow: nobody is counted twice, or struck out twice, or
/// counted on another side than before.
#[must_use]
pub fn step(before: Option<Stands>, act: Act, against: bool) -> Option<Stands> {
    let same = |meant: bool| meant == against;
    Some(match (before, act) {
        (None, Act::Submitted) => Stands::Waits,
        (None, Act::Signed) | (Some(Stands::Waits), Act::Confirmed) => Stands::Counts(against),
        (Some(Stands::Aside(meant)), Act::Cleared) | (Some(Stands::Invalid(meant)), Act::Restored)
            if meant.is_none_or(same) =>
        {
            Stands::Counts(against)
        }
        (Some(Stands::Beaten(meant)), Act::Restored) if same(meant) => Stands::Counts(against),
        (Some(Stands::Waits), Act::Suspected) => Stands::Aside(None),
        (Some(Stands::Waits), Act::Expired) => Stands::Ended,
        (Some(Stands::Counts(meant)), act) if same(meant) => match act {
            Act::SetAside => Stands::Aside(Some(meant)),
            Act::Withdrawn => Stands::Ended,
            Act::Superseded => Stands::Beaten(meant),
            Act::Invalidated(true) => Stands::Invalid(Some(meant)),
            _ => return None,
        },
        (Some(Stands::Aside(meant)), Act::Invalidated(false)) => Stands::Invalid(meant),
        _ => return None,
    })
}

/// A petition as recounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Its state, as published figures call it.
    pub state: &'static str,
    /// Its signatures.
    pub count: i64,
    /// Its votes against.
    pub against: i64,
    /// The position that changed the count last.
    changed: Option<u64>,
    initiator: bool,
    grows_old: bool,
}

/// Why the log can't be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// At which event.
    pub position: u64,
    /// What is wrong with it.
    pub why: String,
}

/// All petitions, up to some position.
#[derive(Debug, Default)]
pub struct Recount {
    petitions: BTreeMap<AggregateId, Tally>,
    recent: VecDeque<(u64, AggregateId, [i64; 2])>,
    /// Counts that the log publishes and that hold.
    pub held: u64,
    /// Such counts that can't be looked at again: of a position too far back, or only of recent signatures.
    pub passed: u64,
}

impl Recount {
    /// Takes what an event says, in the log's order; tells of each thing that can't be.
    pub fn take(&mut self, fact: &Fact, faults: &mut Vec<Fault>) {
        let Fact { position, petition, what } = fact;
        match what {
            What::HandedIn(grows_old) => self.handed_in(*petition, *grows_old),
            What::Stands(state) => {
                if let Some(tally) = self.petitions.get_mut(petition) {
                    tally.state = state;
                }
            }
            What::Opened(initiator_counts) => {
                let Some(tally) = self.petitions.get_mut(petition) else {
                    return faults.push(fault(*position, "it opens a petition that was never handed in"));
                };
                tally.state = "open";
                if *initiator_counts && !std::mem::replace(&mut tally.initiator, true) {
                    self.add(*position, *petition, [1, 0]);
                }
            }
            What::Signature(_, act, against) => {
                if !self.petitions.contains_key(petition) {
                    return faults.push(fault(*position, "its petition was never handed in"));
                }
                let delta = act.delta();
                self.add(*position, *petition, if *against { [0, delta] } else { [delta, 0] });
            }
            What::Published(claims) => {
                let wrong = claims.iter().filter_map(|claim| self.check(claim, *position));
                faults.extend(wrong.collect::<Vec<_>>());
            }
        }
    }

    /// A petition.
    #[must_use]
    pub fn get(&self, petition: AggregateId) -> Option<&Tally> {
        self.petitions.get(&petition)
    }

    /// How many petitions there are.
    #[must_use]
    pub fn petitions(&self) -> u64 {
        self.petitions.len() as u64
    }

    /// Those between two ids.
    pub fn between(
        &self,
        from: Bound<AggregateId>,
        to: Bound<AggregateId>,
    ) -> impl Iterator<Item = (AggregateId, &Tally)> {
        self.petitions.range((from, to)).map(|(petition, tally)| (*petition, tally))
    }

    fn handed_in(&mut self, petition: AggregateId, grows_old: bool) {
        let fresh =
            Tally { state: "submitted", count: 0, against: 0, changed: None, initiator: false, grows_old };
        self.petitions.entry(petition).or_insert(fresh).state = "submitted";
    }

    fn add(&mut self, position: u64, petition: AggregateId, [for_it, against]: [i64; 2]) {
        let changes = for_it != 0 || against != 0;
        let Some(tally) = self.petitions.get_mut(&petition).filter(|_| changes) else { return };
        (tally.count, tally.against) = (tally.count + for_it, tally.against + against);
        tally.changed = Some(position);
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((position, petition, [tally.count, tally.against]));
    }

    /// Whether a published count is the one that holds at its position.
    fn check(&mut self, claim: &Claim, at: u64) -> Option<Fault> {
        let Claim { petition, against, count, position, threshold } = *claim;
        let partly = threshold && self.get(petition).is_some_and(|tally| tally.grows_old);
        let Some(held) =
            self.at(petition, position).filter(|_| !partly).map(|both| both[usize::from(against)])
        else {
            self.passed += 1;
            return None;
        };
        if held == i64::try_from(count).unwrap_or(i64::MAX) {
            self.held += 1;
            return None;
        }
        let why = format!("it says petition {petition} had {count} at position {position}; counted: {held}");
        Some(fault(at, &why))
    }

    /// Those for it, and those against.
    fn at(&self, petition: AggregateId, position: u64) -> Option<[i64; 2]> {
        let Some(tally) = self.petitions.get(&petition) else { return Some([0, 0]) };
        if tally.changed.is_none_or(|changed| changed <= position) {
            return Some([tally.count, tally.against]);
        }
        let before =
            |(changed, of, _): &&(u64, AggregateId, [i64; 2])| *changed <= position && *of == petition;
        let found = self.recent.iter().rev().find(before).map(|(_, _, count)| *count);
        let all_is_known = self.recent.len() < RECENT;
        found.or_else(|| all_is_known.then_some([0, 0]))
    }
}

fn fault(position: u64, why: &str) -> Fault {
    Fault { position, why: why.to_owned() }
}
