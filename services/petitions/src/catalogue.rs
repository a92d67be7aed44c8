//! Words for people: refusal codes, states, and the eleven words of Malmöinitiativet, in Swedish and English.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{
    comment, inquiry,
    petition::{
        Answer, Hearing, Phase,
        answer::{Outcome, Why},
    },
    policy::Label,
};

/// A reason to refuse a petition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Stable, for example `outside-competence`.
    pub id: String,
    /// The petition's text is never shown.
    pub hidden: bool,
    /// For people.
    pub label: Label,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    code: Vec<Code>,
    pub(crate) signature: BTreeMap<String, Label>,
    pub(crate) method: BTreeMap<String, Label>,
    pub(crate) side: BTreeMap<String, Label>,
    pub(crate) correction: BTreeMap<String, Label>,
    pub(crate) verdict: BTreeMap<String, Label>,
    pub(crate) state: BTreeMap<String, Label>,
    pub(crate) answer: BTreeMap<String, Label>,
    pub(crate) outcome: BTreeMap<String, Label>,
    reopened: BTreeMap<String, Label>,
    pub(crate) part: BTreeMap<String, Label>,
    withdrawal: BTreeMap<String, Label>,
    pub(crate) objection: BTreeMap<String, Label>,
    pub(crate) hearing: BTreeMap<String, Label>,
    malmo: BTreeMap<String, Label>,
    became: BTreeMap<String, Label>,
    suspicion: BTreeMap<String, Label>,
    pub(crate) bulk: BTreeMap<String, Label>,
    pub(crate) comment: BTreeMap<String, Label>,
    pub(crate) inquiry: BTreeMap<String, Label>,
    pub(crate) kind: BTreeMap<String, Label>,
    pub(crate) paper: BTreeMap<String, Label>,
}

impl Catalogue {
    /// The catalogue that is shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Catalogue> =
            LazyLock::new(|| toml::from_str(include_str!("../catalogue.toml")).unwrap_or_default());
        &SHIPPED
    }

    /// The refusal code with an id.
    #[must_use]
    pub fn code(&self, id: &str) -> Option<&Code> {
        self.code.iter().find(|code| code.id == id)
    }

    /// Every refusal code, in the order of the file.
    #[must_use]
    pub fn codes(&self) -> &[Code] {
        &self.code
    }

    /// The label of a state.
    #[must_use]
    pub fn state(&self, phase: Phase) -> Option<&Label> {
        self.state.get(phase.word())
    }

    /// The label of an answer's state.
    #[must_use]
    pub fn answer(&self, answer: Answer) -> Option<&Label> {
        self.answer.get(answer.word())
    }

    /// The label of an answer's outcome.
    #[must_use]
    pub fn outcome(&self, outcome: Outcome) -> Option<&Label> {
        self.outcome.get(outcome.word())
    }

    /// Why an answer was opened again.
    #[must_use]
    pub fn reopened(&self, why: Why) -> Option<&Label> {
        self.reopened.get(why.word())
    }

    /// The label of a committee's part, by the word in its row.
    #[must_use]
    pub fn part(&self, word: &str) -> Option<&Label> {
        self.part.get(word)
    }

    /// What became of a wish to withdraw after handover, by the word in its row.
    #[must_use]
    pub fn withdrawal(&self, word: &str) -> Option<&Label> {
        self.withdrawal.get(word)
    }

    /// The label of an objection, by the word of what it is about.
    #[must_use]
    pub fn objection(&self, word: &str) -> Option<&Label> {
        self.objection.get(word)
    }

    /// The label of a hearing's state.
    #[must_use]
    pub fn hearing(&self, hearing: Hearing) -> Option<&Label> {
        self.hearing.get(hearing.word())
    }

    /// What became of what a link was sent for.
    #[must_use]
    pub fn became(&self, state: &str) -> Option<&Label> {
        self.became.get(state)
    }

    /// Where a bulk invalidation stands.
    #[must_use]
    pub fn bulk(&self, phase: crate::bulk::Phase) -> Option<&Label> {
        self.bulk.get(phase.word())
    }

    /// Where a batch of lists stands, or why a line isn't taken.
    #[must_use]
    pub fn paper(&self, word: &str) -> Option<&Label> {
        self.paper.get(word)
    }

    /// Why a signature was set aside.
    #[must_use]
    pub fn suspicion(&self, rule: &str) -> Option<&Label> {
        self.suspicion.get(rule)
    }

    /// The label of a comment's state.
    #[must_use]
    pub fn comment(&self, standing: comment::Standing) -> Option<&Label> {
        self.comment.get(standing.word())
    }

    /// The label of an inquiry's state, by its word.
    #[must_use]
    pub fn inquiry(&self, word: &str) -> Option<&Label> {
        self.inquiry.get(word)
    }

    /// The label of a kind of inquiry.
    #[must_use]
    pub fn kind(&self, kind: inquiry::Kind) -> Option<&Label> {
        self.kind.get(kind.word())
    }

    /// The word of Malmöinitiativet for a pair of states.
    #[must_use]
    pub fn malmo(&self, phase: Phase, answer: Answer) -> Option<&Label> {
        self.malmo.get(malmo_key(phase, answer))
    }

    /// The eleven words, with their keys.
    pub fn words(&self) -> impl Iterator<Item = (&str, &Label)> {
        self.malmo.iter().map(|(key, label)| (key.as_str(), label))
    }

    /// Which pairs of states are a word, named by its key or as it reads: `,open/none,open/due,`.
    #[must_use]
    pub fn pairs(&self, word: &str) -> Option<String> {
        let named = |(key, label): &(&str, &Label)| *key == word || label.sv == word || label.en == word;
        let (key, _) = self.words().find(named)?;
        let pairs = Phase::ALL.into_iter().flat_map(|phase| Answer::ALL.map(|answer| (phase, answer)));
        let fitting = pairs.filter(|(phase, answer)| malmo_key(*phase, *answer) == key);
        let listed = fitting.map(|(phase, answer)| format!("{}/{},", phase.word(), answer.word()));
        Some(format!(",{}", listed.collect::<String>()))
    }
}

