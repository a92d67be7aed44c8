//! Handing over in two phases: sent with a package, then received or refused by the committee's case system; and referring
//! a part to other committees.

use radslag_kernel::{Date, Opened, time};

use crate::{
    petition::{
        answer::{
            act::Handover,
            event::What,
            filed, happened,
            state::{Part, Stage, State},
        },
        command::{Now, Official},
        decide::official,
        event::Event,
        refusal::{Field, Refusal},
        state::{Answer, Filed, Life, Petition},
    },
    text, workdays,
};

/// The first committees, or another one while others work on it.
pub(super) fn hand_over(
    petition: &Petition,
    by: &Official,
    handover: Handover,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let filed = ready(petition)?;
    official(filed, by)?;
    wanted_by(&handover, now)?;
    let sent = sent(petition, filed, handover, now)?;
    Ok(happened(petition, now.at, &by.ground, sent))
}

/// Where the policy has no threshold an official may hand over what was opened.
fn ready(petition: &Petition) -> Result<&Filed, Refusal> {
    let filed = filed(petition)?;
    let opened = matches!(petition.life, Life::Open { .. } | Life::Counting { .. } | Life::Closed);
    match petition.answer.stands() {
        Answer::None if opened && filed.policy.answer_at == 0 => Ok(filed),
        Answer::None => Err(Refusal::NotDue),
        Answer::Due | Answer::HandedOver | Answer::InProcess | Answer::AwaitingInitiator if opened => {
            Ok(filed)
        }
        Answer::Due | Answer::HandedOver | Answer::InProcess | Answer::AwaitingInitiator => {
            Err(Refusal::NotDue)
        }
        Answer::Answered | Answer::FollowedUp => Err(Refusal::AlreadyAnswered),
    }
}

fn wanted_by(handover: &Handover, now: &Now) -> Result<(), Refusal> {
    let past = handover.answer_by.is_some_and(|date| date < now.today());
    if past { Err(Refusal::AnswerDateInThePast) } else { Ok(()) }
}

/// A part for each committee.
fn sent(
    petition: &Petition,
    filed: &Filed,
    handover: Handover,
    now: &Now,
) -> Result<Vec<(u32, What)>, Refusal> {
    let Handover { to, answer_by, count, against, count_position } = handover;
    if to.is_empty() {
        return Err(Refusal::CommitteeMissing);
    }
    let overdue = workdays::after(&now.calendar, now.today(), filed.policy.receipt_days());
    let (overdue_at, first) = (now.calendar.end_of(overdue), petition.answer.parts.len());
    let mut sent: Vec<(u32, What)> = Vec::with_capacity(to.len());
    for handing in to {
        text::name(&handing.committee).map_err(|fault| Refusal::Text(Field::Committee, fault))?;
        let committee = Opened::Known(handing.committee);
        let again = sent
            .iter()
            .any(|(_, what)| matches!(what, What::Sent { committee: other, .. } if *other == committee));
        if again || has(&petition.answer, &committee) {
            return Err(Refusal::AlreadyHandedOver);
        }
        let number = u32::try_from(first + sent.len() + 1).unwrap_or(u32::MAX);
        let package = Opened::Known(handing.package);
        let package =
            What::Sent { count, against, count_position, overdue_at, answer_by, committee, package };
        sent.push((number, package));
    }
    Ok(sent)
}

/// Whether a committee has a part, or had one that it answered.
fn has(answer: &State, committee: &Opened<String>) -> bool {
    let holds = |part: &&Part| !matches!(part.stage, Stage::Refused | Stage::Referred);
    answer
        .parts
        .iter()
        .filter(holds)
        .any(|part| part.committee.known().is_some() && part.committee == *committee)
}

/// A part that waits for its receipt.
fn waiting(petition: &Petition, number: u32) -> Result<(&Filed, &Part), Refusal> {
    let part = petition.answer.part(number).ok_or(Refusal::UnknownPart)?;
    match part.stage {
        Stage::Sent { .. } => Ok((filed(petition)?, part)),
        Stage::Refused | Stage::InProcess | Stage::Awaiting { .. } | Stage::Answered | Stage::Referred => {
            Err(Refusal::ReceiptNotAwaited)
        }
    }
}

/// The clock begins with the receipt.
pub(super) fn receive(
    petition: &Petition,
    by: &Official,
    number: u32,
    case: String,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let (filed, part) = waiting(petition, number)?;
    official(filed, by)?;
    text::required(&case, text::NAME_MAX).map_err(|fault| Refusal::Text(Field::CaseNumber, fault))?;
    let answer_by = part.answer_by.or_else(|| clock(filed, now));
    let received = What::Received { answer_by, case: Opened::Known(case) };
    Ok(happened(petition, now.at, &by.ground, [(number, received)]))
}

/// By when a committee answers that begins today.
pub(super) fn clock(filed: &Filed, now: &Now) -> Option<Date> {
    let days = filed.policy.answer_days;
    (days > 0).then(|| time::plus_days(now.today(), days))
}

/// The reason is the ground.
pub(super) fn refuse(
    petition: &Petition,
    by: &Official,
    number: u32,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let (filed, _) = waiting(petition, number)?;
    official(filed, by)?;
    text::required(&by.ground, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    Ok(happened(petition, now.at, &by.ground, [(number, What::Refused)]))
}

/// The part ends; each of the others gets one of its own, in two phases as the first.
pub(super) fn refer(
    petition: &Petition,
    by: &Official,
    number: u32,
    handover: Handover,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let part = petition.answer.part(number).ok_or(Refusal::UnknownPart)?;
    if part.stage != Stage::InProcess {
        return Err(Refusal::NotInProcess);
    }
    let filed = filed(petition)?;
    official(filed, by)?;
    wanted_by(&handover, now)?;
    // Referring doesn't start the clock anew.
    let handover = Handover { answer_by: handover.answer_by.or(part.answer_by), ..handover };
    let parts = sent(petition, filed, handover, now)?;
    Ok(happened(petition, now.at, &by.ground, [(number, What::Referred)].into_iter().chain(parts)))
}
