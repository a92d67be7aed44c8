//! Raking, and what it costs.

use proptest::prelude::*;
use radslag_tally::results::{
    Category, Margin, RandomSample, Sample, Sums, Weights,
    margins::Refusal,
    precision::{design_effect, effective_size},
    rake,
    raking::Failure,
};

fn margin(name: &str, population: &[f64]) -> Margin {
    let category =
        |(at, population): (usize, &f64)| Category { name: format!("{name}{at}"), population: *population };
    Margin { name: name.into(), categories: population.iter().enumerate().map(category).collect() }
}

fn sample(population: f64, margins: &[(&str, &[f64])], of: &[Vec<u32>]) -> Result<Sample, Refusal> {
    Sample::new(population, margins.iter().map(|(name, shares)| margin(name, shares)).collect(), of)
}

/// How far shares are from the population's.
fn error(margins: &[(&str, &[f64])], of: &[Vec<u32>], weights: &[f64]) -> f64 {
    let mut worst: f64 = 0.0;
    for ((_, shares), of) in margins.iter().zip(of) {
        for (category, share) in shares.iter().enumerate() {
            let inside = of.iter().zip(weights).filter(|(one, _)| **one == category as u32);
            let sum: f64 = inside.map(|(_, weight)| weight).sum();
            worst = worst.max((sum / weights.len() as f64 - share).abs());
        }
    }
    worst
}

/// Respondent by respondent, margin by margin, and capped after each time all margins fit, until both hold.
fn naive(margins: &[(&str, &[f64])], of: &[Vec<u32>], cap: f64) -> Option<Vec<f64>> {
    let n = of[0].len();
    let mut weights = vec![1.0; n];
    for _ in 0..20_000 {
        for ((_, shares), of) in margins.iter().zip(of) {
            for (category, share) in shares.iter().enumerate() {
                let inside: Vec<usize> = (0..n).filter(|at| of[*at] == category as u32).collect();
                let sum: f64 = inside.iter().map(|at| weights[*at]).sum();
                inside.iter().for_each(|at| weights[*at] *= share * n as f64 / sum);
            }
        }
        let most = weights.iter().copied().fold(0.0, f64::max);
        if error(margins, of, &weights) < 1e-11 && most <= cap * (1.0 + 1e-9) {
            return Some(weights);
        }
        weights.iter_mut().for_each(|weight| *weight = weight.min(cap));
    }
    None
}

fn entropy(weights: &[f64]) -> f64 {
    weights.iter().map(|weight| if *weight > 0.0 { weight * weight.ln() } else { 0.0 }).sum()
}

const MARGINS: [(&str, &[f64]); 3] =
    [("sex", &[0.51, 0.49]), ("age", &[0.3, 0.45, 0.25]), ("area", &[0.6, 0.4])];

