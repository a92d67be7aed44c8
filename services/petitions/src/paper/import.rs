//! A file of lines: it comes in as a whole, in parts that wait sealed under a key of their own, and each part becomes a
//! sheet. At its end, or when it is given up, the key is destroyed: only the lines are left.

use radslag_kernel::{Instant, ItemId, SubjectId};

use crate::paper::{
    command::Act,
    decide::{entering, lines},
    event::{Event, Ground},
    refusal::Refusal,
    state::{Batch, Import, State},
};

pub(super) fn decide(
    state: &State,
    (at, batch, by): (Instant, ItemId, SubjectId),
    act: Act,
    ground: Ground,
) -> Result<Vec<Event>, Refusal> {
    let known = entering(state)?;
    match act {
        Act::BeginImport { key, deadline, receivable } => {
            let started = Event::ImportStarted { at, batch, by, key, deadline, receivable };
            Ok(match &known.import {
                Some(Import { whole: Some(_), .. }) => return Err(Refusal::ImportUnderWay),
                // The sender of one that broke off tries again.
                Some(old) => {
                    let keys = vec![old.key];
                    vec![Event::ImportCancelled { at, batch, by, keys, ground: None }, started]
                }
                None => vec![started],
            })
        }
        Act::ReceiveImport { import, parts, rows, refused } => {
            let open = coming(known, import)?;
            let received = Event::ImportReceived { at, batch, parts, rows, refused };
            let finished = Event::ImportFinished { at, batch, keys: vec![open.key] };
            Ok(if parts == 0 { vec![received, finished] } else { vec![received] })
        }
        Act::EnterPart { import, taken, refused, first, last } => {
            let Some(open) = known.import.as_ref().filter(|open| open.number == import) else {
                return Ok(Vec::new());
            };
            let Some((parts, ..)) = open.whole.filter(|(parts, ..)| open.done < *parts) else {
                return Ok(Vec::new());
            };
            lines(known, (taken + refused) as usize, first)?;
            let (by, sheet) = (open.by, u32::try_from(known.sheets.len()).unwrap_or(u32::MAX));
            let entered = Event::SheetEntered { at, batch, by, sheet, taken, refused, last };
            let finished = Event::ImportFinished { at, batch, keys: vec![open.key] };
            Ok(if open.done + 1 == parts { vec![entered, finished] } else { vec![entered] })
        }
        Act::CancelImport { import } => {
            let open = known.import.as_ref().ok_or(Refusal::NoImport)?;
            if import.is_some_and(|import| import != open.number || open.whole.is_some()) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ImportCancelled { at, batch, by, keys: vec![open.key], ground }])
        }
        _of_a_batch => Ok(Vec::new()),
    }
}

/// A batch that no file is read into.
pub(super) fn none(batch: &Batch) -> Result<&Batch, Refusal> {
    if batch.import.is_some() { Err(Refusal::ImportUnderWay) } else { Ok(batch) }
}

/// The file that is still coming in.
///
/// # Errors
/// `ImportReplaced`.
pub fn coming(batch: &Batch, import: u32) -> Result<&Import, Refusal> {
    let open = batch.import.as_ref().filter(|open| open.number == import && open.whole.is_none());
    open.ok_or(Refusal::ImportReplaced)
}
