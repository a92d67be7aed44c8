//! What an event makes of a petition. Never fails: an event that doesn't fit leaves the state as it was.

use radslag_kernel::Opened;

use crate::petition::{
    answer,
    event::{Erasable, Event, Submitted, Threshold},
    hearing,
    state::{Filed, Hearing, Life, Petition, Plan, State},
};

pub(super) fn evolve(state: &mut State, event: &Event) {
    match event {
        Event::Drafted { expires_at, key, content, owner, dialogue, .. } => {
            let petition = state.0.get_or_insert_with(begun);
            petition.life = Life::Draft { expires_at: *expires_at, key: *key, owner: owner.clone() };
            petition.content = content.clone();
            petition.dialogue = *dialogue;
        }
        Event::Submitted(submitted) => submit(state.0.get_or_insert_with(begun), submitted),
        Event::InitiatorConfirmed { .. } => live(state, Life::InReview),
        Event::Returned { expires_at, decision, .. } => {
            live(state, Life::Returned { expires_at: *expires_at });
            with(state, |petition| {
                petition.returns += 1;
                petition.decision = decision.clone();
            });
        }
        Event::Resubmitted { content, .. } => {
            live(state, Life::InReview);
            with(state, |petition| petition.content = content.clone());
        }
        Event::Rejected { decision, .. } => {
            live(state, Life::Rejected);
            with(state, |petition| petition.decision = decision.clone());
        }
        Event::Hidden { decision, .. } => {
            live(state, Life::Hidden);
            with(state, |petition| petition.decision = decision.clone());
        }
        Event::Approved { opens_at, deadline, closes_at, url_key, .. } => {
            let url_key = url_key.clone();
            let plan = Plan { opens_at: *opens_at, deadline: *deadline, closes_at: *closes_at, url_key };
            live(state, Life::Approved(plan));
        }
        Event::Opened { closes_at, .. } => live(state, Life::Open { closes_at: *closes_at }),
        Event::CountingStarted { closed_at, until, how, .. } => {
            live(state, Life::Counting { closed_at: *closed_at, until: *until, how: *how });
        }
        Event::Closed { .. } => live(state, Life::Closed),
        Event::Withdrawn { draft, .. } => {
            live(state, Life::Withdrawn);
            with(state, |petition| {
                petition.answer = answer::State::default();
                petition.hearing = hearing::State::default();
                forget_draft(petition, draft.is_some());
            });
        }
        Event::Expired { draft, .. } => {
            live(state, Life::Expired);
            with(state, |petition| forget_draft(petition, draft.is_some()));
        }
        Event::ThresholdReached { threshold, .. } => with(state, |petition| match threshold {
            Threshold::Answer => petition.answer.due = true,
            Threshold::Debate => petition.hearing.stands = Hearing::Awaiting,
        }),
        Event::ThresholdLost { threshold, .. } => with(state, |petition| match threshold {
            Threshold::Answer => petition.answer.due = false,
            Threshold::Debate => petition.hearing.stands = Hearing::None,
        }),
        Event::Answer(event) => with(state, |petition| answer::evolve(&mut petition.answer, event)),
        Event::Hearing(event) => with(state, |petition| hearing::evolve(&mut petition.hearing, event)),
        Event::Erased { what, .. } => with(state, |petition| match (what, &mut petition.filed) {
            (Erasable::Document, _) => petition.content = Opened::Gone,
            (Erasable::Initiator, Some(filed)) => filed.contact = Opened::Gone,
            (Erasable::Initiator, None) => {}
        }),
    }
}

fn with(state: &mut State, change: impl FnOnce(&mut Petition)) {
    if let Some(petition) = &mut state.0 {
        change(petition);
    }
}

fn live(state: &mut State, life: Life) {
    with(state, |petition| petition.life = life);
}

/// The key of a draft is destroyed with it.
fn forget_draft(petition: &mut Petition, was_draft: bool) {
    if was_draft {
        petition.content = Opened::Gone;
    }
}

fn begun() -> Petition {
    Petition {
        life: Life::InReview,
        answer: answer::State::default(),
        hearing: hearing::State::default(),
        content: Opened::Gone,
        dialogue: None,
        filed: None,
        returns: 0,
        decision: Opened::Gone,
    }
}

fn submit(petition: &mut Petition, submitted: &Submitted) {
    petition.life = Life::Submitted { expires_at: submitted.expires_at };
    petition.content = submitted.content.clone();
    petition.dialogue = submitted.dialogue;
    petition.filed = Some(Filed {
        register: submitted.register,
        policy: submitted.policy.clone(),
        keys: submitted.keys,
        contact: submitted.contact.clone(),
        tags: submitted.tags.clone(),
    });
}
