//! The petition's hearing (debate): awaited, scheduled and moved, held or not, with its documents afterwards.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, KeyRef, Opened};

use crate::{
    petition::{
        answer::link,
        command::Official,
        decide::official,
        refusal::{Field, Refusal},
        state::{Filed, Hearing, Petition},
    },
    text,
};

/// What happened, and where the hearing stands after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Where it stands after it.
    pub stands: Hearing,
    /// The key of grounds and decisions.
    pub record: KeyRef,
    /// Why.
    pub ground: Opened<String>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A date and a place, for the first time or instead of another.
    Scheduled { starts_at: Instant, place: Opened<String>, link: Opened<String> },
    /// It took place.
    Held { link: Opened<String> },
    /// It won't, and why.
    NotHeld { why: Opened<String> },
    /// A transcript or notes.
    Documented { number: u32, title: Opened<String>, link: Opened<String> },
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// The word.
    pub stands: Hearing,
    /// When it is to begin.
    pub starts_at: Option<Instant>,
    /// Documents.
    pub documents: u32,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Set a date, or another one.
    Schedule { by: Official, starts_at: Instant, place: String, link: String },
    /// It took place; where a recording is, if there is one.
    Hold { by: Official, link: String },
    /// It won't take place.
    Cancel { by: Official, why: String },
    /// A transcript or notes are there.
    Document { by: Official, title: String, link: String },
}

pub(super) fn evolve(state: &mut State, event: &Event) {
    state.stands = event.stands;
    match &event.what {
        What::Scheduled { starts_at, .. } => state.starts_at = Some(*starts_at),
        What::Documented { number, .. } => state.documents = *number,
        What::Held { .. } | What::NotHeld { .. } => {}
    }
}

pub(super) fn decide(petition: &Petition, act: Act, at: Instant) -> Result<Vec<super::Event>, Refusal> {
    match act {
        Act::Schedule { by, starts_at, place, link } => schedule(petition, &by, starts_at, (place, link), at),
        Act::Hold { by, link } => hold(petition, &by, link, at),
        Act::Cancel { by, why } => cancel(petition, &by, why, at),
        Act::Document { by, title, link } => document(petition, &by, title, link, at),
    }
}

/// It is awaited or has a date.
fn pending<'a>(petition: &'a Petition, by: &Official) -> Result<&'a Filed, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::HearingNotAwaited)?;
    match petition.hearing.stands {
        Hearing::Awaiting | Hearing::Scheduled => official(filed, by).map(|()| filed),
        Hearing::None | Hearing::Held | Hearing::NotHeld => Err(Refusal::HearingNotAwaited),
    }
}

fn schedule(
    petition: &Petition,
    by: &Official,
    starts_at: Instant,
    (place, at_link): (String, String),
    at: Instant,
) -> Result<Vec<super::Event>, Refusal> {
    let filed = pending(petition, by)?;
    if starts_at <= at {
        return Err(Refusal::HearingInThePast);
    }
    text::required(&place, text::PLACE_MAX).map_err(|fault| Refusal::Text(Field::Place, fault))?;
    link(&at_link)?;
    let (place, link) = (Opened::Known(place), Opened::Known(at_link));
    Ok(happened(filed, by, at, Hearing::Scheduled, What::Scheduled { starts_at, place, link }))
}

/// Not before it began.
fn hold(
    petition: &Petition,
    by: &Official,
    at_link: String,
    at: Instant,
) -> Result<Vec<super::Event>, Refusal> {
    let filed = pending(petition, by)?;
    match petition.hearing.starts_at.filter(|_| petition.hearing.stands == Hearing::Scheduled) {
        None => return Err(Refusal::HearingNotScheduled),
        Some(starts_at) if at < starts_at => return Err(Refusal::HearingNotYet),
        Some(_) => {}
    }
    link(&at_link)?;
    Ok(happened(filed, by, at, Hearing::Held, What::Held { link: Opened::Known(at_link) }))
}

fn cancel(
    petition: &Petition,
    by: &Official,
    why: String,
    at: Instant,
) -> Result<Vec<super::Event>, Refusal> {
    let filed = pending(petition, by)?;
    text::required(&why, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    Ok(happened(filed, by, at, Hearing::NotHeld, What::NotHeld { why: Opened::Known(why) }))
}

fn document(
    petition: &Petition,
    by: &Official,
    title: String,
    at_link: String,
    at: Instant,
) -> Result<Vec<super::Event>, Refusal> {
    let filed = petition.filed.as_ref().ok_or(Refusal::HearingNotHeld)?;
    if petition.hearing.stands != Hearing::Held {
        return Err(Refusal::HearingNotHeld);
    }
    official(filed, by)?;
    text::required(&title, text::PLACE_MAX).map_err(|fault| Refusal::Text(Field::Title, fault))?;
    if at_link.is_empty() {
        return Err(Refusal::LinkMalformed);
    }
    link(&at_link)?;
    let number = petition.hearing.documents + 1;
    let (title, link) = (Opened::Known(title), Opened::Known(at_link));
    Ok(happened(filed, by, at, Hearing::Held, What::Documented { number, title, link }))
}

fn happened(filed: &Filed, by: &Official, at: Instant, stands: Hearing, what: What) -> Vec<super::Event> {
    let (record, ground) = (filed.keys.record, Opened::Known(by.ground.clone()));
    vec![super::Event::Hearing(Box::new(Event { at, stands, record, ground, what }))]
}

#[cfg(test)]
#[path = "hearing/tests.rs"]
mod tests;
