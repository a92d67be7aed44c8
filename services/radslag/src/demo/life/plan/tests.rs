//! What a plan holds, whatever the seed.

use radslag_petitions::policy::Policies;

use super::*;
use crate::demo::seed;

fn planned(tenant: &str, policy: &str, people: u64, of: u64) -> Plan {
    let policy = Policies::shipped().newest(policy).unwrap();
    let seed = seed::of(tenant).unwrap().unwrap();
    plan(&Setting {
        tenant,
        policy,
        terms: Terms::of(&policy.id, policy.version),
        texts: &Texts::of(if tenant == "number10" { "en" } else { "sv" }).unwrap(),
        as_of: seed.as_of,
        slides: seed.slides(),
        politicians: if tenant == "ale" { 3 } else { 0 },
        people,
        seed: of,
    })
}

const TENANTS: [(&str, &str); 4] =
    [("number10", "number10"), ("malmo", "malmo-2008"), ("ale", "open"), ("svenljunga", "open")];

fn signings(plan: &Plan) -> Vec<(Moment, Signing)> {
    let of = |(moment, acts): (&Moment, &Vec<Act>)| {
        let signing = |act: &Act| if let Act::Sign(signing) = act { Some(signing.clone()) } else { None };
        acts.iter().filter_map(signing).map(|signing| (*moment, signing)).collect::<Vec<_>>()
    };
    plan.acts.iter().flat_map(of).collect()
}

#[test]
fn the_same_seed_plans_the_same_and_another_seed_something_else() {
    for (tenant, policy) in TENANTS {
        assert_eq!(planned(tenant, policy, 500, 1), planned(tenant, policy, 500, 1));
        assert_ne!(planned(tenant, policy, 500, 1), planned(tenant, policy, 500, 2));
    }
}

#[test]
fn everything_is_over_before_the_hour_of_the_slides() {
    for (tenant, policy) in TENANTS {
        let as_of = seed::of(tenant).unwrap().unwrap().as_of;
        for seed in 0..5 {
            let plan = planned(tenant, policy, 2_000, seed);
            assert!(plan.acts.keys().all(|(date, hour)| *date < as_of && *hour < 24), "{tenant}");
        }
    }
}

#[test]
fn where_slides_have_petitions_no_other_is_open_on_their_day() {
    for (tenant, policy) in TENANTS {
        let seed = seed::of(tenant).unwrap().unwrap();
        let plan = planned(tenant, policy, 5_000, 1);
        let open = plan.petitions.iter().filter(|wish| wish.fate == Fate::Open).count();
        assert_eq!(open == 0, !seed.slides().is_empty(), "{tenant}");
        let ended = plan.petitions.iter().filter(|wish| wish.fate == Fate::Answered);
        assert!(
            ended.clone().count() > 0 && ended.clone().all(|wish| wish.deadline < seed.as_of),
            "{tenant}"
        );
    }
}

#[test]
fn each_signs_while_the_petition_is_open_and_only_once() {
    for (tenant, policy) in TENANTS {
        let plan = planned(tenant, policy, 2_000, 3);
        let mut seen = std::collections::BTreeSet::new();
        for ((date, hour), signing) in signings(&plan) {
            let wish = &plan.petitions[signing.petition];
            assert!((wish.opens, 9) <= (date, hour) || wish.opens < date, "{tenant} {wish:?}");
            assert!(date <= wish.deadline, "{tenant} {wish:?}");
            assert!(seen.insert((signing.petition, signing.who)), "{tenant} {signing:?}");
        }
        assert!(seen.len() > 2_000, "{tenant}");
    }
}

#[test]
fn who_takes_back_has_signed_a_day_before() {
    for (tenant, policy) in TENANTS {
        let plan = planned(tenant, policy, 3_000, 3);
        let signed = signings(&plan);
        let mut number = 0;
        for ((date, _), act) in
            plan.acts.iter().flat_map(|(moment, acts)| acts.iter().map(move |act| (moment, act)))
        {
            let Act::Withdraw(signing) = act else { continue };
            let before = signed.iter().find(|(_, earlier)| earlier == signing).map(|((date, _), _)| *date);
            assert!(before.is_some_and(|before| before < *date), "{tenant} {signing:?}");
            number += 1;
        }
        assert!(number > 0, "{tenant}");
    }
}

#[test]
fn a_day_has_its_rhythm() {
    let mut hours = [0_u32; 24];
    for ((_, hour), _) in signings(&planned("malmo", "malmo-2008", 10_000, 1)) {
        hours[usize::from(hour)] += 1;
    }
    assert!(hours[20] > 3 * hours[7] && hours[2] == 0, "{hours:?}");
}
