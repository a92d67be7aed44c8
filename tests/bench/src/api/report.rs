//! What the runs gave.

use serde::Serialize;

use super::{Way, spec::Outcome};
use crate::{
    machine::Machine,
    output::{Report, Table, duration, thousands},
    statistics::Spread,
};

#[derive(Serialize)]
pub(crate) struct Api {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) seconds: f64,
    pub(crate) ways: Vec<Figures>,
}

/// One way to sign.
#[derive(Serialize)]
pub(crate) struct Figures {
    way: Way,
    confirmed_per_second: Spread,
    confirmed_p50_us: Spread,
    confirmed_p99_us: Spread,
    whole_p50_us: Spread,
    whole_p99_us: Spread,
    reads_per_second: Spread,
    reads_p50_us: Spread,
    reads_p99_us: Spread,
    generator_share: Spread,
    service_share: Spread,
    runs: Vec<Outcome>,
}

impl Figures {
    pub(crate) fn of(way: Way, runs: Vec<Outcome>) -> Self {
        let spread = |figure: fn(&Outcome) -> f64| Spread::of(runs.iter().map(figure));
        Self {
            way,
            confirmed_per_second: spread(|run| run.confirmed.per_second),
            confirmed_p50_us: spread(|run| run.confirmed.p50_us),
            confirmed_p99_us: spread(|run| run.confirmed.p99_us),
            whole_p50_us: spread(|run| run.whole.p50_us),
            whole_p99_us: spread(|run| run.whole.p99_us),
            reads_per_second: spread(|run| run.reads.per_second),
            reads_p50_us: spread(|run| run.reads.p50_us),
            reads_p99_us: spread(|run| run.reads.p99_us),
            generator_share: spread(|run| run.generator_share),
            service_share: spread(|run| run.service_share),
            runs,
        }
    }
}

impl Report for Api {
    fn text(&self) -> String {
        let mut table = Table::new(&[
            "by",
            "signed/s",
            "min",
            "max",
            "p50",
            "p99",
            "whole p99",
            "reads/s",
            "p50",
            "p99",
            "load CPU",
            "service CPU",
        ]);
        for one in &self.ways {
            let percent = |share: Spread| format!("{:.0} %", share.median * 100.0);
            table.row(vec![
                match one.way {
                    Way::Eid => "eID".into(),
                    Way::Mailbox => "mailbox".into(),
                },
                thousands(one.confirmed_per_second.median),
                thousands(one.confirmed_per_second.min),
                thousands(one.confirmed_per_second.max),
                duration(one.confirmed_p50_us.median),
                duration(one.confirmed_p99_us.median),
                duration(one.whole_p99_us.median),
                thousands(one.reads_per_second.median),
                duration(one.reads_p50_us.median),
                duration(one.reads_p99_us.median),
                percent(one.generator_share),
                percent(one.service_share),
            ]);
        }
        format!(
            "{}\n{}\nCPU shares are of all cores together\n\n{}",
            self.command,
            self.machine,
            table.text()
        )
    }
}
