//! What time alone does to a petition. Each event carries the instant it was due, however late anybody noticed.

use radslag_kernel::{Instant, SubjectId, time};

use crate::petition::{
    answer, coinitiator,
    command::Now,
    course,
    event::{Event, How},
    evolve::evolve,
    pause,
    state::{Life, Petition, State},
};

/// The next thing that is due by now: of the petition's own deadlines and what the tenant did to all signing, whichever
/// came first. A deadline at the same instant goes before.
pub(super) fn next(petition: &Petition, now: &Now) -> Option<Event> {
    let own = due(petition).filter(|due| *due <= now.at);
    match pause::next(petition, now) {
        Some(event) if own.is_none_or(|due| event.at() < due) => Some(event),
        _ => elapsed(petition, own?, now),
    }
}

/// Everything that is due by now, in its life and in its answer, one after the other.
pub(super) fn catch_up(state: &mut State, now: &Now, events: &mut Vec<Event>) {
    let due = |petition: &Petition| {
        coinitiator::first(petition, answer::first(petition, next(petition, now), now.at), now.at)
    };
    while let Some(event) = state.0.as_ref().and_then(due) {
        evolve(state, &event);
        events.push(event);
    }
}

fn elapsed(petition: &Petition, due_at: Instant, now: &Now) -> Option<Event> {
    let filed = petition.filed.as_ref();
    match &petition.life {
        Life::Draft { key, .. } => Some(Event::Expired { at: due_at, draft: Some(*key) }),
        Life::Submitted { .. } | Life::Gathering { .. } => Some(Event::Expired { at: due_at, draft: None }),
        Life::Returned { .. } => filed.map(|filed| Event::Rejected {
            at: due_at,
            by: SubjectId::default(),
            lapsed: true,
            record: filed.keys.record,
            decision: petition.decision.clone(),
        }),
        Life::Approved(plan) => filed.map(|filed| Event::Opened {
            at: due_at,
            deadline: plan.deadline,
            closes_at: plan.closes_at,
            answer_at: petition.answer_at(),
            debate_at: filed.policy.debate_at,
            initiator_counts: filed.policy.initiator_counts,
            policy: (filed.policy.id.clone(), filed.policy.version),
            document: filed.keys.document,
            url_key: plan.url_key.clone(),
        }),
        Life::Open { .. } if unsigned(petition) => filed.map(|filed| {
            let decide_by = time::plus_months(now.calendar.date(due_at), filed.policy.decision_months);
            course::Event::DecisionDue { at: due_at, decide_by }.into()
        }),
        Life::Open { closes_at } => filed.map(|filed| Event::CountingStarted {
            at: due_at,
            closed_at: *closes_at,
            until: closes_at.plus_hours(u64::from(filed.policy.counting_hours)),
            how: How::Deadline,
        }),
        Life::Counting { closed_at, how, .. } => {
            Some(Event::Closed { at: due_at, closed_at: *closed_at, how: *how })
        }
        Life::InReview
        | Life::Rejected
        | Life::Hidden
        | Life::Closed
        | Life::Withdrawn
        | Life::Expired
        | Life::Paused { .. }
        | Life::Stopped
        | Life::Removed
        | Life::Redirected => None,
    }
}

/// Published is all it waits for.
fn unsigned(petition: &Petition) -> bool {
    petition.filed.as_ref().is_some_and(|filed| filed.policy.unsigned)
}

/// When time moves it next.
pub(super) fn due(petition: &Petition) -> Option<Instant> {
    match &petition.life {
        Life::Draft { expires_at, .. }
        | Life::Submitted { expires_at }
        | Life::Gathering { expires_at }
        | Life::Returned { expires_at } => Some(*expires_at),
        Life::Approved(plan) => Some(plan.opens_at),
        Life::Open { .. } if unsigned(petition) => petition.opened.as_ref().map(|opened| opened.opens_at),
        Life::Open { closes_at } => Some(*closes_at),
        Life::Counting { until, .. } => Some(*until),
        Life::InReview
        | Life::Rejected
        | Life::Hidden
        | Life::Closed
        | Life::Withdrawn
        | Life::Expired
        | Life::Paused { .. }
        | Life::Stopped
        | Life::Removed
        | Life::Redirected => None,
    }
}
