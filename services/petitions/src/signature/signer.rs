//! What becomes of a signature by its signer's own acts: taken back, shown otherwise, or signed in a stronger way.

use radslag_kernel::{Actor, Instant, ItemId, Opened};

use crate::{
    assisted::Helper,
    signature::{
        command::Shown,
        event::Event,
        refusal::Refusal,
        request,
        state::{Standing, State},
        view::View,
    },
    tag::Tag,
};

/// While the petition is signed or counted; a second time writes nothing.
pub(super) fn withdraw(
    state: &State,
    item: ItemId,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    match slot.standing {
        Standing::Withdrawn => Ok(Vec::new()),
        Standing::Confirmed if petition.takes_confirmations(at) => {
            Ok(vec![Event::Withdrawn { at, item, against: slot.against, assisted: None }])
        }
        Standing::Confirmed => Err(Refusal::NotOpen),
        Standing::Requested
        | Standing::Suspected
        | Standing::Expired
        | Standing::Invalidated
        | Standing::Superseded => Err(Refusal::NotConfirmed),
    }
}

/// By somebody who acts for the signer. It is the signature of who they say, as far as a name tells.
pub(super) fn withdraw_for(
    state: &State,
    item: ItemId,
    name: Tag,
    helper: &Helper,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    for_signer(state, (item, name), helper, petition)?;
    let mut events = withdraw(state, item, petition, at)?;
    for event in &mut events {
        if let Event::Withdrawn { assisted, .. } = event {
            *assisted = Some((petition.record, Opened::Known(helper.how)));
        }
    }
    Ok(events)
}

/// Somebody may act for this signer.
fn for_signer(
    state: &State,
    (item, name): (ItemId, Tag),
    helper: &Helper,
    petition: &View,
) -> Result<(), Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    if slot.name != name {
        return Err(Refusal::NotTheSigner);
    }
    if helper.is_partial(None, Some(petition)) { Err(Refusal::ConflictOfInterest) } else { Ok(()) }
}

/// At any time, as long as the name isn't erased.
pub(super) fn change_name(
    state: &State,
    item: ItemId,
    shown: &Shown,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    if slot.standing != Standing::Confirmed {
        return Err(Refusal::NotConfirmed);
    }
    let signer = slot.signer.known().ok_or(Refusal::AlreadyErased)?;
    let name = request::shown(shown, &signer.name, &petition.policy)?;
    if slot.public.name.known() == Some(&name) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NameChanged { at, item, key: slot.key, name: Opened::Known(name), assisted: None }])
}

/// By somebody who acts for the signer.
pub(super) fn change_name_for(
    state: &State,
    (item, name): (ItemId, Tag),
    shown: &Shown,
    helper: &Helper,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    for_signer(state, (item, name), helper, petition)?;
    let mut events = change_name(state, item, shown, petition, at)?;
    for event in &mut events {
        if let Event::NameChanged { assisted, .. } = event {
            *assisted = Some((petition.record, Opened::Known(helper.how)));
        }
    }
    Ok(events)
}

/// Only what is counted is superseded; anything else writes nothing.
pub(super) fn supersede(state: &State, item: ItemId, at: Instant) -> Result<Vec<Event>, Refusal> {
    let against = state.slot_of(item).ok_or(Refusal::UnknownSignature)?.against;
    Ok(if state.counts(item) { vec![Event::Superseded { at, item, against }] } else { Vec::new() })
}

/// Only what was superseded; anything else writes nothing.
pub(super) fn reinstate(
    state: &State,
    item: ItemId,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let slot = state.slot_of(item).ok_or(Refusal::UnknownSignature)?;
    let (by, record, ground) = (Actor::SYSTEM.subject, petition.record, Opened::Known(String::new()));
    let against = slot.against;
    let restored = Event::Restored { at, item, by, against, batch: None, record, ground };
    Ok(if slot.standing == Standing::Superseded { vec![restored] } else { Vec::new() })
}
