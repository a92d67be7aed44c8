//! Counts and shares of a question, by its kind.

use crate::question::{Answer, Question};

use super::precision::{MarginOfError, RandomSample};

/// Of some answers: how many, and the sums of their weights and of the squares of those.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// How many.
    pub count: u64,
    /// Their weights: as many as there are, where nothing is weighted.
    pub weight: f64,
    /// The squares of their weights.
    pub squares: f64,
}

impl Sums {
    fn add(&mut self, weight: f64) {
        self.count += 1;
        self.weight += weight;
        self.squares += weight * weight;
    }

    /// How large a part of all they are; nothing of nothing.
    #[must_use]
    pub fn share(&self, all: &Self) -> Option<Share> {
        let share =
            Share { unweighted: self.count as f64 / all.count as f64, weighted: self.weight / all.weight };
        (all.count > 0 && all.weight > 0.0).then_some(share)
    }

    /// How far the weighted share may be from that of everybody, were only chance at work. Only a random sample has this.
    #[must_use]
    pub fn margin_of_error(&self, all: &Self, sample: &RandomSample) -> Option<MarginOfError> {
        sample.margin_of_error(self, all)
    }
}

/// A part of all, between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Of the answers.
    pub unweighted: f64,
    /// Of their weights.
    pub weighted: f64,
}

/// A figure of the answers, both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure<T> {
    /// Of the answers.
    pub unweighted: T,
    /// By their weights.
    pub weighted: T,
}

/// What a question's answers come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// All answers to it.
    pub answered: Sums,
    /// Respondents who didn't answer it.
    pub skipped: u64,
    /// Answers that the question doesn't allow. They are counted nowhere else.
    pub refused: u64,
    /// By its kind.
    pub of: Of,
}

/// Counts by kind of question.
#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    /// One choice and several: by option. Of several, shares are of those who answered and add up to more than 1.
    Options(Vec<Sums>),
    /// By step, from the lowest.
    Scale {
        /// By step.
        steps: Vec<Sums>,
        /// Nothing where nobody answered.
        mean: Option<Figure<f64>>,
        /// The lowest step that at least half don't go beyond.
        median: Option<Figure<i64>>,
    },
    /// Rankings; the counting rules say more.
    Ranking {
        /// By option: how many have it in the first place, alone or with others.
        first: Vec<Sums>,
        /// By option: how many have it in each place, from the first.
        places: Vec<Vec<u64>>,
    },
    /// Numbers, without the lowest and highest, which are somebody's.
    Number {
        /// Nothing where nobody answered.
        mean: Option<Figure<f64>>,
        /// The lowest numbers that at least a quarter, half and three quarters don't go beyond.
        quartiles: Option<Figure<[i64; 3]>>,
    },
    /// Texts are only counted.
    Text,
}

/// Counts answers, one for each respondent, with a weight for each; without weights each counts as 1. Nothing if there aren't as
/// many weights as respondents.
#[must_use]
pub fn counts(question: &Question, answers: &[Option<Answer>], weights: Option<&[f64]>) -> Option<Counts> {
    if weights.is_some_and(|weights| weights.len() != answers.len()) {
        return None;
    }
    let weight = |at: usize| weights.map_or(1.0, |weights| weights[at]);
    let mut counts = Counts { answered: Sums::default(), skipped: 0, refused: 0, of: Of::Text };
    let mut tally = Tally::new(question);
    for (at, answer) in answers.iter().enumerate() {
        match answer {
            None => counts.skipped += 1,
            Some(answer) if question.check(answer).is_err() => counts.refused += 1,
            Some(answer) => {
                counts.answered.add(weight(at));
                tally.add(answer, weight(at));
            }
        }
    }
    counts.of = tally.finish();
    Some(counts)
}

/// What is added up.
enum Tally {
    Options(Vec<Sums>),
    Scale(i32, Vec<Sums>),
    Ranking(Vec<Sums>, Vec<Vec<u64>>),
    Numbers(Vec<(i64, f64)>),
    Text,
}

