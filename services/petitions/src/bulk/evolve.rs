//! What an event makes of it. Never fails.

use std::collections::BTreeMap;

use radslag_kernel::AggregateId;

use crate::bulk::{
    event::{Cursor, Event, Side},
    state::{Bulk, Phase, State},
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    if let Event::Prepared(prepared) = event {
        state.0 = Some(Bulk {
            phase: Phase::Prepared,
            key: prepared.key,
            conditions: prepared.conditions.clone(),
            ground: prepared.ground.clone(),
            notice: prepared.notice.clone(),
            by: prepared.by,
            role: prepared.role,
            second: None,
            matched: prepared.matched,
            up_to: prepared.up_to,
            struck: BTreeMap::new(),
            restored: BTreeMap::new(),
            skipped: 0,
            cursor: Cursor::default(),
        });
        return;
    }
    let Some(bulk) = &mut state.0 else { return };
    match event {
        Event::Prepared(_) => {}
        Event::Started { by, role, second, matched, up_to, .. } => {
            bulk.phase = Phase::Running;
            (bulk.by, bulk.role, bulk.second) = (*by, *role, *second);
            (bulk.matched, bulk.up_to) = (*matched, *up_to);
        }
        Event::Progressed { undoing, numbers, skipped, cursor, .. } => {
            add(if *undoing { &mut bulk.restored } else { &mut bulk.struck }, numbers);
            bulk.skipped += skipped;
            bulk.cursor = *cursor;
        }
        Event::Cancelled { was_running, .. } => {
            bulk.phase = if *was_running { Phase::Cancelling } else { Phase::Dropped };
        }
        Event::Finished { .. } => bulk.phase = Phase::Finished,
        Event::UndoStarted { by, role, second, up_to, ground, .. } => {
            // Everything it struck out stands behind where it looked.
            let cursor = Cursor { petition: AggregateId::default(), position: bulk.up_to };
            bulk.phase = Phase::Undoing;
            (bulk.by, bulk.role, bulk.second) = (*by, *role, *second);
            (bulk.cursor, bulk.up_to, bulk.skipped) = (cursor, *up_to, 0);
            bulk.ground.clone_from(ground);
        }
        Event::Undone { .. } => bulk.phase = Phase::Undone,
    }
}

fn add(to: &mut BTreeMap<Side, u64>, numbers: &[(Side, u64)]) {
    for (side, number) in numbers {
        *to.entry(*side).or_default() += number;
    }
}
