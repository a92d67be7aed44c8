//! Raised once and in time by whom a decision hit; decided by somebody else, with a ground.

use radslag_kernel::{Instant, KeyRef, Opened, time};

use crate::{
    objection::{
        command::{Act, Command, Contested},
        event::{Event, Objector, Outcome},
        refusal::{Field, Refusal},
        state::State,
    },
    petition::{Now, Official},
    text,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { now, act } = command;
    match act {
        Act::Raise { contested, objector, key, reason } => {
            raise(state, contested, objector, key, reason, &now)
        }
        Act::Decide { by, outcome, text, record } => decide_again(state, by, outcome, text, record, now.at),
    }
}

/// The last instant in which a decision can be objected to: the end of a date in the tenant's zone.
pub(super) fn until(contested: &Contested, now: &Now) -> Instant {
    now.calendar.end_of(time::plus_days(now.calendar.date(contested.at), contested.days))
}

fn raise(
    state: &State,
    contested: Contested,
    objector: Objector,
    key: KeyRef,
    reason: String,
    now: &Now,
) -> Result<Vec<Event>, Refusal> {
    if state.0.is_some() {
        return Err(Refusal::AlreadyObjected);
    }
    if now.at >= until(&contested, now) {
        return Err(Refusal::ObjectionTooLate);
    }
    text::required(&reason, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Reason, fault))?;
    let (decide_by, _) = now.in_days(contested.review_days);
    Ok(vec![Event::Raised {
        at: now.at,
        objection: contested.id,
        about: contested.about,
        item: contested.item,
        position: contested.position,
        decided_by: contested.by,
        decide_by,
        key,
        reason: Opened::Known(reason),
        objector: Opened::Known(objector),
    }])
}

fn decide_again(
    state: &State,
    by: Official,
    outcome: Outcome,
    text: String,
    record: KeyRef,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    let objection = state.0.as_ref().ok_or(Refusal::UnknownObjection)?;
    if objection.outcome.is_some() {
        return Err(Refusal::AlreadyDecided);
    }
    if by.signed {
        return Err(Refusal::ConflictOfInterest);
    }
    if objection.decided_by.contains(&by.id) {
        return Err(Refusal::SamePersonTwice);
    }
    if by.ground.trim().is_empty() {
        return Err(Refusal::GroundMissing);
    }
    text::optional(&text, text::GROUND_MAX).map_err(|fault| Refusal::Text(Field::Text, fault))?;
    let (objection, by, ground) = (objection.id, by.id, Opened::Known(by.ground));
    Ok(vec![Event::Decided { at, objection, by, outcome, record, text: Opened::Known(text), ground }])
}

impl Contested {
    /// Whether it can still be objected to.
    #[must_use]
    pub fn is_open(&self, now: &Now) -> bool {
        now.at < until(self, now)
    }
}
