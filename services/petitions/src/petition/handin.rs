//! From draft to review: saving, handing in, confirming who hands in, and handing in again.

use radslag_kernel::{AggregateId, KeyRef, Opened};

use crate::{
    petition::{
        command::{HandIn, Initiator, Now},
        event::{Content, Event, InitiatorTags, Link, Submitted},
        evolve::evolve,
        refusal::{Field, Refusal},
        state::{Life, Petition, State},
        supporters,
    },
    policy::{Label, Length, Policy, Proof},
    tag::Tag,
    text,
};

pub(super) fn save(
    petition: Option<&Petition>,
    owner: Tag,
    key: KeyRef,
    content: Content,
    policy: &Policy,
    dialogue: Option<AggregateId>,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let key = match petition {
        None => key,
        Some(petition) => own_draft(petition, owner)?,
    };
    limits(&content, policy)?;
    let (_, expires_at) = now.in_days(policy.draft_days);
    let (content, owner) = (Opened::Known(content), Opened::Known(owner));
    let dialogue = petition.map_or(dialogue, |petition| petition.dialogue.or(dialogue));
    Ok(vec![Event::Drafted { at: now.at, expires_at, key, content, owner, dialogue }])
}

/// The key of a draft, for who owns it.
fn own_draft(petition: &Petition, owner: Tag) -> Result<KeyRef, Refusal> {
    match &petition.life {
        Life::Draft { key, owner: Opened::Known(known), .. } if *known == owner => Ok(*key),
        Life::Draft { .. } => Err(Refusal::NotTheInitiator),
        Life::Submitted { .. }
        | Life::InReview
        | Life::Returned { .. }
        | Life::Rejected
        | Life::Hidden
        | Life::Approved(_)
        | Life::Open { .. }
        | Life::Counting { .. }
        | Life::Closed
        | Life::Withdrawn
        | Life::Expired
        | Life::Paused { .. }
        | Life::Stopped
        | Life::Removed
        | Life::Gathering { .. }
        | Life::Redirected => Err(Refusal::AlreadyHandedIn),
    }
}

pub(super) fn submit(petition: Option<&Petition>, handed: HandIn, now: &Now) -> Result<Vec<Event>, Refusal> {
    let draft = match (petition, handed.owner) {
        (None, _) => None,
        (Some(petition), Some(owner)) => Some(own_draft(petition, owner)?),
        (Some(petition), None) => match petition.life.phase() {
            super::Phase::Draft => return Err(Refusal::NotTheInitiator),
            _ => return Err(Refusal::AlreadyHandedIn),
        },
    };
    let HandIn { policy, content, initiator, keys, register, dialogue, terms, owner: _ } = handed;
    eligible(&initiator, &policy)?;
    complete(&content, &policy, now)?;
    contact(&initiator)?;
    let (_, expires_at) = now.in_days(policy.submitted_days);
    let by_eid = initiator.tags.eid.is_some();
    let submitted = Event::Submitted(Box::new(Submitted {
        at: now.at,
        expires_at,
        register,
        policy: Policy { label: Label::default(), ..policy },
        length: content.length,
        by_eid,
        keys,
        content: Opened::Known(content),
        contact: Opened::Known(initiator.contact),
        tags: Opened::Known(InitiatorTags {
            assisted: initiator.helper.map(|helper| helper.how),
            ..initiator.tags
        }),
        dialogue: petition.and_then(|petition| petition.dialogue).or(dialogue),
        terms,
        draft,
    }));
    let mut state = State::default();
    evolve(&mut state, &submitted);
    let filed = state.0.and_then(|petition| petition.filed).filter(|_| by_eid);
    let confirmed = filed.map(|filed| supporters::after_confirmation(&filed, now));
    Ok([submitted].into_iter().chain(confirmed).collect())
}

fn eligible(initiator: &Initiator, policy: &Policy) -> Result<(), Refusal> {
    let by_eid = initiator.tags.eid.is_some();
    let helper = initiator.helper.as_ref();
    if helper.is_some_and(|helper| helper.is_partial(initiator.tags.eid, None)) {
        return Err(Refusal::ConflictOfInterest);
    }
    let as_they_say = helper.is_some_and(|helper| helper.how.proof() == Proof::Declared);
    match policy.initiator {
        Proof::Eid if !by_eid || as_they_say => Err(Refusal::EidRequired),
        Proof::Register if !initiator.registered => Err(Refusal::NotRegistered),
        Proof::Declared | Proof::Eid | Proof::Register if !by_eid && initiator.tags.mailbox.is_none() => {
            Err(Refusal::NoWayToReach)
        }
        Proof::Declared | Proof::Eid | Proof::Register => Ok(()),
    }
}