impl Tally {
    fn new(question: &Question) -> Self {
        let sums = |count: usize| vec![Sums::default(); count];
        match *question {
            Question::OneChoice { options } | Question::Several { options, .. } => {
                Self::Options(sums(options.into()))
            }
            Question::Scale { low, high } => Self::Scale(low, sums(high.abs_diff(low) as usize + 1)),
            Question::Ranking { options, max, .. } => {
                Self::Ranking(sums(options.into()), vec![vec![0; max.into()]; options.into()])
            }
            Question::Number { .. } => Self::Numbers(Vec::new()),
            Question::Text { .. } => Self::Text,
        }
    }

    /// An answer that the question allows.
    fn add(&mut self, answer: &Answer, weight: f64) {
        match (self, answer) {
            (Self::Options(options), Answer::OneChoice(option)) => options[usize::from(*option)].add(weight),
            (Self::Options(options), Answer::Several(chosen)) => {
                chosen.iter().for_each(|option| options[usize::from(*option)].add(weight));
            }
            (Self::Scale(low, steps), Answer::Scale(step)) => {
                steps[step.abs_diff(*low) as usize].add(weight);
            }
            (Self::Ranking(first, places), Answer::Ranking(ranked)) => {
                for one in ranked {
                    let option = usize::from(one.alternative);
                    places[option][usize::from(one.place) - 1] += 1;
                    if one.place == 1 {
                        first[option].add(weight);
                    }
                }
            }
            (Self::Numbers(numbers), Answer::Number(number)) => numbers.push((*number, weight)),
            _ => {}
        }
    }

    fn finish(self) -> Of {
        match self {
            Self::Options(options) => Of::Options(options),
            Self::Scale(low, steps) => {
                let values = (i64::from(low)..).zip(&steps);
                let values: Vec<_> = values.map(|(step, sums)| (step, sums.count, sums.weight)).collect();
                let median = quantiles(&values, [0.5]);
                let median = median
                    .map(|median| Figure { unweighted: median.unweighted[0], weighted: median.weighted[0] });
                Of::Scale { mean: mean(&values), median, steps }
            }
            Self::Ranking(first, places) => Of::Ranking { first, places },
            Self::Numbers(numbers) => {
                let mean =
                    mean(&numbers.iter().map(|(number, weight)| (*number, 1, *weight)).collect::<Vec<_>>());
                let mut sorted: Vec<_> =
                    numbers.into_iter().map(|(number, weight)| (number, 1, weight)).collect();
                // Stable, so that weights of equal numbers are added in the order of the answers.
                sorted.sort_by_key(|(number, ..)| *number);
                Of::Number { mean, quartiles: quantiles(&sorted, [0.25, 0.5, 0.75]) }
            }
            Self::Text => Of::Text,
        }
    }
}

fn mean(values: &[(i64, u64, f64)]) -> Option<Figure<f64>> {
    let count: u64 = values.iter().map(|(_, count, _)| count).sum();
    let sum: i128 = values.iter().map(|(value, count, _)| i128::from(*value) * i128::from(*count)).sum();
    let weight: f64 = values.iter().map(|(.., weight)| weight).sum();
    let weighted: f64 = values.iter().map(|(value, _, weight)| *value as f64 * weight).sum();
    let mean = Figure { unweighted: sum as f64 / count as f64, weighted: weighted / weight };
    (count > 0 && weight > 0.0).then_some(mean)
}

/// Of values in ascending order, the lowest that each part doesn't go beyond.
fn quantiles<const N: usize>(values: &[(i64, u64, f64)], parts: [f64; N]) -> Option<Figure<[i64; N]>> {
    let count: u64 = values.iter().map(|(_, count, _)| count).sum();
    let weight: f64 = values.iter().map(|(.., weight)| weight).sum();
    let reached = |reach: &dyn Fn(u64, f64) -> bool| {
        let (mut counted, mut weighed) = (0, 0.0);
        let found = values.iter().find(|(_, count, weight)| {
            counted += count;
            weighed += weight;
            reach(counted, weighed)
        });
        found.or(values.last()).map_or(0, |(value, ..)| *value)
    };
    (count > 0 && weight > 0.0).then(|| Figure {
        unweighted: parts.map(|part| reached(&|counted, _| counted as f64 >= part * count as f64)),
        weighted: parts.map(|part| reached(&|_, weighed| weighed >= part * weight)),
    })
}
