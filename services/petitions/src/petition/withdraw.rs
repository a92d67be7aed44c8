//! The initiator takes a petition back: at any time before it was handed over; after that the committee is asked.

use radslag_kernel::{Instant, Opened};

use crate::{
    assisted::{Assisted, Helper},
    petition::{
        answer,
        event::Event,
        handin,
        refusal::{Field, Refusal},
        state::{Answer, Life, Petition},
    },
    tag::Tag,
    text,
};

pub(super) fn withdraw(
    petition: &Petition,
    proof: Tag,
    reason: String,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    if petition.life.phase().is_terminal() {
        return Err(Refusal::AlreadyOver);
    }
    handin::initiator(petition, proof)?;
    taken_back(petition, reason, None, at)
}

/// By somebody who acts for the initiator. It is the petition of who they say: by eID, or else as far as a name tells.
/// Nobody else has a draft.
pub(super) fn withdraw_for(
    petition: &Petition,
    (citizen, name): (Tag, Tag),
    reason: String,
    helper: &Helper,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::UnknownPetition)?;
    if petition.life.phase().is_terminal() {
        return Err(Refusal::AlreadyOver);
    }
    let theirs = filed.tags.known().is_some_and(|tags| match tags.eid {
        Some(eid) => eid == citizen,
        None => tags.name == name,
    });
    if !theirs {
        return Err(Refusal::SomebodyElses);
    }
    if helper.is_partial(Some(citizen), None) || filed.concerns(&helper.by.tags) {
        return Err(Refusal::ConflictOfInterest);
    }
    taken_back(petition, reason, Some(Opened::Known(helper.how)), at)
}

fn taken_back(
    petition: &Petition,
    reason: String,
    assisted: Option<Opened<Assisted>>,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    text::optional(&reason, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    match petition.answer.stands() {
        Answer::None | Answer::Due => {}
        Answer::HandedOver | Answer::InProcess | Answer::AwaitingInitiator => {
            return Ok(answer::request(petition, &reason, assisted, at));
        }
        Answer::Answered | Answer::FollowedUp => return Err(Refusal::AlreadyAnswered),
    }
    let draft = match &petition.life {
        Life::Draft { key, .. } => Some(*key),
        _ => None,
    };
    let record = petition.filed.as_ref().map(|filed| filed.keys.record);
    let was_public = petition.life.phase().is_public();
    let ground = if record.is_some() { Opened::Known(reason) } else { Opened::Gone };
    Ok(vec![Event::Withdrawn { at, was_public, record, ground, draft, assisted }])
}
