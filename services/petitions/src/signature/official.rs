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

/// The signature, for an official with a ground who neither started nor signed its petition.
fn grounded<'a>(state: &'a State, item: ItemId, by: &Official, petition: &View) -> Result<&'a Slot, Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    may_act(by, petition)?;
    Ok(slot)
}

/// Whether an official may act on a signature of a petition at all.
pub(super) fn may_act(by: &Official, petition: &View) -> Result<(), Refusal> {
    if by.signed || petition.initiator.is_some_and(|initiator| initiator.is_any_of(&by.tags)) {
        return Err(Refusal::ConflictOfInterest);
    }
    if by.ground.trim().is_empty() { Err(Refusal::GroundMissing) } else { Ok(()) }
}

pub(super) fn suspect(
    state: &State,
    item: ItemId,
    by: Official,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = grounded(state, item, &by, petition)?;
    if slot.standing != Standing::Confirmed {
        return Err(Refusal::NotConfirmed);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::SetAside { at, item, by: by.id, against: slot.against, record, ground }])
}

pub(super) fn clear(
    state: &State,
    item: ItemId,
    by: Official,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = grounded(state, item, &by, petition)?;
    if slot.standing != Standing::Suspected {
        return Err(Refusal::NotSuspected);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Cleared { at, item, by: by.id, against: slot.against, record, ground }])
}

pub(super) fn invalidate(
    state: &State,
    item: ItemId,
    by: Official,
    batch: Option<[u8; 16]>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = grounded(state, item, &by, petition)?;
    let was_counted = match slot.standing {
        Standing::Confirmed => true,
        Standing::Suspected => false,
        Standing::Requested
        | Standing::Expired
        | Standing::Withdrawn
        | Standing::Invalidated
        | Standing::Superseded => return Err(Refusal::NotConfirmed),
    };
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    // What never counted says nothing of how it was meant.
    let against = was_counted && slot.against;
    Ok(vec![Event::Invalidated { at, item, by: by.id, was_counted, against, batch, record, ground }])
}

pub(super) fn restore(
    state: &State,
    item: ItemId,
    by: Official,
    batch: Option<[u8; 16]>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = grounded(state, item, &by, petition)?;
    if slot.standing != Standing::Invalidated {
        return Err(Refusal::NotInvalidated);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Restored { at, item, by: by.id, against: slot.against, batch, record, ground }])
}
