//! What made-up people do and when: a pure function of the tenant, how many they are, and a seed.
//!
//! The petitions of a tenant's slides are commented on but never signed, and in such a tenant the made-up ones have ended
//! before the day of the slides: what the slides counted and listed stays as they showed it.

mod petitions;
mod signing;
mod talk;

use std::collections::BTreeMap;

use radslag_kernel::{Date, time};
use radslag_petitions::{
    Policy,
    policy::Length,
    signature::Shown,
    terms::{Comments, Terms},
};

use super::{random::Random, texts::Texts};
use crate::demo::seed::{Inquiry, days_before};

/// A tenant as it is planned for.
pub(crate) struct Setting<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) policy: &'a Policy,
    pub(crate) terms: &'a Terms,
    pub(crate) texts: &'a Texts,
    /// The day of the slides: nothing is planned on it or after it.
    pub(crate) as_of: Date,
    /// Opening days of the slides' own petitions; those that were made up to fill number10 aren't among them.
    pub(crate) slides: Vec<Date>,
    pub(crate) politicians: usize,
    pub(crate) people: u64,
    pub(crate) seed: u64,
}

/// An hour of a day.
pub(crate) type Moment = (Date, u8);

/// What is planned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) petitions: Vec<Wish>,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) inquiries: Vec<Inquiry>,
    pub(crate) papers: Vec<Paper>,
    pub(crate) acts: BTreeMap<Moment, Vec<Act>>,
}

/// Something that happens; numbers are places in the lists above.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    HandIn(usize),
    /// A moderator decides as its fate says.
    Decide(usize),
    Sign(Signing),
    Withdraw(Signing),
    Remark(usize),
    /// A moderator decides it.
    Moderate(usize),
    HandOver(usize),
    Receive(usize),
    Answer(usize),
    FollowUp(usize),
    /// What came from the domain of programs is struck out.
    Strike(usize),
    EnterPaper(usize),
    CountPaper(usize),
    Ask(usize),
    Reply(usize),
}

/// A petition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) opens: Date,
    pub(crate) length: Length,
    /// The last day to sign.
    pub(crate) deadline: Date,
    pub(crate) fate: Fate,
    /// Of the answers, committees and refusals, and of the initiator.
    pub(crate) number: u64,
}

/// What becomes of a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nobody has decided yet.
    Waiting,
    Returned,
    Rejected,
    Hidden,
    /// It is still open on the day of the slides.
    Open,
    Closed,
    /// A committee works on it.
    InProcess,
    Answered,
}

/// A signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signing {
    pub(crate) petition: usize,
    pub(crate) who: u64,
    pub(crate) how: How,
    pub(crate) shown: Shown,
    pub(crate) confirmed: bool,
}

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Mailbox,
    Eid,
    /// A program with mailboxes of its own.
    Program,
}

/// A comment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Remark {
    pub(crate) on: On,
    pub(crate) who: u64,
    pub(crate) text: String,
    pub(crate) reply_to: Option<usize>,
    pub(crate) refused: bool,
}

/// On which petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum On {
    Wish(usize),
    Slide(usize),
}

/// A list on paper.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Paper {
    pub(crate) petition: usize,
    /// When it was signed; it came in the day after.
    pub(crate) dated: Date,
    pub(crate) people: Vec<u64>,
}

/// People that signed nothing on the web have numbers from here on.
const ON_PAPER: u64 = 500_000;
/// The first that signs; those of the slides have lower numbers.
const FIRST: u64 = 100_000;

struct Planning<'a> {
    setting: &'a Setting<'a>,
    random: Random,
    plan: Plan,
    /// Signatures that will stand, by petition.
    counted: Vec<u64>,
}

/// Plans a tenant's life.
pub(crate) fn plan(setting: &Setting<'_>) -> Plan {
    let random = Random::new(setting.seed, setting.tenant);
    let mut planning = Planning { setting, random, plan: Plan::default(), counted: Vec::new() };
    planning.petitions();
    planning.signatures();
    planning.programs();
    planning.paper();
    planning.handovers();
    if setting.terms.comments != Comments::None {
        planning.remarks();
    }
    planning.inquiries();
    planning.plan
}

impl Planning<'_> {
    fn at(&mut self, date: Date, hour: u8, act: Act) {
        self.plan.acts.entry((date, hour)).or_default().push(act);
    }

    /// So many days before the slides, and up to so many more.
    fn ago(&mut self, days: u32, more: u32) -> Date {
        days_before(self.setting.as_of, days + self.up_to(more))
    }

    /// A number of days below another.
    fn up_to(&mut self, end: u32) -> u32 {
        u32::try_from(self.random.below(u64::from(end))).unwrap_or(0)
    }

    /// The last day on which a petition of the plan can be signed and something can still follow.
    fn last_day(&self, petition: usize) -> Date {
        self.plan.petitions[petition].deadline.min(days_before(self.setting.as_of, 1))
    }

    /// Petitions that can be signed, by number.
    fn signable(&self) -> Vec<usize> {
        let opens = |fate| matches!(fate, Fate::Open | Fate::Closed | Fate::InProcess | Fate::Answered);
        (0..self.plan.petitions.len()).filter(|n| opens(self.plan.petitions[*n].fate)).collect()
    }
}

/// Days from one date to a later one.
fn days(from: Date, to: Date) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or(0)
}

fn later(date: Date, days: u32) -> Date {
    time::plus_days(date, days)
}

#[cfg(test)]
mod tests;
