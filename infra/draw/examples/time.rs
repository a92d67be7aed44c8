//! Times a folder's instance.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]
use radslag_draw::{certificate, instance::*, leximin, solve::Effort};
use std::{collections::BTreeMap, time::Instant};
fn load(dir: &str) -> Instance {
    let k: u32 = dir.trim_end_matches('/').rsplit('_').next().unwrap().parse().unwrap();
    let cats = std::fs::read_to_string(format!("{dir}/categories.csv")).unwrap();
    let (mut names, mut feats, mut q): (Vec<String>, Vec<Vec<String>>, Vec<Vec<Quota>>) = Default::default();
    for l in cats.lines().skip(1) {
        let c: Vec<&str> = l.split(',').collect();
        let i = names.iter().position(|n| n == c[0]).unwrap_or_else(|| {
            names.push(c[0].into());
            feats.push(vec![]);
            q.push(vec![]);
            names.len() - 1
        });
        feats[i].push(c[1].into());
        q[i].push(Quota { min: c[2].parse().unwrap(), max: c[3].parse().unwrap() });
    }
    let r = std::fs::read_to_string(format!("{dir}/respondents.csv")).unwrap();
    let h: Vec<&str> = r.lines().next().unwrap().split(',').collect();
    let cols: Vec<usize> = names.iter().map(|n| h.iter().position(|x| x == n).unwrap()).collect();
    let addr = h.iter().position(|x| *x == "address");
    let mut hh: BTreeMap<String, u32> = BTreeMap::new();
    let people: Vec<Person> = r
        .lines()
        .skip(1)
        .map(|l| {
            let c: Vec<&str> = l.split(',').collect();
            let n = u32::try_from(hh.len()).unwrap();
            Person {
                household: addr.map(|a| *hh.entry(c[a].into()).or_insert(n)),
                features: cols
                    .iter()
                    .enumerate()
                    .map(|(j, x)| u16::try_from(feats[j].iter().position(|n| n == c[*x]).unwrap()).unwrap())
                    .collect(),
            }
        })
        .collect();
    Instance::new(k, q, people).unwrap()
}
fn main() {
    for dir in std::env::args().skip(1) {
        let instance = load(&dir);
        let t = Instant::now();
        let mut last = Instant::now();
        let effort = Effort::new(Effort::USUAL, &|| true);
        match leximin::solve(&instance, &effort, &mut |p| {
            if last.elapsed().as_secs() > 2 {
                last = Instant::now();
                println!("  {p:?}");
            }
        }) {
            Ok(o) => {
                let dt = t.elapsed();
                let t = Instant::now();
                println!(
                    "{dir}: {dt:?} orbits {} levels {} mix {} cuts {}",
                    o.orbits.orbits.len(),
                    o.certificate.levels.len(),
                    o.certificate.mix.len(),
                    o.certificate.cuts.len()
                );
                match certificate::check(&instance, &o.orbits, &o.certificate, &o.lottery) {
                    Ok(p) => println!(
                        "   check {:?} gap {} least_gap {} deviation {} least {}",
                        t.elapsed(),
                        p.gap,
                        p.least_gap,
                        p.deviation,
                        p.shares.iter().min().unwrap()
                    ),
                    Err(e) => println!("   check {e}"),
                }
            }
            Err(e) => println!("{dir}: {e} {:?}", t.elapsed()),
        }
    }
}
