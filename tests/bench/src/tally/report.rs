//! What was measured.

use serde::Serialize;

use super::pabutools::ADVICE;
use crate::{
    machine::Machine,
    output::{Report, Table, thousands},
    statistics::Spread,
};

#[derive(Debug, Serialize)]
pub(super) struct Tally {
    pub(super) command: String,
    pub(super) machine: Machine,
    pub(super) election: Result<Real, String>,
    pub(super) made: Made,
    pub(super) raking: Raking,
    pub(super) answers: Answers,
}

/// An election of a city; milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Real {
    pub(super) name: String,
    pub(super) voters: u64,
    pub(super) projects: usize,
    pub(super) read_ms: Spread,
    pub(super) greedy_ms: Spread,
    pub(super) greedy_funds: usize,
    pub(super) shares_ms: Spread,
    pub(super) shares_fund: usize,
    pub(super) peer: Result<Peer, String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Peer {
    pub(super) version: String,
    pub(super) greedy_ms: f64,
    pub(super) shares_ms: f64,
    /// Whether both rules fund the same as ours.
    pub(super) same: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Made {
    pub(super) voters: u64,
    pub(super) projects: u64,
    /// Of ballots.
    pub(super) kinds: usize,
    pub(super) shares_ms: Spread,
    pub(super) shares_fund: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Raking {
    pub(super) respondents: usize,
    pub(super) margins: usize,
    pub(super) rounds: u32,
    pub(super) capped: u64,
    pub(super) ms: Spread,
}

/// Seconds over all questions.
#[derive(Debug, Serialize)]
pub(super) struct Answers {
    pub(super) answers: usize,
    pub(super) questions: usize,
    pub(super) counting: f64,
    pub(super) tables: f64,
    pub(super) peak_mib: u64,
}

impl Report for Tally {
    fn text(&self) -> String {
        let mut table = Table::new(&["", "ours", "pabutools", "times"]);
        let mut row = |cells: [String; 4]| table.row(cells.to_vec());
        let ms = |ms: f64| format!("{ms:.2} ms");
        let mut notes = Vec::new();
        match &self.election {
            Err(why) => notes.push(format!("no election of a city: {why}")),
            Ok(real) => {
                let peer = real.peer.as_ref().ok();
                let beside = |ours: &Spread, theirs: Option<f64>| {
                    let times = theirs.map_or_else(String::new, |theirs| thousands(theirs / ours.median));
                    [ms(ours.median), theirs.map_or_else(String::new, ms), times]
                };
                let mut election = |what: String, ours: &Spread, theirs: Option<f64>| {
                    let [ours, theirs, times] = beside(ours, theirs);
                    row([what, ours, theirs, times]);
                };
                let (name, voters, projects) = (&real.name, thousands(real.voters as f64), real.projects);
                election(format!("{name} ({voters} votes, {projects} projects), read"), &real.read_ms, None);
                let greedy = format!("greedy by votes, funds {}", real.greedy_funds);
                election(greedy, &real.greedy_ms, peer.map(|peer| peer.greedy_ms));
                let shares = format!("Equal Shares, add1 by Pabulib, funds {}", real.shares_fund);
                election(shares, &real.shares_ms, peer.map(|peer| peer.shares_ms));
                notes.push(match &real.peer {
                    Err(why) => format!("pabutools didn't run ({why}); to have it: {ADVICE}"),
                    Ok(peer) if peer.same => {
                        format!("pabutools {} funds the same by both rules", peer.version)
                    }
                    Ok(peer) => format!("pabutools {} FUNDS OTHERS", peer.version),
                });
            }
        }
        let Made { voters, projects, kinds, shares_ms, shares_fund } = &self.made;
        let made = format!(
            "made up: {} votes of {} kinds, {projects} projects: Equal Shares, add1, funds {shares_fund}",
            thousands(*voters as f64),
            thousands(*kinds as f64)
        );
        row([made, ms(shares_ms.median), String::new(), String::new()]);
        let Raking { respondents, margins, rounds, capped, ms: raked } = &self.raking;
        let raking = format!(
            "raking {} answers on {margins} margins: {rounds} rounds, {capped} capped",
            thousands(*respondents as f64)
        );
        row([raking, ms(raked.median), String::new(), String::new()]);
        let Answers { answers, questions, counting, tables, peak_mib } = &self.answers;
        let what = format!("{questions} questions of {} weighted answers each", thousands(*answers as f64));
        row([format!("{what}, counted"), format!("{counting:.2} s"), String::new(), String::new()]);
        row([
            "and tables of three by background".into(),
            format!("{tables:.2} s"),
            String::new(),
            String::new(),
        ]);
        notes.push(format!("most memory of the whole run {peak_mib} MiB, answers included"));
        format!("{}\n{}\n{}{}\n", self.command, self.machine, table.text(), notes.join("\n"))
    }
}
