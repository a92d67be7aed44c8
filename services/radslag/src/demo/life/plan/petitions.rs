//! Which petitions there are and what becomes of them.

use radslag_kernel::Date;
use radslag_petitions::policy::Length;

use super::{Act, Fate, Planning, Wish, later};
use crate::demo::seed::days_before;

/// People to a petition.
const PEOPLE: u64 = 120;
/// Where the slides have petitions of their own: all have ended.
const ENDED: [Fate; 9] = [
    Fate::Answered,
    Fate::InProcess,
    Fate::Closed,
    Fate::Rejected,
    Fate::Answered,
    Fate::Hidden,
    Fate::Closed,
    Fate::Waiting,
    Fate::Returned,
];
const LIVELY: [Fate; 9] = [
    Fate::Open,
    Fate::Answered,
    Fate::Open,
    Fate::InProcess,
    Fate::Rejected,
    Fate::Open,
    Fate::Hidden,
    Fate::Waiting,
    Fate::Returned,
];

impl Planning<'_> {
    pub(super) fn petitions(&mut self) {
        let number = (self.setting.people / PEOPLE).clamp(9, 230);
        for n in 0..number {
            self.petition(n);
        }
        self.counted = vec![u64::from(self.setting.policy.initiator_counts); self.plan.petitions.len()];
    }

    fn petition(&mut self, n: u64) {
        let fates = if self.setting.slides.is_empty() { LIVELY } else { ENDED };
        let fate = fates[usize::try_from(n % 9).unwrap_or(0)];
        let opens = match fate {
            Fate::Waiting | Fate::Returned => self.ago(2, 8),
            Fate::Open => self.ago(6, 50),
            Fate::Rejected | Fate::Hidden => self.ago(20, 90),
            Fate::Closed | Fate::InProcess | Fate::Answered => self.ago(112, 36),
        };
        let length = self.length(fate, opens);
        let wish = Wish {
            title: self.setting.texts.wish(n),
            body: self.setting.texts.reason(n).to_owned(),
            opens,
            length,
            deadline: length.last_day(opens),
            fate,
            number: n,
        };
        let at = self.plan.petitions.len();
        self.plan.petitions.push(wish);
        // Moderators take up to a week.
        let handed_in = days_before(opens, 1 + self.up_to(7));
        let hour = 9 + u8::try_from(self.random.below(9)).unwrap_or(0);
        self.at(handed_in, hour, Act::HandIn(at));
        if fate != Fate::Waiting {
            self.at(opens, 8, Act::Decide(at));
        }
    }

    /// One that the policy allows, and that fits what becomes of it.
    fn length(&self, fate: Fate, opens: Date) -> Length {
        let (policy, ends) = (self.setting.policy, fate != Fate::Open);
        let wanted = if ends { 30 } else { 90 };
        if policy.until_months > 0 {
            return Length::Until(later(opens, wanted + 15));
        }
        if policy.days.contains(&wanted) {
            return Length::Days(wanted);
        }
        Length::Months(policy.months.first().copied().unwrap_or(3))
    }

    /// What is handed over where enough have signed, and what committees do with it.
    pub(super) fn handovers(&mut self) {
        for n in self.signable() {
            let (fate, deadline) = (self.plan.petitions[n].fate, self.plan.petitions[n].deadline);
            if !matches!(fate, Fate::InProcess | Fate::Answered)
                || self.counted[n] < self.setting.policy.answer_at
            {
                continue;
            }
            let mut steps = vec![(3, Act::HandOver(n)), (4, Act::Receive(n))];
            if fate == Fate::Answered {
                steps.extend([(11, Act::Answer(n)), (15, Act::FollowUp(n))]);
            }
            for (days, act) in steps {
                let date = later(deadline, days);
                if date < self.setting.as_of {
                    self.at(date, 10, act);
                }
            }
        }
    }
}
