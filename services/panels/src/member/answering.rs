//! A place is offered, and answered: yes or no, changeable until the time is up.

use radslag_kernel::{Instant, ItemId, Opened, text};

use crate::{
    member::{
        command::View,
        event::{Assisted, Event, Standing},
        refusal::Refusal,
        state::State,
    },
    person::Person,
};

pub(super) fn offer(
    state: &State,
    at: Instant,
    item: ItemId,
    (draw, number, expires_at): (ItemId, u32, Option<Instant>),
) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    let standing = if expires_at.is_some() { Standing::Drawn } else { Standing::Reserved };
    // What a step does twice does nothing the second time.
    if one.standing == standing && one.offer.is_some_and(|offer| offer.draw == draw) {
        return Ok(Vec::new());
    }
    match one.standing {
        Standing::Volunteered | Standing::Reserved => {
            Ok(vec![Event::Offered { at, item, standing, draw, number, expires_at, fresh: None }])
        }
        _ => Err(Refusal::NotAVolunteer),
    }
}

pub(super) fn answer(
    state: &State,
    (at, panel): (Instant, &View),
    (item, accepted): (ItemId, bool),
    said: Option<Person>,
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    let Some(offer) = one.offer.filter(|offer| offer.expires_at.is_some()) else {
        return Err(Refusal::NothingOffered);
    };
    let standing = match (accepted, offer.invited && panel.drawn) {
        (false, _) => Standing::Declined,
        (true, true) => Standing::Volunteered,
        (true, false) => Standing::Active,
    };
    if one.standing == standing && said.is_none() {
        return Ok(Vec::new());
    }
    if matches!(one.standing, Standing::Left | Standing::Replaced) {
        return Err(Refusal::AlreadyLeft);
    }
    if !one.can_answer(at) {
        return Err(Refusal::OfferExpired);
    }
    if !panel.phase.has_members() {
        return Err(Refusal::NoMembers);
    }
    if let Some(assisted) = &assisted {
        text::required(&assisted.ground, text::GROUND_MAX).map_err(Refusal::Ground)?;
    }
    let person = said.map(|said| one.person.known().cloned().unwrap_or_default().with(&said));
    if let Some(person) = person.as_ref().filter(|person| accepted && !person.mailbox.is_empty()) {
        text::mailbox(&person.mailbox).map_err(|fault| {
            Refusal::Lacking(crate::form::Lacking::Text(crate::form::Asked::Mailbox, fault))
        })?;
    }
    let consent_version = if accepted { panel.form.consent_version } else { one.consent_version };
    Ok(vec![Event::Answered {
        at,
        item,
        accepted,
        standing,
        consent_version,
        term: if accepted { panel.term } else { one.term },
        said: person.map(|person| (one.key, person.into())),
        assisted: assisted.map(|assisted| (one.key, Opened::Known(assisted))),
    }])
}

pub(super) fn expire(state: &State, at: Instant, item: ItemId) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    if one.erased {
        return Ok(Vec::new());
    }
    let until = one.offer.and_then(|offer| offer.expires_at).or(one.expires_at);
    let standing = match one.standing {
        Standing::Submitted | Standing::Invited | Standing::Drawn => Standing::Expired,
        // A no stays one; what was known goes.
        Standing::Declined => Standing::Declined,
        _ => return Ok(Vec::new()),
    };
    match until {
        Some(until) if at >= until => Ok(vec![Event::Expired { at: until, item, standing, key: one.key }]),
        Some(_) => Err(Refusal::NotYetExpired),
        None => Ok(Vec::new()),
    }
}
