//! What the tenant did to all signing, as one petition lives it: its pauses, and an early closing of everything. Each
//! command brings the petition up to date first, so a deadline is exact however late the petition is told.

#[cfg(test)]
mod tests;

use radslag_kernel::{Date, Instant, time};

use crate::petition::{
    command::Now,
    course,
    event::{Event, How},
    state::{Filed, Life, Petition},
};

/// The next that concerns it, by now.
pub(super) fn next(petition: &Petition, now: &Now) -> Option<Event> {
    let filed = petition.filed.as_ref()?;
    let (signing, since) = (&now.signing, petition.since);
    let event = match &petition.life {
        Life::Open { .. } => first(
            signing.closed_from(since).map(|at| early(filed, at)),
            signing.paused_from(since).map(|at| course::Event::Paused { at }.into()),
        ),
        Life::Paused { since: paused_at } => first(
            signing.closed_from(since).map(|at| early(filed, at)),
            signing.resumed_after(since).and_then(|at| resumed(petition, *paused_at, at, now)),
        ),
        Life::Submitted { .. }
        | Life::Gathering { .. }
        | Life::InReview
        | Life::Returned { .. }
        | Life::Approved(_) => {
            let closed = signing.closed_from(since);
            // What was open before and came back to review isn't stopped: it is judged as what it was.
            closed.filter(|_| petition.opened.is_none()).map(|at| course::Event::Stopped { at }.into())
        }
        Life::Draft { .. }
        | Life::Rejected
        | Life::Hidden
        | Life::Counting { .. }
        | Life::Closed
        | Life::Withdrawn
        | Life::Expired
        | Life::Stopped
        | Life::Removed
        | Life::Redirected => None,
    };
    event.filter(|event| event.at() <= now.at)
}

fn first(one: Option<Event>, other: Option<Event>) -> Option<Event> {
    one.into_iter().chain(other).min_by_key(Event::at)
}

/// Never later than its own deadline: that comes first.
fn early(filed: &Filed, at: Instant) -> Event {
    let until = at.plus_hours(u64::from(filed.policy.counting_hours));
    Event::CountingStarted { at, closed_at: at, until, how: How::Early }
}

/// Each calendar day on which signing stood still is given back, once.
fn resumed(petition: &Petition, from: Instant, at: Instant, now: &Now) -> Option<Event> {
    let opened = petition.opened.as_ref()?;
    let (mut day, last_day) = (now.calendar.date(from), now.calendar.date(at));
    if let Some(given) = petition.given_back {
        day = day.max(time::plus_days(given, 1));
    }
    let deadline = time::plus_days(opened.deadline, days(day, last_day));
    let closes_at = now.calendar.end_of(deadline);
    Some(course::Event::Resumed { at, last_day, deadline, closes_at }.into())
}

/// Both included; 0 if `to` lies before.
fn days(from: Date, to: Date) -> u32 {
    let between = from.until(to).map_or(-1, |span| span.get_days());
    u32::try_from(between + 1).unwrap_or(0)
}
