//! The end of a submission: its link is used in time, or it expires.

use radslag_kernel::{Instant, ItemId, Opened};

use crate::signature::{
    event::Event,
    refusal::Refusal,
    sign::taken_back,
    state::{Standing, State},
    view::View,
};

/// A used link shows the same page again: nothing is written twice.
pub(super) fn confirm(
    state: &State,
    item: ItemId,
    suspicion: Option<String>,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let asked = state.pending.iter().find(|pending| pending.item == item);
    let Some((pending, place)) = asked.and_then(|pending| pending.slot.map(|slot| (pending, slot))) else {
        return used(state, item);
    };
    if !petition.takes_confirmations(at) {
        return Err(Refusal::NotOpen);
    }
    if at >= pending.expires_at {
        return Err(Refusal::LinkExpired);
    }
    // What counts on its place gives way; what is struck out or set aside there is not stepped around.
    let before = state.slots.get(place).filter(|slot| slot.item.is_some());
    let mut events = match before.map(|slot| slot.standing) {
        Some(Standing::Confirmed) => before.and_then(|slot| taken_back(slot, at)).into_iter().collect(),
        Some(Standing::Suspected | Standing::Invalidated | Standing::Superseded) => {
            return Err(Refusal::LinkExpired);
        }
        Some(Standing::Requested | Standing::Expired | Standing::Withdrawn) | None => Vec::new(),
    };
    let (key, tags, person) = (pending.key, petition.tags, Opened::Known(pending.person));
    let (public, against) = (pending.public.clone(), pending.against);
    events.push(match suspicion.or_else(|| pending.suspicion.clone()) {
        None => Event::Confirmed { at, item, key, public, against, tags, person },
        Some(rule) => {
            let (record, rule) = (petition.record, Opened::Known(rule));
            Event::Suspected { at, item, key, public, tags, person, record, rule }
        }
    });
    Ok(events)
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
