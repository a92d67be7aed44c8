//! The initiator takes a petition back: at any time before it was handed over; after that the committee is asked.

use radslag_kernel::{Instant, Opened};

use crate::{
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
    text::optional(&reason, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    match petition.answer.stands() {
        Answer::None | Answer::Due => {}
        Answer::HandedOver | Answer::InProcess | Answer::AwaitingInitiator => {
            return Ok(answer::request(petition, &reason, at));
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
    Ok(vec![Event::Withdrawn { at, was_public, record, ground, draft }])
}
