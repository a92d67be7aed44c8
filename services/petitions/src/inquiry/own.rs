//! What the asker does: hands in, confirms, takes it back.

use radslag_kernel::{Instant, Opened};

use crate::{
    inquiry::{
        command::Asking,
        event::{Event, Facts, Kind, Outcome, Received},
        refusal::{Field, Refusal},
        state::{Inquiry, Life, State},
    },
    petition::Now,
    tag::Tag,
    text,
};

/// Characters of a title.
const TITLE_MAX: usize = 150;

/// By mailbox one event of one public shape, whatever comes of it; by eID it is in review at once.
pub(super) fn receive(state: &State, asking: Asking, now: &Now) -> Result<Vec<Event>, Refusal> {
    if state.0.is_some() {
        return Err(Refusal::AlreadyOver);
    }
    allowed(&asking)?;
    let outcome = if asking.by_eid {
        Outcome::New
    } else if asking.blocked {
        Outcome::Blocked
    } else if asking.over_rate {
        Outcome::TooMany
    } else {
        Outcome::New
    };
    let (review_days, by_eid) = (asking.terms.review_days, asking.by_eid);
    let received = Event::Received(Box::new(Received {
        at: now.at,
        expires_at: now.at.plus_hours(u64::from(asking.terms.confirm_hours)),
        kind: asking.kind,
        register: asking.register,
        by_eid,
        review_days,
        answer_days: asking.terms.answer_days,
        keys: asking.keys,
        asked: Opened::Known(asking.asked),
        contact: Opened::Known(asking.contact),
        facts: Opened::Known(Facts {
            outcome,
            proof: asking.proof,
            private: asking.private,
            wished: asking.wished,
        }),
        dialogue: asking.dialogue,
    }));
    let confirmed = || Event::Confirmed { at: now.at, review_by: now.in_days(review_days).0 };
    Ok([received].into_iter().chain(by_eid.then(confirmed)).collect())
}

fn allowed(asking: &Asking) -> Result<(), Refusal> {
    let taken = match asking.kind {
        Kind::Tip => asking.terms.tips,
        Kind::Question => asking.terms.questions,
    };
    if !taken {
        return Err(Refusal::NotTaken);
    }
    let of = |field| move |fault| Refusal::Text(field, fault);
    let contact = &asking.contact;
    if contact.mailbox.is_empty() && !asking.by_eid {
        return Err(Refusal::NoWayToReach);
    }
    if !contact.mailbox.is_empty() {
        text::mailbox(&contact.mailbox).map_err(of(Field::Mailbox))?;
    }
    text::name(&contact.name).map_err(of(Field::Name))?;
    if !contact.public_name.is_empty() {
        text::name(&contact.public_name).map_err(of(Field::Name))?;
    }
    text::required(&asking.asked.title, TITLE_MAX).map_err(of(Field::Title))?;
    text::required(&asking.asked.text, asking.terms.inquiry_max as usize).map_err(of(Field::Text))
}

/// The asker, by the tag of their mailbox or eID.
fn asker(inquiry: &Inquiry, proof: Tag) -> Result<&Facts, Refusal> {
    inquiry.facts.known().filter(|facts| facts.proof == proof).ok_or(Refusal::NotTheAsker)
}

/// A used link shows the same page again: nothing is written twice.
pub(super) fn confirm(inquiry: &Inquiry, proof: Tag, now: &Now) -> Result<Vec<Event>, Refusal> {
    let facts = asker(inquiry, proof)?;
    match inquiry.life {
        Life::Received { expires_at } if now.at < expires_at && facts.outcome == Outcome::New => {
            Ok(vec![Event::Confirmed { at: now.at, review_by: now.in_days(inquiry.review_days).0 }])
        }
        Life::Received { .. } | Life::Expired => Err(Refusal::LinkExpired),
        Life::InReview
        | Life::Accepted
        | Life::Assigned { .. }
        | Life::Answered { .. }
        | Life::Closed
        | Life::Refused
        | Life::Withdrawn => Ok(Vec::new()),
    }
}

pub(super) fn expire(inquiry: &Inquiry, at: Instant) -> Result<Vec<Event>, Refusal> {
    match inquiry.life {
        Life::Received { expires_at } if at < expires_at => Err(Refusal::NotYetExpired),
        Life::Received { expires_at } => Ok(vec![Event::Expired { at: expires_at }]),
        Life::InReview
        | Life::Accepted
        | Life::Assigned { .. }
        | Life::Answered { .. }
        | Life::Closed
        | Life::Refused
        | Life::Withdrawn
        | Life::Expired => Ok(Vec::new()),
    }
}

/// At any time before it is answered.
pub(super) fn withdraw(
    inquiry: &Inquiry,
    proof: Tag,
    reason: String,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    asker(inquiry, proof)?;
    match inquiry.life {
        Life::Accepted | Life::Assigned { .. } if inquiry.answers > 0 => {
            return Err(Refusal::AlreadyAnswered);
        }
        Life::InReview | Life::Accepted | Life::Assigned { .. } => {}
        Life::Withdrawn => return Ok(Vec::new()),
        Life::Answered { .. } => return Err(Refusal::AlreadyAnswered),
        Life::Received { .. } | Life::Closed | Life::Refused | Life::Expired => {
            return Err(Refusal::AlreadyOver);
        }
    }
    text::optional(&reason, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    Ok(vec![Event::Withdrawn { at, record: inquiry.keys.record, reason: Opened::Known(reason) }])
}
