//! Each rule of what is shown of a panel's make-up.

use super::*;
use crate::strata::{Attribute, Feature, tests};

fn feature(key: &str, population: u64) -> Feature {
    Feature { population, ..tests::feature(key) }
}

/// Three ages of 200, 600 and 200 thousand, and two genders of 500 each.
fn strata() -> Strata {
    let ages = vec![feature("young", 200), feature("middle", 600), feature("old", 200)];
    let genders = vec![feature("woman", 500), feature("man", 500)];
    Strata {
        categories: vec![
            tests::category("age", Attribute::Other, ages),
            tests::category("gender", Attribute::Gender, genders),
        ],
    }
}

fn alike(standing: Standing, places: [Option<u8>; 2], people: u64) -> Alike {
    Alike { standing, places: places.into(), people }
}

fn active(age: u8, gender: u8, people: u64) -> Alike {
    alike(Standing::Active, [Some(age), Some(gender)], people)
}

fn counted(strata: &Strata, people: &[Alike]) -> Vec<Counted> {
    let mut all: Vec<Counted> = strata.categories.iter().map(Counted::of).collect();
    for one in people {
        for (at, counted) in all.iter_mut().enumerate() {
            counted.add(one.places[at].map(usize::from), one.standing, one.people);
        }
    }
    all
}

fn shown(people: &[Alike]) -> Vec<Option<Represented>> {
    public(&strata(), 100, people)
}

/// Features, whether unknown ones too, and counts of who was invited, accepted and is active.
fn told(represented: &Represented) -> Vec<(Vec<usize>, bool, [Option<u64>; 3])> {
    let group = |group: &Group| {
        (group.features.clone(), group.unknown, [group.invited, group.accepted, group.active])
    };
    represented.groups.iter().map(group).collect()
}

#[test]
fn a_gap_is_the_difference_of_shares_in_standard_errors() {
    // 20 of 100 where half are expected: 0.3 below, a standard error is 0.05.
    assert!((standardised(20, 100, 0.5).unwrap() + 6.0).abs() < 1e-12);
    assert_eq!(standardised(50, 100, 0.5), Some(0.0));
    assert_eq!([standardised(0, 0, 0.5), standardised(1, 2, 0.0), standardised(1, 2, 1.0)], [None; 3]);
}

#[test]
fn officials_see_every_count_with_its_part_and_its_gap() {
    let people = [
        active(0, 0, 2),
        active(1, 1, 30),
        active(2, 0, 8),
        alike(Standing::Active, [None, Some(0)], 3),
        alike(Standing::Invited, [Some(0), Some(0)], 4),
        alike(Standing::Volunteered, [Some(0), Some(1)], 1),
    ];
    let all = everything(&strata(), 45, &counted(&strata(), &people));
    let [ages, genders] = &all[..] else { panic!("{all:?}") };
    assert_eq!(ages.active, 40, "of whom the age is known");
    let (none, some) = (Some(0), Some);
    assert_eq!(
        told(ages),
        [
            (vec![0], false, [some(4), some(1), some(2)]),
            (vec![1], false, [none, none, some(30)]),
            (vec![2], false, [none, none, some(8)]),
            (vec![], true, [none, none, some(3)]),
        ]
    );
    let young = &ages.groups[0];
    assert_eq!((young.population, young.expected, young.share), (some(200), Some(0.2), Some(0.05)));
    assert!((young.points.unwrap() + 15.0).abs() < 1e-9);
    assert_eq!(young.gap, standardised(2, 40, 0.2));
    assert_eq!((ages.groups[3].population, ages.groups[3].share, ages.groups[3].gap), (None, None, None));
    assert_eq!(genders.groups.len(), 2, "of nobody it isn't known");
}

#[test]
fn each_stands_in_one_place_and_who_rests_or_left_in_none() {
    let mut people = People::default();
    Standing::ALL.iter().for_each(|standing| people.add(*standing, 1));
    assert_eq!(people, People { invited: 2, accepted: 3, active: 1 });
}

#[test]
fn wanted_is_in_proportion_to_the_population_and_sums_to_the_size() {
    let all = everything(&strata(), 44, &counted(&strata(), &[]));
    let wanted: Vec<_> = all[0].groups.iter().map(|group| group.wanted.proportional).collect();
    assert_eq!(wanted, [Some(9), Some(26), Some(9)]);
    let mut unknown = strata();
    unknown.categories[0].features[0].population = 0;
    unknown.categories[0].features[1].min = Some(7);
    let all = everything(&unknown, 44, &counted(&unknown, &[active(1, 1, 9)]));
    let middle = &all[0].groups[1];
    assert_eq!((middle.wanted.proportional, middle.wanted.min, middle.gap), (None, Some(7), None));
    assert_eq!(middle.share, Some(1.0));
}

#[test]
fn no_group_of_less_than_five_is_shown_in_public() {
    let all = shown(&[active(0, 0, 3), active(1, 1, 40), active(1, 0, 20), active(2, 0, 20)]);
    let ages = all[0].as_ref().unwrap();
    // Alone, the three could be computed from the total: the next smallest is with them.
    assert_eq!(
        told(ages),
        [(vec![1], false, [None, None, Some(60)]), (vec![0, 2], false, [None, None, Some(23)])]
    );
    let together = &ages.groups[1];
    assert_eq!((together.population, together.wanted.proportional), (Some(400), Some(40)));
    assert_eq!((together.expected, together.share), (Some(0.4), Some(23.0 / 83.0)));
    assert_eq!(told(all[1].as_ref().unwrap()).len(), 2);
    assert_eq!(shown(&[active(0, 0, 3), active(1, 1, 60)])[0], None, "one group is everybody");
    assert_eq!(shown(&[active(0, 0, 2), active(1, 1, 2)]), [None, None]);
}

