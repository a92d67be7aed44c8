//! A committee asks the initiator something; the clock of its part stands still until a reply, or until it stays away.

use radslag_kernel::{Date, Opened, time};

use crate::{
    petition::{
        answer::{
            event::What,
            filed, happened,
            state::{Part, Stage},
        },
        command::{Now, Official},
        decide::official,
        event::Event,
        handin,
        refusal::{Field, Refusal},
        state::Petition,
    },
    tag::Tag,
    text,
};

/// Days an initiator may be given at most.
const REPLY_DAYS: u32 = 366;

pub(super) fn ask(
    petition: &Petition,
    by: &Official,
    number: u32,
    question: String,
    reply_by: Date,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let part = petition.answer.part(number).ok_or(Refusal::UnknownPart)?;
    if part.stage != Stage::InProcess {
        return Err(Refusal::NotInProcess);
    }
    official(filed(petition)?, by)?;
    text::required(&question, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Question, fault))?;
    let asked_on = now.today();
    if reply_by <= asked_on || reply_by > time::plus_days(asked_on, REPLY_DAYS) {
        return Err(Refusal::ReplyDateNotAllowed);
    }
    let reply_until = now.calendar.end_of(reply_by);
    let asked = What::Asked { asked_on, reply_by, reply_until, question: Opened::Known(question) };
    Ok(happened(petition, now.at, &by.ground, [(number, asked)]))
}

pub(super) fn reply(
    petition: &Petition,
    proof: Tag,
    number: Option<u32>,
    text: String,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let filed = filed(petition)?;
    handin::initiator(petition, proof)?;
    let awaits = |part: &&Part| matches!(part.stage, Stage::Awaiting { .. });
    let wanted = |part: &&Part| number.is_none_or(|number| part.number == number);
    let part = petition.answer.parts.iter().filter(awaits).find(wanted);
    let Some(Part { number, stage: Stage::Awaiting { asked_on, .. }, answer_by, .. }) = part else {
        return Err(Refusal::InitiatorNotAsked);
    };
    text::required(&text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reply, fault))?;
    let answer_by = answer_by.map(|date| later(date, *asked_on, now.today()));
    let replied = What::Replied { answer_by, initiator: filed.keys.initiator, reply: Opened::Known(text) };
    Ok(happened(petition, now.at, "", [(*number, replied)]))
}

/// A date moved by the days the clock stood still.
pub(super) fn later(date: Date, from: Date, to: Date) -> Date {
    let days = from.until(to).map_or(0, |span| span.get_days());
    time::plus_days(date, days.unsigned_abs())
}
