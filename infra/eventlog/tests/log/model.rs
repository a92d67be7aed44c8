//! Random histories against a plain `Vec`: appends over streams with right and wrong versions, guards, reopening.

use std::collections::HashMap;

use proptest::prelude::*;
use radslag_eventlog::AppendError;

use crate::home::{Home, all, append, event, texts, write};

#[derive(Clone, Debug)]
enum Step {
    Append { writes: Vec<(u8, i8, u8)>, guards: Vec<(u8, i8)> },
    Reopen,
    RebuildIndex,
}

fn step() -> impl Strategy<Value = Step> {
    let off = prop_oneof![8 => Just(0_i8), 1 => Just(1), 1 => Just(-1)];
    let write = (0..6_u8, off.clone(), 1..4_u8);
    prop_oneof![
        20 => (proptest::collection::vec(write, 1..4), proptest::collection::vec((0..6_u8, off), 0..3))
            .prop_map(|(writes, guards)| Step::Append { writes, guards }),
        1 => Just(Step::Reopen),
        1 => Just(Step::RebuildIndex),
    ]
}

#[derive(Default)]
struct Model {
    events: Vec<(u64, String, String)>,
    versions: HashMap<String, u64>,
}

impl Model {
    fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    fn append(
        &mut self,
        log: &radslag_eventlog::Log,
        writes: &[(u8, i8, u8)],
        guards: &[(u8, i8)],
        n: usize,
    ) {
        let name = |stream: u8| format!("stream-{stream}");
        let expected =
            |stream: u8, off: i8| self.version(&name(stream)).saturating_add_signed(i64::from(off));
        let mut planned = Vec::new();
        let mut fits =
            guards.iter().all(|(stream, off)| expected(*stream, *off) == self.version(&name(*stream)));
        let mut requests = Vec::new();
        for (at, (stream, off, count)) in writes.iter().enumerate() {
            let earlier = writes[..at]
                .iter()
                .filter(|(earlier, ..)| earlier == stream)
                .map(|(.., count)| u64::from(*count));
            fits &= expected(*stream, *off) == self.version(&name(*stream)) + earlier.sum::<u64>();
            let named: Vec<_> = (0..*count).map(|e| format!("{n}-{at}-{e}")).collect();
            requests.push(write(
                &name(*stream),
                expected(*stream, *off),
                named.iter().map(|text| event(log, text)).collect(),
            ));
            planned.extend(named.into_iter().map(|text| (name(*stream), text)));
        }
        let guard_names: Vec<_> =
            guards.iter().map(|(stream, off)| (name(*stream), expected(*stream, *off))).collect();
        let done = append(log, requests, guard_names.iter().map(|(s, v)| (s.as_str(), *v)).collect());
        assert_eq!(done.is_ok(), fits, "{done:?}");
        if let Err(refused) = &done {
            assert!(matches!(refused, AppendError::Conflict { .. }));
            return;
        }
        for (stream, text) in planned {
            *self.versions.entry(stream.clone()).or_default() += 1;
            self.events.push((self.events.len() as u64, stream, text));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_history_reads_back_as_a_vec_would(steps in proptest::collection::vec(step(), 1..60)) {
        let home = Home::new().with_segments_of(8 << 10);
        let mut log = home.open();
        let mut model = Model::default();
        for (n, step) in steps.iter().enumerate() {
            match step {
                Step::Append { writes, guards } => model.append(&log, writes, guards, n),
                Step::Reopen => {
                    log.close();
                    log = home.open();
                }
                Step::RebuildIndex => log.rebuild_index().unwrap(),
            }
        }
        prop_assert_eq!(&all(&log), &model.events);
        for stream in model.versions.keys() {
            let own = model.events.iter().filter(|(_, s, _)| s == stream).map(|(_, _, text)| text.clone());
            prop_assert_eq!(texts(&log, stream), own.collect::<Vec<_>>());
        }
    }
}
