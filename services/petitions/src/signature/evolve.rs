//! What an event makes of a page. Never fails: what is gone or doesn't fit leaves the page as it was.

use radslag_kernel::{ItemId, KeyRef, Opened};

use crate::signature::{
    event::{Event, Public, Submission},
    facts::{Facts, Outcome},
    state::{Pending, Slot, Standing, State},
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    match event {
        Event::Submitted(submission) => submitted(state, submission),
        Event::Signed(submission) => signed(state, submission),
        Event::Listed { submission, .. } => listed(state, submission),
        Event::Confirmed { item, .. } => answered(state, *item, Standing::Confirmed),
        Event::Suspected { item, .. } => answered(state, *item, Standing::Suspected),
        Event::Cleared { item, .. } | Event::Restored { item, .. } => {
            stands(state, *item, Standing::Confirmed)
        }
        Event::Expired { item, .. } => expired(state, *item),
        Event::Withdrawn { item, .. } => stands(state, *item, Standing::Withdrawn),
        Event::Superseded { item, .. } => stands(state, *item, Standing::Superseded),
        Event::SetAside { item, .. } => stands(state, *item, Standing::Suspected),
        Event::Invalidated { item, batch, .. } => {
            stands(state, *item, Standing::Invalidated);
            if let Some(slot) = state.slots.iter_mut().find(|slot| slot.item == Some(*item)) {
                slot.batch = *batch;
            }
        }
        Event::NameChanged { item, name, .. } => {
            if let Some(slot) = state.slots.iter_mut().find(|slot| slot.item == Some(*item)) {
                slot.public.name.clone_from(name);
            }
        }
        Event::Erased { item, keys, .. } => erased(state, *item, keys),
    }
}

fn submitted(state: &mut State, submission: &Submission) {
    let slot = submission.facts.known().and_then(|facts| placed(state, submission, facts));
    if slot.is_none() {
        state.spare.push((submission.item, submission.key));
        state.notices += u32::from(submission.facts.known().is_some_and(|facts| facts.mail));
    }
    let confirms =
        submission.facts.known().is_some_and(|facts| is_confirmed_by_its_link(facts.outcome) && facts.mail);
    state.pending.push(Pending {
        item: submission.item,
        key: submission.key,
        expires_at: submission.expires_at,
        slot: slot.filter(|_| confirms),
        signer: submission.signer.clone(),
        public: submission.public.clone(),
        against: submission.against,
        person: submission.facts.known().and_then(|facts| facts.person),
        suspicion: submission.facts.known().and_then(|facts| facts.suspicion.clone()),
    });
}

const fn is_confirmed_by_its_link(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::New | Outcome::Again | Outcome::Changed)
}

/// The slot (from 0) a submission belongs to, made or taken over if it is new.
fn placed(state: &mut State, submission: &Submission, facts: &Facts) -> Option<usize> {
    let index = usize::from(facts.slot).checked_sub(1)?;
    let (item, key) = (submission.item, submission.key);
    match facts.outcome {
        Outcome::New => {
            let mails = state.slots.get(index).map_or(0, |slot| slot.mails);
            let fresh = Slot {
                standing: Standing::Requested,
                name: facts.name,
                postcode: facts.postcode,
                item: None,
                key,
                held: vec![(item, key)],
                signer: Opened::Gone,
                public: Public::default(),
                against: false,
                mails: mails + u32::from(facts.mail),
                batch: None,
            };
            take_over(state, index, fresh);
        }
        // What counts goes on counting until the link is used.
        Outcome::Again | Outcome::AlreadySigned | Outcome::TooManyMails | Outcome::Changed => {
            let slot = state.slots.get_mut(index)?;
            slot.held.push((item, key));
            slot.mails += u32::from(facts.mail);
            if facts.outcome == Outcome::Again {
                slot.standing = Standing::Requested;
                slot.item = None;
            }
        }
        Outcome::NoFreeSlot | Outcome::Initiator | Outcome::Blocked => return None,
    }
    Some(index)
}

/// Puts a slot in place of a vacant one. Keys of who had it stay known, so that they can be destroyed.
fn take_over(state: &mut State, index: usize, fresh: Slot) {
    let Some(slot) = state.slots.get_mut(index) else {
        state.slots.push(fresh);
        return;
    };
    let old = std::mem::replace(slot, fresh);
    state.spare.extend(old.held);
    for pending in state.pending.iter_mut().filter(|pending| pending.slot == Some(index)) {
        pending.slot = None;
    }
}

fn signed(state: &mut State, submission: &Submission) {
    let before = state.slots.pop().into_iter().flat_map(|old| old.held);
    let held = std::iter::once((submission.item, submission.key)).chain(before).collect();
    takes_place(state, submission, held);
}

/// Each line of a list has a place of its own.
fn listed(state: &mut State, submission: &Submission) {
    takes_place(state, submission, vec![(submission.item, submission.key)]);
}

fn takes_place(state: &mut State, submission: &Submission, held: Vec<(ItemId, KeyRef)>) {
    let (item, key) = (submission.item, submission.key);
    let Some(facts) = submission.facts.known() else { return };
    state.slots.push(Slot {
        standing: Standing::Confirmed,
        name: facts.name,
        postcode: facts.postcode,
        item: Some(item),
        key,
        held,
        signer: submission.signer.clone(),
        public: submission.public.clone(),
        against: submission.against,
        mails: 0,
        batch: None,
    });
}

/// The mailbox answered: other submissions for the slot can't be confirmed any more, but still expire.
fn answered(state: &mut State, item: ItemId, standing: Standing) {
    let Some(found) = state.pending.iter().position(|pending| pending.item == item) else { return };
    let pending = state.pending.remove(found);
    let Some(index) = pending.slot else { return };
    for other in state.pending.iter_mut().filter(|other| other.slot == Some(index)) {
        other.slot = None;
    }
    if let Some(slot) = state.slots.get_mut(index) {
        slot.standing = standing;
        slot.item = Some(item);
        slot.key = pending.key;
        slot.signer = pending.signer;
        slot.public = pending.public;
        slot.against = pending.against;
    }
}

fn stands(state: &mut State, item: ItemId, standing: Standing) {
    if let Some(slot) = state.slots.iter_mut().find(|slot| slot.item == Some(item)) {
        (slot.standing, slot.batch) = (standing, None);
    }
}

fn expired(state: &mut State, item: ItemId) {
    let Some(found) = state.pending.iter().position(|pending| pending.item == item) else { return };
    let Some(index) = state.pending.remove(found).slot else { return };
    let awaited = state.pending.iter().any(|pending| pending.slot == Some(index));
    if let Some(slot) = state.slots.get_mut(index)
        && slot.standing == Standing::Requested
        && !awaited
    {
        slot.standing = Standing::Expired;
    }
}

fn erased(state: &mut State, item: ItemId, keys: &[KeyRef]) {
    let held = state.slots.iter_mut().flat_map(|slot| slot.held.iter_mut()).chain(state.spare.iter_mut());
    for (_, key) in held.filter(|(_, key)| keys.contains(key)) {
        *key = KeyRef::default();
    }
    for pending in state.pending.iter_mut().filter(|pending| keys.contains(&pending.key)) {
        pending.slot = None;
        (pending.signer, pending.public) = (Opened::Gone, Public::default());
    }
    if let Some(slot) = state.place_of(item).and_then(|slot| state.slots.get_mut(slot)) {
        (slot.signer, slot.public) = (Opened::Gone, Public::default());
        if slot.standing == Standing::Requested {
            slot.standing = Standing::Expired;
        }
    }
}
