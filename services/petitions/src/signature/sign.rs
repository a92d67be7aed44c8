//! By eID: the subject is proven, so it is counted at once, and a refusal is told at once and writes nothing.

use radslag_kernel::{Instant, Opened};

use crate::signature::{
    command::Request,
    event::{Event, Submission},
    refusal::Refusal,
    request::{facts, signer},
    state::{Standing, State},
    view::{Signing, View},
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
    if !petition.policy.eid {
        return Err(Refusal::MethodNotAllowed);
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
