//! A member pauses, leaves, is taken out, stays for another term; and what was known of them goes.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, text};

use crate::member::{
    command::View,
    event::{Assisted, Event, Reason, Standing},
    refusal::Refusal,
    state::{Membership, State},
};

fn with_ground(
    one: &Membership,
    assisted: Option<Assisted>,
) -> Result<Option<(KeyRef, Opened<Assisted>)>, Refusal> {
    let Some(assisted) = assisted else { return Ok(None) };
    text::required(&assisted.ground, text::GROUND_MAX).map_err(Refusal::Ground)?;
    Ok(Some((one.key, assisted.into())))
}

pub(super) fn pause(
    state: &State,
    at: Instant,
    item: ItemId,
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    moved(state, at, item, (Standing::Active, Standing::Paused), assisted)
}

pub(super) fn resume(
    state: &State,
    at: Instant,
    item: ItemId,
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    moved(state, at, item, (Standing::Paused, Standing::Active), assisted)
}

fn moved(
    state: &State,
    at: Instant,
    item: ItemId,
    (from, to): (Standing, Standing),
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    match one.standing {
        standing if standing == to => Ok(Vec::new()),
        standing if standing == from => {
            let assisted = with_ground(one, assisted)?;
            Ok(vec![Event::Moved { at, item, standing: to, assisted }])
        }
        Standing::Left | Standing::Replaced => Err(Refusal::AlreadyLeft),
        _ => Err(Refusal::NotAMember),
    }
}

pub(super) fn leave(
    state: &State,
    at: Instant,
    (item, reason): (ItemId, Reason),
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    let one = leaver(state, item)?;
    let assisted = with_ground(one, assisted)?;
    Ok(vec![Event::Left { at, item, key: one.key, reason: reason.into(), assisted, ground: None }])
}

pub(super) fn remove(
    state: &State,
    (at, panel): (Instant, &View),
    item: ItemId,
    ground: String,
) -> Result<Vec<Event>, Refusal> {
    let one = leaver(state, item)?;
    text::required(&ground, text::GROUND_MAX).map_err(Refusal::Ground)?;
    let ground = Some((panel.record, ground.into()));
    Ok(vec![Event::Left { at, item, key: one.key, reason: Reason::Removed.into(), assisted: None, ground }])
}

/// Somebody who can leave: twice is told.
fn leaver(state: &State, item: ItemId) -> Result<&Membership, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    match one.standing {
        Standing::Volunteered | Standing::Reserved | Standing::Active | Standing::Paused => Ok(one),
        Standing::Left | Standing::Replaced => Err(Refusal::AlreadyLeft),
        Standing::Submitted
        | Standing::Invited
        | Standing::Drawn
        | Standing::Declined
        | Standing::Expired => Err(Refusal::NotAMember),
    }
}

pub(super) fn replace(state: &State, at: Instant, item: ItemId, by: ItemId) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    match one.standing {
        Standing::Replaced => Err(Refusal::AlreadyReplaced),
        Standing::Left | Standing::Declined | Standing::Expired if one.offer.is_some() => {
            Ok(vec![Event::Replaced { at, item, by }])
        }
        _ => Err(Refusal::HasNotLeft),
    }
}

pub(super) fn renew(
    state: &State,
    (at, panel): (Instant, &View),
    item: ItemId,
    assisted: Option<Assisted>,
) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    if matches!(one.standing, Standing::Left | Standing::Replaced) {
        return Err(Refusal::AlreadyLeft);
    }
    if !one.standing.is_member() {
        return Err(Refusal::NotAMember);
    }
    if one.term >= panel.term {
        return Ok(Vec::new());
    }
    if panel.renew_by.is_none_or(|renew_by| at >= renew_by) {
        return Err(Refusal::NothingToRenew);
    }
    let assisted = with_ground(one, assisted)?;
    Ok(vec![Event::Renewed { at, item, standing: one.standing, term: panel.term, assisted }])
}

pub(super) fn erase(state: &State, at: Instant, item: ItemId) -> Result<Vec<Event>, Refusal> {
    let one = state.of(item).ok_or(Refusal::UnknownMember)?;
    if one.erased {
        return Err(Refusal::AlreadyErased);
    }
    let over = one.standing.is_here() || one.standing == Standing::Submitted;
    let standing = if over { Standing::Left } else { one.standing };
    Ok(vec![Event::Erased { at, item, standing, key: one.key }])
}