fn contact(initiator: &Initiator) -> Result<(), Refusal> {
    let contact = &initiator.contact;
    text::name(&contact.name).map_err(|fault| Refusal::Text(Field::Name, fault))?;
    text::name(&contact.public_name).map_err(|fault| Refusal::Text(Field::PublicName, fault))?;
    text::optional(&contact.postcode, text::POSTCODE_MAX)
        .map_err(|fault| Refusal::Text(Field::Postcode, fault))?;
    if initiator.tags.mailbox.is_some() {
        text::mailbox(&contact.mailbox).map_err(|fault| Refusal::Text(Field::Mailbox, fault))?;
    }
    Ok(())
}

/// What a draft may hold: anything not too long.
fn limits(content: &Content, policy: &Policy) -> Result<(), Refusal> {
    for (field, typed, max) in [
        (Field::Title, &content.title, policy.title_max),
        (Field::Body, &content.body, policy.body_max),
        (Field::Background, &content.background, policy.background_max),
    ] {
        text::optional(typed, max as usize).map_err(|fault| Refusal::Text(field, fault))?;
    }
    if !content.url_key.is_empty() && !text::is_url_key(&content.url_key) {
        return Err(Refusal::UrlKeyMalformed);
    }
    linked(&content.links, policy.links as usize)
}

/// Links only where the policy takes them, so many, and each to a page nobody mistakes for another.
fn linked(links: &[Link], most: usize) -> Result<(), Refusal> {
    match (links.len(), most) {
        (0, _) => return Ok(()),
        (_, 0) => return Err(Refusal::LinksNotAllowed),
        (count, most) if count > most => return Err(Refusal::TooManyLinks),
        (_, _) => {}
    }
    let wrong = |fault| Refusal::Text(Field::Link, fault);
    for Link { label, url } in links {
        text::required(label, text::PLACE_MAX).map_err(wrong)?;
        if label.contains(char::is_control) {
            return Err(wrong(text::Fault::Control));
        }
        text::required(url, text::LINK_MAX).map_err(wrong)?;
        if !text::is_web_page(url) {
            return Err(Refusal::LinkNotAllowed);
        }
    }
    Ok(())
}

/// What is handed in has a title, a text and an allowed length.
fn complete(content: &Content, policy: &Policy, now: &Now) -> Result<(), Refusal> {
    text::required(&content.title, policy.title_max as usize)
        .map_err(|fault| Refusal::Text(Field::Title, fault))?;
    text::required(&content.body, policy.body_max as usize)
        .map_err(|fault| Refusal::Text(Field::Body, fault))?;
    limits(content, policy)?;
    allowed(content.length, policy, now)
}

fn allowed(length: Length, policy: &Policy, now: &Now) -> Result<(), Refusal> {
    if policy.allows(length, now.today()) { Ok(()) } else { Err(Refusal::LengthNotAllowed) }
}

/// A used link shows the same page again, so a second confirmation writes nothing.
pub(super) fn confirm(petition: &Petition, proof: Tag, now: &Now) -> Result<Vec<Event>, Refusal> {
    initiator(petition, proof)?;
    let Some(filed) = &petition.filed else { return Err(Refusal::NotSubmitted) };
    match &petition.life {
        Life::Submitted { .. } => Ok(vec![supporters::after_confirmation(filed, now)]),
        Life::Draft { .. }
        | Life::Expired
        | Life::Withdrawn
        | Life::Stopped
        | Life::Removed
        | Life::Redirected => Err(Refusal::NotSubmitted),
        Life::Gathering { .. }
        | Life::InReview
        | Life::Returned { .. }
        | Life::Rejected
        | Life::Hidden
        | Life::Approved(_)
        | Life::Open { .. }
        | Life::Paused { .. }
        | Life::Counting { .. }
        | Life::Closed => Ok(Vec::new()),
    }
}

pub(super) fn resubmit(
    petition: &Petition,
    proof: Tag,
    content: Content,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let (Life::Returned { .. }, Some(filed)) = (&petition.life, &petition.filed) else {
        return Err(Refusal::NotReturned);
    };
    initiator(petition, proof)?;
    complete(&content, &filed.policy, now)?;
    let (review_by, _) = now.in_days(filed.policy.review_days);
    let (document, length) = (filed.keys.document, content.length);
    Ok(vec![Event::Resubmitted { at: now.at, review_by, length, document, content: Opened::Known(content) }])
}

/// Only who started it.
pub(super) fn initiator(petition: &Petition, proof: Tag) -> Result<(), Refusal> {
    let is = match (&petition.filed, &petition.life) {
        (Some(filed), _) => filed.tags.known().is_some_and(|tags| tags.is_any_of(&[proof])),
        (None, Life::Draft { owner, .. }) => owner.known() == Some(&proof),
        (None, _) => false,
    };
    if is { Ok(()) } else { Err(Refusal::NotTheInitiator) }
}
