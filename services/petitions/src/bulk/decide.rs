//! Prepared, started, run chunk by chunk, finished; cancelled on the way, or undone afterwards.

use radslag_kernel::{Opened, SubjectId};

use crate::bulk::{
    ALONE,
    command::{Act, Command, Prepare},
    event::{Correction, Event, Prepared},
    refusal::Refusal,
    state::{Bulk, Phase, State},
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, role, act } = command;
    let known = || state.0.as_ref().ok_or(Refusal::UnknownBulk);
    Ok(vec![match act {
        Act::Prepare(asked) => {
            if state.0.is_some() {
                return Err(Refusal::NotPrepared);
            }
            let Prepare { key, conditions, ground, notice, matched, up_to, conflict } = *asked;
            conditions.check()?;
            grounded(&ground)?;
            if notice.trim().is_empty() {
                return Err(Refusal::NoticeMissing);
            }
            unconflicted(conflict)?;
            let (conditions, ground) = (Opened::Known(conditions), Opened::Known(ground));
            let notice = Opened::Known(notice);
            let prepared = Prepared { at, by, role, key, conditions, ground, notice, matched, up_to };
            Event::Prepared(Box::new(prepared))
        }
        Act::Start { second, matched, up_to, conflict } => {
            in_phase(known()?, Phase::Prepared, Refusal::NotPrepared)?;
            unconflicted(conflict)?;
            if matched == 0 {
                return Err(Refusal::NothingMatches);
            }
            let second = four_eyes(matched, by, second)?;
            Event::Started { at, by, role, second, matched, up_to }
        }
        Act::Progress { undoing, numbers, skipped, cursor } => {
            let bulk = known()?;
            let phase = if undoing { Phase::Undoing } else { Phase::Running };
            in_phase(bulk, phase, Refusal::NotRunning)?;
            // A chunk that was done already isn't done again.
            if cursor <= bulk.cursor {
                return Ok(Vec::new());
            }
            Event::Progressed { at, undoing, numbers, skipped, cursor }
        }
        Act::Cancel { ground } => {
            let bulk = known()?;
            grounded(&ground)?;
            if !matches!(bulk.phase, Phase::Prepared | Phase::Running) {
                return Err(Refusal::NotRunning);
            }
            let (was_running, key) = (bulk.phase == Phase::Running, bulk.key);
            Event::Cancelled { at, by, was_running, key, ground: Opened::Known(ground) }
        }
        Act::Finish { corrections } => finish(known()?, at, corrections)?,
        Act::Undo { second, ground, up_to } => {
            let bulk = known()?;
            in_phase(bulk, Phase::Finished, Refusal::NotFinished)?;
            grounded(&ground)?;
            let second = four_eyes(bulk.total(), by, second)?;
            let (key, ground) = (bulk.key, Opened::Known(ground));
            Event::UndoStarted { at, by, role, second, up_to, key, ground }
        }
    }])
}

fn finish(bulk: &Bulk, at: radslag_kernel::Instant, corrections: Vec<Correction>) -> Result<Event, Refusal> {
    let (role, key, notice) = (bulk.role, bulk.key, bulk.notice.clone());
    match bulk.phase {
        Phase::Running | Phase::Cancelling => Ok(Event::Finished { at, role, key, notice, corrections }),
        Phase::Undoing => Ok(Event::Undone { at, role, key, notice, corrections }),
        Phase::Prepared | Phase::Dropped | Phase::Finished | Phase::Undone => Err(Refusal::NotRunning),
    }
}

fn in_phase(bulk: &Bulk, phase: Phase, otherwise: Refusal) -> Result<(), Refusal> {
    if bulk.phase == phase { Ok(()) } else { Err(otherwise) }
}

fn grounded(ground: &str) -> Result<(), Refusal> {
    if ground.trim().is_empty() { Err(Refusal::GroundMissing) } else { Ok(()) }
}

const fn unconflicted(conflict: bool) -> Result<(), Refusal> {
    if conflict { Err(Refusal::ConflictOfInterest) } else { Ok(()) }
}

/// The second official, where it takes one.
fn four_eyes(number: u64, by: SubjectId, second: Option<SubjectId>) -> Result<Option<SubjectId>, Refusal> {
    match second {
        Some(second) if second == by => Err(Refusal::SamePersonTwice),
        None if number > ALONE => Err(Refusal::SecondOfficialMissing),
        second => Ok(second),
    }
}
