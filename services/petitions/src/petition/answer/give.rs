//! A committee answers, answers anew, opens its answer again, and tells what came of it.

use radslag_kernel::{Date, Opened};

use crate::{
    petition::{
        answer::{
            event::{Outcome, What, Why},
            filed, handover, happened, link,
            state::Stage,
        },
        command::{Now, Official},
        decide::official,
        event::Event,
        refusal::{Field, Refusal},
        state::{Answer, Petition},
    },
    text,
};

/// A new version stands beside the old ones.
pub(super) fn give(
    petition: &Petition,
    by: &Official,
    number: u32,
    (outcome, text, at): (Outcome, String, String),
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let part = petition.answer.part(number).ok_or(Refusal::UnknownPart)?;
    if !matches!(part.stage, Stage::InProcess | Stage::Answered) {
        return Err(Refusal::NotInProcess);
    }
    official(filed(petition)?, by)?;
    text::required(&text, text::ANSWER_MAX).map_err(|fault| Refusal::Text(Field::Text, fault))?;
    link(&at)?;
    let (version, text, link) = (part.versions + 1, Opened::Known(text), Opened::Known(at));
    Ok(happened(petition, now.at, &by.ground, [(number, What::Given { version, outcome, text, link })]))
}

/// Old versions stay readable; the clock begins anew.
pub(super) fn reopen(
    petition: &Petition,
    by: &Official,
    number: u32,
    why: Why,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let part = petition.answer.part(number).ok_or(Refusal::UnknownPart)?;
    if part.stage != Stage::Answered {
        return Err(Refusal::NotAnswered);
    }
    let filed = filed(petition)?;
    official(filed, by)?;
    let reopened = What::Reopened { why, answer_by: handover::clock(filed, now) };
    Ok(happened(petition, now.at, &by.ground, [(number, reopened)]))
}

/// Can be told again and again.
pub(super) fn follow_up(
    petition: &Petition,
    by: &Official,
    on: Date,
    text: String,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    if !matches!(petition.answer.stands(), Answer::Answered | Answer::FollowedUp) {
        return Err(Refusal::NotAnswered);
    }
    official(filed(petition)?, by)?;
    text::required(&text, text::ANSWER_MAX).map_err(|fault| Refusal::Text(Field::Text, fault))?;
    if on > now.today() {
        return Err(Refusal::DateInTheFuture);
    }
    let number = petition.answer.follow_ups + 1;
    let told = What::FollowedUp { number, on, text: Opened::Known(text) };
    Ok(happened(petition, now.at, &by.ground, [(0, told)]))
}
