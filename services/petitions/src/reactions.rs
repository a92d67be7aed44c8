//! Commands that events lead to: thresholds that are crossed, and one person who signed twice.

use radslag_kernel::ItemId;

use crate::{
    petition::{self, Answer, Hearing, Threshold},
    signature,
};

/// What of a petition's row a threshold depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Exact, at `count_position`.
    pub count: u64,
    /// Of the log.
    pub count_position: u64,
    /// 0 = no such threshold.
    pub answer_at: u64,
    /// 0 = no such threshold.
    pub debate_at: u64,
    /// The machine it moves.
    pub answer: Answer,
    /// The machine it moves.
    pub hearing: Hearing,
}

/// The thresholds that a count crosses, up or down. The petition decides again, so sending one twice does no harm.
#[must_use]
pub fn thresholds(standing: &Standing) -> Vec<petition::Act> {
    let answer = (standing.answer == Answer::None, standing.answer == Answer::Due);
    let debate = (standing.hearing == Hearing::None, standing.hearing == Hearing::Awaiting);
    [(Threshold::Answer, standing.answer_at, answer), (Threshold::Debate, standing.debate_at, debate)]
        .into_iter()
        .filter(|(_, limit, _)| *limit > 0)
        .filter_map(|(threshold, limit, (waits, unacted))| {
            let (count, count_position) = (standing.count, standing.count_position);
            if waits && count >= limit {
                Some(petition::Act::ReachThreshold { threshold, count, count_position })
            } else if unacted && count < limit {
                Some(petition::Act::LoseThreshold { threshold, count, count_position })
            } else {
                None
            }
        })
        .collect()
}

/// How somebody signed; the later one is the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// On a list.
    Paper,
    /// By mailbox.
    Mailbox,
    /// By eID.
    Eid,
}

impl Method {
    /// Of the word in a row.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "paper" => Some(Self::Paper),
            "mailbox" => Some(Self::Mailbox),
            "eid" => Some(Self::Eid),
            _ => None,
        }
    }
}

/// A counted signature of one person; `position` leads to its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Same {
    /// Which.
    pub item: ItemId,
    /// How.
    pub method: Method,
    /// Of an event in its stream.
    pub position: u64,
}

/// Whether an event may make a person count twice: then the rows of `same_person` are looked up.
#[must_use]
pub const fn counts_anew(event: &signature::Event) -> bool {
    event.delta() + event.delta_against() > 0
}

/// Of one person's counted signatures the one that stands, and those it beats.
#[must_use]
pub fn beaten(newest: Same, others: &[Same]) -> (Same, Vec<Same>) {
    let all = others.iter().copied().chain([newest]);
    // Of lines on paper the first one stands: nobody signs two lists.
    let rank = |same: &Same| (same.method, std::cmp::Reverse(same.position));
    let stands = all.clone().max_by_key(rank).unwrap_or(newest);
    let beaten = |same: &Same| {
        same.method < stands.method || (stands.method == Method::Paper && same.position != stands.position)
    };
    (stands, all.filter(beaten).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(count: u64, answer: Answer) -> Standing {
        Standing { count, count_position: 9, answer_at: 100, debate_at: 0, answer, hearing: Hearing::None }
    }

    #[test]
    fn a_threshold_is_reached_once() {
        let reach =
            petition::Act::ReachThreshold { threshold: Threshold::Answer, count: 100, count_position: 9 };
        assert_eq!(thresholds(&at(99, Answer::None)), []);
        assert_eq!(thresholds(&at(100, Answer::None)), [reach]);
        assert_eq!(thresholds(&at(101, Answer::Due)), []);
    }

    #[test]
    fn a_count_below_moves_back_only_what_nobody_acted_on() {
        let lose =
            petition::Act::LoseThreshold { threshold: Threshold::Answer, count: 99, count_position: 9 };
        assert_eq!(thresholds(&at(99, Answer::Due)), [lose]);
        assert_eq!(thresholds(&at(99, Answer::HandedOver)), []);
    }

    #[test]
    fn eid_beats_mailbox_whichever_came_first() {
        let same =
            |byte, method| Same { item: ItemId::from_bytes([byte; 16]), method, position: u64::from(byte) };
        let (mailbox, eid) = (same(1, Method::Mailbox), same(2, Method::Eid));
        assert_eq!(beaten(eid, &[mailbox]), (eid, vec![mailbox]));
        assert_eq!(beaten(mailbox, &[eid]), (eid, vec![mailbox]));
        assert_eq!(beaten(mailbox, &[same(3, Method::Mailbox)]), (mailbox, vec![]));
        assert_eq!(beaten(eid, &[]), (eid, vec![]));
    }

    #[test]
    fn of_lines_on_paper_the_first_one_stands() {
        let line = |byte| Same {
            item: ItemId::from_bytes([byte; 16]),
            method: Method::Paper,
            position: u64::from(byte),
        };
        assert_eq!(beaten(line(2), &[line(1), line(3)]), (line(1), vec![line(3), line(2)]));
    }
}