/// Which of the eleven words a pair of states is.
const fn malmo_key(phase: Phase, answer: Answer) -> &'static str {
    match (phase, answer) {
        (Phase::Withdrawn, _) => "withdrawn",
        (Phase::Submitted, _) => "new",
        (Phase::Draft | Phase::Gathering | Phase::InReview | Phase::Returned, _) => "draft",
        (Phase::Rejected | Phase::Hidden, _) => "rejected",
        (Phase::Approved, _) => "approved",
        (Phase::Open | Phase::Paused | Phase::Counting, Answer::None | Answer::Due) => "signing",
        (Phase::Closed, Answer::Due) => "to_be_sent",
        (_, Answer::HandedOver | Answer::InProcess) => "sent",
        (_, Answer::AwaitingInitiator) => "asked",
        (_, Answer::Answered | Answer::FollowedUp) => "solved",
        (
            Phase::Closed | Phase::Expired | Phase::Stopped | Phase::Removed | Phase::Redirected,
            Answer::None | Answer::Due,
        ) => "closed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{objection::About, petition::answer::Told};

    #[test]
    fn every_state_has_its_words_in_both_languages() {
        let words = Catalogue::shipped();
        for phase in Phase::ALL {
            assert!(!words.state(phase).unwrap().sv.is_empty());
            for answer in Answer::ALL {
                assert!(!words.answer(answer).unwrap().en.is_empty());
                assert!(!words.malmo(phase, answer).unwrap().sv.is_empty());
            }
        }
        assert!(Outcome::ALL.iter().all(|outcome| !words.outcome(*outcome).unwrap().sv.is_empty()));
        assert!(Why::ALL.iter().all(|why| !words.reopened(*why).unwrap().en.is_empty()));
        assert!(Told::ALL.iter().all(|told| !words.withdrawal(told.word()).unwrap().sv.is_empty()));
        assert!(About::ALL.iter().all(|about| !words.objection(about.word()).unwrap().en.is_empty()));
        assert!(Hearing::ALL.iter().all(|hearing| !words.hearing(*hearing).unwrap().sv.is_empty()));
        assert_eq!((words.state.len(), words.malmo.len()), (Phase::ALL.len(), 11));
    }

    #[test]
    fn every_state_of_a_comment_and_an_inquiry_has_its_words() {
        let words = Catalogue::shipped();
        assert!(comment::Standing::ALL.into_iter().all(|standing| words.comment(standing).is_some()));
        assert!(inquiry::Life::WORDS.into_iter().all(|word| words.inquiry(word).is_some()));
        assert!(inquiry::Kind::ALL.into_iter().all(|kind| words.kind(kind).is_some()));
        for word in inquiry::Life::WORDS {
            assert!(words.became(&format!("inquiry_{word}")).is_some(), "{word}");
        }
        for standing in comment::Standing::ALL {
            assert!(words.became(&format!("comment_{}", standing.word())).is_some());
        }
    }

    #[test]
    fn every_refusal_code_of_the_domain_is_there() {
        let hidden = |hidden| -> Vec<&str> {
            Catalogue::shipped()
                .codes()
                .iter()
                .filter(|c| c.hidden == hidden)
                .map(|c| c.id.as_str())
                .collect()
        };
        assert_eq!(hidden(true), ["libellous", "offensive", "advert", "removed", "individuals-or-secrecy"]);
        assert_eq!(hidden(false).len(), 10);
        assert_eq!(Catalogue::shipped().code("nonsense"), None);
    }

    /// `fixtures/codes.txt`: each code that was ever shipped, and whether it hides. Decisions that name one stand for ever, so
    /// a new one gets a line and none loses its own.
    #[test]
    fn a_used_code_cant_be_deleted() {
        let shipped = include_str!("../fixtures/codes.txt").lines().map(|line| line.split_once(' ').unwrap());
        let now = Catalogue::shipped().codes().iter().map(|code| (code.id.as_str(), code.hidden));
        let shipped = shipped.map(|(id, hidden)| (id, hidden == "true"));
        assert_eq!(now.collect::<Vec<_>>(), shipped.collect::<Vec<_>>());
    }

    #[test]
    fn every_state_of_a_bulk_invalidation_has_its_words() {
        let words = crate::bulk::Phase::ALL.map(|phase| Catalogue::shipped().bulk(phase).unwrap());
        assert!(words.iter().all(|label| !label.sv.is_empty() && !label.en.is_empty()));
    }

    #[test]
    fn every_state_of_a_batch_and_every_fault_of_a_line_has_its_words() {
        use crate::paper::{Fault, Phase};
        let work = ["importing", "counting", "striking"];
        for word in Phase::ALL.map(Phase::word).into_iter().chain(Fault::ALL.map(Fault::word)).chain(work) {
            let label = Catalogue::shipped().paper(word).unwrap();
            assert!(!label.sv.is_empty() && !label.en.is_empty(), "{word}");
        }
    }

    #[test]
    fn every_rule_that_sets_aside_has_its_words() {
        use crate::shell::{rates, watching};
        for rule in
            [rates::RULES.as_slice(), &[watching::TOO_FAST, watching::FORM_FORGED, "official"]].concat()
        {
            assert!(!Catalogue::shipped().suspicion(rule).unwrap().sv.is_empty(), "{rule}");
        }
    }

    #[test]
    fn every_pair_of_states_is_of_one_word_which_names_it() {
        let words = Catalogue::shipped();
        let all: String = words.words().map(|(key, _)| words.pairs(key).unwrap()).collect();
        let pairs: Vec<&str> = all.split(',').filter(|pair| !pair.is_empty()).collect();
        let unique: std::collections::BTreeSet<&&str> = pairs.iter().collect();
        assert_eq!((pairs.len(), unique.len()), (Phase::ALL.len() * Answer::ALL.len(), pairs.len()));
        assert_eq!(words.pairs("väntar på att bli skickad").as_deref(), Some(",closed/due,"));
        assert_eq!(words.pairs("solved"), words.pairs("löst"));
        assert_eq!(words.pairs("nonsense"), None);
    }

    #[test]
    fn the_words_of_malmo() {
        let word = |phase, answer| Catalogue::shipped().malmo(phase, answer).unwrap().sv.as_str();
        assert_eq!(word(Phase::Submitted, Answer::None), "ny");
        assert_eq!(word(Phase::InReview, Answer::None), "utkast");
        assert_eq!(word(Phase::Hidden, Answer::None), "avslagen");
        assert_eq!(word(Phase::Open, Answer::Due), "samlar namnunderskrifter");
        assert_eq!(word(Phase::Closed, Answer::Due), "väntar på att bli skickad");
        assert_eq!(word(Phase::Closed, Answer::None), "stängd");
        assert_eq!(word(Phase::Approved, Answer::None), "godkänd");
        for phase in [Phase::Open, Phase::Counting, Phase::Closed] {
            assert_eq!(word(phase, Answer::HandedOver), "skickad till handläggning");
            assert_eq!(word(phase, Answer::InProcess), "skickad till handläggning");
            assert_eq!(word(phase, Answer::AwaitingInitiator), "väntar på initiativtagarens svar");
            assert_eq!(word(phase, Answer::Answered), "löst");
            assert_eq!(word(phase, Answer::FollowedUp), "löst");
        }
        assert_eq!(word(Phase::Withdrawn, Answer::Due), "tillbakadragen");
    }
}
