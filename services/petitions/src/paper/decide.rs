//! A batch is typed, checked by somebody else, settled, and only then counted; it is undone as a whole.

use radslag_kernel::{Instant, ItemId, Opened};

use crate::paper::{
    SHEET,
    command::{Act, Command},
    event::Event,
    import,
    refusal::Refusal,
    state::{Batch, Phase, SheetState, State, Work},
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, batch, by, conflict, takes_paper, ground, asks_ground, act } = command;
    if conflict {
        return Err(Refusal::ConflictOfInterest);
    }
    grounded(&act, asks_ground, &ground)?;
    let said =
        |known: &Batch| (!ground.trim().is_empty()).then(|| (known.key, Opened::Known(ground.clone())));
    let event = match act {
        Act::Register { key, received, today, scan } => {
            if !takes_paper {
                return Err(Refusal::PetitionNotSigned);
            }
            if received > today {
                return Err(Refusal::ReceivedInTheFuture);
            }
            Event::Registered { at, batch, by, key, received, scan, ground: Opened::Known(ground) }
        }
        act @ (Act::BeginImport { .. }
        | Act::ReceiveImport { .. }
        | Act::EnterPart { .. }
        | Act::CancelImport { .. }) => {
            let ground = state.0.as_ref().and_then(said);
            return import::decide(state, (at, batch, by), act, ground);
        }
        Act::Enter { taken, refused, first, last } => {
            let known = import::none(entering(state)?)?;
            lines(known, (taken + refused) as usize, first)?;
            let sheet = u32::try_from(known.sheets.len()).unwrap_or(u32::MAX);
            Event::SheetEntered { at, batch, by, sheet, taken, refused, last }
        }
        Act::Check { sheet, differing } => {
            let ground = said(entering(state)?);
            let known = sheet_of(entering(state)?, sheet)?;
            if known.checked_by.is_some() {
                return Err(Refusal::AlreadyChecked);
            }
            if known.entered_by == by {
                return Err(Refusal::SamePersonTwice);
            }
            Event::SheetChecked { at, batch, by, sheet, differing, ground }
        }
        Act::Settle { sheet } => {
            if sheet_of(entering(state)?, sheet)?.open == 0 {
                return Err(Refusal::NotDiffering);
            }
            Event::SheetSettled { at, batch, by, sheet, ground: said(entering(state)?) }
        }
        Act::Accept => {
            checked(import::none(entering(state)?)?)?;
            if !takes_paper {
                return Err(Refusal::PetitionNotSigned);
            }
            Event::Accepted { at, batch, by, ground: said(entering(state)?) }
        }
        Act::Undo { ground } => {
            let key = undoable(state, &ground)?;
            Event::Undone { at, batch, by, key, ground: Opened::Known(ground) }
        }
        act @ (Act::Count { .. }
        | Act::FinishCount
        | Act::Strike { .. }
        | Act::Reinstate
        | Act::FinishStrike) => {
            return Ok(step(state, (at, batch), act)?.into_iter().collect());
        }
    };
    Ok(vec![event])
}

/// What decides something of a batch has a ground where it is asked for. Typing lines is the work itself.
fn grounded(act: &Act, asks_ground: bool, ground: &str) -> Result<(), Refusal> {
    let decides = matches!(
        act,
        Act::Register { .. }
            | Act::Check { .. }
            | Act::Settle { .. }
            | Act::Accept
            | Act::CancelImport { import: None }
    );
    if decides && asks_ground && ground.trim().is_empty() { Err(Refusal::GroundMissing) } else { Ok(()) }
}

pub(super) fn entering(state: &State) -> Result<&Batch, Refusal> {
    let batch = state.0.as_ref().ok_or(Refusal::UnknownBatch)?;
    match batch.phase {
        Phase::Entry => Ok(batch),
        Phase::Accepted => Err(Refusal::AlreadyAccepted),
        Phase::Undone => Err(Refusal::AlreadyUndone),
    }
}

pub(super) fn lines(batch: &Batch, number: usize, first: u32) -> Result<(), Refusal> {
    match number {
        0 => Err(Refusal::LinesMissing),
        number if number > SHEET => Err(Refusal::TooManyLines),
        _ if first <= batch.last => Err(Refusal::LinesNotInOrder),
        _ => Ok(()),
    }
}

fn sheet_of(batch: &Batch, sheet: u32) -> Result<&SheetState, Refusal> {
    batch.sheets.get(sheet as usize).ok_or(Refusal::UnknownLine)
}

/// Every sheet was looked at by a second person, and nothing is open.
fn checked(batch: &Batch) -> Result<(), Refusal> {
    if batch.sheets.is_empty() {
        return Err(Refusal::LinesMissing);
    }
    if batch.sheets.iter().any(|sheet| sheet.checked_by.is_none()) {
        return Err(Refusal::NotChecked);
    }
    if batch.sheets.iter().any(|sheet| sheet.open > 0) { Err(Refusal::DifferencesOpen) } else { Ok(()) }
}

fn undoable(state: &State, ground: &str) -> Result<radslag_kernel::KeyRef, Refusal> {
    let batch = state.0.as_ref().ok_or(Refusal::UnknownBatch)?;
    if batch.phase == Phase::Undone {
        return Err(Refusal::AlreadyUndone);
    }
    import::none(batch)?;
    if ground.trim().is_empty() { Err(Refusal::GroundMissing) } else { Ok(batch.key) }
}

/// What the service does next, if that is what it takes it for: it may have been done already.
fn step(state: &State, (at, batch): (Instant, ItemId), act: Act) -> Result<Option<Event>, Refusal> {
    let work = state.0.as_ref().ok_or(Refusal::UnknownBatch)?.work();
    Ok(match (work, act) {
        (Some(Work::Count(sheet)), Act::Count { counted, uncompared, dropped }) => {
            Some(Event::SheetCounted { at, batch, sheet, counted, uncompared, dropped })
        }
        (Some(Work::FinishCount), Act::FinishCount) => Some(Event::Counted { at, batch }),
        (Some(Work::Strike(sheet)), Act::Strike { struck }) => {
            Some(Event::SheetStruck { at, batch, sheet, struck })
        }
        (Some(Work::Reinstate(sheet)), Act::Reinstate) => Some(Event::SheetReinstated { at, batch, sheet }),
        (Some(Work::FinishStrike), Act::FinishStrike) => Some(Event::Struck { at, batch }),
        _elsewhere => None,
    })
}
