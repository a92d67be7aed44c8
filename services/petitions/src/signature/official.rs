//! Officials' acts on one signature. Each has a ground, and can be undone.

use radslag_kernel::{Instant, ItemId, Opened};

use crate::{
    petition::Official,
    signature::{
        event::Event,
        refusal::Refusal,
        state::{Slot, Standing, State},
        view::View,
    },
};

/// The signature, for an official with a ground.
pub(super) fn grounded<'a>(state: &'a State, item: ItemId, by: &Official) -> Result<&'a Slot, Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    if by.ground.trim().is_empty() { Err(Refusal::GroundMissing) } else { Ok(slot) }
}

pub(super) fn clear(
    state: &State,
    item: ItemId,
    by: Official,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    if grounded(state, item, &by)?.standing != Standing::Suspected {
        return Err(Refusal::NotSuspected);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Cleared { at, item, by: by.id, record, ground }])
}

pub(super) fn invalidate(
    state: &State,
    item: ItemId,
    by: Official,
    batch: Option<[u8; 16]>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let was_counted = match grounded(state, item, &by)?.standing {
        Standing::Confirmed => true,
        Standing::Suspected => false,
        Standing::Requested
        | Standing::Expired
        | Standing::Withdrawn
        | Standing::Invalidated
        | Standing::Superseded => return Err(Refusal::NotConfirmed),
    };
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Invalidated { at, item, by: by.id, was_counted, batch, record, ground }])
}

pub(super) fn restore(
    state: &State,
    item: ItemId,
    by: Official,
    batch: Option<[u8; 16]>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    if grounded(state, item, &by)?.standing != Standing::Invalidated {
        return Err(Refusal::NotInvalidated);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Restored { at, item, by: by.id, batch, record, ground }])
}
