//! Two officials destroy everything a signer is sealed under. The signature keeps its place and its count.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{
    petition::Official,
    signature::{event::Event, official, refusal::Refusal, state::State, view::View},
};

pub(super) fn erase(
    state: &State,
    item: ItemId,
    by: Official,
    second: SubjectId,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let keys = keys(state, item).ok_or(Refusal::UnknownSignature)?;
    official::may_act(&by, petition)?;
    if by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    if keys.is_empty() {
        return Err(Refusal::AlreadyErased);
    }
    let (record, ground) = (petition.record, Opened::Known(by.ground));
    Ok(vec![Event::Erased { at, item, by: by.id, second, keys, record, ground }])
}

/// Of the slot an item belongs to, or of a submission without one; empty if they are destroyed already.
fn keys(state: &State, item: ItemId) -> Option<Vec<KeyRef>> {
    let held = match state.place_of(item).and_then(|slot| state.slots.get(slot)) {
        Some(slot) => slot.held.clone(),
        None => state.spare.iter().filter(|(spare, _)| *spare == item).copied().collect(),
    };
    let live = held.iter().map(|(_, key)| *key).filter(|key| *key != KeyRef::default()).collect();
    (!held.is_empty()).then_some(live)
}
