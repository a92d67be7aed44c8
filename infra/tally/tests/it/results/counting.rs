//! Counts by kind of question.

use radslag_tally::{
    question::{Answer, Question},
    ranked::Place,
    results::{
        Counts, counts,
        counts::{Figure, Of},
    },
};

fn all(question: &Question, answers: &[Answer], weights: Option<&[f64]>) -> Counts {
    let answers: Vec<_> = answers.iter().cloned().map(Some).collect();
    counts(question, &answers, weights).unwrap()
}

#[test]
fn weighted_shares_stand_beside_unweighted() {
    let answers = [0, 0, 1, 1].map(Answer::OneChoice);
    let Counts { answered, of: Of::Options(options), .. } =
        all(&Question::OneChoice { options: 3 }, &answers, Some(&[2.0, 1.0, 0.5, 0.5]))
    else {
        panic!("another kind")
    };
    let share = options[0].share(&answered).unwrap();
    assert_eq!((share.unweighted, share.weighted), (0.5, 0.75));
    assert_eq!((options[2].count, options[2].share(&answered).unwrap().weighted), (0, 0.0));
}

#[test]
fn nineteen_to_nothing_is_shown_as_it_is() {
    let answers = vec![Answer::OneChoice(0); 19];
    let Counts { answered, of: Of::Options(options), .. } =
        all(&Question::OneChoice { options: 4 }, &answers, None)
    else {
        panic!("another kind")
    };
    assert_eq!(options.iter().map(|sums| sums.count).collect::<Vec<_>>(), [19, 0, 0, 0]);
    assert_eq!(options[0].share(&answered).unwrap().unweighted, 1.0);
}

#[test]
fn of_several_each_is_a_share_of_those_who_answered() {
    let question = Question::Several { options: 3, min: 0, max: 3 };
    let answers = [vec![0, 1], vec![0], vec![]].map(Answer::Several);
    let Counts { answered, of: Of::Options(options), .. } = all(&question, &answers, None) else {
        panic!("another kind")
    };
    assert_eq!(answered.count, 3);
    assert_eq!(options.iter().map(|sums| sums.count).collect::<Vec<_>>(), [2, 1, 0]);
}

#[test]
fn skipped_and_refused_answers_are_told_apart_and_counted_nowhere_else() {
    let answers = [None, Some(Answer::OneChoice(1)), Some(Answer::OneChoice(7)), Some(Answer::Scale(1))];
    let counted = counts(&Question::OneChoice { options: 2 }, &answers, None).unwrap();
    assert_eq!((counted.answered.count, counted.skipped, counted.refused), (1, 1, 2));
    assert_eq!(counts(&Question::OneChoice { options: 2 }, &answers, Some(&[1.0])), None);
}

#[test]
fn a_scale_has_a_mean_and_a_median() {
    let question = Question::Scale { low: -1, high: 2 };
    let answers = [-1, 0, 2, 2].map(Answer::Scale);
    let Of::Scale { steps, mean, median } = all(&question, &answers, Some(&[3.0, 1.0, 1.0, 1.0])).of else {
        panic!("another kind")
    };
    assert_eq!(steps.iter().map(|sums| sums.count).collect::<Vec<_>>(), [1, 1, 0, 2]);
    assert_eq!(mean, Some(Figure { unweighted: 0.75, weighted: 1.0 / 6.0 }));
    assert_eq!(median, Some(Figure { unweighted: 0, weighted: -1 }));
    let Of::Scale { mean, median, .. } = all(&question, &[], None).of else { panic!("another kind") };
    assert_eq!((mean, median), (None, None));
}

#[test]
fn numbers_have_quartiles_and_no_extremes() {
    let question = Question::Number { min: 0, max: 100 };
    let answers: Vec<_> = [40, 10, 30, 20].map(Answer::Number).to_vec();
    let Of::Number { mean, quartiles } = all(&question, &answers, None).of else { panic!("another kind") };
    assert_eq!(mean, Some(Figure { unweighted: 25.0, weighted: 25.0 }));
    assert_eq!(quartiles, Some(Figure { unweighted: [10, 20, 30], weighted: [10, 20, 30] }));
}

#[test]
fn rankings_are_counted_by_place() {
    let question = Question::Ranking { options: 3, min: 0, max: 2, ties: false };
    let ranked = |order: &[u16]| {
        let places = (1..).zip(order).map(|(place, alternative)| Place { place, alternative: *alternative });
        Answer::Ranking(places.collect())
    };
    let Of::Ranking { first, places } =
        all(&question, &[ranked(&[2, 0]), ranked(&[2]), ranked(&[])], None).of
    else {
        panic!("another kind")
    };
    assert_eq!(first.iter().map(|sums| sums.count).collect::<Vec<_>>(), [0, 0, 2]);
    assert_eq!(places, [[0, 1], [0, 0], [2, 0]]);
}

#[test]
fn texts_are_only_counted() {
    let counted = all(&Question::Text { max: 9 }, &[Answer::Text("Hej".into())], None);
    assert_eq!((counted.answered.count, counted.of), (1, Of::Text));
}
