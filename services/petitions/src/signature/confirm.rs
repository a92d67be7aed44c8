//! The end of a submission: its link is used in time, or it expires.

use radslag_kernel::{Instant, ItemId, Opened};

use crate::signature::{event::Event, refusal::Refusal, state::State, view::View};

/// A used link shows the same page again: nothing is written twice.
pub(super) fn confirm(
    state: &State,
    item: ItemId,
    suspicion: Option<String>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let asked = state.pending.iter().find(|pending| pending.item == item);
    let Some((pending, _)) = asked.and_then(|pending| pending.slot.map(|slot| (pending, slot))) else {
        return used(state, item);
    };
    if !petition.takes_confirmations(at) {
        return Err(Refusal::NotOpen);
    }
    if at >= pending.expires_at {
        return Err(Refusal::LinkExpired);
    }
    let (key, tags, person) = (pending.key, petition.tags, Opened::Known(pending.person));
    let public = pending.public.clone();
    Ok(vec![match suspicion.or_else(|| pending.suspicion.clone()) {
        None => Event::Confirmed { at, item, key, public, tags, person },
        Some(rule) => {
            let (record, rule) = (petition.record, Opened::Known(rule));
            Event::Suspected { at, item, key, public, tags, person, record, rule }
        }
    }])
}

/// A link whose submission ended, or whose slot was confirmed by a later one.
fn used(state: &State, item: ItemId) -> Result<Vec<Event>, Refusal> {
    match state.place_of(item).and_then(|slot| state.slots.get(slot)) {
        Some(slot) if slot.item.is_some() => Ok(Vec::new()),
        Some(_) => Err(Refusal::LinkExpired),
        None if state.spare.iter().any(|(spare, _)| *spare == item) => Err(Refusal::LinkExpired),
        None => Err(Refusal::UnknownSignature),
    }
}

/// Every submission that wasn't confirmed expires once, whatever came of it. One that ended writes nothing.
pub(super) fn expire(state: &State, item: ItemId, at: Instant) -> Result<Vec<Event>, Refusal> {
    match state.pending.iter().find(|pending| pending.item == item) {
        Some(pending) if at < pending.expires_at => Err(Refusal::NotYetExpired),
        Some(pending) => Ok(vec![Event::Expired { at: pending.expires_at, item }]),
        None => Ok(Vec::new()),
    }
}
