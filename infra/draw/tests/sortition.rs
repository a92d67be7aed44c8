//! The known instances: everybody's LEXIMIN share, panels that keep every rule, and a bundle that anybody can check.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use radslag_draw::{
    bundle::{Announced, Bundle, Defect, FORMAT, Method, hex, kinds},
    certificate::{Flaw, ROUNDING, UNIT},
    instance::Instance,
    leximin,
    lot::commitment,
    lottery::PANELS,
    orbit::Orbits,
    solve::Effort,
    table::{self, Columns},
};

const SECRET: [u8; 32] = [7; 32];
/// With the least share of each.
const INSTANCES: [(&str, f64); 5] = [
    ("example_small_20", 0.1),
    ("example_large_200", 0.1),
    ("synth_cca_75", 0.02888),
    ("synth_malmo_vol600_45", 0.04872),
    ("synth_malmo_vol1200hh_45", 0.0237),
];

/// A file of an instance; none, and said so, where the data isn't there.
fn read(instance: &str, file: &str) -> Option<Vec<u8>> {
    let folder: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../../shared/data/sortition", instance].iter().collect();
    let bytes = fs::read(folder.join(file)).ok();
    if bytes.is_none() {
        #[expect(clippy::print_stderr, reason = "that a test is skipped is said")]
        {
            eprintln!("skipped: {} isn't there", folder.join(file).display());
        }
    }
    bytes
}

fn load(name: &str) -> Option<(Instance, Announced)> {
    let categories = table::categories(&read(name, "categories.csv")?).unwrap();
    let people = read(name, "respondents.csv")?;
    let seats = name.rsplit('_').next().unwrap().parse().unwrap();
    let household = String::from_utf8_lossy(&people).lines().next().unwrap().contains("address");
    let columns = Columns { household: household.then_some("address"), id: None };
    let instance = table::instance(&people, &categories, seats, &columns).unwrap();
    let announced = Announced {
        format: FORMAT.into(),
        method: Method::Leximin,
        input: hex(&commitment(&[0; 32])),
        seats,
        reserves: 0,
        categories,
        kinds: kinds(&Orbits::of(&instance)),
        commitment: hex(&commitment(&SECRET)),
        certificate: None,
        lottery: None,
    };
    Some((instance, announced))
}

fn solved(name: &str) -> Option<(Instance, Bundle)> {
    let (instance, mut announced) = load(name)?;
    let optimum = leximin::solve(&instance, &Effort::new(Effort::USUAL, &|| true), &mut |_| {}).unwrap();
    (announced.certificate, announced.lottery) = (Some(optimum.certificate), Some(optimum.lottery));
    Some((instance, Bundle { announced, drawn: None }))
}

