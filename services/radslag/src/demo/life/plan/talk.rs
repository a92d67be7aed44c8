//! What is said of petitions, and what is asked of officials and politicians.

use std::collections::BTreeMap;

use radslag_petitions::terms::Comments;

use super::{Act, Moment, On, Planning, Remark, days, later};
use crate::demo::seed::Inquiry;

/// Who comments on a petition of the slides; they sign nothing.
const COMMENTERS: u64 = 700_000;
/// Of a thousand signers.
const COMMENT: u64 = 70;
/// Of a thousand comments.
const REFUSED: u64 = 80;

impl Planning<'_> {
    pub(super) fn remarks(&mut self) {
        let mut said = self.by_signers();
        said.extend(self.on_slides());
        said.sort_unstable();
        // What stands, where and since when; replies are to that.
        let mut shown = BTreeMap::<On, Vec<(Moment, usize)>>::new();
        for ((date, hour), on, who) in said {
            let remark = self.plan.remarks.len();
            let refused = self.random.chance(REFUSED);
            let earlier = shown.get(&on).map_or(&[][..], Vec::as_slice);
            let known = earlier.iter().take_while(|(since, _)| *since < (date, hour)).count();
            let reply_to =
                (known > 0 && self.random.chance(350)).then(|| earlier[self.random.index(known)].1);
            let texts =
                if reply_to.is_some() { &self.setting.texts.replies } else { &self.setting.texts.comments };
            let text = texts[self.random.index(texts.len())].clone();
            self.plan.remarks.push(Remark { on, who, text, reply_to, refused });
            self.at(date, hour, Act::Remark(remark));
            let (decided, before) = (later(date, 1), self.setting.terms.comments == Comments::Before);
            let in_time = decided < self.setting.as_of;
            if in_time && (before || refused) {
                self.at(decided, 10, Act::Moderate(remark));
            }
            if !refused && reply_to.is_none() && (in_time || !before) {
                let since = if before { (decided, 10) } else { (date, hour) };
                shown.entry(on).or_default().push((since, remark));
            }
        }
    }

    fn by_signers(&mut self) -> Vec<(Moment, On, u64)> {
        let signed: Vec<(Moment, On, u64)> = self
            .plan
            .acts
            .iter()
            .flat_map(|((date, hour), acts)| {
                acts.iter().filter_map(move |act| match act {
                    Act::Sign(of) if of.confirmed && of.who >= super::FIRST => {
                        Some(((*date, (*hour + 1).min(23)), On::Wish(of.petition), of.who))
                    }
                    _ => None,
                })
            })
            .collect();
        signed.into_iter().filter(|_| self.random.chance(COMMENT)).collect()
    }

    fn on_slides(&mut self) -> Vec<(Moment, On, u64)> {
        let slides = self.setting.slides.clone();
        if slides.is_empty() {
            return Vec::new();
        }
        let number = self.setting.people / 50;
        let comment = |n| {
            let at = self.random.index(slides.len());
            let from = later(slides[at], 1);
            let date = later(from, self.up_to(days(from, self.setting.as_of)));
            let hour = 10 + u8::try_from(self.random.below(12)).unwrap_or(0);
            (date < self.setting.as_of).then_some(((date, hour), On::Slide(at), COMMENTERS + n))
        };
        (0..number).filter_map(comment).collect()
    }

    /// Questions where there are politicians, else tips.
    pub(super) fn inquiries(&mut self) {
        let (terms, texts) = (self.setting.terms, self.setting.texts);
        let politicians = self.setting.politicians;
        let questions = terms.questions && politicians > 0;
        if !questions && !terms.tips {
            return;
        }
        let from = if questions { &texts.questions } else { &texts.tips };
        for n in 0..(self.setting.people / 25).max(4) {
            let [title, text, answer] = &from[self.random.index(from.len())];
            let place = self.random.below(1_000);
            let asked = self.ago(2, 140);
            let answered = later(asked, 1 + self.up_to(14));
            let answered = (answered < self.setting.as_of && self.random.chance(850)).then_some(answered);
            let politician = questions.then(|| 1 + self.random.index(politicians));
            let inquiry = Inquiry {
                kind: if questions { "question" } else { "tip" }.into(),
                title: texts.about(title, place),
                text: text.clone(),
                asked,
                politician,
                answered,
                answer: answer.clone(),
                private: self.random.chance(60),
            };
            let at = self.plan.inquiries.len();
            self.plan.inquiries.push(inquiry);
            let hour = 9 + u8::try_from(n % 9).unwrap_or(0);
            self.at(asked, hour, Act::Ask(at));
            if let Some(answered) = answered {
                self.at(answered, 14, Act::Reply(at));
            }
        }
    }
}
