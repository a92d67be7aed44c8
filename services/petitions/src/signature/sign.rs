//! By eID, or by somebody who acts for the signer: it is counted at once, and a refusal is told at once and writes nothing.

use radslag_kernel::{Instant, Opened};

use crate::{
    policy::Proof,
    signature::{
        command::Request,
        event::{Event, Submission},
        refusal::Refusal,
        request::{facts, signer, stance},
        state::{Slot, Standing, State},
        view::{Signing, View},
    },
};

pub(super) fn sign(
    state: &State,
    asked: Request,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    if petition.signing == Signing::Paused {
        return Err(Refusal::SigningPaused);
    }
    if !petition.takes_requests(at) {
        return Err(Refusal::NotOpen);
    }
    let proof = asked.helper.as_ref().map_or(Proof::Eid, |helper| helper.how.proof());
    let allowed = match proof {
        Proof::Declared => petition.policy.mailbox,
        Proof::Eid | Proof::Register => petition.policy.eid,
    };
    if !allowed {
        return Err(Refusal::MethodNotAllowed);
    }
    if asked.helper.as_ref().is_some_and(|helper| helper.is_partial(asked.tags.eid, Some(petition))) {
        return Err(Refusal::ConflictOfInterest);
    }
    let (signer, public) = signer(&asked, &petition.policy)?;
    stance(&asked, &petition.policy)?;
    if petition.is_initiator(&asked.tags) {
        return Err(Refusal::InitiatorSigns);
    }
    let (mut events, slot) = (Vec::new(), state.slots.first());
    match slot.map(|slot| slot.standing) {
        // Who changed their mind has one vote, the last one.
        Some(Standing::Confirmed) if slot.is_some_and(|slot| slot.against != asked.against) => {
            events.extend(slot.and_then(|slot| taken_back(slot, at)));
        }
        None | Some(Standing::Withdrawn | Standing::Requested | Standing::Expired) => {}
        Some(Standing::Confirmed | Standing::Suspected | Standing::Invalidated | Standing::Superseded) => {
            return Err(Refusal::AlreadySigned);
        }
    }
    let facts = Opened::Known(facts(&asked));
    events.push(Event::Signed(Box::new(Submission {
        at,
        item: asked.item,
        key: asked.key,
        expires_at: at,
        signer: Opened::Known(signer),
        public,
        against: asked.against,
        tags: petition.tags,
        facts,
        terms: asked.terms,
    })));
    Ok(events)
}

/// What is counted gives way to what its signer means now.
pub(super) fn taken_back(slot: &Slot, at: Instant) -> Option<Event> {
    Some(Event::Withdrawn { at, item: slot.item?, against: slot.against, assisted: None })
}
