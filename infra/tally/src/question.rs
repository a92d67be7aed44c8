//! What can be asked, what an answer may be, and why one is refused.

use crate::ranked::{self, Place, ballot};

/// A question. Options are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// One of some options.
    OneChoice {
        /// How many there are.
        options: u16,
    },
    /// Several of some options.
    Several {
        /// How many there are.
        options: u16,
        /// At least so many.
        min: u16,
        /// At most so many.
        max: u16,
    },
    /// A step of a scale.
    Scale {
        /// The lowest.
        low: i32,
        /// The highest.
        high: i32,
    },
    /// Options in an order.
    Ranking {
        /// How many there are.
        options: u16,
        /// At least so many are ranked.
        min: u16,
        /// At most so many.
        max: u16,
        /// Whether several may share a place.
        ties: bool,
    },
    /// A number, in the unit that the question's decimals give: 1.5 with one decimal is 15.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Free text.
    Text {
        /// At most so many characters.
        max: u32,
    },
}

/// An answer, in whatever order it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An option.
    OneChoice(u16),
    /// Options.
    Several(Vec<u16>),
    /// A step.
    Scale(i32),
    /// Places of options.
    Ranking(Vec<Place>),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// Why a question can't be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// It has fewer than two options, or steps.
    #[error("there is nothing to choose between")]
    NothingToChoose,
    /// A scale has more steps than can be told apart.
    #[error("the scale has more than {MAX_STEPS} steps")]
    TooManySteps,
    /// The least is more than the most.
    #[error("the least is more than the most")]
    MinAboveMax,
    /// More may be chosen than there is, or nothing at all.
    #[error("more may be chosen than there is, or nothing at all")]
    MaxOutsideOptions,
}

/// Most steps of a scale.
pub const MAX_STEPS: u32 = 1_001;

/// Why an answer isn't one, named after the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It answers another kind of question.
    #[error("this answers another kind of question")]
    OtherKind,
    /// It names an option that isn't there.
    #[error("there is no option {0}")]
    UnknownOption(u16),
    /// It names an option twice.
    #[error("option {0} is there twice")]
    RepeatedOption(u16),
    /// It isn't a ranking.
    #[error("{0}")]
    Ranking(#[from] ranked::Refusal),
    /// It has fewer options than asked for.
    #[error("{found} options, and at least {min} are asked for")]
    TooFew {
        /// So many.
        found: usize,
        /// At least.
        min: u16,
    },
    /// It has more options than allowed.
    #[error("{found} options, and at most {max} are allowed")]
    TooMany {
        /// So many.
        found: usize,
        /// At most.
        max: u16,
    },
    /// It is no step of the scale.
    #[error("{0} is not on the scale")]
    OffScale(i32),
    /// It is less than the least.
    #[error("{0} is too low")]
    TooLow(i64),
    /// It is more than the most.
    #[error("{0} is too high")]
    TooHigh(i64),
    /// A text says nothing.
    #[error("the text is empty")]
    EmptyText,
    /// A text is too long.
    #[error("{found} characters, and at most {max} are allowed")]
    TextTooLong {
        /// So many.
        found: usize,
        /// At most.
        max: u32,
    },
}

impl Question {
    /// Whether it can be asked.
    ///
    /// # Errors
    /// Why it can't.
    pub fn possible(&self) -> Result<(), Impossible> {
        match *self {
            Self::OneChoice { options } if options < 2 => Err(Impossible::NothingToChoose),
            Self::Several { options, min, max } | Self::Ranking { options, min, max, .. } => {
                if options < 2 {
                    return Err(Impossible::NothingToChoose);
                }
                if min > max {
                    return Err(Impossible::MinAboveMax);
                }
                if max > options || max == 0 { Err(Impossible::MaxOutsideOptions) } else { Ok(()) }
            }
            Self::Scale { low, high } if low > high => Err(Impossible::MinAboveMax),
            Self::Scale { low, high } if low == high => Err(Impossible::NothingToChoose),
            Self::Scale { low, high } if high.abs_diff(low) >= MAX_STEPS => Err(Impossible::TooManySteps),
            Self::Number { min, max } if min > max => Err(Impossible::MinAboveMax),
            Self::Text { max: 0 } => Err(Impossible::MaxOutsideOptions),
            Self::OneChoice { .. } | Self::Scale { .. } | Self::Number { .. } | Self::Text { .. } => Ok(()),
        }
    }

    /// Whether it is an answer to this question.
    ///
    /// # Errors
    /// The first rule that it breaks: options that are there, each once, as many as asked for.
    pub fn check(&self, answer: &Answer) -> Result<(), Refusal> {
        match (self, answer) {
            (Self::OneChoice { options }, Answer::OneChoice(option)) => known(*options, *option),
            (Self::Several { options, min, max }, Answer::Several(chosen)) => {
                chosen.iter().try_for_each(|option| known(*options, *option))?;
                let mut sorted = chosen.clone();
                sorted.sort_unstable();
                if let Some(twice) = sorted.windows(2).find(|two| two[0] == two[1]) {
                    return Err(Refusal::RepeatedOption(twice[0]));
                }
                as_many(chosen.len(), *min, *max)
            }
            (Self::Scale { low, high }, Answer::Scale(step)) => {
                if (low..=high).contains(&step) {
                    Ok(())
                } else {
                    Err(Refusal::OffScale(*step))
                }
            }
            (Self::Ranking { options, min, max, ties }, Answer::Ranking(places)) => {
                ballot::order(places.clone(), usize::from(*options), *ties)?;
                as_many(places.len(), *min, *max)
            }
            (Self::Number { min, .. }, Answer::Number(number)) if number < min => {
                Err(Refusal::TooLow(*number))
            }
            (Self::Number { max, .. }, Answer::Number(number)) if number > max => {
                Err(Refusal::TooHigh(*number))
            }
            (Self::Number { .. }, Answer::Number(_)) => Ok(()),
            (Self::Text { max }, Answer::Text(text)) => {
                let found = text.chars().count();
                match text.trim() {
                    "" => Err(Refusal::EmptyText),
                    _ if found > *max as usize => Err(Refusal::TextTooLong { found, max: *max }),
                    _ => Ok(()),
                }
            }
            (
                Self::OneChoice { .. }
                | Self::Several { .. }
                | Self::Scale { .. }
                | Self::Ranking { .. }
                | Self::Number { .. }
                | Self::Text { .. },
                _,
            ) => Err(Refusal::OtherKind),
        }
    }
}

