//! What an author does with a comment: confirms it, takes it back, or lets its time run out.

use radslag_kernel::{Instant, ItemId};

use crate::{
    comment::{
        event::{Event, Outcome},
        refusal::Refusal,
        state::{Standing, State},
        write,
    },
    petition::Now,
    signature::View,
    terms::Terms,
};

/// A used link shows the same page again: nothing is written twice.
pub(super) fn confirm(
    state: &State,
    item: ItemId,
    petition: &View,
    terms: &Terms,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let comment = state.comment(item).ok_or(Refusal::UnknownComment)?;
    match comment.standing {
        Standing::Requested => {}
        Standing::Expired => return Err(Refusal::LinkExpired),
        Standing::Waiting | Standing::Published | Standing::Refused | Standing::Withdrawn => {
            return Ok(Vec::new());
        }
    }
    let facts = comment.facts.known().filter(|facts| facts.outcome == Outcome::New);
    let facts = facts.filter(|_| now.at < comment.expires_at).ok_or(Refusal::LinkExpired)?;
    if !petition.takes_confirmations(now.at) {
        return Err(Refusal::NotOpen);
    }
    let (review_by, _) = now.in_days(terms.review_days);
    let confirmed = Event::Confirmed { at: now.at, item, review_by };
    let at_once = write::at_once(terms, facts.suspicion.is_some());
    Ok([confirmed].into_iter().chain(at_once.then_some(Event::Posted { at: now.at, item })).collect())
}

/// Every submission that wasn't confirmed expires once, whatever came of it.
pub(super) fn expire(state: &State, item: ItemId, at: Instant) -> Result<Vec<Event>, Refusal> {
    match state.comment(item) {
        Some(comment) if comment.standing == Standing::Requested && at < comment.expires_at => {
            Err(Refusal::NotYetExpired)
        }
        Some(comment) if comment.standing == Standing::Requested => {
            Ok(vec![Event::Expired { at: comment.expires_at, item }])
        }
        Some(_) | None => Ok(Vec::new()),
    }
}

pub(super) fn withdraw(state: &State, item: ItemId, at: Instant) -> Result<Vec<Event>, Refusal> {
    match state.comment(item).ok_or(Refusal::UnknownComment)?.standing {
        Standing::Waiting => Ok(vec![Event::Withdrawn { at, item, was_public: false }]),
        Standing::Published => Ok(vec![Event::Withdrawn { at, item, was_public: true }]),
        Standing::Withdrawn => Ok(Vec::new()),
        Standing::Requested | Standing::Refused | Standing::Expired => Err(Refusal::AlreadyOver),
    }
}