#[test]
fn everybody_has_their_leximin_share_and_it_is_proven() {
    for (name, least) in INSTANCES {
        let Some((instance, bundle)) = solved(name) else { continue };
        let proven = bundle.verify().unwrap().proven.unwrap();
        assert!(proven.gap <= ROUNDING, "{name}: gap {}", proven.gap);
        assert!(proven.deviation < UNIT / PANELS as u64, "{name}: deviation {}", proven.deviation);
        let orbits = Orbits::of(&instance);
        let mut shares = vec![0; instance.people()];
        for (row, (orbit, _)) in orbits.rows().iter().zip(orbits.households()) {
            shares[*row as usize] = proven.shares[orbit];
        }
        assert!((share(*shares.iter().min().unwrap()) - least).abs() < 1e-5, "{name}");
        let Some(expected) = read(name, "expected_leximin.csv") else { continue };
        let text = String::from_utf8(expected).unwrap();
        let expected =
            text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap());
        let expected: Vec<f64> = expected.collect();
        assert_eq!(expected.len(), shares.len(), "{name}");
        for (number, (has, expected)) in shares.iter().zip(expected).enumerate() {
            assert!(
                (share(*has) - expected).abs() < 1e-5,
                "{name}: person {number} has {has}, not {expected}"
            );
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn share(units: u64) -> f64 {
    units as f64 / UNIT as f64
}

#[test]
fn a_bundle_is_drawn_again_by_anybody() {
    let Some((_, mut bundle)) = solved("synth_cca_75") else { return };
    bundle.reveal(&SECRET, "17 4 22 9 31").unwrap();
    let text = bundle.write().unwrap();
    let read = Bundle::read(text.as_bytes()).unwrap();
    assert_eq!(read, bundle);
    assert!(read.verify().unwrap().drawn);
    assert_eq!(read.drawn.as_ref().unwrap().people.len(), 75);
    let spaced = text.replacen(':', ": ", 1);
    assert!(matches!(Bundle::read(spaced.as_bytes()), Err(Defect::NotCanonical)));
}

#[test]
fn whoever_comes_next_lives_with_nobody_on_the_panel_or_in_line() {
    let Some((_, mut bundle)) = solved("synth_malmo_vol1200hh_45") else { return };
    bundle.announced.reserves = 700;
    bundle.reveal(&SECRET, "17 4 22 9 31").unwrap();
    let drawn = bundle.drawn.clone().unwrap();
    assert_eq!((drawn.people.len(), drawn.reserves.len()), (45, 700));
    let (instance, _) = bundle.announced.instance().unwrap();
    let homes = drawn.people.iter().chain(&drawn.reserves).map(|number| instance.household(*number as usize));
    assert_eq!(homes.collect::<std::collections::BTreeSet<_>>().len(), 745);
    assert!(bundle.verify().unwrap().drawn);
    bundle.drawn.as_mut().unwrap().reserves.swap(0, 1);
    assert!(matches!(bundle.verify(), Err(Defect::Other("the reserves"))));
    // Of more than there are, all come.
    bundle.announced.reserves = 100_000;
    bundle.reveal(&SECRET, "17 4 22 9 31").unwrap();
    assert!(bundle.drawn.unwrap().reserves.len() < 1_200 - 45);
}

#[test]
fn a_bundle_with_one_thing_changed_is_refused() {
    let Some((_, mut bundle)) = solved("example_small_20") else { return };
    bundle.reveal(&SECRET, "public").unwrap();
    let refused = |change: &dyn Fn(&mut Bundle)| {
        let mut changed = bundle.clone();
        change(&mut changed);
        changed.verify().unwrap_err()
    };
    let drawn =
        |change: &dyn Fn(&mut radslag_draw::bundle::Drawn)| refused(&|b| change(b.drawn.as_mut().unwrap()));
    assert!(matches!(drawn(&|d| d.people[0] += 1), Defect::Other("the people drawn")));
    assert!(matches!(
        drawn(&|d| d.panel = d.panel.map(|panel| (panel + 1) % 1_000)),
        Defect::Other("the panel's number")
    ));
    assert!(matches!(drawn(&|d| d.secret = hex(&[8; 32])), Defect::Secret));
    assert!(matches!(drawn(&|d| d.public = String::new()), Defect::Public));
    assert!(matches!(drawn(&|d| d.reserves.push(1)), Defect::Other("the reserves")));
    let announced = |change: &dyn Fn(&mut Announced)| refused(&|b| change(&mut b.announced));
    assert!(matches!(announced(&|a| a.input = hex(&[1; 32])), Defect::Announced));
    assert!(matches!(announced(&|a| a.lottery.as_mut().unwrap().panels.swap(0, 999)), Defect::Announced));
    assert!(matches!(
        announced(&|a| {
            a.lottery.as_mut().unwrap().panels[3].pop();
        }),
        Defect::Flaw(Flaw::Panel(3))
    ));
    assert!(matches!(
        announced(&|a| a.certificate.as_mut().unwrap().mix[0].weight += 1),
        Defect::Flaw(Flaw::Unit)
    ));
    assert!(matches!(announced(&|a| a.kinds.swap(0, 1)), Defect::Kinds));
    assert!(matches!(announced(&|a| a.certificate = None), Defect::Parts));
}

#[test]
fn a_worse_lottery_has_a_gap() {
    let Some((_, mut bundle)) = solved("synth_cca_75") else { return };
    let certificate = bundle.announced.certificate.as_mut().unwrap();
    certificate.mix.truncate(1);
    certificate.mix[0].weight = UNIT;
    assert!(bundle.verify().unwrap().proven.unwrap().gap > UNIT / 100);
}
