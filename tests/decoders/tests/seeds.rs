//! Every property over its seeds and some thousand changes of them, the same in every run.

use std::{
    fs,
    time::{Duration, Instant},
};

use radslag_decoders::{TARGETS, Target, mutate, seeds};
use radslag_kit::workspace;

/// For each target. A change that breaks a property is named by its number.
const CHANGES: usize = 3_000;
/// A target takes no more changes after so long: a slow machine tries fewer. `RADSLAG_SECONDS` says another time, in
/// which there is no end of changes: what `cargo xtask fuzz` does better where there is a nightly toolchain.
const ENOUGH: Duration = Duration::from_millis(500);

#[test]
fn every_decoder_keeps_its_promises() {
    let all = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let broken: Vec<String> = std::thread::scope(|scope| {
        let some = |nth| move || TARGETS.iter().skip(nth).step_by(all).filter_map(broken).collect::<Vec<_>>();
        let running: Vec<_> = (0..all).map(|nth| scope.spawn(some(nth))).collect();
        running.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// The first input that breaks a target's property.
fn broken(target: &Target) -> Option<String> {
    let seeds = seeds::of(target.name);
    let holds = |input: &[u8]| std::panic::catch_unwind(|| (target.run)(input)).is_ok();
    let told = |what: String, input: &[u8]| format!("{}, {what}: \"{}\"", target.name, input.escape_ascii());
    if seeds.is_empty() || !holds(&[]) {
        return Some(told("without seeds".into(), &[]));
    }
    if let Some((name, bytes)) = seeds.iter().find(|(_, bytes)| !holds(bytes)) {
        return Some(told(name.clone(), bytes));
    }
    let longer = std::env::var("RADSLAG_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let (changes, enough) =
        longer.map_or((CHANGES, ENOUGH), |longer| (usize::MAX, Duration::from_secs(longer)));
    let (mut numbers, started) = (mutate::Numbers(1), Instant::now());
    (0..changes).take_while(|_| started.elapsed() < enough).find_map(|change| {
        let (name, bytes) = &seeds[numbers.below(seeds.len())];
        let other = numbers.below(seeds.len());
        let changed = mutate::mutated(bytes, &seeds[other].1, &mut numbers);
        (!holds(&changed)).then(|| told(format!("change {change}, of {name}"), &changed))
    })
}

#[test]
fn every_target_is_fuzzed_and_every_seed_is_of_a_target() {
    let manifest = fs::read_to_string(workspace().join("tests/fuzz/Cargo.toml")).unwrap();
    for target in TARGETS {
        let name = target.name;
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"targets/{name}.rs\"")), "{name}");
        let code = fs::read_to_string(workspace().join(format!("tests/fuzz/targets/{name}.rs"))).unwrap();
        assert!(code.contains(&format!("radslag_decoders::{name}(data)")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    let mut bytes = 0;
    for folder in fs::read_dir(seeds::folder()).unwrap().flatten() {
        let name = folder.file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|target| target.name == name), "{name}");
        bytes += seeds::of(&name).iter().map(|(_, seed)| seed.len()).sum::<usize>();
    }
    assert!(bytes < 300 << 10, "{bytes} bytes of seeds");
}

#[test]
fn what_is_written_today_is_what_is_kept() {
    for (target, name, bytes) in seeds::made() {
        // Shipped files change; what was kept of them is still read.
        if !matches!(target, "roles" | "policies" | "config") {
            let kept = fs::read(seeds::folder().join(target).join(&name)).unwrap();
            assert_eq!(kept, bytes, "{target}/{name}: `cargo run -p radslag-decoders` writes it anew");
        }
    }
}
