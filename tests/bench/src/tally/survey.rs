//! Raking, and tabulating many answers.

use std::time::Instant;

use anyhow::{Context as _, Result};
use radslag_tally::{
    question::{Answer, Question},
    ranked::Place,
    results::{Category, Margin, Sample, Table, counts, publish, rake},
};

use super::{
    budget::{Numbers, timed},
    report::{Answers, Raking},
};
use crate::machine::memory_mib;

const RESPONDENTS: usize = 10_000;
/// Categories of each margin.
const MARGINS: [u64; 6] = [2, 6, 8, 5, 3, 10];
const GROUPS: u32 = 10;

/// Ten thousand on six margins, with a skewed sample and a cap.
pub(super) fn raking(runs: u32) -> Result<Raking> {
    let mut numbers = Numbers(10_000);
    // Half of them are of the first category of a margin in which the population is evenly spread.
    let mut categories = |count: u64| -> Vec<u32> {
        (0..RESPONDENTS).map(|_| (numbers.below(2) * numbers.below(count)) as u32).collect()
    };
    let of: Vec<Vec<u32>> = MARGINS.iter().map(|count| categories(*count)).collect();
    let margin = |(at, count): (usize, &u64)| {
        let category = |at: u64| Category { name: at.to_string(), population: 300_000.0 / *count as f64 };
        Margin { name: at.to_string(), categories: (0..*count).map(category).collect() }
    };
    let margins: Vec<Margin> = MARGINS.iter().enumerate().map(margin).collect();
    let raked =
        || rake(&Sample::new(300_000.0, margins.clone(), &of)?, Some(8.0)).map_err(anyhow::Error::from);
    let weights = raked()?;
    Ok(Raking {
        respondents: RESPONDENTS,
        margins: MARGINS.len(),
        rounds: weights.rounds,
        capped: weights.capped,
        ms: timed(runs, raked)?,
    })
}

/// So many answers to a question of each kind, weighted, and a table by background of each that can have one.
pub(super) fn answers(count: usize) -> Result<Answers> {
    let mut numbers = Numbers(1_000_000);
    let group: Vec<u32> = (0..count).map(|_| numbers.below(u64::from(GROUPS)) as u32).collect();
    let weights: Vec<f64> = (0..count).map(|_| 0.5 + numbers.below(1_000) as f64 / 1_000.0).collect();
    let questions = [
        Question::OneChoice { options: 6 },
        Question::Several { options: 8, min: 0, max: 4 },
        Question::Scale { low: 1, high: 10 },
        Question::Ranking { options: 5, min: 0, max: 5, ties: false },
        Question::Number { min: 0, max: 100 },
    ];
    let (mut counting, mut tables) = (0.0, 0.0);
    for question in &questions {
        let all: Vec<Option<Answer>> = (0..count).map(|_| Some(answer(question, &mut numbers))).collect();
        let began = Instant::now();
        counts(question, &all, Some(&weights)).context("no counts")?;
        counting += began.elapsed().as_secs_f64();
        let began = Instant::now();
        if let Some(table) = Table::by_background(question, &all, &group, GROUPS as usize, Some(&weights)) {
            publish(&[table], &[Some(&group)])?;
        }
        tables += began.elapsed().as_secs_f64();
    }
    let (peak_mib, _) = memory_mib();
    Ok(Answers { answers: count, questions: questions.len(), counting, tables, peak_mib })
}

fn answer(question: &Question, numbers: &mut Numbers) -> Answer {
    let mut order = |options: u16| {
        let mut order: Vec<u16> = (0..options).collect();
        (1..order.len()).for_each(|at| order.swap(at, numbers.below(at as u64 + 1) as usize));
        order
    };
    match *question {
        Question::OneChoice { options } => Answer::OneChoice(order(options)[0]),
        Question::Several { options, max, .. } => {
            let mut chosen = order(options);
            chosen.truncate(numbers.below(u64::from(max) + 1) as usize);
            Answer::Several(chosen)
        }
        Question::Ranking { options, max, .. } => {
            let places = (1..=max).zip(order(options));
            Answer::Ranking(places.map(|(place, alternative)| Place { place, alternative }).collect())
        }
        Question::Scale { low, high } => {
            Answer::Scale(low + numbers.below(u64::from(high.abs_diff(low)) + 1) as i32)
        }
        Question::Number { min, max } => Answer::Number(min + numbers.below(max.abs_diff(min) + 1) as i64),
        Question::Text { .. } => Answer::Text("Hej".into()),
    }
}
