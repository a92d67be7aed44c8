//! Who signs what, when and how: more soon after the opening, in the rhythm of a day; a program that signs in one hour; a list
//! on paper.

use radslag_kernel::Date;
use radslag_petitions::signature::Shown;

use super::{Act, FIRST, How, Moment, ON_PAPER, Paper, Planning, Signing, days, later};

/// How much is done in each hour of a day.
const RHYTHM: [u64; 24] =
    [3, 1, 0, 0, 0, 1, 6, 20, 34, 38, 36, 40, 52, 44, 36, 36, 44, 56, 62, 74, 82, 70, 38, 12];
/// The first hour in which a petition can be signed on the day it opens.
const OPEN_FROM: u8 = 9;

impl Planning<'_> {
    pub(super) fn signatures(&mut self) {
        let signable = self.signable();
        // The most popular has as many as the next two together.
        let weights: Vec<u64> = (1..=signable.len() as u64).map(|rank| 1_000 / rank).collect();
        for person in 0..self.setting.people {
            let number = 1 + u64::from(self.random.chance(400)) + u64::from(self.random.chance(150));
            let mut signed = Vec::new();
            for _ in 0..number {
                let petition = signable[self.random.weighted(&weights)];
                if !signed.contains(&petition) {
                    signed.push(petition);
                    self.signature(petition, FIRST + person);
                }
            }
        }
    }

    fn signature(&mut self, petition: usize, who: u64) {
        let policy = self.setting.policy;
        let how = if policy.eid && self.random.chance(450) { How::Eid } else { How::Mailbox };
        let shown = match self.random.below(10) {
            0 if policy.anonymous => Shown::Anonymous,
            1 if policy.alias => Shown::Alias(format!("{who:x}")),
            _ => Shown::Name,
        };
        let confirmed = how == How::Eid || !self.random.chance(30);
        let (date, hour) = self.moment(petition);
        let signing = Signing { petition, who, how, shown, confirmed };
        self.at(date, hour, Act::Sign(signing.clone()));
        if !confirmed {
            return;
        }
        self.counted[petition] += 1;
        let taken_back = later(date, 1 + self.up_to(10));
        if self.random.chance(12) && taken_back <= self.last_day(petition) {
            self.counted[petition] -= 1;
            self.at(taken_back, hour.max(OPEN_FROM), Act::Withdraw(signing));
        }
    }

    /// Half of all sign in the first quarter of the time.
    fn moment(&mut self, petition: usize) -> Moment {
        let (opens, last) = (self.plan.petitions[petition].opens, self.last_day(petition));
        let share = self.random.below(1_000);
        let day = u64::from(days(opens, last)) * share * share / 1_000_000;
        let hour = u8::try_from(self.random.weighted(&RHYTHM)).unwrap_or(OPEN_FROM);
        let hour = if day == 0 { hour.max(OPEN_FROM) } else { hour };
        (later(opens, u32::try_from(day).unwrap_or(0)), hour)
    }

    /// A program signs one night; what it did is found and struck out two days later.
    pub(super) fn programs(&mut self) {
        let Some(petition) = self.signable().into_iter().max_by_key(|n| self.counted[*n]) else { return };
        let night = later(self.plan.petitions[petition].opens, 3);
        for n in 0..(self.counted[petition] / 8).clamp(3, 1_500) {
            let (who, shown) = (n, Shown::Name);
            self.at(
                night,
                3,
                Act::Sign(Signing { petition, who, how: How::Program, shown, confirmed: true }),
            );
        }
        self.at(later(night, 2), 11, Act::Strike(petition));
    }

    /// A list on paper, of whom some signed on the web too.
    pub(super) fn paper(&mut self) {
        let signable = self.signable();
        let Some(petition) = signable.get(1).or(signable.first()).copied() else { return };
        let dated = later(self.plan.petitions[petition].opens, 4);
        let twice = self.signers(petition, dated);
        let others = 8 + self.setting.people / 400;
        let people: Vec<u64> = twice.into_iter().take(3).chain(ON_PAPER..ON_PAPER + others).collect();
        let paper = self.plan.papers.len();
        self.plan.papers.push(Paper { petition, dated, people });
        self.at(later(dated, 1), 10, Act::EnterPaper(paper));
        self.at(later(dated, 2), 10, Act::CountPaper(paper));
    }

    /// Who signed a petition by mailbox up to a date, for good.
    fn signers(&self, petition: usize, until: Date) -> Vec<u64> {
        let all = || self.plan.acts.range(..(until, 24)).flat_map(|(_, acts)| acts);
        let by = |act: &Act| match act {
            Act::Sign(of) if of.petition == petition && of.how == How::Mailbox && of.confirmed => {
                Some(of.who)
            }
            _ => None,
        };
        let stays = |who: &u64| {
            let left =
                |act: &Act| matches!(act, Act::Withdraw(of) if of.petition == petition && of.who == *who);
            !self.plan.acts.values().flatten().any(left)
        };
        all().filter_map(by).filter(stays).take(3).collect()
    }
}
