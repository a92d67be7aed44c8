//! By eID, or by somebody who acts for the signer: it is counted at once, and a refusal is told at once and writes nothing.

use radslag_kernel::{Instant, Opened};

use crate::{
    policy::Proof,
    signature::{
        command::Request,
        event::{Event, Submission},
        refusal::Refusal,
        request::{facts, signer},
        state::{Standing, State},
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
    if petition.is_initiator(&asked.tags) {
        return Err(Refusal::InitiatorSigns);
    }
    match state.slots.first().map(|slot| slot.standing) {
        None | Some(Standing::Withdrawn | Standing::Requested | Standing::Expired) => {}
        Some(Standing::Confirmed | Standing::Suspected | Standing::Invalidated | Standing::Superseded) => {
            return Err(Refusal::AlreadySigned);
        }
    }
    let facts = Opened::Known(facts(&asked));
    Ok(vec![Event::Signed(Box::new(Submission {
        at,
        item: asked.item,
        key: asked.key,
        expires_at: at,
        signer: Opened::Known(signer),
        public,
        tags: petition.tags,
        facts,
        terms: asked.terms,
    }))])
}