fn respondents() -> impl Strategy<Value = Vec<Vec<u32>>> {
    proptest::collection::vec((0..2_u32, 0..3_u32, 0..2_u32), 40..120).prop_map(|all| {
        // Somebody of everything, so that margins can be met.
        let every = (0..12_u32).map(|at| (at % 2, at / 2 % 3, at / 6));
        let all: Vec<_> = all.into_iter().chain(every).collect();
        vec![
            all.iter().map(|one| one.0).collect(),
            all.iter().map(|one| one.1).collect(),
            all.iter().map(|one| one.2).collect(),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn weights_fit_every_margin_and_are_those_of_plain_raking(of in respondents()) {
        let Weights { of: weights, error: left, capped, .. } = rake(&sample(1.0, &MARGINS, &of).unwrap(), None).unwrap();
        prop_assert!(left < 1e-10 && error(&MARGINS, &of, &weights) < 1.1e-10);
        prop_assert_eq!(capped, 0);
        for (ours, plain) in weights.iter().zip(naive(&MARGINS, &of, f64::INFINITY).unwrap()) {
            prop_assert!((ours - plain).abs() < 1e-7 * plain);
        }
    }

    #[test]
    fn cap_and_margins_hold_together_and_no_other_weights_are_nearer(of in respondents(), cap in 1.2..2.5_f64) {
        match rake(&sample(1.0, &MARGINS, &of).unwrap(), Some(cap)) {
            Ok(weights) => {
                prop_assert!(weights.of.iter().all(|weight| *weight <= cap));
                prop_assert!(error(&MARGINS, &of, &weights.of) < 1.1e-10);
                if let Some(other) = naive(&MARGINS, &of, cap) {
                    prop_assert!(entropy(&weights.of) <= entropy(&other) + 1e-6);
                }
            }
            Err(Failure::CapTooLow { least, .. }) => prop_assert!(cap < least),
            Err(Failure::NotReached { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn the_order_of_respondents_doesnt_matter(of in respondents()) {
        let turned: Vec<Vec<u32>> = of.iter().map(|margin| margin.iter().rev().copied().collect()).collect();
        let bits = |of: &[Vec<u32>]| -> Vec<u64> {
            rake(&sample(1.0, &MARGINS, of).unwrap(), Some(3.0)).unwrap().of.iter().map(|weight| weight.to_bits()).collect()
        };
        let (mut ours, turned) = (bits(&of), bits(&turned));
        ours.reverse();
        prop_assert_eq!(ours, turned);
    }
}

#[test]
fn two_categories_weigh_as_much_as_their_shares() {
    let of = [[vec![0; 30], vec![1; 70]].concat()];
    let weights = rake(&sample(2_000.0, &[("sex", &[1_000.0, 1_000.0])], &of).unwrap(), None).unwrap();
    assert!((weights.of[0] - 0.5 / 0.3).abs() < 1e-12 && (weights.of[99] - 0.5 / 0.7).abs() < 1e-12);
    assert_eq!(weights.rounds, 1);
}

#[test]
fn a_cap_that_cant_hold_is_refused_with_its_category() {
    let of = [[vec![0; 10], vec![1; 90]].concat()];
    let sample = sample(1.0, &[("age", &[0.25, 0.75])], &of).unwrap();
    let Err(Failure::CapTooLow { margin, category, least }) = rake(&sample, Some(2.0)) else {
        panic!("it holds")
    };
    assert_eq!((margin.as_str(), category.as_str()), ("age", "age0"));
    assert!((least - 2.5).abs() < 1e-12);
    assert_eq!(rake(&sample, Some(2.5)).unwrap().capped, 10);
    assert_eq!(rake(&sample, Some(-1.0)), Err(Failure::Cap(-1.0)));
    assert!(matches!(rake(&sample, Some(f64::NAN)), Err(Failure::Cap(_))));
}

#[test]
fn margins_that_contradict_each_other_are_named() {
    // All women are old and all men young, but the population has more women than old people.
    let of = [vec![0, 0, 1, 1], vec![0, 0, 1, 1]];
    let sample = sample(1.0, &[("sex", &[0.6, 0.4]), ("age", &[0.5, 0.5])], &of).unwrap();
    let Err(Failure::NotReached { margin, error, .. }) = rake(&sample, None) else { panic!("it fits") };
    assert_eq!(margin, "sex");
    assert!((error - 0.1).abs() < 1e-9);
    let empty = sample.empty_cells();
    assert_eq!(empty.len(), 2);
    assert_eq!((empty[0].one.1.as_str(), empty[0].other.1.as_str()), ("sex0", "age1"));
}

#[test]
fn what_cant_be_weighted_is_refused_by_name() {
    let refused = |population, margins: &[(&str, &[f64])], of: &[Vec<u32>]| {
        sample(population, margins, of).unwrap_err()
    };
    let of = [vec![0, 1, 1]];
    assert_eq!(
        refused(1.0, &[("sex", &[0.5, 0.4])], &of),
        Refusal::Sum { margin: "sex".into(), sum: 0.9, population: 1.0 }
    );
    assert_eq!(
        refused(1.0, &[("sex", &[0.5, 0.4, 0.1])], &of),
        Refusal::NobodyAnswered { margin: "sex".into(), category: "sex2".into() }
    );
    assert_eq!(
        refused(1.0, &[("sex", &[1.0, 0.0])], &of),
        Refusal::NobodyLives { margin: "sex".into(), category: "sex1".into(), respondents: 2 }
    );
    assert_eq!(
        refused(1.0, &[("sex", &[1.0])], &of),
        Refusal::InNoCategory { margin: "sex".into(), respondents: 2 }
    );
    assert_eq!(
        refused(1.0, &[("sex", &[1.5, -0.5])], &of),
        Refusal::Count { margin: "sex".into(), category: "sex1".into(), population: -0.5 }
    );
    let two: [(&str, &[f64]); 2] = [("sex", &[0.5, 0.5]), ("age", &[1.0])];
    assert_eq!(
        refused(1.0, &two, &[vec![0, 1], vec![0]]),
        Refusal::Respondents { margin: "age".into(), found: 1, respondents: 2 }
    );
    assert_eq!(refused(1.0, &two, &[vec![], vec![]]), Refusal::NoRespondents);
    assert_eq!(refused(0.0, &two, &[vec![], vec![]]), Refusal::Population(0.0));
    assert_eq!(refused(1.0, &[], &[]), Refusal::NoMargins);
}

fn sums(weights: &[f64]) -> Sums {
    Sums {
        count: weights.len() as u64,
        weight: weights.iter().sum(),
        squares: weights.iter().map(|weight| weight * weight).sum(),
    }
}

#[test]
fn weighting_costs_what_kish_says() {
    assert_eq!(design_effect(&sums(&[1.0; 8])), Some(1.0));
    // (1 + 9) * 2 / 16.
    assert_eq!(design_effect(&sums(&[1.0, 3.0])), Some(1.25));
    assert_eq!(effective_size(&sums(&[1.0, 3.0])), Some(1.6));
    assert_eq!(design_effect(&sums(&[])), None);
}

#[test]
fn margins_of_error_are_those_of_the_formulas() {
    let weights = [0.5, 0.5, 1.0, 1.0, 1.5, 1.5, 0.8, 1.2];
    let chose = [true, false, true, true, false, false, false, true];
    let chosen: Vec<f64> =
        weights.iter().zip(chose).filter(|(_, chose)| *chose).map(|(weight, _)| *weight).collect();
    let (n, population, all) = (8.0, 100.0, weights.iter().sum::<f64>());
    let share = chosen.iter().sum::<f64>() / all;
    let residual =
        |(weight, chose): (&f64, bool)| (weight * (f64::from(u8::from(chose)) - share) / all).powi(2);
    let spread: f64 = weights.iter().zip(chose).map(residual).sum();
    let linearised = 1.959_963_984_540_054 * (n / (n - 1.0) * spread * (1.0 - n / population)).sqrt();
    let effective = all * all / weights.iter().map(|weight| weight * weight).sum::<f64>();
    let kish = 1.959_963_984_540_054
        * (share * (1.0 - share) / effective * (population - n) / (population - 1.0)).sqrt();
    let sample = RandomSample::of(100).unwrap();
    let found = sums(&chosen).margin_of_error(&sums(&weights), &sample).unwrap();
    assert!((found.kish - kish).abs() < 1e-14 && (found.linearised - linearised).abs() < 1e-14);
    // Everybody was asked: nothing is left to chance.
    let everybody = RandomSample::of(8).unwrap();
    let none = sums(&chosen).margin_of_error(&sums(&weights), &everybody).unwrap();
    assert_eq!((none.kish, none.linearised), (0.0, 0.0));
    assert_eq!(sums(&chosen).margin_of_error(&sums(&weights), &RandomSample::of(7).unwrap()), None);
    assert_eq!(RandomSample::of(0), None);
}
