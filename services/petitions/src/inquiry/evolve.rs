//! What an event makes of an inquiry. Never fails: an event that doesn't fit leaves the state as it was.

use radslag_kernel::Opened;

use crate::inquiry::{
    event::{Erasable, Event, Received},
    state::{Inquiry, Life, State},
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    match event {
        Event::Received(received) => state.0 = Some(begun(received)),
        Event::Confirmed { .. } => live(state, Life::InReview),
        Event::Expired { .. } => live(state, Life::Expired),
        Event::Accepted { .. } => live(state, Life::Accepted),
        Event::Refused { decision, .. } => {
            live(state, Life::Refused);
            with(state, |inquiry| inquiry.decision = decision.clone());
        }
        Event::Assigned { to, .. } => {
            live(state, Life::Assigned { to: *to });
            with(state, |inquiry| inquiry.assigned = Some(*to));
        }
        Event::Answered { public, text, .. } => {
            live(state, Life::Answered { public: *public });
            with(state, |inquiry| {
                inquiry.answer = text.clone();
                inquiry.answers += 1;
            });
        }
        Event::Reopened { clock, .. } => {
            live(state, clock.map_or(Life::Accepted, |clock| Life::Assigned { to: clock.to }));
        }
        Event::Closed { .. } => live(state, Life::Closed),
        Event::Withdrawn { .. } => live(state, Life::Withdrawn),
        Event::Erased { what, .. } => with(state, |inquiry| match what {
            Erasable::Document => inquiry.asked = Opened::Gone,
            Erasable::Asker => (inquiry.contact, inquiry.facts) = (Opened::Gone, Opened::Gone),
        }),
    }
}

fn with(state: &mut State, change: impl FnOnce(&mut Inquiry)) {
    if let Some(inquiry) = &mut state.0 {
        change(inquiry);
    }
}

fn live(state: &mut State, life: Life) {
    with(state, |inquiry| inquiry.life = life);
}

fn begun(received: &Received) -> Inquiry {
    Inquiry {
        life: Life::Received { expires_at: received.expires_at },
        kind: received.kind,
        register: received.register,
        review_days: received.review_days,
        answer_days: received.answer_days,
        keys: received.keys,
        asked: received.asked.clone(),
        contact: received.contact.clone(),
        facts: received.facts.clone(),
        dialogue: received.dialogue,
        decision: Opened::Gone,
        assigned: None,
        answers: 0,
        answer: Opened::Gone,
    }
}
