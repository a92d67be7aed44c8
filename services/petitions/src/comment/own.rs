//! What an author does with a comment: confirms it, takes it back, or lets its time run out.

use radslag_kernel::{Instant, ItemId, Opened};

use crate::{
    assisted::Helper,
    comment::{
        event::{Event, Outcome},
        refusal::Refusal,
        state::{Standing, State},
        write,
    },
    petition::Now,
    signature::View,
    tag::{self, Tag},
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
        standing @ (Standing::Waiting | Standing::Published) => {
            let was_public = standing == Standing::Published;
            Ok(vec![Event::Withdrawn { at, item, was_public, assisted: None }])
        }
        Standing::Withdrawn => Ok(Vec::new()),
        Standing::Requested | Standing::Refused | Standing::Expired => Err(Refusal::AlreadyOver),
    }
}

/// By somebody who acts for the author. It is the comment of who they say: by eID, or else as far as a name tells.
pub(super) fn withdraw_for(
    state: &State,
    (item, citizen, name): (ItemId, Tag, &str),
    helper: &Helper,
    petition: &View,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let comment = state.comment(item).ok_or(Refusal::UnknownComment)?;
    let theirs = match comment.author.known() {
        Some(author) if author.mailbox.is_empty() => {
            comment.facts.known().is_some_and(|facts| facts.author == citizen)
        }
        Some(author) => tag::name(&author.name) == tag::name(name),
        None => false,
    };
    if !theirs {
        return Err(Refusal::NotTheAuthor);
    }
    if helper.is_partial(Some(citizen), Some(petition)) {
        return Err(Refusal::ConflictOfInterest);
    }
    let mut events = withdraw(state, item, at)?;
    for event in &mut events {
        if let Event::Withdrawn { assisted, .. } = event {
            *assisted = Some((petition.record, Opened::Known(helper.how)));
        }
    }
    Ok(events)
}
