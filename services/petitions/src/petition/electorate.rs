//! How many may vote, entered by an official and frozen: an answer takes a share of it.

#[cfg(test)]
mod tests;

use radslag_kernel::{Instant, Opened};

use crate::petition::{
    command::Official, course, decide::official, event::Event, refusal::Refusal, state::Petition,
};

/// Once, before signing ended.
pub(super) fn fix(
    petition: &Petition,
    by: &Official,
    voters: u64,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::UnknownPetition)?;
    if filed.policy.answer_per_mille == 0 {
        return Err(Refusal::NoSuchThreshold);
    }
    if petition.life.phase().is_terminal() || petition.ended.is_some() {
        return Err(Refusal::AlreadyOver);
    }
    official(filed, by)?;
    if petition.share.is_some() {
        return Err(Refusal::ElectorateFrozen);
    }
    let answer_at = filed.policy.share_of(voters);
    if answer_at == 0 {
        return Err(Refusal::ElectorateEmpty);
    }
    let (by, record, ground) = (by.id, filed.keys.record, Opened::Known(by.ground.clone()));
    Ok(vec![course::Event::ElectorateFixed { at, by, voters, answer_at, record, ground }.into()])
}
