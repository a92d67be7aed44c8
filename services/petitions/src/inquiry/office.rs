//! What officials do with an inquiry: let through, refuse, assign, close, erase. Each act has a ground.

use radslag_kernel::{Instant, Opened, SubjectId};

use crate::{
    catalogue::Catalogue,
    inquiry::{
        command::{Representative, Verdict},
        decide::official,
        event::{Clock, Erasable, Event},
        refusal::{Field, Refusal},
        state::{Inquiry, Life},
    },
    petition::{Decision, Now, Official},
    text,
};

fn reviewed(inquiry: &Inquiry, by: &Official) -> Result<(), Refusal> {
    official(inquiry, by)?;
    if inquiry.life == Life::InReview { Ok(()) } else { Err(Refusal::NotInReview) }
}

pub(super) fn accept(inquiry: &Inquiry, by: Official, at: Instant) -> Result<Vec<Event>, Refusal> {
    reviewed(inquiry, &by)?;
    let (record, ground) = (inquiry.keys.record, Opened::Known(by.ground));
    Ok(vec![Event::Accepted { at, by: by.id, record, ground }])
}

pub(super) fn refuse(inquiry: &Inquiry, verdict: Verdict, at: Instant) -> Result<Vec<Event>, Refusal> {
    let Verdict { by, codes, text } = verdict;
    reviewed(inquiry, &by)?;
    if codes.is_empty() {
        return Err(Refusal::CodeMissing);
    }
    if codes.iter().any(|code| Catalogue::shipped().code(code).is_none()) {
        return Err(Refusal::UnknownCode);
    }
    text::optional(&text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    let decision = Opened::Known(Decision { codes, text, ground: by.ground });
    Ok(vec![Event::Refused { at, by: by.id, record: inquiry.keys.record, decision }])
}

/// Whoever gets it has the whole time, also when it comes from somebody else.
pub(super) fn assign(
    inquiry: &Inquiry,
    by: Official,
    to: Representative,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    official(inquiry, &by)?;
    match inquiry.life {
        Life::Accepted => {}
        Life::Assigned { to: whose } if whose == to.id => return Err(Refusal::AlreadyTheirs),
        Life::Assigned { .. } => {}
        Life::Answered { .. } => return Err(Refusal::AlreadyAnswered),
        Life::Received { .. }
        | Life::InReview
        | Life::Closed
        | Life::Refused
        | Life::Withdrawn
        | Life::Expired => return Err(Refusal::NotAccepted),
    }
    let (due, due_at) = now.in_days(inquiry.answer_days);
    Ok(vec![Event::Assigned {
        at: now.at,
        by: by.id,
        to: to.id,
        due,
        due_at,
        record: inquiry.keys.record,
        ground: Opened::Known(by.ground),
        name: Opened::Known(to.name),
        party: Opened::Known(to.party),
    }])
}

/// Whoever had it last has the whole time again.
pub(super) fn reopen(inquiry: &Inquiry, by: Official, now: &Now) -> Result<Vec<Event>, Refusal> {
    official(inquiry, &by)?;
    if inquiry.answers == 0 || !matches!(inquiry.life, Life::Answered { .. } | Life::Closed) {
        return Err(Refusal::NotAnswered);
    }
    // There is nobody to answer any more.
    if inquiry.facts.known().is_none() {
        return Err(Refusal::AlreadyErased);
    }
    let (due, due_at) = now.in_days(inquiry.answer_days);
    let clock = inquiry.assigned.map(|to| Clock { to, due, due_at });
    let (record, ground) = (inquiry.keys.record, Opened::Known(by.ground));
    Ok(vec![Event::Reopened { at: now.at, by: by.id, clock, record, ground }])
}

pub(super) fn close(inquiry: &Inquiry, by: Official, at: Instant) -> Result<Vec<Event>, Refusal> {
    official(inquiry, &by)?;
    match inquiry.life {
        Life::Answered { .. } => {}
        // Nobody is left to answer.
        Life::Accepted | Life::Assigned { .. } if inquiry.facts.known().is_none() => {}
        Life::Closed => return Err(Refusal::AlreadyOver),
        Life::Received { .. }
        | Life::InReview
        | Life::Accepted
        | Life::Assigned { .. }
        | Life::Refused
        | Life::Withdrawn
        | Life::Expired => return Err(Refusal::NotAnswered),
    }
    let (record, ground) = (inquiry.keys.record, Opened::Known(by.ground));
    Ok(vec![Event::Closed { at, by: by.id, record, ground }])
}

pub(super) fn erase(
    inquiry: &Inquiry,
    by: Official,
    second: SubjectId,
    what: Erasable,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    official(inquiry, &by)?;
    if by.id == second {
        return Err(Refusal::SamePersonTwice);
    }
    let (key, known) = match what {
        Erasable::Document => (inquiry.keys.document, inquiry.asked.known().is_some()),
        Erasable::Asker => (inquiry.keys.asker, inquiry.contact.known().is_some()),
    };
    if !known {
        return Err(Refusal::AlreadyErased);
    }
    let (keys, record, ground) = (vec![key], inquiry.keys.record, Opened::Known(by.ground));
    Ok(vec![Event::Erased { at, by: by.id, second, what, keys, record, ground }])
}