#[test]
fn counts_that_stand_alone_are_grouped_by_the_same_rule() {
    assert_eq!(grouped(&[20, 3, 17]), Some(vec![(vec![0], 20), (vec![1, 2], 20)]));
    assert_eq!(grouped(&[20, 0, 17]), Some(vec![(vec![0], 20), (vec![1], 0), (vec![2], 17)]));
    assert_eq!((grouped(&[20, 3]), grouped(&[2, 2]), grouped(&[])), (None, None, None));
}

#[test]
fn those_of_whom_it_is_not_known_are_a_group_too() {
    let unknown = |people| alike(Standing::Active, [None, Some(0)], people);
    let ages = |people| {
        shown(&[active(0, 0, 10), active(1, 1, 60), active(2, 0, 20), unknown(people)]).remove(0).unwrap()
    };
    let few = ages(2);
    assert_eq!(
        told(&few),
        [
            (vec![1], false, [None, None, Some(60)]),
            (vec![2], false, [None, None, Some(20)]),
            (vec![0], true, [None, None, Some(12)]),
        ]
    );
    assert_eq!((few.active, few.groups[2].share, few.groups[2].gap), (92, None, None));
    let many = ages(7);
    assert_eq!((many.active, told(&many)[3].clone()), (90, (vec![], true, [None, None, Some(7)])));
}

#[test]
fn where_people_stand_is_shown_in_public_unless_that_hides_who_is_active() {
    let invited = |age, people| alike(Standing::Invited, [Some(age), Some(age % 2)], people);
    let many = [
        active(0, 0, 20),
        active(1, 1, 60),
        active(2, 0, 20),
        invited(0, 40),
        invited(1, 90),
        invited(2, 30),
    ];
    assert_eq!(told(shown(&many)[0].as_ref().unwrap())[0].2, [Some(40), Some(0), Some(20)]);
    let few = [active(0, 0, 20), active(1, 1, 60), active(2, 0, 20), invited(0, 2), invited(1, 1)];
    assert_eq!(told(shown(&few)[0].as_ref().unwrap())[0].2, [None, None, Some(20)]);
}

#[test]
fn of_two_categories_that_tell_of_each_other_one_is_shown() {
    let mut both = strata();
    let ages = vec![feature("child", 100), feature("teen", 100), feature("adult", 800)];
    both.categories[1] = tests::category("finer", Attribute::Other, ages);
    // Who is young is a child or a teen.
    let people = [active(0, 0, 10), active(0, 1, 10), active(1, 2, 60), active(2, 2, 20)];
    let all = public(&both, 100, &people);
    assert!(all[0].is_some() && all[1].is_none());
}

#[test]
fn who_is_far_below_or_wished_for_is_wanted_more() {
    let mut strata = strata();
    strata.categories[1].features[1].wanted = true;
    let all = everything(
        &strata,
        100,
        &counted(&strata, &[active(0, 0, 5), active(1, 1, 50), active(1, 0, 25), active(2, 0, 20)]),
    );
    let all: Vec<_> = all.iter().collect();
    assert_eq!(wanted(&strata, &all), [(0, vec![0]), (1, vec![1])]);
    assert_eq!(wanted(&strata, &[]), [(1, vec![1])], "a wish needs no count");
    let none = everything(&strata, 100, &counted(&strata, &[]));
    assert_eq!(wanted(&strata, &none.iter().collect::<Vec<_>>()), [(1, vec![1])]);
}

#[test]
fn in_public_who_is_wanted_more_tells_nothing_that_is_not_shown() {
    let strata = strata();
    let people = |young, old| [active(0, 0, young), active(1, 1, 50), active(1, 0, 25), active(2, 0, old)];
    let told = |young, old| {
        let shown = public(&strata, 100, &people(young, old));
        wanted(&strata, &shown.iter().flatten().collect::<Vec<_>>())
    };
    // Together they are 24, and so many young ones would do: who the few are isn't told.
    assert_eq!(told(3, 21), []);
    assert_eq!(told(5, 20), [(0, vec![0])]);
    // Both are far below, were all of the eight of one of them.
    assert_eq!(told(3, 5), [(0, vec![0, 2])]);
}

#[test]
fn who_is_wanted_more_is_a_sentence_in_both_languages() {
    let [swedish, english] = sentence(&strata(), &[(0, vec![0, 2]), (1, vec![1])]).unwrap();
    assert_eq!(
        swedish,
        "Just nu önskas fler ur de här grupperna: young på svenska och old på svenska (age på svenska), man på svenska \
         (gender på svenska)."
    );
    assert_eq!(
        english,
        "More people of these groups are wanted just now: young in English and old in English (age in English), man in \
         English (gender in English)."
    );
    assert_eq!(sentence(&strata(), &[]), None);
    assert_eq!(listed(&["a", "b", "c"], false), "a, b and c");
}

#[test]
fn how_many_changed_is_told_from_below() {
    let count = |people: &[Alike]| counted(&strata(), people).remove(0);
    let before = count(&[active(0, 0, 5), active(1, 0, 5)]);
    assert_eq!(changed(&before, &before), 0);
    assert_eq!(changed(&before, &count(&[active(0, 0, 7), active(1, 0, 4)])), 2);
    let invited = alike(Standing::Invited, [Some(0), Some(0)], 3);
    assert_eq!(changed(&before, &count(&[active(0, 0, 2), invited, active(1, 0, 5)])), 3);
}
