//! A moderator decides: returned once, rejected, hidden, or approved to open.

use radslag_kernel::{Date, Opened, time};

use crate::{
    catalogue::Catalogue,
    petition::{
        command::{Now, Official, Verdict},
        decide::official,
        event::{Decision, Event},
        evolve::evolve,
        lapse,
        refusal::{Field, Refusal},
        state::{Filed, Life, Petition, Plan, State},
        takedown,
    },
    text,
};
use radslag_kernel::Instant;

/// In review, by somebody who may decide it.
fn reviewed<'a>(petition: &'a Petition, by: &Official) -> Result<&'a Filed, Refusal> {
    let (Life::InReview, Some(filed)) = (&petition.life, &petition.filed) else {
        return Err(Refusal::NotInReview);
    };
    official(filed, by)?;
    if by.locked_out {
        return Err(Refusal::LockedByAnother);
    }
    Ok(filed)
}

pub(super) fn return_it(petition: &Petition, verdict: Verdict, now: &Now) -> Result<Vec<Event>, Refusal> {
    let filed = reviewed(petition, &verdict.by)?;
    if petition.returns > 0 {
        return Err(Refusal::SecondRefusalIsFinal);
    }
    coded(&verdict)?;
    let (until, expires_at) = now.in_days(filed.policy.returned_days);
    let (by, record) = (verdict.by.id, filed.keys.record);
    Ok(vec![Event::Returned { at: now.at, by, until, expires_at, record, decision: decision(verdict) }])
}

pub(super) fn reject(petition: &Petition, verdict: Verdict, at: Instant) -> Result<Vec<Event>, Refusal> {
    let filed = reviewed(petition, &verdict.by)?;
    if coded(&verdict)? {
        return Err(Refusal::CodeHides);
    }
    let (by, record) = (verdict.by.id, filed.keys.record);
    Ok(vec![Event::Rejected { at, by, lapsed: false, record, decision: decision(verdict) }])
}

pub(super) fn hide(petition: &Petition, verdict: Verdict, at: Instant) -> Result<Vec<Event>, Refusal> {
    let filed = reviewed(petition, &verdict.by)?;
    if !coded(&verdict)? {
        return Err(Refusal::CodeDoesNotHide);
    }
    Ok(vec![Event::Hidden { at, by: verdict.by.id, record: filed.keys.record, decision: decision(verdict) }])
}

/// Whether one of the codes, all known, hides the text.
pub(super) fn coded(verdict: &Verdict) -> Result<bool, Refusal> {
    if verdict.codes.is_empty() {
        return Err(Refusal::CodeMissing);
    }
    let mut hides = false;
    for id in &verdict.codes {
        hides |= Catalogue::shipped().code(id).ok_or(Refusal::UnknownCode)?.hidden;
    }
    text::optional(&verdict.text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Text, fault))?;
    Ok(hides)
}

pub(super) fn decision(verdict: Verdict) -> Opened<Decision> {
    Opened::Known(Decision { codes: verdict.codes, text: verdict.text, ground: verdict.by.ground })
}

pub(super) fn approve(
    petition: &Petition,
    by: &Official,
    opens_on: Option<Date>,
    url_key: Option<String>,
    taken: bool,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    let filed = reviewed(petition, by)?;
    if let Some(opened) = &petition.opened {
        return takedown::reopen(petition, filed, opened, by, now);
    }
    let url_key = keyed(petition, url_key)?;
    if taken {
        return Err(Refusal::UrlKeyTaken);
    }
    let plan = plan(petition, filed, opens_on, url_key, now)?;
    let approved = Event::Approved {
        at: now.at,
        by: by.id,
        opens_at: plan.opens_at,
        deadline: plan.deadline,
        closes_at: plan.closes_at,
        document: filed.keys.document,
        url_key: plan.url_key,
        record: filed.keys.record,
        ground: Opened::Known(by.ground.clone()),
    };
    let mut state = State(Some(petition.clone()));
    evolve(&mut state, &approved);
    let mut events = vec![approved];
    lapse::catch_up(&mut state, now, &mut events);
    Ok(events)
}

/// The url key a moderator gave, or the wished one.
fn keyed(petition: &Petition, given: Option<String>) -> Result<String, Refusal> {
    let wished = petition.content.known().map(|content| content.url_key.clone());
    let url_key = given.or(wished).filter(|key| !key.is_empty()).ok_or(Refusal::UrlKeyMissing)?;
    if text::is_url_key(&url_key) { Ok(url_key) } else { Err(Refusal::UrlKeyMalformed) }
}

/// Opening and deadline. Without a date it opens at once.
fn plan(
    petition: &Petition,
    filed: &Filed,
    opens_on: Option<Date>,
    url_key: String,
    now: &Now,
) -> Result<Plan, Refusal> {
    let (today, day) = (now.today(), opens_on.unwrap_or_else(|| now.today()));
    if day < today {
        return Err(Refusal::OpeningInThePast);
    }
    if day > time::plus_days(today, filed.policy.opening_days) {
        return Err(Refusal::OpeningTooFarAhead);
    }
    let length = petition.content.known().ok_or(Refusal::AlreadyErased)?.length;
    let deadline = if filed.policy.unsigned { day } else { length.last_day(day) };
    if deadline < day {
        return Err(Refusal::DeadlineBeforeOpening);
    }
    let opens_at = if day == today { now.at } else { now.calendar.start_of(day) };
    Ok(Plan { opens_at, deadline, closes_at: now.calendar.end_of(deadline), url_key: Opened::Known(url_key) })
}