const fn known(options: u16, option: u16) -> Result<(), Refusal> {
    if option < options { Ok(()) } else { Err(Refusal::UnknownOption(option)) }
}

const fn as_many(found: usize, min: u16, max: u16) -> Result<(), Refusal> {
    if found < min as usize {
        return Err(Refusal::TooFew { found, min });
    }
    if found > max as usize { Err(Refusal::TooMany { found, max }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_refused_by_the_rule_it_breaks() {
        let one = Question::OneChoice { options: 3 };
        assert_eq!(one.check(&Answer::OneChoice(2)), Ok(()));
        assert_eq!(one.check(&Answer::OneChoice(3)), Err(Refusal::UnknownOption(3)));
        assert_eq!(one.check(&Answer::Scale(1)), Err(Refusal::OtherKind));
        let several = Question::Several { options: 5, min: 1, max: 2 };
        let chosen = |options: &[u16]| several.check(&Answer::Several(options.into()));
        assert_eq!(chosen(&[4, 0]), Ok(()));
        assert_eq!(chosen(&[5, 5, 5]), Err(Refusal::UnknownOption(5)));
        assert_eq!(chosen(&[1, 2, 1]), Err(Refusal::RepeatedOption(1)));
        assert_eq!(chosen(&[]), Err(Refusal::TooFew { found: 0, min: 1 }));
        assert_eq!(chosen(&[1, 2, 3]), Err(Refusal::TooMany { found: 3, max: 2 }));
        let scale = Question::Scale { low: -2, high: 2 };
        assert_eq!(scale.check(&Answer::Scale(-2)), Ok(()));
        assert_eq!(scale.check(&Answer::Scale(3)), Err(Refusal::OffScale(3)));
        let number = Question::Number { min: 0, max: 10 };
        assert_eq!(number.check(&Answer::Number(10)), Ok(()));
        assert_eq!(number.check(&Answer::Number(-1)), Err(Refusal::TooLow(-1)));
        assert_eq!(number.check(&Answer::Number(11)), Err(Refusal::TooHigh(11)));
        let text = Question::Text { max: 3 };
        assert_eq!(text.check(&Answer::Text("åäö".into())), Ok(()));
        assert_eq!(text.check(&Answer::Text(" \n".into())), Err(Refusal::EmptyText));
        assert_eq!(text.check(&Answer::Text("åäöå".into())), Err(Refusal::TextTooLong { found: 4, max: 3 }));
    }

    #[test]
    fn a_ranking_has_no_gaps_and_no_repeats() {
        let ranking = Question::Ranking { options: 4, min: 2, max: 3, ties: false };
        let ranked = |places: &[(u16, u16)]| {
            let place =
                |(place, alternative): &(u16, u16)| Place { place: *place, alternative: *alternative };
            ranking.check(&Answer::Ranking(places.iter().map(place).collect()))
        };
        assert_eq!(ranked(&[(2, 0), (1, 3)]), Ok(()));
        assert_eq!(ranked(&[(1, 0), (3, 3)]), Err(Refusal::Ranking(ranked::Refusal::Gap(2))));
        assert_eq!(ranked(&[(1, 0), (1, 3)]), Err(Refusal::Ranking(ranked::Refusal::RepeatedPlace(1))));
        assert_eq!(ranked(&[(1, 0)]), Err(Refusal::TooFew { found: 1, min: 2 }));
        assert_eq!(ranked(&[(1, 0), (2, 1), (3, 2), (4, 3)]), Err(Refusal::TooMany { found: 4, max: 3 }));
    }

    #[test]
    fn a_question_that_nobody_can_answer_isnt_asked() {
        let impossible = |question: Question| question.possible().unwrap_err();
        assert_eq!(impossible(Question::OneChoice { options: 1 }), Impossible::NothingToChoose);
        assert_eq!(impossible(Question::Several { options: 3, min: 3, max: 2 }), Impossible::MinAboveMax);
        assert_eq!(
            impossible(Question::Several { options: 3, min: 0, max: 4 }),
            Impossible::MaxOutsideOptions
        );
        assert_eq!(
            impossible(Question::Several { options: 3, min: 0, max: 0 }),
            Impossible::MaxOutsideOptions
        );
        assert_eq!(impossible(Question::Scale { low: 1, high: 1 }), Impossible::NothingToChoose);
        assert_eq!(impossible(Question::Scale { low: i32::MIN, high: i32::MAX }), Impossible::TooManySteps);
        assert_eq!(impossible(Question::Number { min: 1, max: 0 }), Impossible::MinAboveMax);
        assert_eq!(Question::Scale { low: 0, high: 1_000 }.possible(), Ok(()));
        assert_eq!(Question::Ranking { options: 4, min: 0, max: 4, ties: true }.possible(), Ok(()));
    }
}
