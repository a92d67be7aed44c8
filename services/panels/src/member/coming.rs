//! How somebody comes into a panel: by naming a mailbox and confirming it, by proving who they are, with an official's help, or
//! drawn from a register.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, text};

use crate::{
    member::{
        CONFIRM_HOURS,
        command::{Newcomer, View},
        event::{Assisted, Event, Known, Outcome, Standing},
        refusal::Refusal,
        state::{Membership, State},
    },
    panel::Phase,
    person::{Person, Tags},
};

const MINUTE_MS: u64 = 60_000;
/// Letters to a mailbox that nobody answers: so many in so many minutes, and then none until some are older.
const UNANSWERED: [(usize, u64); 2] = [(2, 15), (5, 24 * 60)];

type When<'a> = (Instant, &'a View);

pub(super) fn submit(state: &State, (at, panel): When<'_>, new: Newcomer) -> Result<Vec<Event>, Refusal> {
    enrolling(panel)?;
    panel.form.takes(&new.person, panel.year, true).map_err(Refusal::Lacking)?;
    let outcome = if too_many(state, at) {
        Outcome::Silent
    } else if state.here().is_some() {
        Outcome::AlreadyHere
    } else if state.was_removed() {
        Outcome::Blocked
    } else {
        Outcome::Requested
    };
    let (item, key, known) = (new.item, new.key, known(panel, new));
    let expires_at = at.plus_hours(CONFIRM_HOURS);
    Ok(vec![Event::Submitted { at, item, key, expires_at, known, outcome: outcome.into() }])
}

/// Whether anybody may come now: everybody knows it.
fn enrolling(panel: &View) -> Result<(), Refusal> {
    let open = matches!(panel.phase, Phase::Recruiting | Phase::Active | Phase::Resting);
    if open && panel.enrols { Ok(()) } else { Err(Refusal::NotEnrolling) }
}

fn known(panel: &View, new: Newcomer) -> Known {
    let places = panel.strata.places(&new.person, panel.year);
    Known { person: new.person.into(), places: places.into(), tags: new.tags.into() }
}

fn too_many(state: &State, at: Instant) -> bool {
    let unanswered = |one: &&Membership| {
        one.outcome.is_some() && matches!(one.standing, Standing::Submitted | Standing::Expired)
    };
    UNANSWERED.iter().any(|(most, minutes)| {
        let lately = state.memberships.iter().filter(|one| at.millis_since(one.at) < minutes * MINUTE_MS);
        lately.filter(unanswered).count() >= *most
    })
}

pub(super) fn confirm(state: &State, (at, panel): When<'_>, item: ItemId) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    match one.standing {
        Standing::Submitted => {}
        Standing::Expired => return Err(Refusal::SubmissionExpired),
        _ => return Ok(Vec::new()),
    }
    if one.outcome != Some(Opened::Known(Outcome::Requested)) {
        return Err(Refusal::UnknownMember);
    }
    if one.expires_at.is_some_and(|expires_at| at >= expires_at) {
        return Err(Refusal::SubmissionExpired);
    }
    enrolling(panel)?;
    // Two submissions of one mailbox may both be confirmed: the second finds them here.
    if state.here().is_some() {
        return Err(Refusal::AlreadyHere);
    }
    let consent_version = one.person.known().map_or(0, |person| person.consent_version);
    Ok(vec![enrolled((at, panel), item, consent_version, None, None)])
}

fn enrolled(
    (at, panel): When<'_>,
    item: ItemId,
    consent_version: u32,
    fresh: Option<(KeyRef, Known)>,
    assisted: Option<(KeyRef, Opened<Assisted>)>,
) -> Event {
    let standing = if panel.drawn { Standing::Volunteered } else { Standing::Active };
    Event::Enrolled { at, item, standing, consent_version, term: panel.term, fresh, assisted }
}

pub(super) fn join(
    state: &State,
    (at, panel): When<'_>,
    new: Newcomer,
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    enrolling(panel)?;
    panel.form.takes(&new.person, panel.year, false).map_err(Refusal::Lacking)?;
    if let Some(assisted) = &assisted {
        text::required(&assisted.ground, text::GROUND_MAX).map_err(Refusal::Ground)?;
    }
    if state.here().is_some() {
        return Err(Refusal::AlreadyHere);
    }
    if state.was_removed() {
        return Err(Refusal::Blocked);
    }
    let (item, key, consent_version) = (new.item, new.key, new.person.consent_version);
    let assisted = assisted.map(|assisted| (key, assisted.into()));
    let fresh = Some((key, known(panel, new)));
    Ok(vec![enrolled((at, panel), item, consent_version, fresh, assisted)])
}

/// What the form asks for was asked elsewhere.
pub(super) fn volunteer(state: &State, (at, panel): When<'_>, new: Newcomer) -> Result<Vec<Event>, Refusal> {
    if !panel.phase.has_members() {
        return Err(Refusal::NoMembers);
    }
    if state.here().is_some() {
        return Err(Refusal::AlreadyHere);
    }
    if state.was_removed() {
        return Err(Refusal::Blocked);
    }
    let (item, key) = (new.item, new.key);
    Ok(vec![enrolled((at, panel), item, 0, Some((key, known(panel, new))), None)])
}

pub(super) fn invite(
    state: &State,
    (at, panel): When<'_>,
    new: Newcomer,
    (draw, number, expires_at): (ItemId, u32, Instant),
) -> Result<Vec<Event>, Refusal> {
    if !panel.phase.has_members() {
        return Err(Refusal::NoMembers);
    }
    // Whoever has a page was asked before, or came by themselves.
    if !state.memberships.is_empty() {
        return Err(Refusal::AlreadyHere);
    }
    let (item, standing) = (new.item, Standing::Invited);
    let fresh = Some((new.key, known(panel, new)));
    Ok(vec![Event::Offered { at, item, standing, draw, number, expires_at: Some(expires_at), fresh }])
}

pub(super) fn correct(
    state: &State,
    (at, panel): When<'_>,
    item: ItemId,
    (said, tags): (Person, Tags),
) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    if !one.standing.is_here() || one.erased {
        return Err(Refusal::NotAMember);
    }
    let person = one.person.known().cloned().unwrap_or_default().with(&said);
    // Somebody who was invited hasn't filled in the form; whoever came by themselves has, and still must.
    if one.offer.is_none_or(|offer| !offer.invited) {
        let mailbox = !person.mailbox.is_empty();
        panel.form.takes(&person, panel.year, mailbox).map_err(Refusal::Lacking)?;
    }
    if one.person.known() == Some(&person) {
        return Ok(Vec::new());
    }
    let places = panel.strata.places(&person, panel.year).into();
    let known = Known { person: person.into(), places, tags: tags.into() };
    Ok(vec![Event::Corrected { at, item, standing: one.standing, key: one.key, known }])
}
